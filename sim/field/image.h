/* All registers of a meter at one moment, as read from a live meter or from a captured
 * file: words, and what they mean by the model's table. */
#pragma once

#include "core/model.h"
#include "core/quantity.h"
#include "sim/field/register_list.h"

#include <glib.h>

struct image {
    const struct model *model;
    char source[128];     /* "tcp:127.0.0.1:1502/1", a file */
    uint16_t word[65536]; /* by register, base 1 */
    bool has[65536];
};

/* The kind of a register, and so how two of them are compared. */
enum image_class {
    IMAGE_SETTING, /* what somebody set, and what follows from it: equal */
    IMAGE_STATE,   /* alerts: equal */
    IMAGE_READING, /* of the present: equal within a tolerance */
    IMAGE_HISTORY, /* energies, demand, counters, clock, logs: of the past */
    IMAGE_NOTHING  /* reserved, commands, the contents of logs */
};

struct image *image_new(const struct model *model, const char *source);
void image_free(struct image *image);

enum image_class image_class_of(const struct model *model, int reg);

/* The value in `units` of the register's entry; NaN: it has none (QNAN, not read). */
double image_value(const struct image *image, int reg);

/* The smallest step of that register, 0 of a float. */
double image_step(const struct image *image, int reg);

/* The register where the quantity stands as a float; 0: the model has none. */
int image_float_register(const struct model *model, enum quantity q);

/* What the meter is set to read at full scale in a quantity's unit; 0 of energies and
 * frequencies; 50 of power factors, a fiftieth of which is 1. */
double image_full_scale(const struct image *image, enum quantity q);

/* The registers as lines of a Lua comment, and back. These return NULL with `error` set
 * when the file cannot be read or holds no complete capture; image_parse takes the text
 * of the file at `path`, and cuts it into lines. */
void image_write(const struct image *image, GString *to);
struct image *image_read(const char *path, GError **error);
struct image *image_parse(const char *path, char *text, GError **error);
