/* Editing of one setting: its digits, or a choice from a list (docs/decisions.md,
 * Panel). What is written goes the way of a Modbus write, so that one set of rules
 * holds. */
#pragma once

#include "core/config.h"
#include "core/menu_state.h"
#include "core/number.h"
#include "core/screens.h"

struct meter;

enum edit_result { EDIT_SAME, EDIT_SAVED, EDIT_REFUSED };

/* The setting as it is; of a password that is to be entered, zeros. */
void edit_start(struct edit *e, const struct meter *m, const struct screen *screen);

/* `+` and `-`. */
void edit_plus(struct edit *e, const struct meter *m, const struct screen *screen);
void edit_minus(struct edit *e, const struct meter *m, const struct screen *screen);

/* Select: true when that leads off the right end. */
bool edit_right(struct edit *e, const struct screen *screen);

/* Is it the password? */
bool edit_matches(const struct edit *e, const struct meter *m,
                  const struct screen *screen);

/* Writes it, if it is another value than before. One that another setting has made
 * impossible since is refused even as it is. */
enum edit_result edit_save(const struct edit *e, struct meter *m,
                           const struct screen *screen);

/* Is it one that the keys could have made on this screen? Any is on a screen without
 * editing. */
bool edit_valid(const struct edit *e, const struct screen *screen);

/* Its text; the chosen digit may be left dark. */
void edit_text(const struct edit *e, const struct screen *screen, bool dark,
               char text[NUMBER_TEXT]);
