/* libFuzzer target of the PDU server and the registers behind it. An input is a byte of
 * choices (model, NVM that refuses), then PDUs, each after its length. Every answer
 * must be one that the application protocol allows for its request, what was answered
 * to a write must be what is read, and what is no command takes no energy away. */
#include "core/pdu.h"
#include "tests/fuzz/fuzz_meter.h"
#include <stddef.h>

/* Without memory, so that one input never knows of another. */
struct hal {
    bool refuses; /* NVM does not answer */
};

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    require(address <= HAL_NVM_SIZE && size <= HAL_NVM_SIZE - address);
    memset(data, 0xFF, size);
    return h->refuses ? -1 : 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    const uint8_t *bytes = data;
    volatile uint8_t last;

    require(address <= HAL_NVM_SIZE && size <= HAL_NVM_SIZE - address);
    for (uint32_t k = 0; k < size; k++)
        last = bytes[k]; /* every byte must be readable */
    (void)last;
    return h->refuses ? -1 : 0;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    (void)h;
    (void)frame;
    (void)size;
    require(false); /* nobody asks on the wire */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    COMMAND_ADDR = 128,  /* register 129 */
    POWER_UPS_ADDR = 151 /* 151 and 152 are next to each other: command and count */
};

static unsigned word(const uint8_t *at)
{
    return at[0] * 256u + at[1];
}

static void check_read(const uint8_t *request, int length, const uint8_t *answer,
                       int size)
{
    require(length == 5);
    unsigned count = word(request + 3);
    require(count >= 1 && count <= 125 && answer[1] == 2 * count &&
            size == (int)(2 + 2 * count));
}

static void check_identity(const uint8_t *answer, int size)
{
    int at = 7;

    require(size > 7 && answer[1] == 0x0E && answer[3] == 1 && answer[6] <= 3);
    for (int n = 0; n < answer[6]; n++)
        at += 2 + answer[at + 1];
    require(at == size);
}

static void check_answer(const uint8_t *request, int length, const uint8_t *answer,
                         int size)
{
    if (answer[0] & 0x80) {
        require(size == 2 && answer[0] == (request[0] | 0x80));
        require(answer[1] >= 1 && answer[1] <= 4);
        return;
    }
    require(answer[0] == request[0] && size <= METER_PDU_MAX);
    switch (request[0]) {
    case 0x03:
    case 0x04:
        check_read(request, length, answer, size);
        break;
    case 0x06:
        require(length == 5 && size == 5 && !memcmp(request, answer, 5));
        break;
    case 0x10:
        require(size == 5 && !memcmp(request, answer, 5));
        require(length == 6 + (int)(2 * word(request + 3)));
        break;
    case 0x11:
        require(length == 1 && answer[1] == size - 2);
        break;
    case 0x2B:
        check_identity(answer, size);
        break;
    case 0x42: /* counters of the board, 14 of 32 bits; identification, 20 and a name */
        require(length == 2 && (request[1] == 1 || request[1] == 2));
        require(answer[1] == request[1] && size == 3 + answer[2]);
        require(request[1] == 1 ? answer[2] == 56 : answer[2] > 20);
        break;
    default:
        require(false);
    }
}

/* Registers that do not read what was written: the commands (129, 151), the log page
 * and what follows the clock. */
static bool reads_back(unsigned addr)
{
    return addr > COMMAND_ADDR && addr < 154 && addr != 150 && addr != POWER_UPS_ADDR;
}

static void check_written(struct meter *m, const uint8_t *request)
{
    unsigned addr = word(request + 1), count = request[0] == 6 ? 1 : word(request + 3);
    const uint8_t *value = request + (request[0] == 6 ? 3 : 6);

    for (unsigned n = 0; n < count; n++) {
        uint8_t read[5] = { 3, (uint8_t)((addr + n) >> 8), (uint8_t)(addr + n), 0, 1 };
        uint8_t answer[METER_PDU_MAX];
        if (!reads_back(addr + n))
            continue;
        require(meter_request(m, read, 5, answer) == 4);
        require(word(answer + 2) == word(value + 2 * n));
    }
}

/* A change of scale books the line cycle that runs: energy may grow, never shrink. */
static void check_grew(const struct energy *before, const struct energy *now)
{
    for (int owner = 0; owner < ENERGY_OWNERS; owner++)
        for (int kind = 0; kind < ENERGY_KINDS; kind++)
            require(now->mwh[owner][kind] >= before->mwh[owner][kind]);
}

static bool is_command(const uint8_t *request)
{
    return word(request + 1) <= COMMAND_ADDR;
}

/* True when the meter may have changed. */
static bool serve(struct meter *m, const uint8_t *request, int length)
{
    uint8_t answer[METER_PDU_MAX + 8];
    const struct settings settings = m->settings;
    const struct energy energy = m->energy;

    memset(answer, 0xA5, sizeof answer);
    int size = meter_request(m, request, length, answer);
    for (size_t k = METER_PDU_MAX; k < sizeof answer; k++)
        require(answer[k] == 0xA5);
    if (length < 1) {
        require(size == 0);
        return false;
    }
    check_answer(request, length, answer, size);
    bool wrote = answer[0] == 0x06 || answer[0] == 0x10;
    if (wrote)
        check_written(m, request);
    else
        require(!memcmp(&settings, &m->settings, sizeof settings));
    if (!wrote)
        require(!memcmp(&energy, &m->energy, sizeof energy));
    else if (!is_command(request))
        check_grew(&energy, &m->energy);
    if (m->hal->refuses)
        require(!memcmp(&settings, &m->settings, sizeof settings));
    return wrote || m->hal->refuses;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct meter started[2], m;
    static struct hal board;
    static int untouched = -1; /* the model that m is a fresh copy of */

    if (!started[0].model) {
        fuzz_meter_start(&started[0], &board, "s4100");
        fuzz_meter_start(&started[1], &board, "s4000r");
    }
    if (size < 2)
        return 0;
    if (untouched != (bytes[0] & 1))
        m = started[bytes[0] & 1];
    untouched = bytes[0] & 1;
    board.refuses = (bytes[0] & 0xF0) == 0xF0;
    for (size_t at = 1; at < size;) {
        size_t length = bytes[at++];
        length = length < size - at ? length : size - at;
        length = length < METER_PDU_MAX ? length : METER_PDU_MAX;
        uint8_t request[METER_PDU_MAX]; /* ASan sees a read beyond it */
        uint8_t *exact = length ? request + METER_PDU_MAX - length : request;
        memcpy(exact, bytes + at, length);
        if (serve(&m, exact, (int)length))
            untouched = -1;
        at += length;
    }
    return 0;
}
