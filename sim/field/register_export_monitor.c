/* collectd.conf(5), section "Plugin modbus"; Zabbix's manual, "modbus.get parameters" and
 * "Zabbix agent 2" (Alias, Plugins.Modbus.Sessions); Prometheus' manual, "Recording rules"
 * and "Alerting rules". See register_export_monitor.h. */
#include "sim/field/register_export_monitor.h"
#include "core/alert.h"
#include <stdio.h>
#include <string.h>

static const struct export_point *at(const struct export_map *map, guint k)
{
    return &g_array_index(map->points, struct export_point, k);
}

/* collectd's types (types.db): power is in W and energy_wh in Wh, the others in our
 * units. */
struct collectd_type {
    const char *units, *name;
    int scale;
};

static const struct collectd_type *collectd_type_of(const struct export_point *p)
{
    static const struct collectd_type types[] = { { "V", "voltage", 1 },
                                                  { "A", "current", 1 },
                                                  { "Hz", "frequency", 1 },
                                                  { "kW", "power", 1000 },
                                                  { "kWh", "energy_wh", 1000 } };
    static const struct collectd_type other = { "", "gauge", 1 };

    for (size_t k = 0; k < G_N_ELEMENTS(types); k++)
        if (!strcmp(types[k].units, p->units))
            return &types[k];
    return &other;
}

void register_export_collectd(const struct export_map *map)
{
    puts("LoadPlugin modbus\n<Plugin modbus>");
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p = at(map, k);
        const struct collectd_type *type = collectd_type_of(p);
        printf("  <Data \"%s\">\n    RegisterBase %d\n    RegisterType %s\n"
               "    RegisterCmd ReadHolding\n    Type \"%s\"\n    Instance \"%s\"\n"
               "    Scale %d.0\n  </Data>\n",
               p->name, p->address, p->words == 2 ? "Float" : "Uint16", type->name,
               p->name, type->scale);
    }
    printf("  <Host \"%s\">\n    Address \"127.0.0.1\"\n    Port \"1502\"\n"
           "    Interval 10\n    <Slave 1>\n      Instance \"1\"\n",
           map->model);
    for (guint k = 0; k < map->points->len; k++)
        printf("      Collect \"%s\"\n", at(map, k)->name);
    puts("    </Slave>\n  </Host>\n</Plugin>");
}

/* Keys of the agent: an alias for each, and a session that names the meter, so that host,
 * port and unit stand in one place. */
void register_export_zabbix(const struct export_map *map)
{
    const char *model = map->model;

    printf("Plugins.Modbus.Sessions.%s.Endpoint=tcp://127.0.0.1:1502\n"
           "Plugins.Modbus.Sessions.%s.SlaveID=1\n"
           "Plugins.Modbus.Sessions.%s.Timeout=1\n",
           model, model, model);
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p = at(map, k);
        printf("Alias=%s.%s:modbus.get[%s,,3,%d,1,%s,be]\n", model, p->name, model,
               p->address, p->words == 2 ? "float" : "uint16");
    }
}

/* An alert for each bit of register 146. */
static void print_alert_rules(const char *model)
{
    for (int bit = 0; bit < ALERT_BITS; bit++)
        printf("      - alert: %s_%s\n"
               "        expr: floor(%s_alert_bits / %u) %% 2 == 1\n"
               "        annotations:\n          summary: \"%s\"\n",
               model, alert_table[bit].name, model, 1u << bit,
               alert_table[bit].full_words);
}

/* The series are those of the format prometheus-modbus. A counter's growth in an hour is
 * a mean power: kWh in an hour are kW. */
void register_export_rules(const struct export_map *map)
{
    const char *model = map->model;

    printf("groups:\n  - name: %s\n    rules:\n"
           "      - alert: %s_silent\n        expr: absent(%s_alert_bits)\n"
           "        for: 1m\n        annotations:\n          summary: "
           "\"no readings\"\n",
           model, model, model);
    print_alert_rules(model);
    for (guint k = 0; k < map->points->len; k++)
        if (at(map, k)->counts)
            printf("      - record: %s:%s:increase1h\n"
                   "        expr: increase(%s_%s[1h])\n",
                   model, at(map, k)->name, model, at(map, k)->name);
}
