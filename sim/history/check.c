/* Columns of a log against readings. See check.h. A counter is compared by what it has
 * risen since a row at which both were known; that row moves on when so much has risen
 * that the log's last digit does not count any more, so that an hour which is wrong is
 * not lost in a year. */
#include "sim/history/check.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    STEADY_STEPS = 1000, /* a rise of so many last digits moves the base on */
    STEADY_LAGS = 10,    /* and so much more than the energy of a lag */
    LAG_MS = 100,        /* metering is behind by less than that */
    SHORT_MS = 3000,     /* rows that the core's seconds do not resolve */
    STEP_SHARES = 10     /* of the tolerance: more is a step */
};

struct watch {
    int column;
    bool has_base;
    double base_log, base_core;
    int base_row;
    double power;  /* kW or kvar that flowed since, at the most */
    long compared; /* rows */
    int parted;    /* the first row; -1: none */
    double log, core, allowed;
};

struct check {
    const struct history *h;
    const struct site_meter *m;
    double share;
    int watches;
    struct watch *watch;
};

struct check *check_new(const struct history *h, const struct site_meter *m,
                        double share)
{
    struct check *c = g_new0(struct check, 1);

    c->h = h;
    c->m = m;
    c->share = share;
    c->watch = g_new0(struct watch, h->columns);
    for (int k = 0; k < h->columns; k++)
        if (h->column[k].heading.kind == HEADING_QUANTITY ||
            h->column[k].heading.kind == HEADING_ALERTS)
            c->watch[c->watches++] = (struct watch){ .column = k, .parted = -1 };
    return c;
}

void check_free(struct check *c)
{
    if (!c)
        return;
    g_free(c->watch);
    g_free(c);
}

static double core_value(const struct check *c, int quantity)
{
    if (quantity < QUANTITIES)
        return site_reading(c->m, (enum quantity)quantity);
    enum quantity first = quantity == HEADING_KVARH_IMPORT ? Q_KVARH_Q1 : Q_KVARH_Q3;
    return site_reading(c->m, first) + site_reading(c->m, first + 1);
}

static double last_digit(const struct history_column *column)
{
    return pow(10, -column->decimals) * column->heading.factor;
}

static void part(struct watch *w, int row, double log, double core, double allowed)
{
    w->parted = row;
    w->log = log;
    w->core = core;
    w->allowed = allowed;
}

static void set_base(struct watch *w, int row, double log, double core)
{
    w->has_base = true;
    w->base_row = row;
    w->base_log = log;
    w->base_core = core;
}

static double full_scale_kva(struct settings settings)
{
    return 1.732 * settings.value[SETTING_CT_PRIMARY] *
           settings.value[SETTING_SYSTEM_VOLTAGE] / 1000;
}

/* At least of a fiftieth of full scale, as metersim compare has it. */
static double floor_of(const struct check *c, int quantity)
{
    const struct settings settings = unit_settings(c->m->unit);
    const double amps = settings.value[SETTING_CT_PRIMARY];
    const double volts = settings.value[SETTING_SYSTEM_VOLTAGE];

    switch ((enum quantity_unit)quantity_table[quantity].unit) {
    case UNIT_A:
        return amps / 50;
    case UNIT_V:
        return volts / 50;
    case UNIT_W:
        return full_scale_kva(settings) / 50;
    case UNIT_PF:
        return 1;
    case UNIT_HZ:
    case UNIT_E:
    case UNIT_N:
        break;
    }
    return 0;
}

/* That the energy of a lag may have had: in short rows any. */
static double power_of(const struct check *c)
{
    const double kva = site_reading(c->m, Q_KVA_TOTAL);

    if (c->h->step_ms < SHORT_MS)
        return full_scale_kva(unit_settings(c->m->unit));
    return isnan(kva) ? 0 : kva;
}

static void check_counter(const struct check *c, struct watch *w, int row, double log,
                          double core)
{
    const double digit = last_digit(&c->h->column[w->column]);
    const double kva = power_of(c);

    w->power = fmax(w->power, kva);
    if (!w->has_base) {
        set_base(w, row, log, core);
        return;
    }
    const double rise = log - w->base_log, made = core - w->base_core;
    const double lag = w->power * LAG_MS / 3.6e6;
    const double allowed = c->share * fmax(fabs(rise), fabs(made)) + 2 * digit + lag;
    w->compared++;
    if (fabs(rise - made) > allowed)
        part(w, row, rise, made, allowed);
    else if (fabs(rise) > fmax(STEADY_STEPS * digit, STEADY_LAGS * lag)) {
        set_base(w, row, log, core);
        w->power = kva;
    }
}

/* What the log has in a row and in its neighbours. A second of the core is none of the
 * log's: where rows are hardly longer, the core is somewhere between them. */
struct range {
    double low, high;
};

static struct range range_of(const struct check *c, int column, int row)
{
    const double log = history_value(c->h, row, column);
    struct range r = { log, log };

    for (int k = -1; k <= 1 && c->h->step_ms < SHORT_MS; k++)
        if (row + k >= 0 && row + k < c->h->rows) {
            r.low = fmin(r.low, history_value(c->h, row + k, column));
            r.high = fmax(r.high, history_value(c->h, row + k, column));
        }
    return r;
}

static void check_reading(const struct check *c, struct watch *w, int row, double log,
                          double core)
{
    const int quantity = c->h->column[w->column].heading.quantity;
    const struct range r = range_of(c, w->column, row);
    const double size = fmax(fmax(fabs(log), fabs(core)), floor_of(c, quantity));
    const double allowed = c->share * size + last_digit(&c->h->column[w->column]);

    if (r.high - r.low > STEP_SHARES * c->share * size)
        return; /* a step within the core's second */
    w->compared++;
    if (core < r.low - allowed || core > r.high + allowed)
        part(w, row, log, core, allowed);
}

static void check_watch(const struct check *c, struct watch *w, int row)
{
    const struct heading *heading = &c->h->column[w->column].heading;
    const double log = history_value(c->h, row, w->column);

    if (w->parted >= 0 || isnan(log))
        return;
    if (heading->kind == HEADING_ALERTS) {
        w->compared++;
        if (log != unit_alerts(c->m->unit))
            part(w, row, log, unit_alerts(c->m->unit), 0);
        return;
    }
    const double core = core_value(c, heading->quantity);
    if (isnan(core))
        return;
    if (heading_role(heading->quantity) == ROLE_COUNTER)
        check_counter(c, w, row, log, core);
    else
        check_reading(c, w, row, log, core);
}

/* Counters that are stamped at the beginning of a row stand for the end of the row
 * before it. */
void check_row(void *user, int row)
{
    struct check *c = user;

    for (int k = 0; k < c->watches; k++) {
        const struct heading *heading = &c->h->column[c->watch[k].column].heading;
        const bool at_end = heading->kind == HEADING_QUANTITY &&
                            heading_role(heading->quantity) == ROLE_COUNTER &&
                            !c->h->ends;
        if (!at_end)
            check_watch(c, &c->watch[k], row);
        else if (row + 1 < c->h->rows)
            check_watch(c, &c->watch[k], row + 1);
    }
}

static void print_watch(const struct check *c, const struct watch *w)
{
    const struct history_column *column = &c->h->column[w->column];
    const bool alerts = column->heading.kind == HEADING_ALERTS;
    const char *unit = alerts ? "" : heading_unit(column->heading.quantity);
    g_autofree char *at = history_time_text(c->h, history_stamp_ms(c->h, w->parted));

    printf("%s:%d: column '%s' parts at %s: ", c->h->path, c->h->row[w->parted].line,
           column->text, at);
    if (alerts)
        printf("the log has 0x%04X, the core makes 0x%04X\n", (unsigned)w->log,
               (unsigned)w->core);
    else if (w->has_base)
        printf("since line %d the log rises by %.6g %s, the core's by %.6g (%+.3g)\n",
               c->h->row[w->base_row].line, w->log, unit, w->core, w->core - w->log);
    else
        printf("the log has %.6g %s, the core makes %.6g (%+.3g)\n", w->log, unit,
               w->core, w->core - w->log);
}

/* The earliest first. */
static int compare_watches(const void *a, const void *b)
{
    const struct watch *x = a, *y = b;

    return x->parted != y->parted ? (x->parted < y->parted ? -1 : 1)
                                  : (x->column > y->column) - (x->column < y->column);
}

int check_print(const struct check *c, int *first_row)
{
    int parted = 0;
    long compared = 0;

    qsort(c->watch, (size_t)c->watches, sizeof *c->watch, compare_watches);
    for (int k = 0; k < c->watches; k++) {
        compared += c->watch[k].compared;
        if (c->watch[k].parted < 0)
            continue;
        if (parted++ == 0)
            *first_row = c->watch[k].parted;
        print_watch(c, &c->watch[k]);
    }
    printf("%d of %d columns part from what the core makes of this world; %ld values "
           "compared\n",
           parted, c->watches, compared);
    return parted;
}
