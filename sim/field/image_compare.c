/* Tolerances of registers. See image_compare.h. */
#include "sim/field/image_compare.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

double image_allowed(const struct image *a, const struct image *b,
                     const struct register_entry *e, double share)
{
    enum image_class class = image_class_of(a->model, e->reg);

    if (class != IMAGE_READING && class != IMAGE_HISTORY)
        return 0;
    double x = image_value(a, e->reg), y = image_value(b, e->reg), scale = 0;
    if (e->quantity)
        scale = image_full_scale(a, (enum quantity)(e->quantity - quantity_table));
    double size = fmax(fmax(fabs(x), fabs(y)), scale / 50);
    return share * size + fmax(image_step(a, e->reg), image_step(b, e->reg));
}

bool image_tolerance_parse(const char *text, double *share, GError **error)
{
    char *end;

    if (text == NULL)
        return true;
    double percent = g_ascii_strtod(text, &end);
    while (*end == ' ')
        end++;
    if (end == text || strcmp(end, "%") || !(percent >= 0 && percent <= 100))
        return error_set(error,
                         "--tolerance is a percentage from 0 to 100, such as 0.5%%");
    *share = percent / 100;
    return true;
}

const char *image_value_text(double value, char text[IMAGE_VALUE_TEXT])
{
    if (isnan(value))
        g_strlcpy(text, "none", IMAGE_VALUE_TEXT);
    else
        g_snprintf(text, IMAGE_VALUE_TEXT, "%.7g", value);
    return text;
}
