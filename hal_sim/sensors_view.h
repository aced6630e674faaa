/* The linear part of the sensors: what each line of the world's spectrum becomes on its
 * way to the ADC. */
#pragma once

#include "waveform/waveform.h"

struct sensors;

/* A waveform_view; user: struct sensors. From V and A to codes. */
void sensors_view(void *user, double hz, double re[][WAVEFORM_CHANNELS],
                  double im[][WAVEFORM_CHANNELS]);

/* Codes per volt at a voltage terminal, before an amplifier that is dead. */
double sensors_codes_per_input_volt(const struct sensors *s, int ch);

/* Of the view, for the cores: all that is real in a current channel's gain after the CT
 * has made its secondary current, in codes at rated current. */
double sensors_codes_at_rated(const struct sensors *s, int k);

/* The angle of a CT in minutes, where it must have one: ct_phase_error, or 15. */
double sensors_ct_minutes(const struct sensors *s, int k);

/* tan of the angle by which the CT leads at 60 Hz, burden considered. */
double sensors_ct_tangent(const struct sensors *s, int k, double minutes);
