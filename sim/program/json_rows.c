/* Tables as JSON. See json_rows.h. */
#include "sim/program/json_rows.h"
#include <math.h>
#include <stdio.h>

JsonBuilder *json_rows_new(void)
{
    return json_builder_begin_array(json_builder_new());
}

void json_rows_text(JsonBuilder *b, const char *name, const char *text)
{
    json_builder_set_member_name(b, name);
    if (text)
        json_builder_add_string_value(b, text);
    else
        json_builder_add_null_value(b);
}

void json_rows_number(JsonBuilder *b, const char *name, double number)
{
    json_builder_set_member_name(b, name);
    if (fabs(number) < 1e15 && number == floor(number))
        json_builder_add_int_value(b, (gint64)number);
    else
        json_builder_add_double_value(b, number);
}

void json_rows_flag(JsonBuilder *b, const char *name, bool flag)
{
    json_builder_set_member_name(b, name);
    json_builder_add_boolean_value(b, flag);
}

void json_rows_number_of(JsonBuilder *b, const char *name, const char *text)
{
    char *end;
    double number = g_ascii_strtod(text, &end);

    if (end == text || *end)
        json_rows_text(b, name, NULL);
    else
        json_rows_number(b, name, number);
}

void json_rows_print(JsonBuilder *b)
{
    if (!b)
        return;
    g_autoptr(JsonNode) root = json_builder_get_root(json_builder_end_array(b));
    g_autofree char *text = json_to_string(root, TRUE);

    puts(text);
    g_object_unref(b);
}
