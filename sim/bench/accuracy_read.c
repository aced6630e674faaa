/* Rows of an accuracy file into cases. See accuracy_read.h. */
#include "sim/bench/accuracy_read.h"
#include "sim/program/system_types.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

struct source {
    const struct csv *csv;
    int row;
    GError **error;
};

static bool number(const char *text, double *x, const char **end)
{
    char *stop;

    *x = g_ascii_strtod(text, &stop);
    *end = stop;
    return stop != text && isfinite(*x);
}

static bool read_number(const struct source *s, const char *column, double min,
                        double max, double *x)
{
    struct csv_cell cell = csv_cell(s->csv, s->row, csv_column(s->csv, column));
    const char *end;

    if (number(cell.text, x, &end) && !*end && *x >= min && *x <= max)
        return true;
    csv_complain(s->csv, cell, s->error,
                 "expected %s as a number from %g to %g, found '%s'", column, min, max,
                 cell.text);
    return false;
}

static struct waveform_line *line_of(struct accuracy_case *c, double order)
{
    for (int k = 0; k < c->lines; k++)
        if (c->line[k].order == order)
            return &c->line[k];
    if (c->lines == WAVEFORM_LINES)
        return NULL;
    c->line[c->lines] = (struct waveform_line){ .order = order };
    return &c->line[c->lines++];
}

/* order:rms@deg */
static bool read_component(struct accuracy_case *c, int channel, const char **text)
{
    double order, rms, degrees;
    const char *at;

    if (!number(*text, &order, &at) || *at != ':' || !number(at + 1, &rms, &at) ||
        *at != '@' || !number(at + 1, &degrees, &at) || (*at && *at != ';'))
        return false;
    struct waveform_line *line = line_of(c, order);
    if (!line || order < 0)
        return false;
    line->re[channel] += rms * (order == 0 ? 1 : cos(degrees * G_PI / 180));
    line->im[channel] += order == 0 ? 0 : rms * sin(degrees * G_PI / 180);
    *text = *at ? at + 1 : at;
    return true;
}

static bool read_channel(const struct source *s, struct accuracy_case *c, int channel)
{
    static const char *const columns[] = { "va", "vb", "vc", "ia", "ib", "ic" };
    struct csv_cell cell =
        csv_cell(s->csv, s->row, csv_column(s->csv, columns[channel]));
    const char *at = cell.text;

    while (*at)
        if (!read_component(c, channel, &at)) {
            csv_cell(s->csv, s->row, 0);
            cell.column += (int)(at - cell.text);
            csv_complain(s->csv, cell, s->error,
                         "expected order:rms@degrees;… (at most %d orders), found '%s'",
                         WAVEFORM_LINES, at);
            return false;
        }
    return true;
}

static int phase_of(char letter)
{
    return letter >= 'a' && letter <= 'c' ? letter - 'a' : -1;
}

static bool add_fault(struct accuracy_case *c, enum fault_id fault, char phase,
                      double value)
{
    if (c->faults == CASE_FAULTS || phase_of(phase) < 0)
        return false;
    c->fault[c->faults++] = (struct case_fault){ fault, phase_of(phase), value };
    return true;
}

/* A clipping peak as the fault's share of the rating. The front end clips by itself at
 * 120 %: a limit there or above changes nothing. */
static bool add_clip(struct accuracy_case *c, enum fault_id fault, char phase,
                     double peak, double rating)
{
    double percent = fabs(peak) / sqrt(2) / rating * 100;

    if (percent < 1)
        return false;
    return percent > 119.999 || add_fault(c, fault, phase, percent);
}

/* One entry of the fault column. */
#define IS(format, ...)                                                                \
    (n = 0, sscanf(text, format "%n", __VA_ARGS__, &n) >= 1 && n && !text[n])

static bool read_ct_fault(struct accuracy_case *c, const char *text)
{
    char p, q;
    double x;
    int n = 0;

    if (IS("ct_rev=%c", &p))
        return add_fault(c, FAULT_CT_REVERSED, p, 1);
    if (IS("ct_open=%c", &p))
        return add_fault(c, FAULT_CT_OPEN, p, 1);
    if (IS("swap_ct=%c,%c", &p, &q))
        return phase_of(q) >= 0 && add_fault(c, FAULT_CT_SWAPPED, p, phase_of(q) + 1) &&
               add_fault(c, FAULT_CT_SWAPPED, q, phase_of(p) + 1);
    if (IS("ratio=%c,%lf", &p, &x))
        return add_fault(c, FAULT_CT_RATIO_ERROR, p, x);
    if (IS("phase_min=%c,%lf", &p, &x))
        return add_fault(c, FAULT_CT_PHASE_ERROR, p, x);
    return false;
}

static bool read_fault(struct accuracy_case *c, const char *text)
{
    char p;
    double x, y;
    int n = 0;

    if (read_ct_fault(c, text))
        return true;
    if (IS("clip_i=%c,%lf", &p, &x))
        return phase_of(p) >= 0 && add_clip(c, FAULT_CLIP_I, p, x, CASE_CT_A);
    if (IS("clip_v=%lf", &x))
        return add_clip(c, FAULT_CLIP_V, 'a', x, CASE_INPUT_V) &&
               add_clip(c, FAULT_CLIP_V, 'b', x, CASE_INPUT_V) &&
               add_clip(c, FAULT_CLIP_V, 'c', x, CASE_INPUT_V);
    if (IS("adc_dc=%lf,%lf", &x, &y)) {
        c->adc_dc_v = x;
        c->adc_dc_a = y;
        return true;
    }
    if (IS("rog_droop=%lf", &x)) {
        c->compensated = true;
        return true;
    }
    return false;
}

static bool read_event(struct accuracy_case *c, const char *text)
{
    struct case_event e = { .kind = EVENT_AMPLITUDE };
    double ppm;
    int n = 0;

    if (IS("amp:t0=%lf,t1=%lf,kv=%lf,ki=%lf", &e.t0, &e.t1, &e.a, &e.b))
        e.kind = EVENT_AMPLITUDE;
    else if (IS("framp:t0=%lf,t1=%lf,f0=%lf,f1=%lf", &e.t0, &e.t1, &e.a, &e.b))
        e.kind = EVENT_RAMP;
    else if (IS("alt:period=%lf,duty=%lf", &e.t0, &e.t1))
        e.kind = EVENT_ALTERNATE;
    else if (IS("power:t0=%lf,t1=%lf", &e.t0, &e.t1))
        e.kind = EVENT_SUPPLY;
    else if (IS("clk:ppm=%lf", &ppm))
        return add_fault(c, FAULT_CLOCK_ERROR, 'a', ppm);
    else
        return false;
#undef IS
    if (c->events == CASE_EVENTS || e.t0 < 0 || e.t1 < 0)
        return false;
    c->event[c->events++] = e;
    return true;
}

static bool read_list(const struct source *s, struct accuracy_case *c,
                      const char *column,
                      bool (*read)(struct accuracy_case *, const char *),
                      const char *expected)
{
    struct csv_cell cell = csv_cell(s->csv, s->row, csv_column(s->csv, column));
    g_auto(GStrv) entries = g_strsplit(cell.text, "|", -1);
    bool good = true;

    for (char **e = entries; good && *e; e++)
        if (**e && !read(c, *e)) {
            csv_complain(s->csv, cell, s->error, "expected %s, found '%s'", expected,
                         *e);
            good = false;
        }
    return good;
}

/* aux: name=value;… of which demand and pulses are read. */
static void read_aux(struct accuracy_case *c, const char *text)
{
    g_auto(GStrv) entries = g_strsplit(text, ";", -1);

    c->demand_kw = c->pulses = NAN;
    for (char **e = entries; *e; e++)
        if (g_str_has_prefix(*e, "demand_kW="))
            c->demand_kw = g_ascii_strtod(*e + strlen("demand_kW="), NULL);
        else if (g_str_has_prefix(*e, "pulses="))
            c->pulses = g_ascii_strtod(*e + strlen("pulses="), NULL);
}

static double rms_of(const struct accuracy_case *c, int channel)
{
    double sum = 0;

    for (int k = 0; k < c->lines; k++)
        sum += c->line[k].re[channel] * c->line[k].re[channel] +
               c->line[k].im[channel] * c->line[k].im[channel];
    return sqrt(sum);
}

/* The file's own convention: CTs of 100 A unless currents need more; a nominal voltage
 * near the case's own. */
static void choose_settings(struct accuracy_case *c)
{
    const struct system_type_row *type =
        &system_type_table[system_type_find((unsigned)c->system_type)];
    double volts = 0;

    for (int k = 0; k < 3; k++)
        volts = fmax(volts, rms_of(c, k));
    c->ct_a = CASE_CT_A;
    if (type->element == ELEMENT_AB || type->nominal_ln == NOMINAL_HALF)
        volts *= 2;
    else if (type->element == ELEMENT_LN && type->nominal_ln == NOMINAL_BY_ROOT3)
        volts *= sqrt(3);
    c->volts = fmin(fmax(round(volts), 82), 660);
}

static bool read_scalars(const struct source *s, struct accuracy_case *c)
{
    const struct setting_row *types = &setting_table[SETTING_SYSTEM_TYPE];
    double type;

    if (!read_number(s, "system_type", types->min, types->max, &type) ||
        !read_number(s, "f_hz", WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX, &c->hz) ||
        !read_number(s, "dur_s", 1, 1e7, &c->seconds))
        return false;
    c->system_type = (int)type;
    if (system_type_find((unsigned)type) >= 0)
        return true;
    char known[SYSTEM_TYPES_TEXT];
    csv_complain(s->csv, csv_cell(s->csv, s->row, csv_column(s->csv, "system_type")),
                 s->error, "expected system type %s, found %g",
                 system_types_text(known, ALL, ", ", " or "), type);
    return false;
}

bool accuracy_case_read(struct accuracy_case *c, const struct csv *csv, int row,
                        GError **error)
{
    struct source s = { csv, row, error };
    const char *group = csv_cell(csv, row, csv_column(csv, "group")).text;

    memset(c, 0, sizeof *c);
    c->id = csv_cell(csv, row, csv_column(csv, "id")).text;
    if (!read_scalars(&s, c))
        return false;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        if (!read_channel(&s, c, ch))
            return false;
    if (!read_list(&s, c, "fault", read_fault,
                   "ct_rev=P, swap_ct=P,P, ratio=P,PCT, phase_min=P,MIN, ct_open=P, "
                   "clip_i=P,PEAK, clip_v=PEAK, rog_droop=HZ or adc_dc=V,A") ||
        !read_list(&s, c, "events", read_event,
                   "amp:t0=,t1=,kv=,ki=, framp:t0=,t1=,f0=,f1=, alt:period=,duty=, "
                   "power:t0=,t1= or clk:ppm="))
        return false;
    read_aux(c, csv_cell(csv, row, csv_column(csv, "aux")).text);
    c->rolling =
        strstr(csv_cell(csv, row, csv_column(csv, "description")).text, "roll");
    bool rope = strstr(group, "rogowski") || c->compensated;
    c->model = model_find(rope ? "s4000r" : "s4100");
    choose_settings(c);
    return true;
}
