/* Results of scenarios as bytes, for the pipes between a worker, its cases and the
 * runner, and back. The bytes come from our own forks, but one of them may have died
 * while it wrote, so they are checked. */
#include "sim/record/scenario_result.h"
#include <errno.h>
#include <unistd.h>

#define RESULT_TYPE "(issxbddsmsmsav)"

static void free_case(void *item)
{
    struct scenario_case *c = item;

    g_free(c->name);
    scenario_result_clear(&c->result);
    g_free(c);
}

GPtrArray *scenario_cases_new(void)
{
    return g_ptr_array_new_with_free_func(free_case);
}

void scenario_result_clear(struct scenario_result *r)
{
    g_free(r->message);
    g_free(r->log);
    g_free(r->notice);
    g_free(r->section);
    if (r->cases)
        g_ptr_array_unref(r->cases);
    r->message = r->log = r->notice = r->section = NULL;
    r->cases = NULL;
}

void scenario_result_wrong(struct scenario_result *r, char *message)
{
    *r = (struct scenario_result){ .outcome = SCENARIO_MISUSED,
                                   .message = message,
                                   .log = g_strdup("") };
}

bool scenario_result_is_point(const struct scenario_result *r)
{
    if (r->outcome != SCENARIO_PASSED)
        return true;
    return !r->only_cases && (r->checks > 0 || !r->cases || !r->cases->len);
}

static GVariant *pack(const struct scenario_result *r)
{
    GVariantBuilder cases;

    g_variant_builder_init(&cases, G_VARIANT_TYPE("av"));
    for (guint k = 0; r->cases && k < r->cases->len; k++) {
        const struct scenario_case *c = g_ptr_array_index(r->cases, k);
        g_variant_builder_add(
            &cases, "v",
            g_variant_new("(siv)", c->name, (gint32)c->number, pack(&c->result)));
    }
    return g_variant_new(RESULT_TYPE, (gint32)r->outcome, r->message, r->log,
                         (gint64)r->checks, r->only_cases, r->simulated_s, r->wall_s,
                         r->tape_hash, r->notice, r->section, &cases);
}

static void unpack(GVariant *v, struct scenario_result *r);

static void unpack_case(GVariant *v, struct scenario_result *r)
{
    struct scenario_case *c;
    GVariant *result;

    if (!g_variant_is_of_type(v, G_VARIANT_TYPE("(siv)")))
        return;
    c = g_new0(struct scenario_case, 1);
    gint32 number;
    g_variant_get(v, "(siv)", &c->name, &number, &result);
    c->number = number;
    if (g_variant_is_of_type(result, G_VARIANT_TYPE(RESULT_TYPE)))
        unpack(result, &c->result);
    else
        scenario_result_wrong(&c->result, g_strdup("the case sent no result"));
    g_variant_unref(result);
    g_ptr_array_add(r->cases, c);
}

static void unpack(GVariant *v, struct scenario_result *r)
{
    GVariantIter *cases;
    GVariant *item;
    gint32 outcome;
    gint64 checks;
    gboolean only_cases;
    g_autofree char *hash = NULL;

    g_variant_get(v, RESULT_TYPE, &outcome, &r->message, &r->log, &checks, &only_cases,
                  &r->simulated_s, &r->wall_s, &hash, &r->notice, &r->section, &cases);
    r->outcome = (enum scenario_outcome)outcome;
    r->checks = checks;
    r->only_cases = only_cases;
    g_strlcpy(r->tape_hash, hash, sizeof r->tape_hash);
    r->cases = scenario_cases_new();
    while (g_variant_iter_next(cases, "v", &item)) {
        unpack_case(item, r);
        g_variant_unref(item);
    }
    g_variant_iter_free(cases);
}

void scenario_result_send(int fd, const struct scenario_result *r)
{
    GVariant *v = g_variant_ref_sink(pack(r));
    const uint8_t *bytes = g_variant_get_data(v);
    size_t size = g_variant_get_size(v);

    while (size) {
        ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        bytes += n;
        size -= (size_t)n;
    }
    g_variant_unref(v);
}

bool scenario_result_receive(const GByteArray *received, struct scenario_result *r)
{
    g_autoptr(GBytes) bytes = g_bytes_new(received->data, received->len);
    GVariant *v = g_variant_ref_sink(
        g_variant_new_from_bytes(G_VARIANT_TYPE(RESULT_TYPE), bytes, FALSE));
    bool whole = received->len && g_variant_is_normal_form(v);

    if (whole)
        unpack(v, r);
    g_variant_unref(v);
    return whole;
}
