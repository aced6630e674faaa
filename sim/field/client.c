/* A Modbus client that says what came instead of an answer. See client.h. */
#include "sim/field/client.h"
#include "core/crc.h"
#include "sim/field/user_answer.h"
#include "sim/gateway/exception_name.h"
#include "sim/line/serial_device.h"
#include "sim/program/error.h"
#include <errno.h>
#include <gio/gio.h>
#include <modbus.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    HEADER = 7 /* MBAP with the unit */,
    SHORTEST = 5,
    AROUND_PDU = 3,
    USER_DEFINED = 0x42
};

/* A gap of this length ends what came on a serial line; of a half of the timeout, when that
 * is longer: whoever waits long for a frame waits for its bytes, too. */
#define GAP_MS 500

/* --- opening --- */

/* The device is locked before libmodbus sets its rate, which would disturb others. */
static bool open_line(struct client *c, const char *name, GError **error)
{
    const struct place *p = c->place;

    c->lock = serial_device_open(p->host, error);
    if (c->lock < 0) {
        g_prefix_error(error, "cannot reach %s: ", name);
        return false;
    }
    const char parity = serial_device_is_pty(c->lock) ? 'N' : p->parity;
    c->modbus = modbus_new_rtu(p->host, p->baud, parity, 8, 1);
    return true;
}

/* libmodbus calls a name that is not known a refused connection. */
static bool find_host(const struct place *p, const char *name, GError **error)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found;
    int reason = getaddrinfo(p->host, p->port, &hints, &found);

    if (reason == 0) {
        freeaddrinfo(found);
        return true;
    }
    error_set(error,
              "cannot reach %s: no address is found for the name %s (%s); check its "
              "spelling, or write the address itself",
              name, p->host, gai_strerror(reason));
    return false;
}

bool client_open(struct client *c, const struct place *p, GError **error)
{
    uint32_t s = (uint32_t)p->timeout_s, us = (uint32_t)((p->timeout_s - s) * 1e6);
    char name[PLACE_TEXT];

    *c = (struct client){ .place = p, .lock = -1, .fd = -1 };
    place_text(p, name);
    const bool device = p->serial && !p->by_tcp;

    if (device ? !open_line(c, name, error) : !find_host(p, name, error))
        return false;
    if (!device)
        c->modbus = modbus_new_tcp_pi(p->host, p->port);
    if (c->modbus != NULL && modbus_set_slave(c->modbus, p->unit) == 0 &&
        modbus_set_response_timeout(c->modbus, s, us) == 0 &&
        modbus_connect(c->modbus) == 0) {
        c->fd = modbus_get_socket(c->modbus);
        return true;
    }
    error_set(error, "cannot reach %s: %s; %s", name, modbus_strerror(errno),
              device ? "does this device have such a baud rate and parity?"
                     : "is the meter or gateway on, and the port right?");
    return false;
}

void client_close(struct client *c)
{
    if (c->modbus != NULL) {
        modbus_close(c->modbus);
        modbus_free(c->modbus);
    }
    if (c->lock >= 0)
        close(c->lock);
}

/* --- bytes --- */

/* One exchange: what has come of a frame until when. */
struct waiting {
    uint8_t sent[CLIENT_FRAME_MAX], byte[CLIENT_FRAME_MAX];
    int sent_size, size;
    int64_t until_us;
    bool echo, other_unit;
};

/* More bytes into the frame, up to `want` in all; false: the time is over, or gone. */
static bool receive(struct client *c, struct waiting *w, int want, int64_t until_us)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };

    c->reason = 0;
    while (w->size < want) {
        int64_t left_us = until_us - g_get_monotonic_time();
        int ready = left_us > 0 ? poll(&p, 1, (int)(left_us / 1000) + 1) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t n = read(c->fd, w->byte + w->size, (size_t)(want - w->size));
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0) {
            c->reason = n == 0 ? ECONNRESET : errno;
            return false;
        }
        w->size += (int)n;
    }
    return true;
}

static void forget_input(struct client *c)
{
    uint8_t bytes[CLIENT_FRAME_MAX];
    struct pollfd p = { .fd = c->fd, .events = POLLIN };

    while (c->place->serial && poll(&p, 1, 0) > 0 &&
           read(c->fd, bytes, sizeof bytes) > 0)
        ;
}

static bool send_all(struct client *c, const uint8_t *bytes, int size)
{
    for (int at = 0; at < size;) {
        ssize_t n = c->place->serial && !c->place->by_tcp
                        ? write(c->fd, bytes + at, (size_t)(size - at))
                        : send(c->fd, bytes + at, (size_t)(size - at), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            c->reason = errno;
            return false;
        }
        at += n > 0 ? (int)n : 0;
    }
    return true;
}

static int64_t timeout_us(const struct client *c)
{
    return (int64_t)(c->place->timeout_s * 1e6);
}

static void note_late(struct client *c, uint16_t id)
{
    if (c->was_late)
        return;
    c->was_late = true;
    c->late_s =
        (double)(g_get_monotonic_time() - c->asked_us[id % CLIENT_ASKED]) * 1e-6;
}

/* --- frames; −1: go on waiting --- */

static int silent_result(const struct client *c, const struct waiting *w)
{
    if (c->reason)
        return CLIENT_GONE;
    return c->was_late     ? CLIENT_LATE
           : w->other_unit ? CLIENT_OTHER_UNIT
           : w->echo       ? CLIENT_ECHO
                           : CLIENT_SILENT;
}

static int damaged(struct client *c, const char *flaw)
{
    c->flaw = flaw;
    return CLIENT_DAMAGED;
}

/* What was sent has come back, and is no answer; `around`: bytes before its PDU, and
 * `behind` it. */
static bool is_echo(const struct waiting *w, int around, int behind)
{
    return w->size == w->sent_size && !memcmp(w->byte, w->sent, (size_t)w->size) &&
           !user_answer_is_request(w->sent + around, w->sent_size - around - behind);
}

/* The PDU of a frame that is whole and from the right one. */
static int judge(struct client *c, const uint8_t *asked, const uint8_t *got, int size)
{
    if ((got[0] & 0x7F) != asked[0])
        return damaged(c, "it answers another function");
    if (got[0] & 0x80) {
        c->code = size > 1 ? got[1] : 0;
        return CLIENT_EXCEPTION;
    }
    if ((asked[0] == 3 || asked[0] == 4) &&
        (size != 2 + got[1] || got[1] != 2 * (asked[3] << 8 | asked[4])))
        return damaged(c, "it holds another number of registers");
    return CLIENT_ANSWERED;
}

/* CLIENT_ANSWERED: the frame answers this request. */
static int tcp_identity(struct client *c, const struct waiting *w)
{
    const uint16_t id = (uint16_t)(w->byte[0] << 8 | w->byte[1]);

    if (id != c->id && (uint16_t)(c->id - id) < CLIENT_ASKED && c->waits) {
        note_late(c, id);
        return -1;
    }
    if (id != c->id) {
        c->transaction = id;
        c->expected = c->id;
        return CLIENT_OTHER_TRANSACTION;
    }
    if (w->byte[6] != c->place->unit && c->place->unit != 0 && c->place->unit != 255) {
        c->unit = w->byte[6];
        return CLIENT_OTHER_UNIT;
    }
    return CLIENT_ANSWERED;
}

/* What is left of a frame comes before the next one. */
static int keep_begun(struct client *c, const struct waiting *w)
{
    memcpy(c->begun, w->byte, (size_t)w->size);
    c->begun_size = w->size;
    return silent_result(c, w);
}

static int tcp_frame(struct client *c, struct waiting *w, int64_t until_us)
{
    memcpy(w->byte, c->begun, (size_t)c->begun_size);
    w->size = c->begun_size;
    c->begun_size = 0;
    if (!receive(c, w, HEADER, until_us))
        return keep_begun(c, w);
    const int length = w->byte[4] << 8 | w->byte[5];
    if (w->byte[2] || w->byte[3] || length < 2 || length > CLIENT_FRAME_MAX - 6)
        return damaged(c, "no header of Modbus TCP");
    if (!receive(c, w, 6 + length, until_us))
        return keep_begun(c, w);
    if (is_echo(w, HEADER, 0)) {
        w->echo = true;
        return -1;
    }
    const int result = tcp_identity(c, w);
    if (result != CLIENT_ANSWERED)
        return result;
    return judge(c, w->sent + HEADER, w->byte + HEADER, w->size - HEADER);
}

/* How long the frame is by its first bytes. */
static int rtu_length(const struct waiting *w)
{
    if (w->byte[1] & 0x80)
        return SHORTEST;
    if (w->sent[1] == USER_DEFINED)
        return AROUND_PDU + user_answer_length(w->byte + 1);
    return w->sent[1] == 16 || w->sent[1] == 6 ? 8 : 5 + w->byte[2];
}

/* The rest of the frame, by its own length; what is too short is judged as it is. */
static bool receive_rtu(struct client *c, struct waiting *w, int64_t until_us)
{
    w->size = 0;
    if (!receive(c, w, 1, until_us))
        return false;
    for (int want = SHORTEST; w->size < want;) {
        const int64_t gap_us = MAX(GAP_MS * INT64_C(1000), timeout_us(c) / 2);
        if (!receive(c, w, w->size + 1, g_get_monotonic_time() + gap_us))
            return c->reason == 0;
        if (w->size < SHORTEST)
            continue;
        if (w->sent[1] != 17 && w->sent[1] != USER_DEFINED &&
            !memcmp(w->byte, w->sent, SHORTEST))
            want = w->sent_size;
        else
            want = MIN(rtu_length(w), CLIENT_FRAME_MAX);
    }
    return true;
}

static int rtu_frame(struct client *c, struct waiting *w, int64_t until_us)
{
    if (!receive_rtu(c, w, until_us))
        return silent_result(c, w);
    if (is_echo(w, 1, AROUND_PDU - 1)) {
        w->echo = true;
        return -1;
    }
    if (w->size < SHORTEST)
        return damaged(c, "it is too short");
    if (crc_modbus(w->byte, (uint32_t)w->size) != 0)
        return damaged(c, "its CRC is wrong");
    if (w->byte[0] != c->place->unit) {
        c->unit = w->byte[0];
        w->other_unit = true;
        return -1;
    }
    if (c->waits && (w->byte[1] & 0x7F) != w->sent[1] &&
        (w->byte[1] & 0x7F) == c->function) {
        note_late(c, (uint16_t)(c->id - 1));
        return -1;
    }
    return judge(c, w->sent + 1, w->byte + 1, w->size - 3);
}

static void build(struct client *c, struct waiting *w, const uint8_t *pdu, int size)
{
    const uint8_t unit = (uint8_t)c->place->unit;

    c->id++;
    if (c->place->serial) {
        w->sent[0] = unit;
        memcpy(w->sent + 1, pdu, (size_t)size);
        const uint16_t crc = crc_modbus(w->sent, (uint32_t)size + 1);
        w->sent[size + 1] = (uint8_t)crc;
        w->sent[size + 2] = (uint8_t)(crc >> 8);
        w->sent_size = size + 3;
        return;
    }
    const uint8_t header[HEADER] = {
        (uint8_t)(c->id >> 8), (uint8_t)c->id, 0, 0, 0, (uint8_t)(size + 1), unit
    };
    memcpy(w->sent, header, HEADER);
    memcpy(w->sent + HEADER, pdu, (size_t)size);
    w->sent_size = HEADER + size;
}

enum client_result client_ask(struct client *c, const uint8_t *pdu, int size,
                              uint8_t answer[CLIENT_PDU_MAX], int *answer_size)
{
    struct waiting w = { .size = 0 };
    const int before = c->place->serial ? 1 : HEADER;
    int result = -1;

    build(c, &w, pdu, size);
    forget_input(c);
    c->reason = 0;
    if (!send_all(c, w.sent, w.sent_size))
        return CLIENT_GONE;
    const int64_t now_us = g_get_monotonic_time();
    c->asked_us[c->id % CLIENT_ASKED] = now_us;
    while (result < 0)
        result = c->place->serial ? rtu_frame(c, &w, now_us + timeout_us(c))
                                  : tcp_frame(c, &w, now_us + timeout_us(c));
    c->function = pdu[0];
    c->waits = result == CLIENT_SILENT || result == CLIENT_LATE;
    if (result == CLIENT_ANSWERED) {
        c->was_late = false;
        *answer_size = w.size - before - (c->place->serial ? 2 : 0);
        memcpy(answer, w.byte + before, (size_t)*answer_size);
    }
    return (enum client_result)result;
}

enum client_result client_wait_on(struct client *c, enum client_result result)
{
    struct pollfd p = { .fd = c->fd, .events = POLLIN };

    if (result != CLIENT_SILENT)
        return result;
    if (poll(&p, 1, (int)(c->place->timeout_s * 1000)) <= 0 || !(p.revents & POLLIN))
        return result;
    note_late(c, c->id);
    return CLIENT_LATE;
}

/* --- what it means --- */

/* A gateway's last one says what to do about it. */
static const char *exception_text(int code)
{
    return code == EXCEPTION_NO_TARGET
               ? "no meter behind the gateway has this unit id: choose another"
               : exception_name(code);
}

static void explain_silence(const struct client *c, bool any_answer, GString *text)
{
    const struct place *p = c->place;

    if (any_answer)
        g_string_append(text, "the meter answers no longer; is it still on? Or raise "
                              "--timeout");
    else if (p->serial)
        g_string_append_printf(
            text,
            "no meter answered as unit %d at %d 8%c1; compare with the "
            "meter's ADDR, BAUD and PAR (SETUP, S COM), check that A and B are "
            "not swapped, or raise --timeout",
            p->unit, p->baud, p->parity);
    else
        g_string_append_printf(text,
                               "no answer within %g s; check the unit id, or raise "
                               "--timeout",
                               p->timeout_s);
}

static void explain_damage(const struct client *c, GString *text)
{
    const struct place *p = c->place;

    if (p->serial)
        g_string_append_printf(
            text,
            "what came as unit %d at %d 8%c1 is no answer (%s); compare baud rate and "
            "parity with the meter's, and look for another master, or a second meter "
            "of this address, on the line",
            p->unit, p->baud, p->parity, c->flaw);
    else
        g_string_append_printf(text,
                               "what came is no answer (%s); is this a port of Modbus "
                               "TCP, and its server sound?",
                               c->flaw);
}

static void explain_gone(const struct client *c, GString *text)
{
    g_string_append_printf(
        text, "the line is gone (%s); %s",
        c->reason == ECONNRESET ? "end of file" : g_strerror(c->reason),
        c->place->serial && !c->place->by_tcp
            ? "was the adapter pulled out, or has the metersim serve behind it ended?"
            : "the other end closed the connection");
}

/* An answer, but not that of this request. */
static void explain_other(const struct client *c, enum client_result result,
                          GString *text)
{
    if (result == CLIENT_LATE)
        g_string_append_printf(text,
                               "the answer is late: it came %.1f s after the request; "
                               "raise --timeout above that",
                               c->late_s);
    else if (result == CLIENT_OTHER_UNIT)
        g_string_append_printf(text,
                               "unit %d answered instead of unit %d; is that the "
                               "meter's address, or does a gateway ignore unit ids?",
                               c->unit, c->place->unit);
    else
        g_string_append_printf(text,
                               "the answer is of transaction %d, which was not asked "
                               "(%d was): the gateway mixes up its clients' answers",
                               c->transaction, c->expected);
}

void client_explain(const struct client *c, enum client_result result, bool any_answer,
                    GString *text)
{
    switch (result) {
    case CLIENT_ANSWERED:
        break;
    case CLIENT_EXCEPTION:
        g_string_append_printf(text, "exception %d (%s)", c->code,
                               exception_text(c->code));
        break;
    case CLIENT_SILENT:
        explain_silence(c, any_answer, text);
        break;
    case CLIENT_LATE:
    case CLIENT_OTHER_UNIT:
    case CLIENT_OTHER_TRANSACTION:
        explain_other(c, result, text);
        break;
    case CLIENT_ECHO:
        g_string_append(text, "only the request itself came back: an adapter with "
                              "local echo, or a line whose ends are joined; no meter "
                              "answered");
        break;
    case CLIENT_DAMAGED:
        explain_damage(c, text);
        break;
    case CLIENT_GONE:
        explain_gone(c, text);
        break;
    }
}
