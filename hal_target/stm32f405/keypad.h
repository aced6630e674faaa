/* The four keys: contacts to ground, pulled up. Debouncing is the core's. */
#pragma once

enum { KEYPAD_PLUS = 1, KEYPAD_MINUS = 2, KEYPAD_BACK = 4, KEYPAD_SELECT = 8 };

/* Bits of the keys that are down. */
unsigned keypad_read(void);
