/* State of metering, and the outcome of a second. See metering.h. */
#pragma once

#include "core/acquire.h"
#include "core/config.h"
#include "core/cycle.h"
#include "core/fundamental.h"
#include "core/model.h"
#include "core/wide.h"
#include "core/window.h"

/* Blocks from the start: two only fill the filters; the outputs of the third lack
 * samples, and those of the fourth are set against them, so neither shows a
 * frequency. */
enum { METERING_SETTLED = ACQUIRE_SEEN + 1 };

/* Constants of one meter, set at the factory, kept in NVM. */
struct calibration {
    int32_t gain_ppm[HAL_CHANNELS]; /* added to the nominal gain */
    int32_t
        offset_codes2[HAL_CHANNELS]; /* noise power, subtracted from the mean square */
    int32_t phase_urad[3]; /* angle by which the current channel's path leads */
};

/* Means of a second's window: squares and products in codes² · 2^14, DC in codes · 2^8;
 * squares are less the constants' offsets, all else is without constants. */
struct means {
    int64_t vv[3], ii[3], vi[3], vx[3], q[3];
    int64_t dc_v[3], dc_i[3];
};

/* A rotation by a small angle: cos, sin in Q30. */
struct rotation {
    int64_t cosine, sine;
};

/* What makes energy of cycles' totals, as the last second found it. */
struct correction {
    int64_t dc_v[3], dc_i[3]; /* mean codes · 2^8 */
    struct rotation rotation[3];
    uint8_t loaded; /* bits: phases above the no-load threshold */
};

/* Energies accumulated before the end of a second, for its pulses. */
struct carried {
    uint64_t import_uj, export_uj, reactive_uj;
};

struct metering {
    struct acquire acquire;
    struct fundamental fundamental;
    struct cycle cycle;
    struct window window;
    struct correction correction;
    struct carried carried;
    int64_t uhz; /* last frequency measured; for the gain of q; never 0 */
    bool has_frequency;
    bool element_ab;       /* the system type meters the voltage A-B */
    uint8_t blocks_seen;   /* 0…ACQUIRE_SEEN */
    uint8_t unsettled;     /* blocks until the filters tell of a frequency */
    uint8_t before_window; /* blocks until the window begins */
    struct means means;    /* of the last second */
    /* Calibrated: µV and µA per code, µW per code² · 2^-14, µJ per code² · sample. */
    struct scale volt[3], current[3], power[3], energy[3];
    struct scale volt_nominal;
    uint64_t no_load_ua;       /* below this a phase's current is zero */
    uint64_t over_uv, over_ua; /* the +20 % over-range, as displayed */
};

/* The outcome of one second. Powers in µW, signed; voltages µV; currents µA. */
struct second {
    uint64_t v[3];   /* element voltage: L-N, A-B for type 11, star for type 31 */
    uint64_t vll[3]; /* AB, BC, CA */
    uint64_t i[3];
    int64_t p[3], q[3];
    uint64_t s[3];
    int64_t p_total, q_total;
    uint64_t s_total;
    int64_t uhz;         /* 0: unmeasurable */
    uint32_t missing_us; /* the first window is short by this: it begins with a ramp */
    uint64_t import_uj;  /* real energy of this second, total */
    uint64_t export_uj;
    uint64_t reactive_uj; /* reactive, either way, on the unidirectional model */
};

/* What metering goes by. */
struct metering_setup {
    const struct settings *settings;
    const struct config *config;
    const struct model *model;
    const struct calibration *calibration;
};
