/* What web clients have asked for is done here, and what they watch is sent. See web_turn.h.
 * The turn is one source of the default loop that sleeps until somebody wakes it, or
 * until the next tick where somebody watches. */
#include "sim/web/web_turn.h"
#include "sim/web/web_state.h"
#include <string.h>

/* A turn is short, whoever asks for whatever, as others are served between two of them: it
 * does one message, shows some panels, looks at some meters (web_events.h) and sends
 * WEB_TURN_MAX. Clients take turns. */
enum { TICK_US = 100000, SECOND_US = 1000000, PANELS = 8 };

struct turn_source {
    GSource source;
    struct web *web;
};

struct web_answer {
    struct web_client *client;
    char *json;
};

static void answer_free(void *answer)
{
    g_free(((struct web_answer *)answer)->json);
    g_free(answer);
}

void web_turn_wake(void *user)
{
    g_source_set_ready_time(((struct web *)user)->source, 0);
}

/* The console's, perhaps while others are served by another thread. */
static void on_answer(void *user, const char *json)
{
    struct web_client *c = user;
    struct web *w = c->wake_user;
    struct web_answer *a = g_new(struct web_answer, 1);

    *a = (struct web_answer){ c, g_strdup(json) };
    g_async_queue_push(w->answers, a);
    web_turn_wake(w);
}

/* ok with a value (given away), or an error. */
static void reply(struct web *w, struct web_client *c, JsonNode *id, JsonNode *value,
                  const char *error)
{
    JsonObject *o = json_object_new();
    JsonNode *root = json_node_new(JSON_NODE_OBJECT);

    json_object_set_boolean_member(o, "ok", !error);
    if (error)
        json_object_set_string_member(o, "error", error);
    if (value)
        json_object_set_member(o, "value", value);
    if (id)
        json_object_set_member(o, "id", json_node_copy(id));
    json_object_set_double_member(o, "time",
                                  (double)sim_now(w->options.plant.sim) * 1e-9);
    json_node_take_object(root, o);
    web_client_send(c, json_to_string(root, FALSE));
    json_node_unref(root);
}

static const char *authenticate(const struct web *w, struct web_client *c,
                                const char *token)
{
    c->may_change = web_token_is(w->token, token);
    return c->may_change ? NULL : "this is not the token of the link that serve prints";
}

static struct web_client *client_at(const struct web *w, guint k)
{
    return g_ptr_array_index(w->clients, k % w->clients->len);
}

static int count_watchers(const struct web *w, enum web_topic topic)
{
    int count = 0;

    for (guint k = 0; k < w->clients->len; k++)
        count += client_at(w, k)->watches[topic];
    return count;
}

/* What is kept for those who watch begins with the first of them. */
static void watchers_changed(struct web *w)
{
    const bool events = count_watchers(w, WEB_EVENTS) > 0;

    web_traffic_watch(w->traffic, count_watchers(w, WEB_TRAFFIC));
    if (events && !w->events)
        w->events = web_events_new(&w->options.plant);
    if (!events)
        g_clear_pointer(&w->events, web_events_free);
}

static bool is_meter(const struct web *w, int number)
{
    return number >= 1 && number <= sim_unit_count(w->options.plant.sim);
}

static const char *watch(struct web *w, struct web_client *c,
                         const struct web_request *r)
{
    if (r->verb == WEB_WATCH && r->topic == WEB_PANEL) {
        if (!is_meter(w, r->meter))
            return "there is no such meter";
        c->meter = r->meter;
        c->view = r->view;
        c->stale = true;
        g_clear_pointer(&c->frame, g_free);
    }
    c->watches[r->topic] = r->verb == WEB_WATCH;
    watchers_changed(w);
    w->tick_us = w->second_us = 0; /* the first picture at once */
    return NULL;
}

static void serve_request(struct web *w, struct web_client *c,
                          const struct web_request *r)
{
    const char *wrong = NULL;
    JsonNode *value = NULL;

    if (r->verb == WEB_AUTHENTICATE)
        wrong = authenticate(w, c, r->text);
    else if (r->verb == WEB_METERS)
        value = web_plant_meters(&w->options.plant, r);
    else if (r->verb == WEB_WATCH || r->verb == WEB_UNWATCH)
        wrong = watch(w, c, r);
    else if (!is_meter(w, r->meter))
        wrong = "there is no such meter";
    else if (r->verb == WEB_FAULTS)
        value = web_plant_faults(&w->options.plant, r->meter - 1);
    else
        value = web_plant_world(&w->options.plant, r->meter - 1);
    reply(w, c, r->id, value, wrong);
}

static void serve_message(struct web *w, struct web_client *c, const char *message)
{
    struct web_request r;
    const char *wrong;

    if (!web_request_parse(&r, message, &wrong)) {
        reply(w, c, r.id, NULL, wrong);
    } else if (r.verb != WEB_CONSOLE) {
        serve_request(w, c, &r);
    } else if (!c->may_change || !w->console) {
        reply(w, c, r.id, NULL,
              "the console is for those who have shown the token: the link that serve "
              "prints has it");
    } else {
        c->busy = true;
        w->asked = true;
        console_ask(w->console, message, on_answer, c);
    }
    web_request_clear(&r);
}

static void take_answers(struct web *w)
{
    struct web_answer *a;

    while ((a = g_async_queue_try_pop(w->answers))) {
        a->client->busy = false;
        web_client_send(a->client, g_steal_pointer(&a->json));
        w->asked = true;
        w->tick_us = 0; /* what it has changed is shown at once */
        answer_free(a);
    }
}

void web_turn_drop(struct web *w, struct web_client *c)
{
    if (c->busy)
        console_forget(w->console, c);
    take_answers(w); /* an answer may be there already */
    g_ptr_array_remove_fast(w->clients, c);
    w->to_show = MIN(w->to_show, w->clients->len);
    web_client_free(c);
    watchers_changed(w);
}

static void send_events(void *user, char *text)
{
    const struct web *w = user;

    for (guint k = 0; k < w->clients->len; k++) {
        struct web_client *c = g_ptr_array_index(w->clients, k);
        if (c->watches[WEB_EVENTS])
            web_client_send(c, g_strdup(text));
    }
    g_free(text);
}

static void send_traffic(struct web *w)
{
    char *text;

    while ((text = web_traffic_next(w->traffic))) {
        for (guint k = 0; k < w->clients->len; k++) {
            struct web_client *c = g_ptr_array_index(w->clients, k);
            if (c->watches[WEB_TRAFFIC])
                web_client_send(c, g_strdup(text));
        }
        g_free(text);
    }
}

static void note_changes(struct web *w)
{
    const int64_t now_ns = sim_now(w->options.plant.sim);

    for (guint k = 0; k < w->clients->len; k++)
        client_at(w, k)->stale |= now_ns != w->shown_ns || w->asked;
    w->shown_ns = now_ns;
    w->asked = false;
    w->to_show = w->clients->len;
}

/* Who has an answer to read first is shown its panel at a later tick. */
static void show_panels(struct web *w)
{
    int shown = 0;

    web_panels_begin(w->panels);
    for (; w->to_show && shown < PANELS; w->to_show--) {
        struct web_client *c = client_at(w, w->shown_next++);
        if (!c->watches[WEB_PANEL] || !c->stale || !web_client_reads(c))
            continue;
        web_panels_show(w->panels, c);
        c->stale = false;
        shown++;
    }
    w->more = w->more || w->to_show;
}

static void on_second(struct web *w)
{
    char *time = count_watchers(w, WEB_TIME) ? web_plant_time(&w->options.plant) : NULL;

    for (guint k = 0; k < w->clients->len; k++) {
        struct web_client *c = g_ptr_array_index(w->clients, k);
        if (c->watches[WEB_TIME] && web_client_reads(c))
            web_client_send(c, g_strdup(time));
    }
    g_free(time);
    if (w->events)
        web_events_begin(w->events);
}

/* What is watched, when its time has come. */
static void tick(struct web *w, gint64 now_us)
{
    if (now_us >= w->tick_us) {
        w->tick_us = now_us + TICK_US;
        note_changes(w);
        send_traffic(w);
    }
    if (now_us >= w->second_us) {
        w->second_us = now_us + SECOND_US;
        on_second(w);
    }
    show_panels(w);
    if (w->events && web_events_look(w->events, send_events, w))
        w->more = true;
}

static bool may_ask(const struct web_client *c)
{
    return web_client_asks(c) && !c->busy && !web_client_is_gone(c) &&
           web_client_reads(c);
}

/* The next message of a client that has read its answers. */
static void serve_next(struct web *w)
{
    for (guint k = 0; k < w->clients->len; k++) {
        struct web_client *c = client_at(w, w->asked_next++);
        if (!may_ask(c))
            continue;
        char *message = web_client_next(c);
        serve_message(w, c, message);
        g_free(message);
        w->more = true;
        return;
    }
}

/* The loop of the sockets is entered here alone: a script that computes needs it free. */
static void flush(struct web *w)
{
    gsize left = WEB_TURN_MAX;

    aside_enter(w->options.loop);
    w->unread = false;
    for (guint k = 0; k < w->clients->len; k++)
        w->unread |= web_client_flush(client_at(w, w->sent_next + k), &left);
    aside_leave(w->options.loop);
    w->sent_next++;
    w->more = w->more || !left;
    for (guint k = w->clients->len; k-- > 0;)
        if (web_client_is_gone(g_ptr_array_index(w->clients, k)))
            web_turn_drop(w, g_ptr_array_index(w->clients, k));
}

static gint64 next_turn_us(const struct web *w)
{
    const bool ticks =
        count_watchers(w, WEB_PANEL) || count_watchers(w, WEB_TRAFFIC) || w->unread;

    if (!w->clients->len)
        return -1;
    if (w->more)
        return 0;
    return ticks ? MIN(w->tick_us, w->second_us) : w->second_us;
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct web *w = ((struct turn_source *)source)->web;

    (void)callback;
    (void)user;
    g_source_set_ready_time(source, -1);
    w->more = false;
    take_answers(w);
    serve_next(w);
    tick(w, g_get_monotonic_time());
    flush(w);
    const gint64 next_us = next_turn_us(w);
    const gint64 asked_us = g_source_get_ready_time(source);
    if (asked_us < 0 || (next_us >= 0 && next_us < asked_us))
        g_source_set_ready_time(source, next_us);
    return G_SOURCE_CONTINUE;
}

void web_turn_start(struct web *w)
{
    static GSourceFuncs functions = { NULL, NULL, dispatch, NULL, NULL, NULL };

    w->answers = g_async_queue_new_full(answer_free);
    w->source = g_source_new(&functions, sizeof(struct turn_source));
    ((struct turn_source *)w->source)->web = w;
    g_source_attach(w->source, NULL);
}

void web_turn_end(struct web *w)
{
    g_source_destroy(w->source);
    g_source_unref(w->source);
    g_async_queue_unref(w->answers);
}
