/* What an input of a tape is, in words: what was asked, pressed, switched or broken. Any
 * bytes may come. */
#pragma once

#include "hal_sim/tape.h"

/* "request: read 21..22", "key SELECT closes". Of samples and passes of the main loop
 * only their name. */
void tape_text_input(char *text, size_t room, const struct tape_record *record);
