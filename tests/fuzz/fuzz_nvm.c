/* libFuzzer target of NVM: the image that a meter finds at its power-up. An input is a
 * byte of choices, then operations on the image of a meter that has been used: bits
 * flipped, bytes overwritten, records forged with a CRC that holds (docs/nvm.md tells
 * their form). Whatever the image, the meter starts, every setting is one that could
 * have been made, all registers answer, energies do not run back and a save can be read
 * again; and one flipped bit changes nothing at all. */
#include "core/crc.h"
#include "core/log_entry.h"
#include "core/pdu.h"
#include "tests/fuzz/fuzz_meter.h"
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { RECORDS_END = 0x0C80, USED_END = LOG_ADDRESS + 4096, TOUCHED_MOST = 4096 };

struct hal {
    uint8_t nvm[HAL_NVM_SIZE];
    uint32_t touched[TOUCHED_MOST]; /* addresses to be put back */
    int touches;
    bool overflow;
};

static uint8_t image[HAL_NVM_SIZE]; /* of the used meter */

static void store(struct hal *h, uint32_t address, uint8_t byte)
{
    if (h->nvm[address] == byte)
        return;
    h->nvm[address] = byte;
    if (h->touches < TOUCHED_MOST)
        h->touched[h->touches++] = address;
    else
        h->overflow = true;
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    require(address <= HAL_NVM_SIZE && size <= HAL_NVM_SIZE - address);
    memcpy(data, h->nvm + address, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    require(address <= HAL_NVM_SIZE && size <= HAL_NVM_SIZE - address);
    for (uint32_t k = 0; k < size; k++)
        store(h, address + k, ((const uint8_t *)data)[k]);
    return 0;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    (void)h;
    (void)frame;
    (void)size;
    require(false); /* nobody asks on the wire */
}

static void put_back(struct hal *h)
{
    if (h->overflow)
        memcpy(h->nvm, image, sizeof image);
    for (int k = 0; k < h->touches && !h->overflow; k++)
        h->nvm[h->touched[k]] = image[h->touched[k]];
    h->touches = 0;
    h->overflow = false;
}

struct input {
    const uint8_t *at, *end;
};

static uint32_t take(struct input *in, int count)
{
    uint32_t x = 0;

    while (count--)
        x = x << 8 | (in->at < in->end ? *in->at++ : 0u);
    return x;
}

/* A slot as a meter writes it, with the data that stand there but for some bytes. */
static void forge(struct hal *h, struct input *in)
{
    static const struct {
        uint16_t address, slot;
    } places[NVM_RECORDS] = { { 0x0000, 256 },  { 0x0200, 128 }, { 0x0300, 64 },
                              { 0x0400, 1024 }, { 0x0C00, 64 },  { 0x0380, 64 } };
    uint32_t record = take(in, 1) % NVM_RECORDS, slot = take(in, 1) & 1;
    uint32_t address = places[record].address + slot * places[record].slot;
    uint8_t bytes[1024];

    memcpy(bytes, h->nvm + address, places[record].slot);
    uint32_t size = bytes[6] | (uint32_t)bytes[7] << 8;
    if (size == 0 || size > places[record].slot - 13u)
        return;
    bytes[0] = (uint8_t)take(in, 1); /* sequence: near those that are there */
    for (uint32_t changes = take(in, 1) % 16; changes; changes--)
        bytes[8 + take(in, 2) % size] = (uint8_t)take(in, 1);
    uint32_t crc = crc_ieee(bytes, 8 + size);
    for (int k = 0; k < 4; k++)
        bytes[8 + size + (uint32_t)k] = (uint8_t)(crc >> (8 * k));
    bytes[12 + size] = bytes[0];
    for (uint32_t k = 0; k < 13 + size; k++)
        store(h, address + k, bytes[k]);
}

/* How many bits were flipped; any other operation counts for many. */
static int damage(struct hal *h, struct input *in)
{
    int done = 0;

    for (int left = 64; left && in->at < in->end; left--) {
        uint32_t what = take(in, 1), address = take(in, 2) % USED_END;
        if (what % 4 == 0) {
            store(h, address, h->nvm[address] ^ (uint8_t)(1u << (what >> 4 & 7)));
            done++;
        } else if (what % 4 == 3) {
            forge(h, in);
            done += 100;
        } else {
            for (uint32_t count = 1 + (what >> 2) % 8; count; count--)
                store(h, address++ % USED_END, (uint8_t)take(in, 1));
            done += 100;
        }
    }
    return done;
}

static void check_settings(const struct meter *m)
{
    for (int k = 0; k < SETTINGS; k++)
        require(config_in_range(m->model, (enum setting)k, m->settings.value[k]));
}

static void read_all(struct meter *m)
{
    static const uint16_t blocks[][2] = { { 0, 112 },  { 128, 50 },   { 256, 125 },
                                          { 7000, 1 }, { 7999, 120 }, { 40000, 70 } };
    uint8_t answer[METER_PDU_MAX];

    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        uint8_t request[5] = { 3, (uint8_t)(blocks[k][0] >> 8), (uint8_t)blocks[k][0],
                               0, (uint8_t)blocks[k][1] };
        int size = meter_request(m, request, 5, answer);
        require(size == 2 + 2 * blocks[k][1]);
    }
}

/* What is stored now is what the next power-up finds. */
static void restart(struct meter *m, struct hal *h)
{
    const struct settings settings = m->settings;
    const struct energy energy = m->energy;

    require(meter_save(m) == 0);
    meter_start(m, h, model_find("s4100"));
    require(!memcmp(&m->energy, &energy, sizeof energy));
    require(!memcmp(&m->settings, &settings, sizeof settings));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct meter used, kept, m; /* kept: with the second that was not over */
    static struct hal board;

    if (!used.model) {
        memset(board.nvm, 0xFF, sizeof board.nvm);
        fuzz_meter_start(&used, &board, "s4100");
        require(meter_save(&used) == 0);
        memcpy(image, board.nvm, sizeof image);
        meter_start(&kept, &board, model_find("s4100"));
    }
    put_back(&board);
    struct input in = { bytes, bytes + size };
    int damaged = damage(&board, &in);
    meter_start(&m, &board, model_find("s4100"));
    check_settings(&m);
    if (damaged <= 1) {
        require(!memcmp(&m.energy, &kept.energy, sizeof m.energy) ||
                !memcmp(&m.energy, &used.energy, sizeof m.energy));
        require(!memcmp(&m.settings, &used.settings, sizeof m.settings));
    }
    read_all(&m);
    if (size % 4 == 0)
        restart(&m, &board);
    return 0;
}
