/* The plant as JSON. See web_plant.h. */
#include "sim/web/web_plant.h"
#include "hal_sim/unit_read.h"
#include <string.h>

char *web_plant_name(const struct web_plant *p, int index)
{
    const char *given =
        p->scenario ? scenario_meter_name(p->scenario, sim_unit(p->sim, index)) : NULL;

    return given ? g_utf8_make_valid(given, -1) : g_strdup_printf("meter%d", index + 1);
}

void web_plant_clear(struct web_plant *p)
{
    g_clear_pointer(&p->words, g_ptr_array_unref);
}

/* Name, model, serial number, port and unit, in lower case. */
static char *words_of(const struct web_plant *p, int index)
{
    const struct unit *u = sim_unit(p->sim, index);
    char *name = web_plant_name(p, index);
    int port, number;

    p->place(p->place_user, index, &port, &number);
    char *row = g_strdup_printf("%s %s %u %d/%d", name, u->model->name,
                                (unsigned)u->hal.serial_number, port, number);
    char *lower = g_utf8_strdown(row, -1);
    g_free(row);
    g_free(name);
    return lower;
}

/* A scenario may make meters later. */
static void find_words(struct web_plant *p)
{
    if (!p->words)
        p->words = g_ptr_array_new_with_free_func(g_free);
    for (int k = (int)p->words->len; k < sim_unit_count(p->sim); k++)
        g_ptr_array_add(p->words, words_of(p, k));
}

static bool has_words(const char *row, char **words)
{
    for (; *words; words++)
        if (!strstr(row, *words))
            return false;
    return true;
}

static void add_reading(JsonObject *o, const char *name, const struct unit *u,
                        enum quantity q)
{
    const double scale =
        (double)quantity_ten(quantity_decimals(quantity_table[q].unit));
    int64_t value;

    if (u->powered && unit_reading(u, q, &value))
        json_object_set_double_member(o, name, (double)value / scale);
    else
        json_object_set_null_member(o, name);
}

static JsonObject *row_of(const struct web_plant *p, int index)
{
    const struct unit *u = sim_unit(p->sim, index);
    JsonObject *o = json_object_new();
    char *name = web_plant_name(p, index);
    int port, number;

    p->place(p->place_user, index, &port, &number);
    json_object_set_int_member(o, "meter", index + 1);
    json_object_set_string_member(o, "name", name);
    json_object_set_string_member(o, "model", u->model->name);
    json_object_set_int_member(o, "serial", u->hal.serial_number);
    if (port >= 0)
        json_object_set_int_member(o, "port", port);
    else
        json_object_set_null_member(o, "port");
    json_object_set_int_member(o, "unit", number);
    json_object_set_boolean_member(o, "powered", u->powered);
    json_object_set_int_member(o, "alerts", u->powered ? unit_alerts(u) : 0);
    add_reading(o, "kw", u, Q_KW_TOTAL);
    g_free(name);
    return o;
}

JsonNode *web_plant_meters(struct web_plant *p, const struct web_request *r)
{
    char *lower = g_utf8_strdown(r->text, -1), **words = g_strsplit(lower, " ", 16);
    JsonObject *value = json_object_new();
    JsonArray *rows = json_array_new();
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    int found = 0;

    find_words(p);
    for (guint k = 0; k < p->words->len; k++) {
        if (!has_words(g_ptr_array_index(p->words, k), words))
            continue;
        if (found >= r->from && found - r->from < r->count)
            json_array_add_object_element(rows, row_of(p, (int)k));
        found++;
    }
    json_object_set_int_member(value, "found", found);
    json_object_set_array_member(value, "meters", rows);
    json_node_take_object(node, value);
    g_strfreev(words);
    g_free(lower);
    return node;
}

JsonNode *web_plant_faults(const struct web_plant *p, int index)
{
    const struct faults *now = sim_unit(p->sim, index)->faults;
    JsonObject *value = json_object_new();
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);

    for (int id = 0; id < FAULTS; id++) {
        const int count = fault_table[id].per_phase ? 3 : 1;
        bool any = false;
        for (int k = 0; k < count; k++)
            any = any || now->value[id][k] != fault_table[id].neutral;
        if (!any)
            continue;
        JsonArray *phases = json_array_new();
        for (int k = 0; k < count; k++)
            json_array_add_double_element(phases, now->value[id][k]);
        json_object_set_array_member(value, fault_table[id].name, phases);
    }
    json_node_take_object(node, value);
    return node;
}

static void add_three(JsonObject *o, const char *name, const double value[3])
{
    JsonArray *array = json_array_new();

    for (int k = 0; k < 3; k++)
        json_array_add_double_element(array, value[k]);
    json_object_set_array_member(o, name, array);
}

static void add_compared(JsonObject *o, const struct unit *u)
{
    JsonObject *read = json_object_new(), *exact = json_object_new();
    struct waveform_truth t;

    waveform_truth(u->world, &t);
    const struct {
        enum quantity quantity;
        double exact;
    } rows[] = {
        { Q_KW_TOTAL, t.p_total / 1000 },
        { Q_KVAR_TOTAL, t.q_total / 1000 },
        { Q_KVA_TOTAL, t.s_total / 1000 },
        { Q_PF_TOTAL, t.pf_total },
        { Q_FREQ, t.hz },
        { Q_KWH_IMPORT, t.wh_import_total / 1000 },
    };
    for (gsize k = 0; k < G_N_ELEMENTS(rows); k++) {
        const char *name = quantity_table[rows[k].quantity].name;
        add_reading(read, name, u, rows[k].quantity);
        json_object_set_double_member(exact, name, rows[k].exact);
    }
    json_object_set_object_member(o, "read", read);
    json_object_set_object_member(o, "exact", exact);
}

JsonNode *web_plant_world(const struct web_plant *p, int index)
{
    const struct unit *u = sim_unit(p->sim, index);
    const struct waveform_grid grid = unit_grid(u);
    const struct waveform_load load = waveform_load(u->world);
    JsonObject *o = json_object_new();
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);

    json_object_set_double_member(o, "hz", grid.hz);
    add_three(o, "volts", grid.volts);
    add_three(o, "degrees", grid.degrees);
    add_three(o, "amps", load.amps);
    add_three(o, "lag_degrees", load.lag_degrees);
    json_object_set_int_member(o, "closures",
                               u->hal.output_edges[HAL_ENERGY_CONTACT] / 2);
    add_compared(o, u);
    json_node_take_object(node, o);
    return node;
}

char *web_plant_time(const struct web_plant *p)
{
    char time[G_ASCII_DTOSTR_BUF_SIZE], speed[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(time, sizeof time, "%.1f", (double)sim_now(p->sim) * 1e-9);
    g_ascii_formatd(speed, sizeof speed, "%g", pace_speed(p->pace));
    return g_strdup_printf("{\"event\":\"time\",\"time\":%s,\"speed\":%s,\"held\":%s}",
                           time, speed, pace_held(p->pace) ? "true" : "false");
}
