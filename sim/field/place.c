/* Where a meter in the field is. See place.h. */
#include "sim/field/place.h"
#include "sim/line/serial_device.h"
#include "sim/program/error.h"
#include <string.h>

static bool place_error(GError **error, const char *text)
{
    error_set(error,
              "'%s' does not name a meter; write tcp:HOST[:PORT]/UNIT, "
              "rtu:DEVICE/UNIT or rtutcp:HOST:PORT/UNIT, such "
              "as tcp:127.0.0.1:1502/1 or rtu:/dev/ttyUSB0/1",
              text);
    return false;
}

/* Cuts "/7" off the end. False: what follows the slash is no unit id. */
static bool parse_unit(char *text, bool needed, int *unit)
{
    char *slash = strrchr(text, '/');
    guint64 value;

    if (slash == NULL)
        return !needed;
    if (!g_ascii_string_to_unsigned(slash + 1, 10, 0, 255, &value, NULL))
        return false;
    *unit = (int)value;
    *slash = '\0';
    return true;
}

/* "host:port", "[::1]:port", "host". */
static bool parse_host(struct place *place, const char *text)
{
    const char *end = strrchr(text, ':'), *bracket = strchr(text, ']');
    guint64 port;

    if (bracket != NULL && (end == NULL || end < bracket))
        end = NULL;
    if (end != NULL && !g_ascii_string_to_unsigned(end + 1, 10, 1, 65535, &port, NULL))
        return false;
    if (end != NULL)
        g_strlcpy(place->port, end + 1, sizeof place->port);
    gsize size = end != NULL ? (gsize)(end - text) : strlen(text);
    if (*text == '[' && bracket != NULL) {
        text++;
        size = (gsize)(bracket - text);
    }
    if (size == 0) {
        g_strlcpy(place->host, "127.0.0.1", sizeof place->host);
        return true;
    }
    if (size >= sizeof place->host)
        return false;
    memcpy(place->host, text, size);
    place->host[size] = '\0';
    return true;
}

static bool place_check(const struct place *place, GError **error)
{
    const char *flaw = NULL;

    if (place->serial && (place->unit < 1 || place->unit > 247))
        flaw = "unit ids of a serial line are 1 to 247";
    else if (place->unit < 0 || place->unit > 255)
        flaw = "unit ids are 0 to 255";
    else if (!strchr("NEO", place->parity))
        flaw = "parity is N, E or O";
    else if (!serial_device_has_rate(place->baud))
        flaw = "--baud must be a rate of the meters: " SERIAL_DEVICE_RATES;
    else if (!(place->timeout_s >= 0.01 && place->timeout_s <= 3600))
        flaw = "--timeout must be from 0.01 to 3600 seconds";
    if (flaw != NULL)
        error_set(error, "%s", flaw);
    return flaw == NULL;
}

bool place_is(const char *text)
{
    return g_str_has_prefix(text, "tcp:") || g_str_has_prefix(text, "rtu:") ||
           g_str_has_prefix(text, "rtutcp:");
}

bool place_parse(struct place *place, const char *text, GError **error)
{
    char rest[128];
    bool good = false;

    place->by_tcp = g_str_has_prefix(text, "rtutcp:");
    place->serial = place->by_tcp || g_str_has_prefix(text, "rtu:");
    if (!place_is(text) || strlen(text) >= sizeof rest)
        return place_error(error, text);
    g_strlcpy(rest, strchr(text, ':') + 1, sizeof rest);
    if (place->by_tcp) {
        good = strchr(rest, ':') && parse_unit(rest, true, &place->unit) &&
               parse_host(place, rest);
    } else if (place->serial && parse_unit(rest, true, &place->unit) && *rest) {
        g_strlcpy(place->host, rest, sizeof place->host);
        good = true;
    } else if (g_str_has_prefix(text, "tcp:")) {
        good = parse_unit(rest, false, &place->unit) && parse_host(place, rest);
    }
    return good ? place_check(place, error) : place_error(error, text);
}

void place_options_start(struct place_options *o, GOptionEntry entries[PLACE_ENTRIES])
{
    const GOptionEntry rows[PLACE_ENTRIES] = {
        { "baud", 0, 0, G_OPTION_ARG_INT, &o->place.baud,
          "Of a serial line: " SERIAL_DEVICE_RATES "; default 19200", "RATE" },
        { "parity", 0, 0, G_OPTION_ARG_STRING, &o->parity, "N (default), E or O", "P" },
        { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &o->place.timeout_s,
          "Wait for each answer; default 1. A meter is given up after four", "S" },
    };

    *o = (struct place_options){ .place = { .port = "502",
                                            .baud = 19200,
                                            .parity = 'N',
                                            .unit = 1,
                                            .timeout_s = 1 } };
    memcpy(entries, rows, sizeof rows);
}

bool place_options_check(struct place_options *o, GError **error)
{
    if (o->parity != NULL)
        o->place.parity = strlen(o->parity) == 1 ? g_ascii_toupper(*o->parity) : '?';
    return place_check(&o->place, error);
}

void place_text(const struct place *p, char text[PLACE_TEXT])
{
    const char *form = strchr(p->host, ':') ? "%s:[%s]:%s/%d" : "%s:%s:%s/%d";

    if (p->serial && !p->by_tcp)
        g_snprintf(text, PLACE_TEXT, "rtu:%s/%d", p->host, p->unit);
    else
        g_snprintf(text, PLACE_TEXT, form, p->by_tcp ? "rtutcp" : "tcp", p->host,
                   p->port, p->unit);
}
