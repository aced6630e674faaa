/* A text that grows. See text.h. */
#include "page/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void reserve(struct text *t, size_t more)
{
    if (t->size + more < t->room)
        return;
    t->room = 2 * (t->size + more) + 256;
    t->bytes = realloc(t->bytes, t->room);
    if (!t->bytes)
        abort();
}

void text_add(struct text *t, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): it has been started */
    const int size = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (size < 0)
        return;
    reserve(t, (size_t)size + 1);
    va_start(list, format);
    vsnprintf(t->bytes + t->size, (size_t)size + 1, format, list);
    va_end(list);
    t->size += (size_t)size;
}

void text_add_json(struct text *t, const char *string)
{
    text_add(t, "\"");
    for (; *string; string++)
        if (*string == '"' || *string == '\\')
            text_add(t, "\\%c", *string);
        else if ((unsigned char)*string < ' ')
            text_add(t, "\\u%04x", (unsigned char)*string);
        else
            text_add(t, "%c", *string);
    text_add(t, "\"");
}

void text_clear(struct text *t)
{
    reserve(t, 1);
    t->size = 0;
    t->bytes[0] = '\0';
}

void text_free(struct text *t)
{
    free(t->bytes);
    *t = (struct text){ NULL, 0, 0 };
}
