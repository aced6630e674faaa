/* The text of a script: its lines, for messages, and how the arguments of its calls are
 * written. A number in Lua has no room for a unit, and one that had would be no number
 * any more (no type "number", no ==, no key of a table). So what an argument is, a
 * reading or a calculation, is found where it is written. */
#pragma once

#include <glib.h>

struct source;

/* Remembers the calls `function (a.b.name, …)`: those whose first argument is nothing
 * but a field of a variable, or a local that is given this field, and nothing else in
 * the whole text. */
struct source *source_new(const char *text, const char *function);
void source_free(struct source *s);

/* Line n from 1 without the blanks around it; NULL: there is none. */
const char *source_line(const struct source *s, int line);

/* The call that begins in this line, on one line, cut off where it is long. To be
 * freed. */
char *source_call(const struct source *s, int line);

/* The first argument of the call in this line: object "a.b", field "name". NULL: it is
 * something else, or calls of different kinds begin in the line. */
struct source_field {
    int line;
    char *object, *name; /* NULL: something else */
};
const struct source_field *source_field(const struct source *s, int line);
