/* Times of rows. See moment.h. */
#include "sim/history/moment.h"
#include <string.h>

enum { DAY_MS = 86400000, SECONDS_AT_MOST = 100000000 };

/* The first three letters, as four languages have them; accents stay. */
static const char *const months[][12] = {
    { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
      "dec" },
    { "jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov",
      "dez" },
    { "janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct",
      "nov", "déc" },
    { "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov",
      "dic" },
};

/* Zones whose letters mean one thing. */
static const struct {
    const char *text;
    int offset_s;
} letters[] = { { "Z", 0 },      { "UTC", 0 },     { "GMT", 0 },    { "CET", 3600 },
                { "MEZ", 3600 }, { "CEST", 7200 }, { "MESZ", 7200 } };

static void skip_blanks(const char **at)
{
    while (**at == ' ')
        ++*at;
}

/* Up to `most` digits; false: there is none. */
static bool number(const char **at, int most, int *value, int *count)
{
    *value = 0;
    for (*count = 0; *count < most && g_ascii_isdigit(**at); ++*count)
        *value = 10 * *value + (*(*at)++ - '0');
    return *count > 0 && !g_ascii_isdigit(**at);
}

static bool month_name(const char **at, int *month)
{
    g_autofree gchar *lower = g_utf8_strdown(*at, -1);
    size_t best = 0;

    for (size_t l = 0; l < G_N_ELEMENTS(months); l++)
        for (int k = 0; k < 12; k++)
            if (g_str_has_prefix(lower, months[l][k]) && strlen(months[l][k]) > best) {
                best = strlen(months[l][k]);
                *month = k + 1;
            }
    *at += best;
    while (best && (g_ascii_isalpha(**at) || (guchar) * *at >= 0x80))
        ++*at;
    if (best && **at == '.')
        ++*at;
    return best > 0;
}

static int full_year(int year, int digits)
{
    return digits <= 2 ? 2000 + year : year;
}

static bool mark_of(const char **at, char *mark)
{
    *mark = **at;
    if (!*mark || !strchr("-/. ", *mark))
        return false;
    ++*at;
    return true;
}

static void exchange(struct moment *m)
{
    int first = m->first;

    m->first = m->second;
    m->second = first;
}

/* 01.11.2026, 11/1/26, 01-Nov-2026, behind the first number and its mark. Nobody writes
 * the month first with points. */
static bool date_of_day(const char **at, char mark, struct moment *m)
{
    int digits;
    char second;

    if (month_name(at, &m->second))
        exchange(m); /* as ISO has them */
    else if (number(at, 2, &m->second, &digits)) {
        m->pointed = mark == '.';
        m->slashed = !m->pointed;
        if (m->pointed)
            exchange(m);
    } else {
        return false;
    }
    if (!mark_of(at, &second) || !number(at, 4, &m->year, &digits))
        return false;
    m->year = full_year(m->year, digits);
    return digits == 2 || digits == 4;
}

/* 2026-11-01, and those above. */
static bool date(const char **at, struct moment *m)
{
    int count, digits;
    char mark, second;

    if (!number(at, 4, &m->first, &count) || !mark_of(at, &mark))
        return false;
    if (count < 4)
        return date_of_day(at, mark, m);
    m->year = m->first;
    return number(at, 2, &m->first, &digits) && mark_of(at, &second) &&
           second == mark && number(at, 2, &m->second, &digits) && m->year > 0;
}

/* "PM", "p.m." */
static bool half(const char **at, int *hour)
{
    const char c = g_ascii_tolower(**at);
    const bool dotted = c && (*at)[1] == '.';

    if ((c != 'a' && c != 'p') || g_ascii_tolower((*at)[dotted ? 2 : 1]) != 'm')
        return true;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (c == 'p' ? 12 : 0);
    *at += dotted ? 3 : 2;
    if (dotted && **at == '.')
        ++*at;
    return true;
}

static int fraction_ms(const char **at)
{
    int ms = 0, size = 100;

    if ((**at != '.' && **at != ',') || !g_ascii_isdigit((*at)[1]))
        return 0;
    for (++*at; g_ascii_isdigit(**at); ++*at, size /= 10)
        ms += (**at - '0') * size;
    return ms;
}

/* 0:15, 13:15:00.5, 1:15 PM, 24:00. */
static bool clock_of(const char **at, struct moment *m)
{
    int hour, minute, second = 0, digits, ms = 0;

    if (!number(at, 2, &hour, &digits) || *(*at)++ != ':' ||
        !number(at, 2, &minute, &digits))
        return false;
    if (**at == ':') {
        ++*at;
        if (!number(at, 2, &second, &digits))
            return false;
        ms = fraction_ms(at);
    }
    skip_blanks(at);
    if (!half(at, &hour))
        return false;
    m->has_clock = true;
    m->clock_ms = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    return minute < 60 && second < 60 && m->clock_ms <= DAY_MS;
}

/* +01:00, -0500, +01, Z, UTC. */
static bool zone_of(const char **at, struct moment *m)
{
    int hours, minutes = 0, digits;

    for (size_t k = G_N_ELEMENTS(letters); k-- > 0;)
        if (!g_ascii_strcasecmp(*at, letters[k].text)) {
            *at += strlen(*at);
            m->has_zone = true;
            m->offset_s = letters[k].offset_s;
            return true;
        }
    if (**at != '+' && **at != '-')
        return true;
    const int sign = *(*at)++ == '-' ? -1 : 1;
    if (!number(at, 4, &hours, &digits))
        return false;
    if (digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (**at == ':') {
        ++*at;
        if (!number(at, 2, &minutes, &digits))
            return false;
    }
    m->has_zone = true;
    m->offset_s = sign * (hours * 3600 + minutes * 60);
    return hours < 15 && minutes < 60;
}

static bool calendar(const char *at, struct moment *m)
{
    const char *from = at;

    if (!date(&at, m)) {
        *m = (struct moment){ .form = MOMENT_CALENDAR };
        at = from;
        return clock_of(&at, m) && !*at;
    }
    if (*at == 'T' || *at == 't' || *at == ',')
        at++;
    skip_blanks(&at);
    if (!*at)
        return true;
    if (!clock_of(&at, m))
        return false;
    skip_blanks(&at);
    return zone_of(&at, m) && !*at;
}

/* One number: what it can be follows from its size. */
static bool one_number(const char *text, struct moment *m)
{
    char *end;
    double x = g_ascii_strtod(text, &end);

    if (end == text || *end || text[strspn(text, "0123456789.")] || !(x < 1e14))
        return false;
    m->form = x < SECONDS_AT_MOST ? MOMENT_SINCE_START
              : x < 1e11          ? MOMENT_EPOCH_S
                                  : MOMENT_EPOCH_MS;
    m->number_ms = (int64_t)(m->form == MOMENT_EPOCH_MS ? x : x * 1000 + 0.5);
    return true;
}

bool moment_parse(const char *text, struct moment *m)
{
    *m = (struct moment){ .form = MOMENT_CALENDAR };
    skip_blanks(&text);
    g_autofree char *trimmed = g_strchomp(g_strdup(text));

    return one_number(trimmed, m) || calendar(trimmed, m);
}

bool moment_join(const struct moment *date_of, const struct moment *clock,
                 struct moment *both)
{
    *both = *date_of;
    both->has_clock = true;
    both->clock_ms = clock->clock_ms;
    return date_of->form == MOMENT_CALENDAR && date_of->year && !date_of->has_clock &&
           clock->form == MOMENT_CALENDAR && !clock->year && clock->has_clock;
}

enum moment_order moment_shows(const struct moment *m)
{
    if (m->pointed)
        return MOMENT_DAY_FIRST;
    if (m->form != MOMENT_CALENDAR || !m->slashed)
        return MOMENT_ORDER_UNKNOWN;
    return m->first > 12    ? MOMENT_DAY_FIRST
           : m->second > 12 ? MOMENT_MONTH_FIRST
                            : MOMENT_ORDER_UNKNOWN;
}

/* A local time as if it were UTC. */
static bool as_utc(const struct moment *m, int month, int day, int64_t *ms)
{
    if (!m->year || month < 1 || month > 12 || day < 1 ||
        !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)m->year))
        return false;
    g_autoptr(GDateTime) t = g_date_time_new_utc(m->year, month, day, 0, 0, 0);
    if (!t)
        return false;
    *ms = g_date_time_to_unix(t) * 1000 + m->clock_ms;
    return true;
}

static int offset_at(GTimeZone *zone, int64_t utc_ms)
{
    int interval =
        g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc_ms / 1000);

    return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

/* Offsets of the day before and of the day behind: one of them is in force, or both. */
static int in_zone(GTimeZone *zone, int64_t local_ms, int64_t after_ms, int64_t *utc_ms,
                   bool *twice)
{
    const int offsets[2] = { offset_at(zone, local_ms - DAY_MS),
                             offset_at(zone, local_ms + DAY_MS) };
    int64_t found[2];
    int count = 0;

    for (int k = 0; k < (offsets[0] == offsets[1] ? 1 : 2); k++) {
        int64_t utc = local_ms - (int64_t)offsets[k] * 1000;
        if (offset_at(zone, utc) == offsets[k])
            found[count++] = utc;
    }
    if (!count)
        return MOMENT_SKIPPED;
    *twice = count == 2;
    if (count == 2 && found[1] < found[0]) {
        int64_t first = found[1];
        found[1] = found[0];
        found[0] = first;
    }
    *utc_ms = count == 2 && found[0] <= after_ms ? found[1] : found[0];
    return 0;
}

int moment_resolve(const struct moment *m, enum moment_order order, GTimeZone *zone,
                   int64_t after_ms, int64_t *utc_ms, bool *twice)
{
    int64_t local;
    int month = m->first, day = m->second;

    *twice = false;
    *utc_ms = m->number_ms;
    if (m->form != MOMENT_CALENDAR)
        return 0;
    if (m->slashed && order == MOMENT_ORDER_UNKNOWN)
        return MOMENT_UNCLEAR;
    if (m->slashed && order == MOMENT_DAY_FIRST) {
        month = m->second;
        day = m->first;
    }
    if (!as_utc(m, month, day, &local))
        return MOMENT_NO_DATE;
    if (m->has_zone)
        *utc_ms = local - (int64_t)m->offset_s * 1000;
    else if (zone)
        return in_zone(zone, local, after_ms, utc_ms, twice);
    else
        *utc_ms = local;
    return 0;
}
