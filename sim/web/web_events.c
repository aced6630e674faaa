/* What happens at meters. See web_events.h. */
#include "sim/web/web_events.h"
#include "core/alert.h"
#include "hal_sim/unit_read.h"

/* Of a look: meters, and changes after which it ends early. */
enum { METERS = 100, CHANGES = 50 };

struct seen {
    const struct unit *unit; /* perhaps behind: nobody needs to know at once */
    struct faults faults;
    uint16_t alerts;
    bool powered;
};

struct web_events {
    const struct web_plant *plant;
    int count, next, left; /* meters, the next to look at, and how many are left */
    struct seen *state;    /* of each meter */
};

static void read_state(struct seen *s)
{
    const struct unit *u = s->unit;

    s->faults = *u->faults;
    s->powered = u->powered;
    s->alerts = u->powered ? unit_alerts(u) : 0;
}

struct web_events *web_events_new(const struct web_plant *plant)
{
    struct web_events *e = g_new0(struct web_events, 1);

    e->plant = plant;
    e->count = sim_unit_count(plant->sim);
    e->state = g_new0(struct seen, e->count);
    for (int k = 0; k < e->count; k++) {
        e->state[k].unit = sim_unit(plant->sim, k);
        read_state(&e->state[k]);
    }
    return e;
}

void web_events_free(struct web_events *e)
{
    if (!e)
        return;
    g_free(e->state);
    g_free(e);
}

struct sink {
    const struct web_plant *plant;
    int index;
    void (*send)(void *user, char *text);
    void *user;
    int *sent;
};

static void report(const struct sink *s, const char *what)
{
    JsonObject *o = json_object_new();
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    char *name = web_plant_name(s->plant, s->index);

    json_object_set_string_member(o, "event", "event");
    json_object_set_double_member(o, "time", (double)sim_now(s->plant->sim) * 1e-9);
    json_object_set_int_member(o, "meter", s->index + 1);
    json_object_set_string_member(o, "name", name);
    json_object_set_string_member(o, "text", what);
    json_node_take_object(node, o);
    s->send(s->user, json_to_string(node, FALSE));
    ++*s->sent;
    json_node_unref(node);
    g_free(name);
}

static void report_fault(const struct sink *s, int id, const struct faults *now)
{
    const struct fault_row *row = &fault_table[id];
    GString *text = g_string_new(row->name);

    for (int k = 0; k < (row->per_phase ? 3 : 1); k++) {
        const double value = now->value[id][k];
        if (row->per_phase)
            g_string_append_printf(text, " %c", 'A' + k);
        if (value == row->neutral)
            g_string_append(text, " –");
        else
            g_string_append_printf(text, " %g%s%s", value, *row->unit ? " " : "",
                                   row->unit);
    }
    report(s, text->str);
    g_string_free(text, TRUE);
}

static bool is_same(const double a[3], const double b[3])
{
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

static bool are_same(const struct faults *a, const struct faults *b)
{
    for (int id = 0; id < FAULTS; id++)
        if (!is_same(a->value[id], b->value[id]))
            return false;
    return true;
}

static void compare(const struct sink *s, const struct seen *was, const struct seen *is)
{
    for (int id = 0; id < FAULTS; id++)
        if (!is_same(was->faults.value[id], is->faults.value[id]))
            report_fault(s, id, &is->faults);
    if (was->powered != is->powered)
        report(s, is->powered ? "the meter runs" : "the meter is without power");
    for (int bit = 0; bit < ALERT_BITS; bit++) {
        if (!((was->alerts ^ is->alerts) >> bit & 1))
            continue;
        char *text = g_strdup_printf("alert %s %s", alert_table[bit].full_words,
                                     is->alerts >> bit & 1 ? "on" : "off");
        report(s, text);
        g_free(text);
    }
}

void web_events_begin(struct web_events *e)
{
    e->left = e->count;
}

static void look_at(struct web_events *e, const struct sink *sink)
{
    struct seen *was = &e->state[sink->index], is = { .unit = was->unit };

    read_state(&is);
    if (was->alerts == is.alerts && was->powered == is.powered &&
        are_same(&was->faults, &is.faults))
        return;
    compare(sink, was, &is);
    *was = is;
}

bool web_events_look(struct web_events *e, void (*send)(void *user, char *text),
                     void *user)
{
    int sent = 0;

    for (int n = 0; n < METERS && sent < CHANGES && e->left; n++) {
        const struct sink sink = { e->plant, e->next, send, user, &sent };
        look_at(e, &sink);
        e->next = (e->next + 1) % e->count;
        e->left--;
    }
    return e->left > 0;
}
