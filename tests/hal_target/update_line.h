/* Meters of the flashed image on a simulated RS-485 line, updated in lock-step. Power of
 * one of them can go at given moments: each time the process forks, and the child goes on
 * with the meter whose power has gone, so that what came before is simulated once. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/flash/image_file.h"

enum { METERS_MOST = 16, CUTS_MOST = 1000, SETTINGS_ADDR = 129, SETTINGS_COUNT = 15 };

extern struct update_line {
    struct unit *meter[METERS_MOST]; /* ids 1 … */
    int count;
    int victim; /* whose power goes */
    /* When it goes; what has been forked for it, and has not ended well. */
    int64_t cut_ns[CUTS_MOST];
    int wanted, cuts, children, failed;
    /* In a child: which cut it is (0: this is no child), when power comes, and came. */
    int round;
    int64_t off_until_ns, on_ns;
} update_line;

/* What is read before an update and after it. */
struct before {
    int64_t ns, wh;
    uint8_t settings[2 + 2 * SETTINGS_COUNT];
};

void update_line_open(const char *build, int wanted);

_Noreturn void flaw(const char *what);
int64_t now_ns(void);
void pause_ms(int ms);

/* Until at most so many children run. */
void children_wait(int most);

/* The PDU of the answer; 0: none. */
int ask(int id, const uint8_t *pdu, int size, uint8_t *answer);
void read_words(int id, int addr, int words, uint8_t *answer);

/* The CRC of the image that runs in the k-th meter; 0: its reset system. */
uint32_t runs(int k);

struct before look(int k);

/* Energy grows by what was metered; of the time 12 s may be missing: the erase, starts,
 * and power that was off. Settings are what they were. */
void compare(const struct before *was, const struct before *is);

/* meter.update, and the same images of another version; `dead`: their first instruction
 * is a loop. */
void image_read(const char *build, struct image_file *f);
struct image_file image_change(const struct image_file *from, uint32_t version,
                               bool dead);
