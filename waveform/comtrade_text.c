/* Text of a COMTRADE file: see comtrade_text.h. Lines end with CR LF, LF or CR,
 * whatever the standard says (CR LF). Numbers are read the same way in every locale:
 * short ones exactly by hand, which is also what makes ASCII data fast, the rest by
 * strtod in the C locale. */
#include "waveform/comtrade_text.h"
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    NUMBER_TEXT = 64,  /* longest number + NUL */
    DIGITS_EXACT = 15, /* any such integer is a double */
    FOUND_TEXT = 48    /* of an offending text, as shown */
};

bool comtrade_text_line(struct comtrade_text *t, struct comtrade_span *line)
{
    if (t->at == t->end)
        return false;
    const char *at = t->at;
    while (at < t->end && *at != '\n' && *at != '\r')
        at++;
    *line = (struct comtrade_span){ t->at, (size_t)(at - t->at) };
    if (at < t->end)
        at += *at == '\r' && at + 1 < t->end && at[1] == '\n' ? 2 : 1;
    t->at = at;
    t->line++;
    return true;
}

bool comtrade_text_line_filled(struct comtrade_text *t, struct comtrade_span *line)
{
    while (comtrade_text_line(t, line))
        if (comtrade_span_trim(*line).size > 0)
            return true;
    return false;
}

struct comtrade_span comtrade_span_of(const char *text)
{
    return (struct comtrade_span){ text, strlen(text) };
}

/* The end-of-file character of DOS (0x1A) closes many files of 1991. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\0' || c == 0x1a;
}

struct comtrade_span comtrade_span_trim(struct comtrade_span s)
{
    while (s.size > 0 && is_blank(s.at[0])) {
        s.at++;
        s.size--;
    }
    while (s.size > 0 && is_blank(s.at[s.size - 1]))
        s.size--;
    return s;
}

bool comtrade_span_field(struct comtrade_span *rest, struct comtrade_span *field)
{
    if (!rest->at)
        return false;
    const char *comma = rest->size ? memchr(rest->at, ',', rest->size) : NULL;
    size_t size = comma ? (size_t)(comma - rest->at) : rest->size;
    *field = comtrade_span_trim((struct comtrade_span){ rest->at, size });
    if (comma)
        *rest = (struct comtrade_span){ comma + 1, rest->size - size - 1 };
    else
        *rest = (struct comtrade_span){ NULL, 0 };
    return true;
}

int comtrade_span_fields(struct comtrade_span line, struct comtrade_span *field,
                         int max)
{
    struct comtrade_span one;
    int count = 0;
    while (comtrade_span_field(&line, &one)) {
        if (count < max)
            field[count] = one;
        count++;
    }
    return count;
}

bool comtrade_span_starts(struct comtrade_span s, const char *word)
{
    size_t size = strlen(word);
    return s.size >= size && strncasecmp(s.at, word, size) == 0;
}

bool comtrade_span_is(struct comtrade_span s, const char *word)
{
    return s.size == strlen(word) && comtrade_span_starts(s, word);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip(struct comtrade_span *s)
{
    s->at++;
    s->size--;
}

static void skip_sign(struct comtrade_span *s)
{
    if (s->size > 0 && (s->at[0] == '+' || s->at[0] == '-'))
        skip(s);
}

static size_t skip_digits(struct comtrade_span *s)
{
    size_t before = s->size;
    while (s->size > 0 && is_digit(s->at[0]))
        skip(s);
    return before - s->size;
}

/* Whether it is [+-]digits[.digits][e[+-]digits]: strtod also takes hexadecimal, nan
 * and inf. */
static bool is_number(struct comtrade_span s)
{
    skip_sign(&s);
    size_t digits = skip_digits(&s);
    if (s.size > 0 && s.at[0] == '.') {
        skip(&s);
        digits += skip_digits(&s);
    }
    if (digits == 0 || s.size == 0)
        return digits > 0;
    if (s.at[0] != 'e' && s.at[0] != 'E')
        return false;
    skip(&s);
    skip_sign(&s);
    return skip_digits(&s) > 0 && s.size == 0;
}

static bool parse_slow(struct comtrade_span s, double *number)
{
    char text[NUMBER_TEXT];
    if (s.size >= sizeof text || !is_number(s))
        return false;
    memcpy(text, s.at, s.size);
    text[s.size] = '\0';
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return false;
    *number = strtod_l(text, NULL, c);
    freelocale(c);
    return isfinite(*number);
}

/* Up to 15 digits and a point: integer and power of ten are exact, so is the rounding
 * of the one division. */
bool comtrade_span_number(struct comtrade_span s, double *number)
{
    size_t i = s.size > 0 && (s.at[0] == '+' || s.at[0] == '-');
    int64_t whole = 0;
    int digits = 0, after = 0;
    bool point = false;
    for (; i < s.size; i++) {
        if (s.at[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(s.at[i]) || digits == DIGITS_EXACT)
            return parse_slow(s, number);
        whole = whole * 10 + (s.at[i] - '0');
        digits++;
        after += point;
    }
    if (digits == 0)
        return false;
    double tens = 1;
    for (; after > 0; after--)
        tens *= 10;
    double size = (double)whole / tens;
    *number = s.at[0] == '-' ? -size : size;
    return true;
}

bool comtrade_span_integer(struct comtrade_span s, int64_t *integer)
{
    double number;
    if (!comtrade_span_number(s, &number) || fabs(number) > 9e15 ||
        number != floor(number))
        return false;
    *integer = (int64_t)number;
    return true;
}

/* The second byte decides whether a sequence is overlong, a surrogate, beyond U+10FFFF
 * or a C1 control: the limits of RFC 3629, clause 4. */
static bool second_byte_valid(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xc2:
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

/* Bytes of the UTF-8 character at the start of s, or 0 when it is none that may stand
 * in a name: RFC 3629 without C0 and C1 controls. */
static size_t utf8_size(struct comtrade_span s)
{
    const unsigned char *b = (const unsigned char *)s.at;
    if (b[0] >= 0x20 && b[0] < 0x7f)
        return 1;
    size_t size = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
    if (b[0] < 0xc2 || b[0] > 0xf4 || s.size < size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    return second_byte_valid(b[0], b[1]) ? size : 0;
}

bool comtrade_span_is_utf8(struct comtrade_span s)
{
    while (s.size > 0) {
        size_t n = utf8_size(s);
        bool ascii = (unsigned char)s.at[0] < 0x80;
        if (n == 0 && !ascii)
            return false;
        s.at += n ? n : 1;
        s.size -= n ? n : 1;
    }
    return true;
}

/* Text in another encoding may hold a pair that happens to be UTF-8: it is escaped with
 * the rest. */
void comtrade_span_copy(struct comtrade_span s, char *out, size_t size)
{
    bool utf8 = comtrade_span_is_utf8(s);
    size_t used = 0;
    while (s.size > 0) {
        char escape[5];
        size_t n = utf8_size(s);
        bool plain = n == 1 || (n > 1 && utf8);
        size_t take = plain ? n : 1, put = plain ? n : 4;
        snprintf(escape, sizeof escape, "\\x%02X", (unsigned char)s.at[0]);
        if (used + put + 1 > size)
            break;
        memcpy(out + used, plain ? s.at : escape, put);
        used += put;
        s.at += take;
        s.size -= take;
    }
    out[used] = '\0';
}

int comtrade_fail_line(struct comtrade_error *error, const char *name, int64_t line,
                       const char *expected, struct comtrade_span found)
{
    char text[FOUND_TEXT], where[24] = "";
    comtrade_span_copy(comtrade_span_trim(found), text, sizeof text);
    if (line > 0)
        snprintf(where, sizeof where, ":%lld", (long long)line);
    return comtrade_fail(error, "%.200s%s: expected %s, found '%s'", name, where,
                         expected, text);
}

int comtrade_fail(struct comtrade_error *error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (error)
        vsnprintf(error->text, sizeof error->text, format, list);
    va_end(list);
    return -1;
}

void comtrade_warn(struct comtrade *file, const char *format, ...)
{
    size_t used = strlen(file->warning);
    if (used > 0 && used + 3 < sizeof file->warning) {
        strcpy(file->warning + used, "; ");
        used += 2;
    }
    va_list list;
    va_start(list, format);
    vsnprintf(file->warning + used, sizeof file->warning - used, format, list);
    va_end(list);
}
