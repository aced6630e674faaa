/* poll_client DEVICE POLLS VERSION: a Modbus RTU master (libmodbus) that polls a meter
 * and looks at what it answers: its firmware's version, a long block, and that a meter
 * whose parts are absent says so: no frequency, a setting that cannot be stored refused.
 *
 * A poll is tried again when no answer comes: the emulator hands bytes over one by one,
 * and where the host is slow to do so the gap passes t1.5 (0.86 ms), by which the meter
 * must drop the frame. How often is printed. Exit code 0: all answered, and right. */
#include <errno.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TRIES = 200,
    WAIT_US = 40000,
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

static int read_words(struct client *c, int addr, int count, uint16_t *words)
{
    for (int k = 0; k < TRIES; k++) {
        if (modbus_read_registers(c->bus, addr, count, words) == count)
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
    if (c->polls % 3 == 0) {
        if (read_words(c, FLOATS_ADDR, FLOATS, words))
            return -1;
    } else if (c->polls % 3 == 1) {
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
