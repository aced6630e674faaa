/* The table of loads. See load_kind.h. */
#include "waveform/load_kind.h"
#include <math.h>

const struct load_row load_table[WAVEFORM_LOAD_KINDS] = {
#define L(id, name, text) { name, text },
#include "waveform/load_kind.def"
};

const struct parameter load_parameters[] = {
#define P(id, field, unit, min, max, initial, text)                                    \
    { WAVEFORM_LOAD_##id,                                                              \
      #field,                                                                          \
      unit,                                                                            \
      offsetof(struct waveform_load_spec, field),                                      \
      min,                                                                             \
      max,                                                                             \
      initial,                                                                         \
      text },
#include "waveform/load_kind.def"
};

const int load_parameter_count = sizeof load_parameters / sizeof *load_parameters;

struct waveform_load_spec load_defaults(enum waveform_load_kind kind)
{
    struct waveform_load_spec spec = { .kind = kind };

    parameter_set_defaults(load_parameters, load_parameter_count, kind, &spec);
    return spec;
}

static bool sizes_valid(const struct waveform_load_spec *s)
{
    bool valid = fabs(s->amps) <= 1e6 && fabs(s->kw) <= 1e6 && s->volts >= 0 &&
                 s->volts <= 1e6 && s->at_s >= 0 && s->at_s < 1e9 && s->phases <= 7;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        valid = valid && fabs(s->amps_each[k]) <= 1e6;
    return valid && (unsigned)s->connection <= WAVEFORM_CONNECT_AB;
}

bool load_valid(const struct waveform_load_spec *spec)
{
    if ((unsigned)spec->kind >= WAVEFORM_LOAD_KINDS || !sizes_valid(spec))
        return false;
    if (spec->kind == WAVEFORM_LOAD_PROFILE && !spec->profile)
        return false;
    if (spec->kind == WAVEFORM_LOAD_SOLAR &&
        !(spec->rise_s < spec->set_s && spec->set_s <= spec->day_s))
        return false;
    return parameter_in_range(load_parameters, load_parameter_count, spec->kind, spec);
}
