/* A register map of its own behind the firmware's PDU server, bound by the linker in
 * place of core/registers.c: the fixture that tests/data/modbus/cases.csv is written
 * for. To be included once per program. Value of address a is 0xA000 + a; 0x81-0xB3 can
 * be written; SunSpec stands at 40000. */
#pragma once

#include "core/factory.h"
#include "core/pdu.h"
#include "core/registers.h"
#include <string.h>

enum {
    FIXTURE_UNIT = 1,
    FIXTURE_LOW_END = 0xB3,
    FIXTURE_WRITABLE = 0x81, /* to FIXTURE_LOW_END; this one takes six values only */
    FIXTURE_HIGH = 0x100,
    FIXTURE_HIGH_END = 0x1FF,
    FIXTURE_SUNSPEC = 40000,
    FIXTURE_SUNSPEC_WORDS = 178,
    FIXTURE_METER_MODEL = 69 /* its place in the SunSpec block */
};

struct meter {
    uint16_t word[FIXTURE_HIGH_END + 1];
    uint16_t sunspec[FIXTURE_SUNSPEC_WORDS];
};

static inline void fixture_text(uint16_t *words, const char *text)
{
    for (int k = 0; text[k]; k++)
        words[k / 2] |= (uint16_t)((uint8_t)text[k] << (k % 2 ? 0 : 8));
}

static inline void fixture_start(struct meter *m)
{
    static const uint16_t meter_model[] = { 203, 105, 100, 100, 100, 100, 0xFFFF };
    uint16_t *s = m->sunspec;

    memset(m, 0, sizeof *m);
    for (unsigned a = 0; a <= FIXTURE_HIGH_END; a++)
        m->word[a] = (uint16_t)(0xA000 + a);
    s[0] = 0x5375;
    s[1] = 0x6E53;
    s[2] = 1;
    s[3] = 65;
    fixture_text(s + 4, "Leviton");
    fixture_text(s + 20, "S4100");
    fixture_text(s + 44, "V12.345");
    fixture_text(s + 52, "SIM0000001");
    s[68] = FIXTURE_UNIT;
    for (int k = FIXTURE_METER_MODEL; k < FIXTURE_SUNSPEC_WORDS - 2; k++)
        s[k] = 0x8000;
    memcpy(s + FIXTURE_METER_MODEL, meter_model, sizeof meter_model);
    s[FIXTURE_SUNSPEC_WORDS - 2] = 0xFFFF;
}

static inline uint16_t *fixture_word(struct meter *m, uint32_t addr)
{
    if (addr <= FIXTURE_LOW_END || (addr >= FIXTURE_HIGH && addr <= FIXTURE_HIGH_END))
        return &m->word[addr];
    if (addr >= FIXTURE_SUNSPEC && addr < FIXTURE_SUNSPEC + FIXTURE_SUNSPEC_WORDS)
        return &m->sunspec[addr - FIXTURE_SUNSPEC];
    return NULL;
}

enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words)
{
    for (uint32_t n = 0; n < count; n++) {
        const uint16_t *word = fixture_word(m, addr + n);
        if (!word)
            return MODBUS_ILLEGAL_ADDRESS;
        words[n] = *word;
    }
    return MODBUS_OK;
}

static inline int fixture_allows(uint16_t addr, uint16_t value)
{
    static const uint16_t types[] = { 10, 11, 12, 30, 31, 40 };

    for (unsigned k = 0; k < sizeof types / sizeof *types; k++)
        if (types[k] == value)
            return 1;
    return addr != FIXTURE_WRITABLE;
}

enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words)
{
    for (uint32_t n = 0; n < count; n++)
        if (addr + n < FIXTURE_WRITABLE || addr + n > FIXTURE_LOW_END)
            return MODBUS_ILLEGAL_ADDRESS;
    for (unsigned n = 0; n < count; n++)
        if (!fixture_allows((uint16_t)(addr + n), words[n]))
            return MODBUS_ILLEGAL_VALUE;
    memcpy(m->word + addr, words, count * sizeof *words);
    return MODBUS_OK;
}

const char *registers_server_text(const struct meter *m)
{
    (void)m;
    return "Leviton S4100 Power Meter Full Data Set";
}

int registers_identity(const struct meter *m, int object, char *text, int size)
{
    static const char *const objects[] = { "Leviton", "S4100", "V12.345" };
    int length = (int)strlen(objects[object]);

    (void)m;
    length = length < size ? length : size;
    memcpy(text, objects[object], (size_t)length);
    return length;
}

/* Function 0x42: the fixture has the counters alone. */
int factory_answer(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    (void)m;
    (void)request;
    (void)length;
    (void)answer;
    return -MODBUS_ILLEGAL_FUNCTION;
}
