/* Quantities with units. See value.h. Numbers are read without regard to the
 * locale; factors are kept as multiply ÷ divide, so that "5 mHz" is the double nearest
 * to 0.005. */
#include "sim/lua/value.h"
#include "sim/lua/near_name.h"
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *wanted;
} dimensions[DIMENSIONS] = {
#define D(id, name, wanted) { name, wanted },
#include "sim/lua/dimension.def"
#undef D
};

static const struct {
    const char *name;
    enum dimension dimension;
    double multiply, divide;
} units[] = {
    { "V", DIMENSION_VOLTAGE, 1, 1 },
    { "kV", DIMENSION_VOLTAGE, 1000, 1 },
    { "mV", DIMENSION_VOLTAGE, 1, 1000 },
    { "A", DIMENSION_CURRENT, 1, 1 },
    { "kA", DIMENSION_CURRENT, 1000, 1 },
    { "mA", DIMENSION_CURRENT, 1, 1000 },
    { "W", DIMENSION_POWER, 1, 1000 },
    { "kW", DIMENSION_POWER, 1, 1 },
    { "MW", DIMENSION_POWER, 1000, 1 },
    { "var", DIMENSION_REACTIVE, 1, 1000 },
    { "kvar", DIMENSION_REACTIVE, 1, 1 },
    { "Mvar", DIMENSION_REACTIVE, 1000, 1 },
    { "VA", DIMENSION_APPARENT, 1, 1000 },
    { "kVA", DIMENSION_APPARENT, 1, 1 },
    { "MVA", DIMENSION_APPARENT, 1000, 1 },
    { "Wh", DIMENSION_ENERGY, 1, 1000 },
    { "kWh", DIMENSION_ENERGY, 1, 1 },
    { "MWh", DIMENSION_ENERGY, 1000, 1 },
    { "varh", DIMENSION_REACTIVE_ENERGY, 1, 1000 },
    { "kvarh", DIMENSION_REACTIVE_ENERGY, 1, 1 },
    { "VAh", DIMENSION_APPARENT_ENERGY, 1, 1000 },
    { "kVAh", DIMENSION_APPARENT_ENERGY, 1, 1 },
    { "Hz", DIMENSION_FREQUENCY, 1, 1 },
    { "mHz", DIMENSION_FREQUENCY, 1, 1000 },
    { "kHz", DIMENSION_FREQUENCY, 1000, 1 },
    { "s", DIMENSION_TIME, 1, 1 },
    { "ms", DIMENSION_TIME, 1, 1000 },
    { "us", DIMENSION_TIME, 1, 1000000 },
    { "µs", DIMENSION_TIME, 1, 1000000 },
    { "min", DIMENSION_TIME, 60, 1 },
    { "h", DIMENSION_TIME, 3600, 1 },
    { "d", DIMENSION_TIME, 86400, 1 },
    { "day", DIMENSION_TIME, 86400, 1 },
    { "days", DIMENSION_TIME, 86400, 1 },
    { "%", DIMENSION_RATIO, 1, 100 },
    { "ppm", DIMENSION_RATIO, 1, 1000000 },
    { "deg", DIMENSION_ANGLE, 1, 1 },
    { "degrees", DIMENSION_ANGLE, 1, 1 },
    { "°", DIMENSION_ANGLE, 1, 1 },
    { "°C", DIMENSION_TEMPERATURE, 1, 1 },
    { "degC", DIMENSION_TEMPERATURE, 1, 1 },
    { "ohm", DIMENSION_RESISTANCE, 1, 1 },
    { "mohm", DIMENSION_RESISTANCE, 1, 1000 },
    { "kohm", DIMENSION_RESISTANCE, 1000, 1 },
    { "Ω", DIMENSION_RESISTANCE, 1, 1 },
    { "mΩ", DIMENSION_RESISTANCE, 1, 1000 },
    { "kΩ", DIMENSION_RESISTANCE, 1000, 1 },
    { "m", DIMENSION_LENGTH, 1, 1 },
    { "km", DIMENSION_LENGTH, 1000, 1 },
    { "ft", DIMENSION_LENGTH, 0.3048, 1 },
    { "codes", DIMENSION_CODES, 1, 1 },
};
enum { UNITS = sizeof units / sizeof *units };

const char *dimension_wanted(enum dimension dimension)
{
    return dimensions[dimension].wanted;
}

const char *dimension_name(enum dimension dimension)
{
    return dimensions[dimension].name;
}

long long value_ns(double seconds)
{
    return (long long)floor(seconds * 1e9 + 0.5);
}

static int find_unit(const char *name)
{
    for (int k = 0; k < UNITS; k++)
        if (!strcmp(units[k].name, name))
            return k;
    return -1;
}

bool value_unit(const char *unit, enum dimension *dimension, double *factor)
{
    int k = find_unit(unit);

    if (k < 0)
        return false;
    *dimension = units[k].dimension;
    *factor = units[k].multiply / units[k].divide;
    return true;
}

/* Decimal only: strtod's hexadecimal, "inf" and "nan" are no quantities. */
static bool parse_number(const char **at, double *number)
{
    size_t length = strspn(*at, "+-.0123456789");
    char *end;

    if (!length || !strpbrk(*at, "0123456789") || g_ascii_tolower((*at)[1]) == 'x')
        return false;
    *number = g_ascii_strtod(*at, &end);
    if (end == *at || !isfinite(*number))
        return false;
    *at = end;
    return true;
}

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* "480", "1/3". */
static bool parse_fraction(const char **at, double *number)
{
    double below;

    *at = skip_space(*at);
    if (!parse_number(at, number))
        return false;
    if (**at != '/')
        return true;
    ++*at;
    if (!parse_number(at, &below) || below == 0)
        return false;
    *number /= below;
    return true;
}

static bool unknown_unit(const char *text, const char *unit, char *error)
{
    struct near_name near;
    char hint[80];

    near_name_start(&near, unit);
    for (int k = 0; k < UNITS; k++)
        near_name_offer(&near, units[k].name);
    snprintf(error, VALUE_ERROR, "unknown unit '%.20s' in \"%.40s\"%s", unit, text,
             near_name_hint(&near, hint, sizeof hint));
    return false;
}

bool value_parse(const char *text, struct value *value, char *error)
{
    const char *at = text;
    char unit[24];

    if (!parse_fraction(&at, &value->value)) {
        snprintf(error, VALUE_ERROR, "\"%.40s\" does not begin with a number", text);
        return false;
    }
    g_strlcpy(unit, skip_space(at), sizeof unit);
    g_strchomp(unit);
    value->dimension = DIMENSION_NUMBER;
    if (!unit[0])
        return true;
    int k = find_unit(unit);
    if (k < 0)
        return unknown_unit(text, unit, error);
    value->dimension = units[k].dimension;
    value->value = value->value * units[k].multiply / units[k].divide;
    return true;
}

bool value_parse_as(const char *text, enum dimension wanted, double *value, char *error)
{
    struct value v;
    char why[VALUE_ERROR];

    if (!value_parse(text, &v, why)) {
        snprintf(error, VALUE_ERROR, "expected %s; %.130s", dimensions[wanted].wanted,
                 why);
        return false;
    }
    if (v.dimension != wanted) {
        snprintf(error, VALUE_ERROR, "expected %s, found \"%.40s\", %s",
                 dimensions[wanted].wanted, text,
                 v.dimension == DIMENSION_NUMBER ? "which has no unit"
                                                 : dimensions[v.dimension].name);
        return false;
    }
    *value = v.value;
    return true;
}

const char *value_text(double x, char *text, int size)
{
    if (x == floor(x) && fabs(x) < 1e15)
        snprintf(text, (size_t)size, "%.0f", x == 0 ? 0.0 : x);
    else
        g_ascii_formatd(text, size, "%.9g", x);
    return text;
}
