/* A text that grows: JSON for the page, scenarios, the session itself. */
#pragma once

#include <stddef.h>

struct text {
    char *bytes; /* ends in NUL; NULL: nothing was added yet */
    size_t size, room;
};

/* Aborts without memory. */
void text_add(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* With quotes, as JSON wants it. */
void text_add_json(struct text *t, const char *string);

/* Empty again; the memory stays. */
void text_clear(struct text *t);
void text_free(struct text *t);
