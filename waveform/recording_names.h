/* What units, phases and names of a file's channels say. */
#pragma once

#include "waveform/comtrade.h"

enum {
    RECORDING_ALPHABETS = 7,
    RECORDING_PHASE_OTHER = -1,  /* the field says something else: N, AB, S */
    RECORDING_PHASE_UNKNOWN = 0, /* the field is empty */
    RECORDING_NO_PAIR = -1
};

/* Letters of phases A, B, C. */
extern const char recording_alphabet[RECORDING_ALPHABETS][4];

/* 'V', 'A' or 0; `factor` is that of the unit's prefix. */
char recording_kind(const struct comtrade_analog *a, double *factor);

/* The letter at *text, upper case, past which it moves: the Cyrillic letters that look
 * like A, B, C are these, other bytes are themselves. */
char recording_letter(const char **text);

/* 1, 2, 3 by the field of the phase. */
int recording_phase(const struct comtrade_analog *a);

/* 0, 1, 2 for a voltage AB, BC, CA, by the field or the name; `reversed`: BA, CB, AC. */
int recording_pair(const struct comtrade_analog *a, bool *reversed);
