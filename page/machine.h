/* What the page's script calls: one session and its picture. Strings go in through
 * machine_text, and come out as pointers that hold until the next call. A native program
 * links the same (tests/page). */
#pragma once

#include <stdint.h>

#ifdef __wasm__
#define MACHINE_EXPORT(name) __attribute__((export_name(#name)))
#else
#define MACHINE_EXPORT(name)
#endif

/* Where the next call finds its string, with room for so many bytes. */
MACHINE_EXPORT(machine_text) char *machine_text(int size);

/* A session by its text; replaces the one before. 0: there is no such meter, and the one
 * before goes on. Its actions follow by machine_repeat: at most so many milliseconds of
 * them at a call; "" or what is wrong. */
MACHINE_EXPORT(machine_new) int machine_new(void);
MACHINE_EXPORT(machine_repeat) const char *machine_repeat(double ms);
MACHINE_EXPORT(machine_repeats) int machine_repeats(void);

MACHINE_EXPORT(machine_advance) void machine_advance(double now_ms);
MACHINE_EXPORT(machine_now) double machine_now(void);

/* An action; "" or what is wrong with it. */
MACHINE_EXPORT(machine_do) const char *machine_do(void);

/* The answer to the last PDU in hexadecimal; "": none. */
MACHINE_EXPORT(machine_answer) const char *machine_answer(void);

/* The register at an address (base 0) as it is now, on no tape; -1: there is none. */
MACHINE_EXPORT(machine_register) int machine_register(int addr);

MACHINE_EXPORT(machine_session) const char *machine_session(void);

/* The hash of the tape is that of a copy, which repeats the session beside it, so many
 * milliseconds at a call: 1 until it is there. Then the hash, and the scenario. */
MACHINE_EXPORT(machine_copy) void machine_copy(void);
MACHINE_EXPORT(machine_copies) int machine_copies(double ms);
MACHINE_EXPORT(machine_hash) const char *machine_hash(void);
MACHINE_EXPORT(machine_scenario) const char *machine_scenario(void);

MACHINE_EXPORT(machine_state) const char *machine_state(void);
MACHINE_EXPORT(machine_faults) const char *machine_faults(void);
MACHINE_EXPORT(machine_models) const char *machine_models(void);

/* A value as the page writes row k of the exact ones (describe.h). */
MACHINE_EXPORT(machine_quantity) const char *machine_quantity(int row, double value);

/* Paints; how many rectangles of machine_damage (x, y, w, h each) have changed. */
MACHINE_EXPORT(machine_paint)
int machine_paint(int view, unsigned keys, int scale_percent);
MACHINE_EXPORT(machine_damage) const int32_t *machine_damage(void);
MACHINE_EXPORT(machine_pixels) const uint8_t *machine_pixels(void);
/* The frame of another meter, drawn in place of the session's: its bytes, how many they
 * are, and its texts. */
MACHINE_EXPORT(machine_frame) uint8_t *machine_frame(void);
MACHINE_EXPORT(machine_frame_size) int machine_frame_size(void);
MACHINE_EXPORT(machine_frame_state) const char *machine_frame_state(void);
MACHINE_EXPORT(machine_repaint)
int machine_repaint(unsigned keys, int scale_percent);

/* x, y, w, h of a place (enum view_place). */
MACHINE_EXPORT(machine_place) const int32_t *machine_place(int place);
MACHINE_EXPORT(machine_key) unsigned machine_key(int key);
