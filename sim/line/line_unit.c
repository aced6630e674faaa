/* A meter on a line: its UART receives and drives, its firmware frames and answers, its
 * link (hal_sim/link.h) makes what goes wrong of both. Answers start when t3.5 has
 * passed and the response time of the meter after that. */
#include "sim/line/line_unit.h"
#include <string.h>

struct line_unit {
    struct unit *unit;
    struct line_station *station;
    GPtrArray *answers; /* that wait for their time */
    /* What the firmware has sent, maybe on another thread, and when; 0 bytes:
     * nothing. */
    uint8_t byte[RTU_FRAME_MAX];
    int size;
    int64_t made_ns;
    /* Characters from a device with a UART of its own, in their own time. */
    uint8_t given[RTU_FRAME_MAX];
    int givens;
    bool cut;         /* the driver went off before they had left */
    int64_t first_ns; /* of a frame that is waited for, its beginning; −1: none */
    bool streaming;   /* what leaves now has been given so */
};

struct answer {
    struct line_unit *owner;
    uint64_t event;
    int64_t power_on_ns; /* of the life in which it was made */
    int size;
    uint8_t byte[LINK_FRAME_MAX];
};

static void uart(void *user, struct link_uart *uart)
{
    link_uart(((struct line_unit *)user)->unit, uart);
}

static void receive(void *user, uint8_t byte, unsigned flags)
{
    link_receive(((struct line_unit *)user)->unit, byte, flags);
}

static void start_answer(void *user)
{
    struct answer *a = user;
    struct line_unit *lu = a->owner;
    struct link_uart now;

    link_uart(lu->unit, &now);
    if (!now.silent && lu->unit->power_on_ns == a->power_on_ns)
        line_send(lu->station, a->byte, a->size);
    g_ptr_array_remove(lu->answers, a);
}

/* From the firmware, while units advance: the line takes it when all are there. */
static void on_sent(void *user, const uint8_t *frame, uint32_t size)
{
    struct line_unit *lu = user;

    if (lu->streaming) {
        lu->streaming = false;
        return;
    }
    memcpy(lu->byte, frame, size);
    lu->size = (int)size;
    lu->made_ns = lu->unit->now_ns;
}

/* Where a fault acts on frames, the frame is waited for. */
static void on_given(void *user, uint8_t byte)
{
    struct line_unit *lu = user;

    if (!lu->streaming && link_acts_on_frames(lu->unit)) {
        if (lu->first_ns < 0)
            lu->first_ns = lu->unit->now_ns;
        return;
    }
    lu->streaming = true;
    if (lu->givens < RTU_FRAME_MAX)
        lu->given[lu->givens++] = byte;
    lu->made_ns = lu->unit->now_ns;
}

static void on_cut(void *user)
{
    struct line_unit *lu = user;

    lu->cut = lu->streaming;
    lu->made_ns = lu->unit->now_ns;
}

static int64_t deadline_ns(void *user)
{
    const struct line_unit *lu = user;

    return lu->size || lu->givens || lu->cut ? lu->made_ns
                                             : unit_uart_deadline(lu->unit);
}

static void tell_request(struct unit *u)
{
    if (u->before_request)
        u->before_request(u->before_request_user, u);
}

/* A frame that was waited for begins when it began, and late by what the fault says. */
static int64_t answer_ns(const struct line_unit *lu, int64_t late_ns)
{
    const int64_t now_ns = sim_now(line_sim(line_of_station(lu->station)));

    if (lu->first_ns < 0)
        return lu->made_ns + link_response_ns(lu->unit) + late_ns;
    return MAX(lu->first_ns + late_ns, now_ns);
}

static void send_given(struct line_unit *lu)
{
    if (lu->givens && !line_is_sending(lu->station))
        tell_request(lu->unit);
    if (lu->givens)
        line_send(lu->station, lu->given, lu->givens);
    if (lu->cut)
        line_cut(lu->station);
    lu->givens = 0;
    lu->cut = false;
}

static void queue_answer(void *user)
{
    struct line_unit *lu = user;
    struct unit *u = lu->unit;
    struct answer *a;
    int64_t late_ns;

    send_given(lu);
    if (!lu->size)
        return;
    tell_request(u);
    a = g_new0(struct answer, 1);
    a->owner = lu;
    a->power_on_ns = u->power_on_ns;
    a->size = link_send(u, lu->byte, lu->size, a->byte, &late_ns);
    lu->size = 0;
    const int64_t at_ns = answer_ns(lu, late_ns);
    lu->first_ns = -1;
    if (a->size == 0) {
        g_free(a);
        return;
    }
    g_ptr_array_add(lu->answers, a);
    a->event = sim_at(line_sim(line_of_station(lu->station)), at_ns, start_answer, a);
}

static void leave(void *user)
{
    struct line_unit *lu = user;
    struct sim *sim = line_sim(line_of_station(lu->station));

    for (guint k = 0; k < lu->answers->len; k++)
        sim_cancel(sim, ((struct answer *)g_ptr_array_index(lu->answers, k))->event);
    g_ptr_array_unref(lu->answers);
    lu->unit->hal.uart_sent = NULL;
    lu->unit->hal.uart_given = NULL;
    lu->unit->hal.uart_cut = NULL;
    lu->unit->hal.uart_user = NULL;
    g_free(lu);
}

static const struct line_station_type meter_type = {
    .uart = uart,
    .receive = receive,
    .deadline_ns = deadline_ns,
    .run = queue_answer,
    .free = leave,
};

int line_meters(const struct line *l)
{
    int count = 0;

    for (int k = 0; line_station_at(l, k); k++)
        count += line_station_type_of(line_station_at(l, k)) == &meter_type;
    return count;
}

struct unit *line_meter_at(const struct line *l, int n)
{
    const struct line_station *station;

    for (int k = 0; (station = line_station_at(l, k)) != NULL; k++)
        if (line_station_type_of(station) == &meter_type && n-- == 0)
            return ((const struct line_unit *)line_station_user(station))->unit;
    return NULL;
}

struct unit *line_meter_of(const struct line *l, int address)
{
    struct unit *u;

    for (int n = 0; (u = line_meter_at(l, n)) != NULL; n++)
        if (unit_setting(u, SETTING_ADDRESS) == address)
            return u;
    return NULL;
}

struct line_station *line_attach_unit(struct line *l, struct unit *u, const char *name)
{
    if (line_meters(l) >= LINE_METERS_MAX)
        return NULL;
    line_detach_unit(u);
    struct line_unit *lu = g_new0(struct line_unit, 1);
    lu->unit = u;
    lu->first_ns = -1;
    lu->answers = g_ptr_array_new_with_free_func(g_free);
    lu->station = line_attach(l, &meter_type, name, lu);
    if (!lu->station) {
        g_ptr_array_unref(lu->answers);
        g_free(lu);
        return NULL;
    }
    u->hal.uart_sent = on_sent;
    u->hal.uart_given = on_given;
    u->hal.uart_cut = on_cut;
    u->hal.uart_user = lu;
    return lu->station;
}

static struct line_unit *place_of(const struct unit *u)
{
    return u->hal.uart_sent == on_sent ? u->hal.uart_user : NULL;
}

void line_detach_unit(struct unit *u)
{
    struct line_unit *lu = place_of(u);

    if (lu)
        line_detach(lu->station);
}

struct line *line_of_unit(const struct unit *u)
{
    const struct line_unit *lu = place_of(u);

    return lu ? line_of_station(lu->station) : NULL;
}
