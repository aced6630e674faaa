/* State of the panel. See menu.h and edit.h. */
#pragma once

#include "core/keys.h"

struct edit {
    uint32_t value; /* the number; of a list the choice, from the bottom */
    uint8_t digit;  /* the chosen one, from the left */
};

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
