/* The tape's records as bytes. See tape.h. */
#include "hal_sim/tape.h"
#include <string.h>

static const struct row {
    uint8_t kind;
    const char *layout;
    uint16_t min, max;
    const char *name;
} rows[] = {
#define T(id, number, direction, layout, min, max, name)                               \
    { number, layout, min, max, name },
#include "hal_sim/tape.def"
#undef T
};

static const struct row *find(uint8_t kind)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (rows[k].kind == kind)
            return &rows[k];
    return NULL;
}

static size_t put_number(uint8_t *to, uint64_t number, int size)
{
    for (int k = 0; k < size; k++)
        to[k] = (uint8_t)(number >> (8 * k));
    return (size_t)size;
}

static uint64_t get_number(const uint8_t *from, int size)
{
    uint64_t number = 0;

    for (int k = size; k-- > 0;)
        number = number << 8 | from[k];
    return number;
}

static bool is_number(char field)
{
    return field && field != '*';
}

void tape_make(struct tape_record *record, enum tape_kind kind, const uint64_t *number,
               const void *bytes, size_t size)
{
    size_t at = 0;

    for (const char *f = find((uint8_t)kind)->layout; is_number(*f); f++)
        at += put_number(record->data + at, *number++, *f - '0');
    if (size)
        memcpy(record->data + at, bytes, size);
    record->kind = (uint8_t)kind;
    record->size = (uint16_t)(at + size);
}

void tape_make_samples(struct tape_record *record, const int32_t *x, size_t stride,
                       unsigned count)
{
    uint8_t *to = record->data;

    for (unsigned ch = 0; ch < TAPE_CHANNELS; ch++)
        for (unsigned t = 0; t < count; t++, to += 4)
            put_number(to, (uint32_t)x[ch * stride + t], 4);
    record->kind = TAPE_SAMPLES;
    record->size = (uint16_t)(to - record->data);
}

bool tape_content(const struct tape_record *record, struct tape_content *content)
{
    const struct row *row = find(record->kind);
    size_t at = 0;
    int count = 0;

    if (!row || record->size < row->min || record->size > row->max)
        return false;
    for (const char *f = row->layout; is_number(*f); f++) {
        content->number[count++] = get_number(record->data + at, *f - '0');
        at += (size_t)(*f - '0');
    }
    content->bytes = record->data + at;
    content->size = record->size - at;
    return true;
}

size_t tape_encode(const struct tape_record *record, uint8_t *bytes)
{
    memset(bytes, 0, TAPE_HEADER);
    bytes[0] = record->kind;
    bytes[2] = (uint8_t)record->size;
    bytes[3] = (uint8_t)(record->size >> 8);
    put_number(bytes + 8, (uint64_t)record->time_ns, 8);
    memcpy(bytes + TAPE_HEADER, record->data, record->size);
    return TAPE_HEADER + (size_t)record->size;
}

long tape_decode(struct tape_record *record, const uint8_t *bytes, size_t size)
{
    static const uint8_t zero[4];

    if (size < TAPE_HEADER)
        return 0;
    record->kind = bytes[0];
    record->size = (uint16_t)(bytes[2] | bytes[3] << 8);
    if (!record->kind || bytes[1] || memcmp(bytes + 4, zero, 4) ||
        record->size > TAPE_DATA_MAX)
        return -1;
    if (size < TAPE_HEADER + (size_t)record->size)
        return 0;
    record->time_ns = (int64_t)get_number(bytes + 8, 8);
    memcpy(record->data, bytes + TAPE_HEADER, record->size);
    return TAPE_HEADER + (long)record->size;
}

const char *tape_kind_name(uint8_t kind)
{
    const struct row *row = find(kind);

    return row ? row->name : "unknown record";
}
