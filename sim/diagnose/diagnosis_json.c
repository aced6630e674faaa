/* A diagnosis as one line of JSON. */
#include "sim/diagnose/diagnosis_json.h"
#include <json-glib/json-glib.h>
#include <math.h>

static void add_string(JsonBuilder *b, const char *name, GString *text)
{
    json_builder_set_member_name(b, name);
    json_builder_add_string_value(b, text->str);
    g_string_free(text, TRUE);
}

static void add_number(JsonBuilder *b, const char *name, double value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_double_value(b, round(value * 1e5) / 1e5);
}

static void add_factor(JsonBuilder *b, const struct world_factor *f)
{
    if (isnan(f->value)) {
        json_builder_set_member_name(b, "factor");
        json_builder_add_null_value(b);
        json_builder_set_member_name(b, "range");
        json_builder_add_null_value(b);
        return;
    }
    add_number(b, "factor", f->value);
    json_builder_set_member_name(b, "range");
    json_builder_begin_array(b);
    json_builder_add_double_value(b, round(f->low * 1e5) / 1e5);
    json_builder_add_double_value(b, round(f->high * 1e5) / 1e5);
    json_builder_end_array(b);
}

typedef void (*cause_words)(const struct cause *cause, GString *to);

static void say_words(const struct cause *cause, GString *to)
{
    cause_say(cause, cause->row->words, to);
}

static void say_measurement(const struct cause *cause, GString *to)
{
    cause_say(cause, cause->row->measurement, to);
}

static GString *said(const struct hypothesis *h, cause_words say, const char *between)
{
    GString *text = g_string_new(NULL);

    for (int c = 0; c < 2 && h->cause[c]; c++) {
        g_string_append(text, c ? between : "");
        say(h->cause[c], text);
    }
    return text;
}

static GString *lua_of(const struct hypothesis *h, const struct observation *o)
{
    GString *text = g_string_new(NULL);

    for (int c = 0; c < 2 && h->cause[c]; c++) {
        g_string_append(text, c ? " " : "");
        cause_lua(h->cause[c], o, text);
    }
    return text;
}

/* Ids of hypotheses, and words of sites without the fault, that read the same. */
static void add_same(JsonBuilder *b, const struct answer *a)
{
    char id[HYPOTHESIS_ID];

    json_builder_set_member_name(b, "same");
    json_builder_begin_array(b);
    for (int n = 0; n < a->sames; n++) {
        hypothesis_id(a->same[n], id);
        json_builder_add_string_value(b, id);
    }
    for (int c = 0; c < 2 && a->hypothesis->cause[c]; c++) {
        GString *text = g_string_new(NULL);
        cause_say(a->hypothesis->cause[c], a->hypothesis->cause[c]->row->alike, text);
        if (text->len)
            json_builder_add_string_value(b, text->str);
        g_string_free(text, TRUE);
    }
    json_builder_end_array(b);
}

static void add_answer(JsonBuilder *b, const struct diagnosis *d, int n)
{
    const struct answer *a = &d->ranking.answer[n];
    char id[HYPOTHESIS_ID];

    hypothesis_id(a->hypothesis, id);
    json_builder_begin_object(b);
    json_builder_set_member_name(b, "id");
    json_builder_add_string_value(b, id);
    add_number(b, "probability", a->probability);
    add_factor(b, &a->factor);
    if (a->twin >= 0) {
        hypothesis_id(d->ranking.answer[a->twin].hypothesis, id);
        json_builder_set_member_name(b, "twin");
        json_builder_add_string_value(b, id);
    }
    add_string(b, "words", said(a->hypothesis, say_words, ", and "));
    add_string(b, "lua", lua_of(a->hypothesis, d->o));
    add_string(b, "measurement", said(a->hypothesis, say_measurement, "; "));
    add_same(b, a);
    json_builder_end_object(b);
}

void diagnosis_json(const struct diagnosis *d, GString *to)
{
    JsonBuilder *b = json_builder_new();

    json_builder_begin_object(b);
    json_builder_set_member_name(b, "file");
    json_builder_add_string_value(b, d->o->source);
    json_builder_set_member_name(b, "model");
    json_builder_add_string_value(b, d->o->model->name);
    json_builder_set_member_name(b, "polarity_visible");
    json_builder_add_boolean_value(b, !d->o->model->unidirectional);
    json_builder_set_member_name(b, "causes");
    json_builder_begin_array(b);
    for (int n = 0; n < d->ranking.count; n++)
        add_answer(b, d, n);
    json_builder_end_array(b);
    json_builder_end_object(b);
    JsonNode *root = json_builder_get_root(b);
    char *text = json_to_string(root, FALSE);
    g_string_append_printf(to, "%s\n", text);
    g_free(text);
    json_node_unref(root);
    g_object_unref(b);
}
