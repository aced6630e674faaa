/* Statistics of a client. See client.h. */
#include "sim/traffic/client.h"
#include "hal_sim/replay_text.h"
#include "sim/field/register_list.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 20, NAMES_SHOWN = 12, KEY = 5 };

/* Requests of one kind: function, register and count. */
struct group {
    uint8_t key[KEY];
    int key_size;
    GArray *at_ns;      /* of each, but not of repetitions */
    GArray *latency_ns; /* of those that were answered */
    long repeats, unanswered, exceptions;
};

struct client {
    GPtrArray *groups;
    bool *read;    /* by register */
    bool *changed; /* its word was not always the same */
    uint16_t *word;
};

static struct group *find(struct client *c, const struct exchange *e)
{
    const int size =
        e->request[0] <= 6 || e->request[0] == 16 ? MIN(e->request_size, KEY) : 1;

    for (guint k = 0; k < c->groups->len; k++) {
        struct group *g = g_ptr_array_index(c->groups, k);
        if (g->key_size == size && !memcmp(g->key, e->request, (size_t)size))
            return g;
    }
    struct group *g = g_new0(struct group, 1);
    g->key_size = size;
    memcpy(g->key, e->request, (size_t)size);
    g->at_ns = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g->latency_ns = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_ptr_array_add(c->groups, g);
    return g;
}

static void note_words(struct client *c, const struct exchange *e)
{
    const int first = (e->request[1] << 8 | e->request[2]) + 1;
    const int count = e->answer_size / 2 - 1;

    if ((e->request[0] != 3 && e->request[0] != 4) || e->request_size != 5 ||
        e->answer_size < 4 || e->answer[0] != e->request[0])
        return;
    for (int k = 0; k < count && first + k <= UINT16_MAX; k++) {
        const uint16_t word =
            (uint16_t)(e->answer[2 + 2 * k] << 8 | e->answer[3 + 2 * k]);
        c->changed[first + k] |= c->read[first + k] && c->word[first + k] != word;
        c->word[first + k] = word;
        c->read[first + k] = true;
    }
}

static void add(struct client *c, const struct exchange *e)
{
    struct group *g = find(c, e);
    const int64_t latency_ns = e->answered_ns - e->at_ns;

    g->repeats += e->repeats;
    if (!e->repeats)
        g_array_append_val(g->at_ns, e->at_ns);
    if (e->answered_ns < 0) {
        g->unanswered++;
        return;
    }
    g->exceptions += e->answer_size > 0 && e->answer[0] & 0x80;
    g_array_append_val(g->latency_ns, latency_ns);
    note_words(c, e);
}

static int compare_ns(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Sorts them: the least, the middle and the most in seconds. */
static void spread(GArray *ns, double s[3])
{
    g_array_sort(ns, compare_ns);
    for (guint k = 0; k < 3 && ns->len; k++) {
        const guint at = (ns->len - 1) * k / 2;
        s[k] = (double)g_array_index(ns, int64_t, at) / 1e9;
    }
}

static void print_periods(const struct group *g)
{
    g_autoptr(GArray) apart = g_array_new(FALSE, FALSE, sizeof(int64_t));
    double s[3] = { 0 };

    for (guint k = 1; k < g->at_ns->len; k++) {
        int64_t ns = g_array_index(g->at_ns, int64_t, k) -
                     g_array_index(g->at_ns, int64_t, k - 1);
        g_array_append_val(apart, ns);
    }
    spread(apart, s);
    if (apart->len)
        printf(", every %.3f s (%.3f … %.3f)", s[1], s[0], s[2]);
}

static void print_group(const struct group *g)
{
    char text[64];
    double s[3] = { 0 };

    replay_text_request(text, sizeof text, g->key, (size_t)g->key_size);
    printf("  %s: %u times", text, g->at_ns->len);
    print_periods(g);
    spread(g->latency_ns, s);
    if (g->latency_ns->len)
        printf(", answered in %.1f ms (at most %.1f)", s[1] * 1000, s[2] * 1000);
    if (g->unanswered)
        printf(", %ld not answered", g->unanswered);
    if (g->repeats)
        printf(", %ld sent again", g->repeats);
    if (g->exceptions)
        printf(", %ld exceptions", g->exceptions);
    putchar('\n');
}

/* Registers that are read, by what there is to be said of them. */
struct use {
    const struct client *c;
    unsigned types;           /* bit of the system type */
    bool integer[QUANTITIES]; /* the reading is read as an integer */
    struct names {
        GString *text;
        int count;
    } nothing, twice, still;
};

static void add_name(struct names *to, const struct register_entry *e)
{
    if (++to->count <= NAMES_SHOWN)
        g_string_append_printf(to->text, "%s%d %s", to->count > 1 ? ", " : "", e->reg,
                               e->name);
}

static bool has_reading(const struct use *u, const struct register_entry *e)
{
    return e->quantity ? (e->quantity->types & u->types) != 0
                       : strcmp(e->name, "reserved") != 0;
}

static bool is_float(const struct register_entry *e)
{
    return !strcmp(e->format, "Float");
}

static void note_integer(void *user, const struct register_entry *e)
{
    struct use *u = user;

    if (e->quantity && !is_float(e) && u->c->read[e->reg])
        u->integer[e->quantity - quantity_table] = true;
}

static void judge(void *user, const struct register_entry *e)
{
    struct use *u = user;

    if (!u->c->read[e->reg])
        return;
    if (!has_reading(u, e))
        add_name(&u->nothing, e);
    else if (e->quantity && is_float(e) && u->integer[e->quantity - quantity_table])
        add_name(&u->twice, e);
    else if (!u->c->changed[e->reg] && !u->c->changed[e->reg + e->words - 1])
        add_name(&u->still, e);
}

static void print_names(const char *what, struct names *names)
{
    if (names->count > NAMES_SHOWN)
        g_string_append_printf(names->text, " and %d more", names->count - NAMES_SHOWN);
    if (names->count)
        printf("  %s: %s\n", what, names->text->str);
    g_string_free(names->text, TRUE);
}

static void print_use(const struct client *c, const struct model *model,
                      unsigned system_type)
{
    const int row = system_type_find(system_type);
    struct use u = { .c = c,
                     .types = row < 0 ? ALL : 1u << row,
                     .nothing = { g_string_new(NULL), 0 },
                     .twice = { g_string_new(NULL), 0 },
                     .still = { g_string_new(NULL), 0 } };

    register_list_model(model, note_integer, &u);
    register_list_model(model, judge, &u);
    print_names("read, and there is nothing in them at this system type", &u.nothing);
    print_names("read as a float and as an integer, too", &u.twice);
    print_names("read, and always the same", &u.still);
}

static void clear_group(gpointer group)
{
    struct group *g = group;

    g_array_free(g->at_ns, TRUE);
    g_array_free(g->latency_ns, TRUE);
    g_free(g);
}

static int by_count(gconstpointer a, gconstpointer b)
{
    const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;

    return (x->at_ns->len < y->at_ns->len) - (x->at_ns->len > y->at_ns->len);
}

void client_print(const struct exchanges *x, int unit, const struct model *model,
                  unsigned system_type)
{
    struct client c = { .groups = g_ptr_array_new_with_free_func(clear_group),
                        .read = g_new0(bool, UINT16_MAX + 2),
                        .changed = g_new0(bool, UINT16_MAX + 2),
                        .word = g_new0(uint16_t, UINT16_MAX + 2) };

    for (guint k = 0; k < x->all->len; k++) {
        const struct exchange *e = g_ptr_array_index(x->all, k);
        if (e->unit == unit)
            add(&c, e);
    }
    g_ptr_array_sort(c.groups, by_count);
    puts("the client:");
    for (guint k = 0; k < c.groups->len && k < SHOWN; k++)
        print_group(g_ptr_array_index(c.groups, k));
    if (c.groups->len > SHOWN)
        printf("  and %u other requests\n", c.groups->len - SHOWN);
    print_use(&c, model, system_type);
    g_ptr_array_unref(c.groups);
    g_free(c.read);
    g_free(c.changed);
    g_free(c.word);
}
