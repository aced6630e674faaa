/* The panel of a meter on the test bench: fingers on its keys, eyes on its glass. Time
 * goes on from deadline to deadline, with as many sets as keep the front end from being
 * silent, of which nothing is metered. */
#pragma once

#include "hal_sim/glass_text.h"
#include "tests/support/bench.h"

struct panel {
    struct bench b;
    uint64_t now_us;
    char top[16], bottom[16]; /* as last read, without blanks around */
    bool icon[4];
    bool silent; /* the front end is */
};

static inline void panel_start(struct panel *p, const struct model *model)
{
    memset(p, 0, sizeof *p);
    fake_board_start(&p->b.board);
    meter_start(&p->b.m, &p->b.board, model);
}

static inline void panel_restart(struct panel *p)
{
    const struct model *model = p->b.m.model;

    p->now_us = 0;
    meter_start(&p->b.m, &p->b.board, model);
}

static inline void panel_tick(struct panel *p, uint64_t now_us)
{
    static const int32_t set[HAL_CHANNELS][BLOCK];

    if (!p->silent)
        meter_samples(&p->b.m, set, 1);
    meter_tick(&p->b.m, now_us);
}

static inline void panel_wait_us(struct panel *p, uint64_t us)
{
    uint64_t to_us = p->now_us + us;

    while (meter_deadline(&p->b.m) <= to_us)
        panel_tick(p, meter_deadline(&p->b.m));
    panel_tick(p, to_us);
    p->now_us = to_us;
}

static inline void panel_keys(struct panel *p, unsigned down)
{
    meter_keys(&p->b.m, down, p->now_us);
}

static inline void panel_hold(struct panel *p, unsigned keys, uint64_t us)
{
    panel_keys(p, keys);
    panel_wait_us(p, us);
    panel_keys(p, 0);
    panel_wait_us(p, 100000);
}

static inline void panel_press(struct panel *p, unsigned key)
{
    panel_hold(p, key, 100000);
}

/* "+-<>": plus, minus, back, select. */
static inline void panel_type(struct panel *p, const char *keys)
{
    for (; *keys; keys++)
        panel_press(p, *keys == '+'   ? METER_KEY_PLUS
                       : *keys == '-' ? METER_KEY_MINUS
                       : *keys == '<' ? METER_KEY_BACK
                                      : METER_KEY_SELECT);
}

static inline void panel_trim(char *to, const char *from)
{
    size_t length = strlen(from);

    while (length && from[length - 1] == ' ')
        length--;
    while (length && *from == ' ') {
        from++;
        length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

static inline void panel_look(struct panel *p)
{
    struct glass_text text;

    glass_read(p->b.board.lcd, &text);
    panel_trim(p->top, text.top);
    panel_trim(p->bottom, text.bottom);
    memcpy(p->icon, text.icon, sizeof p->icon);
}

/* S and 5, O and 0 are the same shapes in the bottom row. */
static inline void panel_plain(char *text)
{
    for (; *text; text++)
        *text = *text == 'S' ? '5' : *text == 'O' ? '0' : *text;
}

/* Fails where the glass shows something else. */
static inline void panel_expect(struct panel *p, const char *top, const char *bottom)
{
    char meant[64], seen[64];

    panel_look(p);
    snprintf(meant, sizeof meant, "%s", bottom);
    snprintf(seen, sizeof seen, "%s", p->bottom);
    panel_plain(meant);
    panel_plain(seen);
    if (strcmp(p->top, top) || strcmp(seen, meant))
        fail_msg("the glass shows [%s] [%s], not [%s] [%s]", p->top, p->bottom, top,
                 bottom);
}

/* From anywhere to a group of the main ring. */
static inline void panel_go(struct panel *p, const char *title)
{
    panel_type(p, "<<<<<<<"); /* out of the setup */
    for (int k = 0; k < 12; k++) {
        panel_type(p, "-");
        panel_look(p);
        if (!strcmp(p->top, title))
            return;
    }
    fail_msg("no group %s; the glass shows %s", title, p->top);
}
