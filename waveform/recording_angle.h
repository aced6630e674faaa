/* Phases by the angles of the waves, where a file says nothing of them. */
#pragma once

#include "waveform/comtrade.h"
#include "waveform/waveform.h"

/* Three channels of the kind ('V', 'A') as A, B, C by index. `voltage`: the channel of
 * Va, which names the currents' A; -1: unknown. */
bool recording_by_angle(const struct comtrade *file, char kind, int voltage,
                        int group[WAVEFORM_PHASES]);
