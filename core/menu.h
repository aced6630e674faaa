/* The panel: which screen is shown, what the keys do, when it scrolls by itself
 * (docs/decisions.md, Panel). Its times are those of keys and of what it has set
 * itself, never of the call that looks, so its course is the same however often a board
 * ticks.
 *
 * A password opens what stands behind it until that is left: the screen is the only
 * state, so there is no lock that could be forgotten. */
#ifndef CORE_MENU_H
#define CORE_MENU_H

#include "core/edit.h"
#include "core/keys.h"
#include "core/lcd.h"

struct meter;

enum {
    MENU_IDLE_US = 60000000,
    MENU_SCROLL_US = 5000000,
    MENU_NOTICE_US = 1000000,
    MENU_BLINK_US = 500000, /* the chosen digit: on as long as off */
    MENU_PAGE_US = 2000000  /* of a count of more than five digits */
};

enum menu_notice { NOTICE_NONE, NOTICE_SAVED, NOTICE_ERROR };

struct menu {
    struct keys keys;
    struct edit edit;
    uint8_t screen;        /* row of screen_table */
    uint8_t notice;        /* enum menu_notice, over the bottom row … */
    uint8_t notice_screen; /* … of this screen */
    bool scrolling;        /* nobody is there */
    bool off;              /* the chosen digit is dark; the second page of a count */
    bool heart;
    uint64_t idle_us;   /* when it scrolls */
    uint64_t notice_us; /* when the notice ends; UINT64_MAX: there is none */
    uint64_t blink_us;  /* when `off` changes; UINT64_MAX: not on this screen */
};

void menu_start(struct meter *m);

/* Serves what is due by now_us: keys, blinking, scrolling. */
void menu_run(struct meter *m, uint64_t now_us);
uint64_t menu_deadline(const struct menu *menu);

/* The contacts of the keys are so now. */
void menu_contacts(struct meter *m, unsigned down, uint64_t now_us);

/* A second was published; a setting has changed, and with it perhaps the screens that
 * there are. */
void menu_second(struct meter *m);
void menu_settings_changed(struct meter *m);

/* What is shown, before it becomes segments (menu_text.c). */
void menu_text(const struct meter *m, struct lcd_text *text);

#endif
