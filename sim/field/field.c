/* A Modbus client for whole meters. See field.h.
 *
 * Blocks of up to 125 registers that follow one another in the model's table are read
 * at once, the readings of the present as one block, so that they are of one second. An
 * answer that fails is asked for again; what the meter refuses (exception 02) is left
 * out of the image. */
#include "sim/field/field.h"
#include "sim/line/serial_device.h"
#include "sim/program/error.h"

#include <errno.h>
#include <gio/gio.h>
#include <modbus.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_MAX = 125, ATTEMPTS = 3, ID_BYTES = 256, CT_SECONDARY_REGISTER = 132 };

struct field {
    modbus_t *modbus;
    struct image *image;
    char place[160];
    const struct field_place *from;
    int lock; /* of the serial device; −1: none */
    int answers;
};

void field_place_default(struct field_place *place)
{
    *place = (struct field_place){
        .port = "502", .baud = 19200, .parity = 'N', .unit = 1, .timeout_s = 1
    };
}

static bool place_error(GError **error, const char *text)
{
    error_set(error,
              "'%s' is no meter; write tcp:HOST:PORT/UNIT or rtu:DEVICE/UNIT, such "
              "as tcp:127.0.0.1:1502/1 or rtu:/dev/ttyUSB0/1",
              text);
    return false;
}

/* Cuts "/7" off the end. False: what follows the slash is no unit id. */
static bool parse_unit(char *text, bool needed, int *unit)
{
    char *slash = strrchr(text, '/');
    guint64 value;

    if (slash == NULL)
        return !needed;
    if (!g_ascii_string_to_unsigned(slash + 1, 10, 0, 255, &value, NULL))
        return false;
    *unit = (int)value;
    *slash = '\0';
    return true;
}

/* "host:port", "[::1]:port", "host". */
static bool parse_host(struct field_place *place, const char *text)
{
    const char *end = strrchr(text, ':'), *bracket = strchr(text, ']');
    guint64 port;

    if (bracket != NULL && (end == NULL || end < bracket))
        end = NULL;
    if (end != NULL && !g_ascii_string_to_unsigned(end + 1, 10, 1, 65535, &port, NULL))
        return false;
    if (end != NULL)
        g_strlcpy(place->port, end + 1, sizeof place->port);
    gsize size = end != NULL ? (gsize)(end - text) : strlen(text);
    if (*text == '[' && bracket != NULL) {
        text++;
        size = (gsize)(bracket - text);
    }
    if (size == 0) {
        g_strlcpy(place->host, "127.0.0.1", sizeof place->host);
        return true;
    }
    if (size >= sizeof place->host)
        return false;
    memcpy(place->host, text, size);
    place->host[size] = '\0';
    return true;
}

bool field_place_parse(struct field_place *place, const char *text, GError **error)
{
    char rest[128];
    bool good = false;

    place->serial = g_str_has_prefix(text, "rtu:");
    if (strlen(text) >= sizeof rest)
        return place_error(error, text);
    g_strlcpy(rest, text + 4, sizeof rest);
    if (place->serial && parse_unit(rest, true, &place->unit) && *rest) {
        g_strlcpy(place->host, rest, sizeof place->host);
        good = true;
    } else if (g_str_has_prefix(text, "tcp:")) {
        good = parse_unit(rest, false, &place->unit) && parse_host(place, rest);
    }
    return good ? field_place_check(place, error) : place_error(error, text);
}

char field_parity(const char *text)
{
    return strlen(text) == 1 ? g_ascii_toupper(*text) : '?';
}

bool field_place_check(const struct field_place *place, GError **error)
{
    const char *flaw = NULL;

    if (place->serial && (place->unit < 1 || place->unit > 247))
        flaw = "unit ids of a serial line are 1 to 247";
    else if (place->unit < 0 || place->unit > 255)
        flaw = "unit ids are 0 to 255";
    else if (!strchr("NEO", place->parity))
        flaw = "parity is N, E or O";
    else if (!serial_device_has_rate(place->baud))
        flaw = "--baud must be a rate of the meters: " SERIAL_DEVICE_RATES;
    else if (!(place->timeout_s >= 0.01 && place->timeout_s <= 3600))
        flaw = "--timeout must be from 0.01 to 3600 seconds";
    if (flaw != NULL)
        error_set(error, "%s", flaw);
    return flaw == NULL;
}

static void describe_place(struct field *f, const struct field_place *p)
{
    const char *form = strchr(p->host, ':') ? "tcp:[%s]:%s/%d" : "tcp:%s:%s/%d";

    if (p->serial)
        g_snprintf(f->place, sizeof f->place, "rtu:%s/%d", p->host, p->unit);
    else
        g_snprintf(f->place, sizeof f->place, form, p->host, p->port, p->unit);
}

/* The device is locked before libmodbus sets its rate, which would disturb others. */
static bool open_line(struct field *f, const struct field_place *p, GError **error)
{
    f->lock = serial_device_open(p->host, error);
    if (f->lock < 0) {
        g_prefix_error(error, "cannot reach %s: ", f->place);
        return false;
    }
    const char parity = serial_device_is_pty(f->lock) ? 'N' : p->parity;
    f->modbus = modbus_new_rtu(p->host, p->baud, parity, 8, 1);
    return true;
}

/* libmodbus calls a name that is not known a refused connection. */
static bool find_host(const struct field *f, const struct field_place *p,
                      GError **error)
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
              f->place, p->host, gai_strerror(reason));
    return false;
}

static bool connect_to(struct field *f, const struct field_place *p, GError **error)
{
    uint32_t s = (uint32_t)p->timeout_s;
    uint32_t us = (uint32_t)((p->timeout_s - s) * 1e6);

    if (p->serial && !open_line(f, p, error))
        return false;
    if (!p->serial && !find_host(f, p, error))
        return false;
    if (!p->serial)
        f->modbus = modbus_new_tcp_pi(p->host, p->port);
    if (f->modbus != NULL && modbus_set_slave(f->modbus, p->unit) == 0 &&
        modbus_set_response_timeout(f->modbus, s, us) == 0 &&
        modbus_connect(f->modbus) == 0)
        return true;
    error_set(error, "cannot reach %s: %s; %s", f->place, modbus_strerror(errno),
              p->serial ? "does this device have such a baud rate and parity?"
                        : "is the meter or gateway on, and the port right?");
    return false;
}

/* Exceptions are the meter's word; what is left are silence and noise. */
static bool is_exception(int reason)
{
    return reason >= EMBXILFUN && reason <= EMBXGTAR;
}

/* An adapter was pulled out, or the server behind a pty has ended: libmodbus calls the
 * end of a line ECONNRESET. */
static bool is_line_gone(const struct field *f, int reason)
{
    return f->from->serial && (reason == EIO || reason == ENXIO || reason == ENODEV ||
                               reason == EBADF || reason == ECONNRESET);
}

/* Asking again may help. */
static bool is_worth_asking(const struct field *f, int reason)
{
    return !is_exception(reason) && !is_line_gone(f, reason);
}

/* The reason of the failure stays. */
static void flush(struct field *f)
{
    int reason = errno;

    modbus_flush(f->modbus);
    errno = reason;
}

/* Registers reg … reg + count − 1 into the image; false: errno. */
static bool read_block(struct field *f, int reg, int count)
{
    uint16_t words[BLOCK_MAX];

    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (modbus_read_registers(f->modbus, reg - 1, count, words) == count) {
            for (int k = 0; k < count; k++) {
                f->image->word[reg + k] = words[k];
                f->image->has[reg + k] = true;
            }
            f->answers++;
            return true;
        }
        if (!is_worth_asking(f, errno))
            return false;
        flush(f);
    }
    return false;
}

/* Why nothing more is heard over a serial line, and what to do. `what`: "" or what was
 * asked for. */
static void serial_error(const struct field *f, const char *what, int reason,
                         GError **error)
{
    const struct field_place *p = f->from;

    if (is_line_gone(f, reason))
        error_set(error,
                  "%s: %sthe line is gone (%s); was the adapter pulled out, or has "
                  "the metersim serve behind it ended?",
                  f->place, what,
                  reason == ECONNRESET ? "end of file" : modbus_strerror(reason));
    else if (reason == ETIMEDOUT && f->answers == 0)
        error_set(error,
                  "%s: no meter answered as unit %d at %d 8%c1; compare with the "
                  "meter's ADDR, BAUD and PAR (SETUP, S COM), check that A and B are "
                  "not swapped, or raise --timeout",
                  f->place, p->unit, p->baud, p->parity);
    else if (reason == ETIMEDOUT)
        error_set(error,
                  "%s: %sthe meter answers no longer; is it still on? Or raise "
                  "--timeout",
                  f->place, what);
    else
        error_set(error,
                  "%s: %swhat came as unit %d at %d 8%c1 is no answer (%s); compare "
                  "baud rate and parity with the meter's, and look for another "
                  "master, or a second meter of this address, on the line",
                  f->place, what, p->unit, p->baud, p->parity, modbus_strerror(reason));
}

static bool read_error(struct field *f, int reg, int count, GError **error)
{
    int reason = errno;
    char what[48];

    g_snprintf(what, sizeof what, "registers %d to %d: ", reg, reg + count - 1);
    if (f->from->serial && !is_exception(reason))
        serial_error(f, what, reason, error);
    else
        error_set(error, "%s: %s%s; %s", f->place, what, modbus_strerror(reason),
                  reason == EMBXGTAR || reason == EMBXGPATH
                      ? "no meter has this unit id: choose another"
                      : "check the unit id, or raise --timeout");
    return false;
}

/* Block by block; a block that is refused, register by register. */
static bool read_run(struct field *f, int reg, int count, GError **error)
{
    if (read_block(f, reg, count))
        return true;
    if (errno != EMBXILADD)
        return read_error(f, reg, count, error);
    for (int k = 0; k < count && count > 1; k++)
        if (!read_block(f, reg + k, 1) && errno != EMBXILADD)
            return read_error(f, reg + k, 1, error);
    return true;
}

struct run {
    struct field *field;
    int reg, count;
    bool good;
    GError **error;
};

static void end_run(struct run *r)
{
    if (r->good && r->count > 0)
        r->good = read_run(r->field, r->reg, r->count, r->error);
    r->count = 0;
}

static void add_to_run(void *user, const struct register_entry *e)
{
    struct run *r = user;
    enum register_kind kind;
    int word;

    model_find_register(r->field->image->model, (uint16_t)e->reg, &word, &kind);
    if (kind == REG_LOG_WINDOW)
        return;
    if (r->reg + r->count != e->reg || r->count + e->words > BLOCK_MAX)
        end_run(r);
    if (r->count == 0)
        r->reg = e->reg;
    r->count += e->words;
}

/* The readings of the present by their floats, in one answer. */
static bool read_present(struct field *f, GError **error)
{
    int first = 65535, last = 0;

    for (int q = 0; q < QUANTITIES; q++) {
        const struct quantity_row *row = &quantity_table[q];
        int reg = image_float_register(f->image->model, (enum quantity)q);
        if (reg == 0 || image_class_of(f->image->model, reg) != IMAGE_READING ||
            row->role != ROLE_NOW || (row->phase == PHASE_WHOLE && q != Q_FREQ))
            continue;
        first = MIN(first, reg);
        last = MAX(last, reg + 1);
    }
    g_assert(last - first < BLOCK_MAX);
    return read_run(f, first, last - first + 1, error);
}

static bool read_all(struct field *f, GError **error)
{
    struct run r = { .field = f, .good = true, .error = error };

    register_list_model(f->image->model, add_to_run, &r);
    end_run(&r);
    return r.good && read_present(f, error);
}

/* The text that the meter reports of itself names the model. */
static const struct model *model_by_text(struct field *f)
{
    uint8_t id[ID_BYTES + 1] = { 0 };
    int bytes = modbus_report_slave_id(f->modbus, ID_BYTES, id);

    if (bytes >= 0)
        f->answers++;
    for (unsigned n = 0; bytes > 2 && model_at(n); n++)
        if (strstr((const char *)id + 2, model_at(n)->server_text))
            return model_at(n);
    return NULL;
}

/* Register 132 is the CTs' output on the S4100, and no value where CTs are ropes. */
static const struct model *model_by_map(struct field *f)
{
    uint16_t word;
    int read = 0;

    for (int n = 0; n < ATTEMPTS && read != 1; n++) {
        flush(f);
        read = modbus_read_registers(f->modbus, CT_SECONDARY_REGISTER - 1, 1, &word);
        if (read != 1 && !is_worth_asking(f, errno))
            break;
    }
    if (read != 1)
        return NULL;
    errno = 0;
    return word == 0x8000           ? &model_s4000r
           : word == 1 || word == 3 ? &model_s4100
                                    : NULL;
}

static void contradiction(const struct field *f, const struct model *given,
                          const struct model *told, GError **error)
{
    error_set(error,
              "%s: this meter identifies itself as an %s, not the %s of --model; leave "
              "--model out, or check the unit id",
              f->place, told->name, given->name);
}

/* What the meter tells; `given` (NULL: none) only where it tells nothing, but
 * answers. */
static const struct model *find_model_of(struct field *f, const struct model *given,
                                         GError **error)
{
    const struct model *told = model_by_text(f);

    if (told == NULL)
        told = model_by_map(f);
    if (told == NULL && given != NULL && (errno == 0 || is_exception(errno)))
        return given;
    if (told != NULL && (given == NULL || given == told))
        return told;
    if (told != NULL)
        contradiction(f, given, told, error);
    else if (f->from->serial && errno != 0 && !is_exception(errno))
        serial_error(f, "", errno, error);
    else
        error_set(
            error, "%s: cannot determine the model (%s); check the unit id, or %s",
            f->place, errno ? modbus_strerror(errno) : "register 132 is of neither",
            given ? "raise --timeout" : "give capture the --model");
    return NULL;
}

struct image *field_read(const struct field_place *place, const struct model *model,
                         GError **error)
{
    struct field f = { .from = place, .lock = -1 };
    bool good;

    describe_place(&f, place);
    good = connect_to(&f, place, error) &&
           (model = find_model_of(&f, model, error)) != NULL;
    if (good) {
        f.image = image_new(model, f.place);
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "reading %s (%s) …\n", f.place, model->name);
        good = read_all(&f, error);
    }
    if (f.modbus != NULL) {
        modbus_close(f.modbus);
        modbus_free(f.modbus);
    }
    if (f.lock >= 0)
        close(f.lock);
    if (good)
        return f.image;
    image_free(f.image);
    return NULL;
}
