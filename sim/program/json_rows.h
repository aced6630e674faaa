/* Tables on standard output as JSON, for programs: an array of objects. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* An array without rows; each row is an object, begun and ended with the builder. */
JsonBuilder *json_rows_new(void);

/* Members of the present row, or of another object; text NULL: null. */
void json_rows_text(JsonBuilder *b, const char *name, const char *text);
void json_rows_number(JsonBuilder *b, const char *name, double number);
void json_rows_flag(JsonBuilder *b, const char *name, bool flag);

/* The number that a text is, or null where it is none. */
void json_rows_number_of(JsonBuilder *b, const char *name, const char *text);

/* Ends the array, prints and frees it. NULL is allowed. */
void json_rows_print(JsonBuilder *b);
