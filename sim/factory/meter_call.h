/* Function 0x42 in the factory state, and readings, from the client's side. */
#pragma once

#include "core/factory.h"
#include "core/factory_block.h"
#include "core/hal.h"
#include "core/model.h"
#include "sim/factory/port.h"

struct meter_identity {
    enum factory_block_state block;
    int revision;
    uint32_t serial;
    unsigned state; /* bits of enum factory_state */
    int seals_broken, calibrations;
    uint32_t firmware, constants_crc;
    const struct model *model;
};

/* Gains in ppm, offsets in codes², angles in µrad. */
struct meter_constants {
    int32_t gain_ppm[HAL_CHANNELS], offset_codes2[HAL_CHANNELS], phase_urad[3];
};

/* Of one second, in codes² and codes. */
struct meter_means {
    uint32_t second;
    double vv[3], ii[3], vi[3], q[3], dc[HAL_CHANNELS];
};

/* Each: false with an error that says what the meter refused. */
bool meter_identify(const struct port *p, struct meter_identity *id, GError **error);
bool meter_read_constants(const struct port *p, struct meter_constants *c,
                          GError **error);
bool meter_write_constants(const struct port *p, const struct meter_constants *c,
                           GError **error);
bool meter_read_means(const struct port *p, struct meter_means *m, GError **error);
bool meter_seal(const struct port *p, GError **error);
bool meter_break_seal(const struct port *p, uint32_t serial, GError **error);

/* A sub-function without an answer of its own, or with `size` bytes of data in it. */
bool meter_call(const struct port *p, enum factory_function function,
                const uint8_t *data, int data_size, uint8_t *answer, int size,
                GError **error);

/* `count` words from register `reg` on; a float of two words. */
bool meter_read_words(const struct port *p, int reg, int count, uint16_t *words,
                      GError **error);
bool meter_read_floats(const struct port *p, int reg, int count, double *values,
                       GError **error);
