/* The files of one meter in a record: readings.csv, registers.csv, lcd.csv. Numbers are
 * written with all the digits that the meter has; a cell without a reading is empty. */
#include "sim/record/record_meter.h"
#include "hal_sim/glass_text.h"
#include "sim/program/csv.h"
#include "sim/record/record_file.h"
#include "sim/record/record_traffic.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct record_meter {
    const struct observed_meter *meter;
    char *folder;
    struct record_file readings, registers, lcd;
    uint8_t glass[HAL_LCD_SIZE]; /* as it is since glass_ns; not yet written */
    int64_t glass_ns;            /* -1: nothing waits */
    GPtrArray *watched;
    struct record_waves *waves;
    struct record_traffic *traffic; /* NULL: nobody has asked */
};

static void print_heading(struct record_meter *m)
{
    record_file_print(&m->readings, "time_s,result");
    for (int q = 0; q < QUANTITIES; q++)
        record_file_print(&m->readings, ",%s", quantity_table[q].name);
    record_file_print(&m->readings, ",alerts,energy_contact,alarm_contact\n");
}

struct record_meter *record_meter_new(const struct observed_meter *meter,
                                      const char *folder,
                                      const struct record_options *options)
{
    struct record_meter *m = g_new0(struct record_meter, 1);

    m->meter = meter;
    m->folder = g_strdup(folder);
    m->watched = g_ptr_array_new_with_free_func(g_free);
    record_file_open(&m->readings, folder, "readings.csv");
    print_heading(m);
    record_file_open(&m->lcd, folder, "lcd.csv");
    record_file_print(&m->lcd, "time_s,top,bottom,icons,memory\n");
    m->glass_ns = -1;
    m->waves = record_waves_new(meter, folder, options);
    return m;
}

void record_meter_watch(struct record_meter *m, const struct observed_register *r)
{
    g_ptr_array_add(m->watched, g_memdup2(r, sizeof *r));
    if (m->watched->len > 1)
        return;
    record_file_open(&m->registers, m->folder, "registers.csv");
    record_file_print(&m->registers, "time_s,register,name,value\n");
}

static void print_reading(struct record_file *f, const struct unit *u, enum quantity q)
{
    int decimals = quantity_decimals((enum quantity_unit)quantity_table[q].unit);
    int64_t unit = (int64_t)quantity_ten(decimals), x;

    if (!unit_reading(u, q, &x))
        record_file_print(f, ",");
    else if (decimals == 0)
        record_file_print(f, ",%" PRId64, x);
    else
        record_file_print(f, ",%s%" PRId64 ".%0*" PRId64, x < 0 ? "-" : "",
                          x < 0 ? -(x / unit) : x / unit, decimals,
                          x < 0 ? -(x % unit) : x % unit);
}

/* A name comes from a script: it is quoted (RFC 4180). */
static void print_registers(struct record_meter *m, int64_t at_ns)
{
    for (guint k = 0; k < m->watched->len; k++) {
        const struct observed_register *r = g_ptr_array_index(m->watched, k);
        double value = observer_register(r);
        char number[G_ASCII_DTOSTR_BUF_SIZE] = "";
        g_autoptr(GString) name = g_string_new("");
        csv_append(name, r->name);
        if (!isnan(value))
            g_ascii_formatd(number, sizeof number, "%.10g", value);
        record_file_time(&m->registers, at_ns);
        record_file_print(&m->registers, ",%d,%s,%s\n", r->reg, name->str, number);
    }
}

void record_meter_second(struct record_meter *m, int64_t at_ns)
{
    const struct unit *u = m->meter->unit;
    struct record_file *f = &m->readings;

    record_file_time(f, at_ns);
    record_file_print(f, ",%u", (unsigned)unit_seconds(u));
    for (int q = 0; q < QUANTITIES; q++)
        print_reading(f, u, (enum quantity)q);
    record_file_print(f, ",%u,%d,%d\n", unit_alerts(u),
                      m->meter->output[HAL_ENERGY_CONTACT],
                      !m->meter->output[HAL_ALARM_CONTACT]);
    print_registers(m, at_ns);
}

/* The firmware writes a picture in pieces: what stands when time goes on is a row. */
static void print_glass(struct record_meter *m)
{
    const char *between = "";
    struct glass_text text;

    if (m->glass_ns < 0)
        return;
    glass_read(m->glass, &text);
    record_file_time(&m->lcd, m->glass_ns);
    record_file_print(&m->lcd, ",%s,%s,", text.top, text.bottom);
    for (size_t k = 0; k < G_N_ELEMENTS(text.icon); k++)
        if (text.icon[k]) {
            record_file_print(&m->lcd, "%s%s", between, glass_labels[GLASS_ICONS][k]);
            between = " ";
        }
    record_file_print(&m->lcd, ",");
    for (int k = 0; k < HAL_LCD_SIZE; k++)
        record_file_print(&m->lcd, "%02X", m->glass[k]);
    record_file_print(&m->lcd, "\n");
}

void record_meter_lcd(struct record_meter *m, int64_t at_ns)
{
    if (at_ns != m->glass_ns)
        print_glass(m);
    m->glass_ns = at_ns;
    memcpy(m->glass, m->meter->lcd, sizeof m->glass);
}

void record_meter_pdu(struct record_meter *m, int64_t at_ns, const uint8_t *pdu,
                      int size)
{
    uint8_t address = (uint8_t)unit_setting(m->meter->unit, SETTING_ADDRESS);

    if (!m->traffic)
        m->traffic = record_traffic_new(m->folder, "traffic.pcap");
    record_traffic_pdu(m->traffic, at_ns, address, pdu, size);
}

struct record_waves *record_meter_waves(struct record_meter *m)
{
    return m->waves;
}

bool record_meter_check(const struct record_meter *m, GError **error)
{
    const struct record_file *const files[] = { &m->readings, &m->registers, &m->lcd };
    bool written = record_waves_check(m->waves, error);

    for (size_t k = 0; k < G_N_ELEMENTS(files) && written; k++)
        written = record_file_check(files[k], error);
    return written && (!m->traffic || record_traffic_check(m->traffic, error));
}

bool record_meter_close(struct record_meter *m, GError **error)
{
    bool missed = record_waves_close(m->waves, error);

    record_traffic_close(m->traffic, error);
    record_file_close(&m->readings, error);
    record_file_close(&m->registers, error);
    print_glass(m);
    record_file_close(&m->lcd, error);
    g_ptr_array_unref(m->watched);
    g_free(m->folder);
    g_free(m);
    return missed;
}
