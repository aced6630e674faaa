/* The panel: which screen is shown, what the keys do, when it scrolls by itself
 * (docs/decisions.md, Panel). Its times are those of keys and of what it has set
 * itself, never of the call, so its course is the same however often a board
 * ticks.
 *
 * A password opens what stands behind it until that is left: the screen is the only
 * state, so there is no lock that could be forgotten. */
#pragma once

#include "core/menu_state.h"

struct meter;

void menu_start(struct meter *m);

/* Serves what is due by now_us: keys, blinking, scrolling. */
void menu_run(struct meter *m, uint64_t now_us);
uint64_t menu_deadline(const struct menu *menu);

/* The contacts of the keys are so now. */
void menu_contacts(struct meter *m, unsigned down, uint64_t now_us);

/* A second was published. */
void menu_second(struct meter *m);

/* After whatever may have changed a setting (meter_state.h, settings_changed): a screen
 * that is no more is left, and the panel drawn. */
void menu_follow_settings(struct meter *m);
