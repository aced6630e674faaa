/* Loads of many meters. See plant.h. A profile is held between its rows, so a meter
 * costs what one with a constant load does; one event a row sets all loads. */
#include "sim/plant/plant.h"
#include "sim/program/csv.h"
#include "waveform/base/random.h"
#include <math.h>
#include <string.h>

enum { DAY_S = 86400, SECONDS_MAX = 1000000000 };

#define KW_MAX 1e6

struct plant {
    struct sim *sim;
    struct demo demo;
    int rows, profiles, row; /* row: the one in force */
    int64_t *at_ns;          /* of each row, since the table's beginning */
    float *kw;               /* [row * profiles + profile] */
    int64_t begin_ns, day_ns;
    uint64_t event; /* 0: none waits */
};

struct plant *plant_new(struct sim *sim, const struct demo *demo)
{
    struct plant *p = g_new0(struct plant, 1);

    p->sim = sim;
    p->demo = *demo;
    return p;
}

void plant_free(struct plant *p)
{
    if (!p)
        return;
    if (p->event)
        sim_cancel(p->sim, p->event);
    g_free(p->at_ns);
    g_free(p->kw);
    g_free(p);
}

/* The fifth and the seventh, as six-pulse rectifiers and electronics give. */
static void add_harmonics(struct waveform_load *load, double size)
{
    for (int k = 0; k < 3; k++) {
        struct waveform_harmonics *h = &load->harmonics[k];
        h->item[h->count++] = (struct waveform_harmonic){ 5, 20 * size, 180 };
        h->item[h->count++] = (struct waveform_harmonic){ 7, 14 * size, 180 };
    }
}

static void draw_load(const struct plant *p, uint64_t *state,
                      struct waveform_load *load)
{
    struct demo d = p->demo;

    d.amps *= 0.05 + 0.95 * random_share(state);
    d.pf = 0.8 + 0.2 * random_share(state);
    if (random_share(state) < 0.1)
        d.pf = -d.pf;
    demo_load(&d, load);
    for (int k = 0; k < 3; k++)
        load->amps[k] *= 0.85 + 0.3 * random_share(state);
    add_harmonics(load, random_share(state));
}

void plant_draw(struct plant *p, uint64_t seed)
{
    for (int n = 0; n < sim_unit_count(p->sim); n++) {
        uint64_t state = seed * 0x2545F4914F6CDD1Du + (uint64_t)n;
        struct waveform_load load;
        random_share(&state);
        draw_load(p, &state, &load);
        waveform_set_load(sim_unit(p->sim, n)->world, &load);
    }
}

/* Amps that make so many kilowatts at the demo's voltage and power factor. */
static void set_kw(const struct plant *p, double kw, struct unit *u)
{
    struct demo d = p->demo;
    struct waveform_grid grid;
    struct waveform_load load;
    double volts = 0;

    demo_grid(&d, &grid);
    if (u->sensors.wiring == WAVEFORM_AB)
        volts = d.volts_ll;
    else
        for (int k = 0; k < 3; k++)
            volts += grid.volts[k];
    d.amps = fabs(kw) * 1000 / (volts * fabs(d.pf));
    if (kw < 0)
        d.pf = -d.pf;
    demo_load(&d, &load);
    waveform_set_load(u->world, &load);
}

static void on_row(void *user);

static void set_row(struct plant *p)
{
    const float *kw = p->kw + (gsize)p->row * (gsize)p->profiles;

    for (int n = 0; n < sim_unit_count(p->sim); n++)
        set_kw(p, (double)kw[n % p->profiles], sim_unit(p->sim, n));
}

static void wait_for_next(struct plant *p)
{
    if (++p->row == p->rows) {
        p->row = 0;
        p->begin_ns += p->day_ns;
    }
    p->event = sim_at(p->sim, p->begin_ns + p->at_ns[p->row], on_row, p);
}

static void on_row(void *user)
{
    struct plant *p = user;

    set_row(p);
    wait_for_next(p);
}

static bool read_number(const char *text, double min, double max, double *value)
{
    char *end;

    *value = g_ascii_strtod(text, &end);
    return end != text && !*end && *value >= min && *value <= max;
}

static bool read_time(const char *text, double *seconds)
{
    char **part = g_strsplit(text, ":", 4);
    guint count = g_strv_length(part);
    double x[3] = { 0 };
    bool good = count >= 1 && count <= 3;

    for (guint k = 0; good && k < count; k++)
        good = read_number(part[k], 0, k ? 59.999999999 : SECONDS_MAX, &x[k]);
    g_strfreev(part);
    *seconds = count < 2 ? x[0] : 3600 * x[0] + 60 * x[1] + x[2];
    return good && *seconds <= SECONDS_MAX;
}

static bool read_row(struct plant *p, const struct csv *c, int row, GError **error)
{
    struct csv_cell cell = csv_cell(c, row, 0);
    double value;

    if (!read_time(cell.text, &value)) {
        csv_complain(c, cell, error,
                     "'%s' is no time: seconds, H:MM or H:MM:SS, to 1e9 s", cell.text);
        return false;
    }
    p->at_ns[row] = (int64_t)floor(value * 1e9 + 0.5);
    if (row && p->at_ns[row] <= p->at_ns[row - 1]) {
        csv_complain(c, cell, error, "time must rise from row to row");
        return false;
    }
    for (int k = 0; k < p->profiles; k++) {
        cell = csv_cell(c, row, k + 1);
        if (!read_number(cell.text, -KW_MAX, KW_MAX, &value)) {
            csv_complain(c, cell, error, "'%s' is no number of kW within ±1e6",
                         cell.text);
            return false;
        }
        p->kw[(gsize)row * (gsize)p->profiles + (gsize)k] = (float)value;
    }
    return true;
}

static bool check_table(const struct csv *c, GError **error)
{
    struct csv_cell header = csv_cell(c, -1, 0);

    if (strcmp(header.text, "time"))
        csv_complain(c, header, error, "the first column must be 'time', not '%s'",
                     header.text);
    else if (c->columns < 2 || c->columns - 1 > PLANT_PROFILES)
        csv_complain(c, header, error, "expected 1 to %d profiles beside the time",
                     PLANT_PROFILES);
    else if (c->rows < 1 || c->rows > PLANT_ROWS)
        csv_complain(c, header, error, "expected 1 to %d rows", PLANT_ROWS);
    else
        return true;
    return false;
}

static bool read_table(struct plant *p, const struct csv *c, GError **error)
{
    if (!check_table(c, error))
        return false;
    p->rows = c->rows;
    p->profiles = c->columns - 1;
    p->at_ns = g_new(int64_t, p->rows);
    p->kw = g_new(float, (gsize)p->rows *(gsize)p->profiles);
    for (int row = 0; row < p->rows; row++)
        if (!read_row(p, c, row, error))
            return false;
    p->day_ns = (p->at_ns[p->rows - 1] / (DAY_S * INT64_C(1000000000)) + 1) * DAY_S *
                INT64_C(1000000000);
    return true;
}

bool plant_follow(struct plant *p, const char *path, GError **error)
{
    struct csv *c = csv_read(path, error);
    bool good = c && read_table(p, c, error);

    csv_free(c);
    if (!good)
        return false;
    p->begin_ns = sim_now(p->sim);
    set_row(p); /* the first row's values hold before it, too */
    if (p->at_ns[0] == 0)
        wait_for_next(p);
    else
        p->event = sim_at(p->sim, p->begin_ns + p->at_ns[0], on_row, p);
    return true;
}
