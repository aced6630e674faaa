/* Formats of others. See register_export.h. Each is one function that prints all points;
 * the rows of `formats` name them. */
#include "sim/field/register_export.h"
#include "sim/field/register_export_flow.h"
#include "sim/field/register_export_monitor.h"
#include "sim/field/register_export_point.h"
#include <stdio.h>
#include <string.h>

struct register_export {
    void (*print)(const struct export_map *map);
    bool whole;
    struct export_map map;
};

static const struct export_point *at(const struct export_map *map, guint k)
{
    return &g_array_index(map->points, struct export_point, k);
}

static void print_telegraf(const struct export_map *map)
{
    printf("[[inputs.modbus]]\n  name = \"%s\"\n  slave_id = 1\n  timeout = \"1s\"\n"
           "  controller = \"tcp://127.0.0.1:1502\"\n  holding_registers = [\n",
           map->model);
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p = at(map, k);
        printf("    { name = \"%s\", byte_order = \"%s\", data_type = \"%s\", "
               "scale = 1.0, address = [",
               p->name, p->words == 2 ? "ABCD" : "AB",
               p->words == 2 ? "FLOAT32-IEEE" : "UINT16");
        printf(p->words == 2 ? "%d, %d] },\n" : "%d] },\n", p->address, p->address + 1);
    }
    puts("  ]");
}

/* Home Assistant's class of a sensor; NULL: none that takes the meter's unit. */
static const char *device_class(const struct export_point *p)
{
    static const struct {
        const char *units, *name;
    } classes[] = { { "kW", "power" },  { "kWh", "energy" },   { "V", "voltage" },
                    { "A", "current" }, { "Hz", "frequency" }, { "", "power_factor" } };

    for (size_t k = 0; p->words == 2 && k < G_N_ELEMENTS(classes); k++)
        if (!strcmp(classes[k].units, p->units))
            return classes[k].name;
    return NULL;
}

static void print_home_assistant(const struct export_map *map)
{
    printf("modbus:\n  - name: %s\n    type: tcp\n    host: 127.0.0.1\n    port: 1502\n"
           "    sensors:\n",
           map->model);
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p = at(map, k);
        printf("      - name: \"%s %s\"\n        unique_id: %s_%s\n        slave: 1\n"
               "        address: %d\n        input_type: holding\n"
               "        data_type: %s\n        scale: 1\n",
               map->model, p->name, map->model, p->name, p->address,
               p->words == 2 ? "float32" : "uint16");
        if (p->words == 2)
            puts("        precision: 3");
        if (*p->units)
            printf("        unit_of_measurement: \"%s\"\n", p->units);
        if (device_class(p))
            printf("        device_class: %s\n", device_class(p));
        if (p->words == 2)
            printf("        state_class: %s\n", p->counts ? "total_increasing"
                                                : p->sums ? "total"
                                                          : "measurement");
    }
}

/* modbus_exporter: six digits, of which the first, 4, means holding registers and the
 * others are the address on the wire. */
static void print_prometheus(const struct export_map *map)
{
    printf("modules:\n  - name: \"%s\"\n    protocol: \"tcp/ip\"\n    metrics:\n",
           map->model);
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p = at(map, k);
        printf("      - name: \"%s_%s\"\n        help: \"%s%s%s\"\n"
               "        address: 4%05d\n        dataType: %s\n        endianness: big\n"
               "        metricType: %s\n        factor: 1\n",
               map->model, p->name, p->text, *p->units ? ", " : "", p->units,
               p->address, p->words == 2 ? "float32" : "uint16",
               p->counts ? "counter" : "gauge");
    }
}

/* One plug-in of evcc, with its indentation. It counts in W and kWh. */
static void print_evcc_source(const struct export_point *p, const char *first,
                              const char *others)
{
    printf("%ssource: modbus\n%suri: 127.0.0.1:1502\n%sid: 1\n%sregister:\n"
           "%s  address: %d\n%s  type: holding\n%s  decode: float32\n",
           first, others, others, others, others, p->address, others, others);
    printf("%sscale: %d\n", others, !strcmp(p->units, "kW") ? 1000 : 1);
}

static void print_evcc_phases(const struct export_map *map, const char *title,
                              const char *const names[3])
{
    printf("    %s:\n", title);
    for (int k = 0; k < 3; k++)
        print_evcc_source(export_point_find(map, names[k]), "      - ", "        ");
}

static void print_evcc(const struct export_map *map)
{
    const struct export_point *power = export_point_find(map, "kw_total");
    const struct export_point *energy = export_point_find(map, map->energy);

    printf("meters:\n  - name: %s\n    type: custom\n    power:\n", map->model);
    print_evcc_source(power, "      ", "      ");
    puts("    energy:");
    print_evcc_source(energy, "      ", "      ");
    print_evcc_phases(map, "currents", (const char *const[3]){ "i_a", "i_b", "i_c" });
    print_evcc_phases(map, "voltages",
                      (const char *const[3]){ "v_an", "v_bn", "v_cn" });
    print_evcc_phases(map, "powers", (const char *const[3]){ "kw_a", "kw_b", "kw_c" });
}

/* OpenEMS has maps in Java. Its channels count in W, var, VA, Wh, mV, mA and mHz: each
 * 1000 of our units, so all have SCALE_FACTOR_3. */
static void print_openems(const struct export_map *map)
{
    const struct {
        const char *channel, *name;
    } rows[] = {
        { "ACTIVE_PRODUCTION_ENERGY", map->energy },
        { "ACTIVE_POWER", "kw_total" },
        { "REACTIVE_POWER", "kvar_total" },
        { "FREQUENCY", "freq" },
        { "ACTIVE_POWER_L1", "kw_a" },
        { "ACTIVE_POWER_L2", "kw_b" },
        { "ACTIVE_POWER_L3", "kw_c" },
        { "REACTIVE_POWER_L1", "kvar_a" },
        { "REACTIVE_POWER_L2", "kvar_b" },
        { "REACTIVE_POWER_L3", "kvar_c" },
        { "VOLTAGE_L1", "v_an" },
        { "VOLTAGE_L2", "v_bn" },
        { "VOLTAGE_L3", "v_cn" },
        { "CURRENT_L1", "i_a" },
        { "CURRENT_L2", "i_b" },
        { "CURRENT_L3", "i_c" },
    };

    puts("return new ModbusProtocol(this, //");
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        int address = export_point_find(map, rows[k].name)->address;
        printf("        new FC3ReadRegistersTask(%d, Priority.HIGH, //\n"
               "                m(ElectricityMeter.ChannelId.%s, //\n"
               "                        new FloatDoublewordElement(%d), "
               "SCALE_FACTOR_3))%s\n",
               address, rows[k].channel, address,
               k + 1 < G_N_ELEMENTS(rows) ? ", //" : ");");
    }
}

/* whole: what it prints needs certain points, so none can be left out. */
static const struct {
    const char *name;
    void (*print)(const struct export_map *map);
    bool whole;
} formats[] = {
    { "telegraf", print_telegraf, false },
    { "home-assistant", print_home_assistant, false },
    { "node-red", register_export_flow, false },
    { "collectd", register_export_collectd, false },
    { "zabbix-agent2", register_export_zabbix, false },
    { "prometheus-modbus", print_prometheus, false },
    { "prometheus-rules", register_export_rules, true },
    { "evcc", print_evcc, true },
    { "openems", print_openems, true },
};

char *register_export_names(void)
{
    GString *names = g_string_new(NULL);

    for (size_t k = 0; k < G_N_ELEMENTS(formats); k++)
        g_string_append_printf(names, "%s%s", k ? ", " : "", formats[k].name);
    return g_string_free(names, FALSE);
}

struct register_export *register_export_new(const char *format,
                                            const struct model *model)
{
    for (size_t k = 0; k < G_N_ELEMENTS(formats); k++)
        if (!strcmp(formats[k].name, format)) {
            struct register_export *x = g_new0(struct register_export, 1);
            x->print = formats[k].print;
            x->whole = formats[k].whole;
            export_map_start(&x->map, model);
            return x;
        }
    return NULL;
}

bool register_export_is_whole(const struct register_export *x)
{
    return x->whole;
}

void register_export_add(struct register_export *x, const struct register_entry *e)
{
    export_map_add(&x->map, e);
}

void register_export_print(struct register_export *x)
{
    if (!x)
        return;
    x->print(&x->map);
    g_array_unref(x->map.points);
    g_free(x);
}
