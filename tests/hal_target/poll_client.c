/* poll_client DEVICE POLLS VERSION: a Modbus RTU master (libmodbus) that polls a meter
 * and looks at what it answers: its firmware's version, a long block, and that a meter
 * whose parts are absent says so: no frequency, a setting that cannot be stored
 * refused.
 *
 * The emulator puts an answer through at once, but the meter reckons with the wire:
 * what comes while its answer would still go out is its echo. So the master waits as
 * long as the wire would take. A poll is tried again when no answer comes: bytes go to
 * the meter one by one, and on a busy host a gap may pass t1.5 (0.86 ms). How often is
 * printed. Exit code 0: all answered, and right. */
#include <errno.h>
#include <modbus.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    TRIES = 200,
    WAIT_US = 60000,
    CHARACTER_US = 573, /* 11 bits */
    OVERHEAD = 5 + 4,   /* of an answer, and t3.5 */
    LONG_EVERY = 25,
    VERSION_ADDR = 7000,
    FLOATS_ADDR = 256,
    FLOATS = 125,
    HZ_ADDR = 27,
    INTERVAL_ADDR = 148,
    QNAN = 0x8000
};

struct client {
    modbus_t *bus;
    unsigned version;
    int polls, retries, wrong;
};

static void wait_for_wire(int words)
{
    const struct timespec time = { 0, (OVERHEAD + 2 * words) * CHARACTER_US * 1000L };

    nanosleep(&time, NULL);
}

static int read_words(struct client *c, int addr, int count, uint16_t *words)
{
    for (int k = 0; k < TRIES; k++) {
        bool answered = modbus_read_registers(c->bus, addr, count, words) == count;
        wait_for_wire(count);
        if (answered)
            return 0;
        modbus_flush(c->bus);
        c->retries++;
    }
    printf("no answer to a read of %d registers at %d\n", count, addr + 1);
    return -1;
}

static void expect(struct client *c, const char *what, unsigned is, unsigned wanted)
{
    if (is == wanted)
        return;
    printf("%s: %u, expected %u\n", what, is, wanted);
    c->wrong++;
}

static int poll_once(struct client *c)
{
    uint16_t words[FLOATS];

    c->polls++;
    if (c->polls % LONG_EVERY == 0) {
        if (read_words(c, FLOATS_ADDR, FLOATS, words))
            return -1;
    } else if (c->polls % 2) {
        if (read_words(c, VERSION_ADDR, 1, words))
            return -1;
        expect(c, "register 7001", words[0], c->version);
    } else {
        if (read_words(c, HZ_ADDR, 1, words))
            return -1;
        expect(c, "register 28 without a front end", words[0], QNAN);
    }
    return 0;
}

/* The answer must be exception 04, whichever try it comes to. */
static void refuse_a_setting(struct client *c)
{
    for (int k = 0; k < TRIES; k++) {
        if (modbus_write_register(c->bus, INTERVAL_ADDR, 2) == 1) {
            printf("a setting was taken without an NVM\n");
            c->wrong++;
            return;
        }
        if (errno == EMBXSFAIL)
            return;
        modbus_flush(c->bus);
        c->retries++;
    }
    printf("a write of a setting: %s, expected exception 04\n", modbus_strerror(errno));
    c->wrong++;
}

int main(int argc, char **argv)
{
    struct client c = { 0 };

    if (argc != 4) {
        fprintf(stderr, "usage: poll_client DEVICE POLLS VERSION\n");
        return 2;
    }
    c.version = (unsigned)atoi(argv[3]);
    c.bus = modbus_new_rtu(argv[1], 19200, 'N', 8, 1);
    if (!c.bus || modbus_set_slave(c.bus, 1) || modbus_connect(c.bus)) {
        fprintf(stderr, "poll_client: %s: %s\n", argv[1], modbus_strerror(errno));
        return 2;
    }
    modbus_set_response_timeout(c.bus, 0, WAIT_US);
    int left = atoi(argv[2]);
    while (left > 0 && poll_once(&c) == 0)
        left--;
    refuse_a_setting(&c);
    printf("%d polls answered, %d tries more\n", atoi(argv[2]) - left, c.retries);
    modbus_close(c.bus);
    modbus_free(c.bus);
    return left || c.wrong ? 1 : 0;
}
