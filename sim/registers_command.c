/* metersim registers: the register map of a model, derived from the very tables that the
 * firmware answers from. */
#include "core/config.h"
#include "core/model.h"
#include "core/quantity.h"
#include "sim/commands.h"
#include <stdio.h>
#include <string.h>

/* How a register is read: its place in the output. */
struct description {
    char name[40];
    const char *access, *format, *units, *scale;
    bool nonvolatile;
    double least, greatest;
    bool has_range;
};

static const char *const state_names[] = {
    [STATE_MAX_POWER] = "max_power",       [STATE_EXPONENT_A] = "sf_i",
    [STATE_EXPONENT_V] = "sf_v",           [STATE_EXPONENT_W] = "sf_w",
    [STATE_EXPONENT_E] = "sf_e",           [STATE_PULSE_MS] = "pulse_ms",
    [STATE_ALERTS] = "alert_bits",         [STATE_ENERGY_RESETS] = "energy_reset_count",
    [STATE_POWER_UPS] = "power_up_count",  [STATE_FIRMWARE_VERSION] = "fw_os_version",
};

static void set_range(struct description *d, double least, double greatest)
{
    d->least = least;
    d->greatest = greatest;
    d->has_range = true;
}

static const char *quantity_units(enum quantity q)
{
    const struct quantity_row *row = &quantity_table[q];
    bool energy = row->unit == UNIT_E;

    switch (row->unit) {
    case UNIT_A:
        return "A";
    case UNIT_V:
        return "V";
    case UNIT_PF:
        return "ratio";
    case UNIT_HZ:
        return "Hz";
    case UNIT_N:
        return "pulses";
    default:
        if (g_str_has_prefix(row->name, "kvar"))
            return energy ? "kVARh" : "kVAR";
        if (g_str_has_prefix(row->name, "kva"))
            return energy ? "kVAh" : "kVA";
        return energy ? "kWh" : "kW";
    }
}

static void describe_quantity(struct description *d, const struct model *model,
                              enum quantity q, enum register_kind kind)
{
    static const char *const scales[] = { "I", "V", "W", "E", "0.0001", "0.01", "" };
    const struct quantity_row *row = &quantity_table[q];
    bool positive = model->unidirectional || row->unit == UNIT_A || row->unit == UNIT_V ||
                    row->unit == UNIT_HZ || (g_str_has_prefix(row->name, "kva_") &&
                                             !strstr(row->name, "demand"));

    g_snprintf(d->name, sizeof d->name, "%s%s", row->name, kind == REG_FLOAT ? "_f" : "");
    d->units = quantity_units(q);
    d->nonvolatile = row->unit == UNIT_E || row->unit == UNIT_N ||
                     strstr(row->name, "demand_max") != NULL;
    d->scale = kind == REG_FLOAT ? "1" : scales[row->unit];
    d->format = kind == REG_FLOAT       ? "Float"
                : kind == REG_READING32 ? "ULong"
                : kind == REG_NET32     ? "SLong"
                : positive              ? "UInt"
                                        : "SInt";
    if (kind == REG_READING32)
        set_range(d, 0, 4294967295.0);
    else if (kind == REG_NET32)
        set_range(d, -2147483647.0, 2147483647.0);
    else if (kind == REG_READING16 && row->unit == UNIT_HZ)
        set_range(d, 4500, 6500);
    else if (kind == REG_READING16 && row->unit == UNIT_PF)
        set_range(d, positive ? 0 : -10000, 10000);
    else if (kind == REG_READING16)
        set_range(d, positive ? 0 : -32767, 32767);
}

static void describe_setting(struct description *d, const struct model *model,
                             enum setting s)
{
    const struct setting_row *row = &setting_table[s];

    g_snprintf(d->name, sizeof d->name, "%s", row->name);
    d->access = "R/W";
    d->nonvolatile = true;
    if (s == SETTING_CT_PRIMARY)
        set_range(d, model->ct_least, model->ct_greatest);
    else
        set_range(d, row->least, row->greatest);
}

static void describe(struct description *d, const struct model *model,
                     const struct register_row *row, enum register_kind kind, int reg)
{
    *d = (struct description){ .access = "R", .format = "UInt", .units = "", .scale = "" };
    switch (kind) {
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
        describe_quantity(d, model, (enum quantity)row->arg, kind);
        break;
    case REG_SETTING:
        describe_setting(d, model, (enum setting)row->arg);
        break;
    case REG_STATE:
        g_snprintf(d->name, sizeof d->name, "%s", state_names[row->arg]);
        break;
    case REG_POWER_UPS:
        g_snprintf(d->name, sizeof d->name, "power_up_count");
        d->access = "R/W";
        set_range(d, 0, 32767);
        break;
    case REG_COMMAND:
        g_snprintf(d->name, sizeof d->name, "command");
        d->access = "R/W";
        break;
    default:
        g_snprintf(d->name, sizeof d->name, "reserved_%d%s", reg,
                   kind == REG_QNAN32F ? "_f" : "");
        d->access = kind == REG_SINK ? "R/W" : "R";
        d->format = kind == REG_QNAN32F ? "Float" : "UInt";
    }
}

static void print_row(const struct description *d, int reg, int words, bool csv)
{
    char range[64] = ",";

    if (d->has_range)
        g_snprintf(range, sizeof range, "%.0f,%.0f", d->least, d->greatest);
    if (csv) {
        printf("%d,%d,%s,%s,%s,%s,%s,%s,%s\n", reg, words, d->name, d->access,
               d->nonvolatile ? "Y" : "N", d->format, d->units, d->scale, range);
        return;
    }
    *strchr(range, ',') = ' ';
    printf("| %d | %d | %s | %s | %s | %s | %s | %s | %s |\n", reg, words, d->name,
           d->access, d->nonvolatile ? "Y" : "N", d->format, d->units, d->scale, range);
}

static void print_map(const struct model *model, bool csv)
{
    if (csv)
        puts("address,count,name,access,nonvolatile,format,units,scale,min,max");
    else
        puts("| register | words | name | access | nv | format | units | scale | range |\n"
             "|---|---|---|---|---|---|---|---|---|");
    for (int reg = 1; reg < 65536;) {
        struct description d;
        enum register_kind kind;
        int word;
        const struct register_row *row =
            model_find_register(model, (uint16_t)reg, &word, &kind);
        if (!row) {
            reg++;
            continue;
        }
        describe(&d, model, row, kind, reg);
        print_row(&d, reg, model_register_words(kind), csv);
        reg += model_register_words(kind);
    }
}

int command_registers(int argc, char **argv)
{
    gboolean csv = FALSE;
    const GOptionEntry entries[] = {
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, "Comma-separated instead of Markdown", NULL },
        G_OPTION_ENTRY_NULL
    };

    if (!command_options(&argc, &argv, "registers", "[MODEL]", entries,
                         "Examples:\n  metersim registers s4100 --csv\n"
                         "  metersim registers s4000r\n"))
        return 2;
    const struct model *model = model_find(argc > 1 ? argv[1] : "s4100");
    if (!model || argc > 2) {
        fprintf(stderr, "metersim registers: unknown model '%s'; known: s4100, s4000r\n",
                argv[argc - 1]);
        return 2;
    }
    print_map(model, csv);
    return 0;
}
