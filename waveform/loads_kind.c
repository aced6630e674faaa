/* The table of loads. See loads_kind.h. */
#include "waveform/loads_kind.h"
#include <math.h>

const struct loads_row loads_table[WAVEFORM_LOAD_KINDS] = {
#define L(id, name, text) { name, text },
#include "waveform/loads_kind.def"
};

const struct parameter loads_parameters[] = {
#define P(id, field, unit, least, greatest, usual, text)                               \
    { WAVEFORM_LOAD_##id, #field, unit, offsetof(struct waveform_spec, field), least,  \
      greatest,           usual,  text },
#include "waveform/loads_kind.def"
};

const int loads_parameter_count = sizeof loads_parameters / sizeof *loads_parameters;

struct waveform_spec loads_usual(enum waveform_load_kind kind)
{
    struct waveform_spec spec = { .kind = kind };

    parameter_set_usual(loads_parameters, loads_parameter_count, kind, &spec);
    return spec;
}

static bool sizes_valid(const struct waveform_spec *s)
{
    bool valid = fabs(s->amps) <= 1e6 && fabs(s->kw) <= 1e6 && s->volts >= 0 &&
                 s->volts <= 1e6 && s->at_s >= 0 && s->at_s < 1e9 && s->phases <= 7;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        valid = valid && fabs(s->amps_each[k]) <= 1e6;
    return valid && (unsigned)s->connection <= WAVEFORM_CONNECT_AB;
}

bool loads_valid(const struct waveform_spec *spec)
{
    if ((unsigned)spec->kind >= WAVEFORM_LOAD_KINDS || !sizes_valid(spec))
        return false;
    if (spec->kind == WAVEFORM_LOAD_PROFILE && !spec->profile)
        return false;
    if (spec->kind == WAVEFORM_LOAD_SOLAR &&
        !(spec->rise_s < spec->set_s && spec->set_s <= spec->day_s))
        return false;
    return parameter_in_range(loads_parameters, loads_parameter_count, spec->kind,
                              spec);
}
