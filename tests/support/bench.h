/* A test bench: a meter on the fake board, its time driven by the samples fed to it,
 * and its registers reached through the PDU server as a client would. */
#pragma once

#include "core/meter.h"
#include "core/nvm.h"
#include "core/registers.h"
#include "tests/support/fake_board.h"
#include "tests/support/waves.h"

/* The layout of a record of `size` bytes. */
#define BYTES(size)                                                                    \
    (&(const struct nvm_layout){ &(const struct nvm_field){ 0, (uint16_t)(size), 1 },  \
                                 1 })

struct bench {
    struct meter m;
    struct hal board;
    int64_t sets; /* sample sets since power-up */
};

/* Power-up with the NVM that the board holds. */
static inline void bench_power_up(struct bench *b)
{
    b->sets = 0;
    meter_start(&b->m, &b->board, &model_s4100);
}

/* The exception code of a write (0: done). */
static inline int bench_write_many(struct bench *b, uint16_t reg, int count,
                                   const uint16_t *value)
{
    uint8_t request[METER_PDU_MAX] = { 0x10 }, answer[METER_PDU_MAX];

    request[1] = (uint8_t)((reg - 1) >> 8);
    request[2] = (uint8_t)(reg - 1);
    request[4] = (uint8_t)count;
    request[5] = (uint8_t)(2 * count);
    for (int k = 0; k < count; k++) {
        request[6 + 2 * k] = (uint8_t)(value[k] >> 8);
        request[7 + 2 * k] = (uint8_t)value[k];
    }
    int size = meter_request(&b->m, request, 6 + 2 * count, answer);
    if (answer[0] & 0x80)
        return answer[1];
    assert_int_equal(size, 5);
    return 0;
}

static inline int bench_write(struct bench *b, uint16_t reg, uint16_t value)
{
    uint8_t request[5] = { 0x06, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                           (uint8_t)(value >> 8), (uint8_t)value };
    uint8_t answer[METER_PDU_MAX];
    int size = meter_request(&b->m, request, 5, answer);

    if (answer[0] & 0x80)
        return answer[1];
    assert_int_equal(size, 5);
    assert_memory_equal(answer, request, 5);
    return 0;
}

static inline void bench_set(struct bench *b, uint16_t reg, uint16_t value)
{
    int exception = bench_write(b, reg, value);

    if (exception)
        fail_msg("register %d = %d: exception %d", reg, value, exception);
}

/* count registers from reg on; the exception code (0: done). */
static inline int bench_read_many(struct bench *b, uint16_t reg, int count,
                                  uint16_t *value)
{
    uint8_t request[5] = { 0x03, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1), 0,
                           (uint8_t)count };
    uint8_t answer[METER_PDU_MAX];
    int size = meter_request(&b->m, request, 5, answer);

    if (answer[0] & 0x80)
        return answer[1];
    assert_int_equal(size, 2 + 2 * count);
    for (int k = 0; k < count; k++)
        value[k] = (uint16_t)(answer[2 + 2 * k] << 8 | answer[3 + 2 * k]);
    return 0;
}

static inline uint16_t bench_read(struct bench *b, uint16_t reg)
{
    uint16_t value = 0;
    int exception = bench_read_many(b, reg, 1, &value);

    if (exception)
        fail_msg("register %d cannot be read: exception %d", reg, exception);
    return value;
}

static inline uint32_t bench_read32(struct bench *b, uint16_t reg)
{
    uint16_t value[2] = { 0 };
    int exception = bench_read_many(b, reg, 2, value);

    if (exception)
        fail_msg("register %d cannot be read: exception %d", reg, exception);
    return (uint32_t)value[0] << 16 | value[1];
}

static inline float bench_read_float(struct bench *b, uint16_t reg)
{
    uint32_t bits = bench_read32(b, reg);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A new meter; its only difference from the factory's is the system type. */
static inline void bench_start(struct bench *b, uint16_t system_type)
{
    fake_board_start(&b->board);
    bench_power_up(b);
    if (system_type != 40)
        bench_set(b, 130, system_type);
}

/* Gives count sets (up to a block) to the meter, then one turn of its main loop. */
static inline void bench_take(struct bench *b, const int32_t x[][BLOCK], int count)
{
    meter_samples(&b->m, x, (uint32_t)count);
    b->sets += count;
    b->board.now_us = (uint64_t)b->sets * 1000000 / HAL_SAMPLE_RATE;
    meter_tick(&b->m, b->board.now_us);
    meter_poll(&b->m);
}

/* count sets of a wave whose sample 0 is the first after power-up. */
static inline void bench_feed(struct bench *b, const struct waves *w, int64_t count)
{
    int32_t x[HAL_CHANNELS][BLOCK];

    while (count) {
        int n = count < BLOCK ? (int)count : BLOCK;
        waves_fill(w, b->sets, n, x);
        bench_take(b, (const int32_t(*)[BLOCK])x, n);
        count -= n;
    }
}

static inline void bench_seconds(struct bench *b, const struct waves *w, int seconds)
{
    bench_feed(b, w, (int64_t)seconds * HAL_SAMPLE_RATE);
}

static inline void bench_silence(struct bench *b, int seconds)
{
    const struct waves none = { .hz = 60, .ct_a = 100 };

    bench_seconds(b, &none, seconds);
}

/* A reading in V, A, W, kWh, Hz or 1; fails when the quantity has none. */
static inline long double bench_reading(const struct bench *b, int q)
{
    int64_t x;
    int unit = quantity_table[q].unit;

    if (!meter_reading(&b->m, (enum quantity)q, &x))
        fail_msg("%s has no reading", quantity_table[q].name);
    return unit == UNIT_N ? (long double)x : (long double)x / 1000000;
}
