/* See calibration.h. */
#include "sim/factory/calibration.h"
#include "core/quantity.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

enum {
    CT_PRIMARY = 131, /* registers */
    PT_RATIO = 133,
    SYSTEM_TYPE = 130,
    WYE = 40,
    SECONDS_MAX = 120,
    WAITS_MAX = 240 /* quarters of a second */
};

static const double PLAUSIBLE = 0.15; /* the source is on, and wired so */
static const double URAD = 1e6, PPM = 1e6;
static const double LIMIT_GAIN_PPM = 100000;
static const double LOW_CURRENT = 0.05;

struct work {
    const struct port *port;
    const struct calibration_plan *plan;
    struct calibration_result *r;
    double volts_per_code, amps_per_code;
    struct meter_means mean[CALIBRATION_POINTS];
};

static void tell(const struct calibration_plan *plan, const char *text)
{
    if (plan->told)
        plan->told(plan->told_user, text);
}

const char *calibration_class(const struct model *model)
{
    return model->unidirectional ? "0.5S" : "0.2S";
}

static bool failed(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool failed(GError **error, const char *format, ...)
{
    char text[300];
    va_list list;

    va_start(list, format);
    g_vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return error_set_code(error, ERROR_FAILED, "%s", text);
}

static bool check_meter(struct work *w, GError **error)
{
    uint16_t words[5];

    if (!meter_identify(w->port, &w->r->before, error))
        return false;
    if (w->r->before.block != FACTORY_BLOCK_WHOLE)
        return failed(error,
                      "the factory's block of the meter is %s: write it first "
                      "(factory.sh)",
                      w->r->before.block == FACTORY_BLOCK_BLANK ? "erased" : "damaged");
    if (!(w->r->before.state & FACTORY_OPEN))
        return failed(
            error, "%s",
            w->r->before.state & FACTORY_SEALED
                ? "the meter is sealed; --break-seal breaks the seal, which it "
                  "counts"
                : "the meter is not in the factory state: its factory pin "
                  "(PC13) must be at ground when power comes");
    if (!meter_read_words(w->port, SYSTEM_TYPE, G_N_ELEMENTS(words), words, error))
        return false;
    if (words[0] != WYE)
        return failed(error,
                      "the meter is set to system type %d; calibration needs type "
                      "40 (register 130), which measures all channels",
                      words[0]);
    w->r->ct_primary_a = words[CT_PRIMARY - SYSTEM_TYPE];
    w->r->pt_ratio = words[PT_RATIO - SYSTEM_TYPE] / 100.0;
    w->volts_per_code = HAL_VOLT_PEAK_DV / 10.0 / HAL_CODES * w->r->pt_ratio;
    w->amps_per_code =
        HAL_CURRENT_PEAK_PERMIL / 1000.0 / HAL_CODES * w->r->ct_primary_a;
    return true;
}

/* The means of a second that began `seconds` or more after *last, which becomes it. The
 * meter's own seconds are counted, not the bench's. */
static bool await_seconds(struct work *w, uint32_t *last, uint32_t seconds,
                          struct meter_means *m, GError **error)
{
    uint32_t seen = *last;

    for (int k = 0; k < WAITS_MAX; k++) {
        if (!meter_read_means(w->port, m, error))
            return false;
        if (m->second - *last >= seconds) {
            *last = m->second;
            return true;
        }
        if (m->second != seen)
            k = 0;
        seen = m->second;
        if (!w->port->wait(w->port->user, 0.25, error))
            return false;
    }
    return failed(error, "the meter's seconds stand still: its front end is silent");
}

static void add_means(struct meter_means *sum, const struct meter_means *m)
{
    for (int k = 0; k < 3; k++) {
        sum->vv[k] += m->vv[k];
        sum->ii[k] += m->ii[k];
        sum->vi[k] += m->vi[k];
        sum->q[k] += m->q[k];
    }
}

static void divide_means(struct meter_means *sum, double n)
{
    for (int k = 0; k < 3; k++) {
        sum->vv[k] /= n;
        sum->ii[k] /= n;
        sum->vi[k] /= n;
        sum->q[k] /= n;
    }
}

/* Experimental standard deviation, in percent of the mean. */
static double spread(const double *x, int n)
{
    double mean = 0, square = 0;

    for (int k = 0; k < n; k++)
        mean += x[k] / n;
    for (int k = 0; k < n; k++)
        square += (x[k] - mean) * (x[k] - mean);
    return n > 1 && mean != 0 ? sqrt(square / (n - 1)) / fabs(mean) * 100 : 0;
}

static void keep_point(struct work *w, struct calibration_point *point,
                       const struct meter_means *mean, double power[3][SECONDS_MAX])
{
    for (int k = 0; k < 3; k++) {
        point->v[k] = sqrt(mean->vv[k]) * w->volts_per_code;
        point->i[k] = sqrt(mean->ii[k]) * w->amps_per_code;
        point->p[k] = mean->vi[k] * w->volts_per_code * w->amps_per_code;
        point->spread_percent[k] = spread(power[k], w->plan->seconds);
    }
}

static bool is_near(double x, double expected)
{
    return fabs(x - expected) <= PLAUSIBLE * expected;
}

static bool check_point(const struct calibration_point *point, GError **error)
{
    const struct source_point *s = &point->source;

    for (int k = 0; k < 3; k++) {
        if (!is_near(point->v[k], s->volts))
            return failed(error,
                          "voltage %c reads %.4g V where the source gives %.4g V: "
                          "wiring, source or channel",
                          'A' + k, point->v[k], s->volts);
        if (s->amps > 0 && !is_near(point->i[k], s->amps))
            return failed(error,
                          "current %c reads %.4g A where the source gives %.4g A: "
                          "wiring, source or channel",
                          'A' + k, point->i[k], s->amps);
        if (s->amps > 0 &&
            fabs(point->p[k] / (point->v[k] * point->i[k]) - s->pf) > PLAUSIBLE)
            return failed(error,
                          "phase %c has a power factor of %.3f where the source "
                          "gives %.3f: a current input is reversed or on another "
                          "phase",
                          'A' + k, point->p[k] / (point->v[k] * point->i[k]), s->pf);
    }
    return true;
}

/* *second: of the last that may hold something of what was before. */
static bool set_source(struct work *w, const struct source_point *source,
                       uint32_t *second, GError **error)
{
    struct meter_means m;
    char text[100];

    g_snprintf(text, sizeof text, "source: %g V, %g A, power factor %g", source->volts,
               source->amps, source->pf);
    tell(w->plan, text);
    if (!w->port->set_source(w->port->user, source, error) ||
        !meter_read_means(w->port, &m, error))
        return false;
    *second = m.second;
    return await_seconds(w, second, (uint32_t)w->plan->settle_s, &m, error);
}

static bool measure(struct work *w, int index, const struct source_point *source,
                    GError **error)
{
    struct calibration_point *point = &w->r->point[index];
    struct meter_means *sum = &w->mean[index], m;
    double power[3][SECONDS_MAX];
    uint32_t second;

    point->source = *source;
    memset(sum, 0, sizeof *sum);
    if (!set_source(w, source, &second, error))
        return false;
    for (int n = 0; n < w->plan->seconds; n++) {
        if (!await_seconds(w, &second, 1, &m, error))
            return false;
        add_means(sum, &m);
        for (int k = 0; k < 3; k++)
            power[k][n] = m.vi[k];
    }
    divide_means(sum, w->plan->seconds);
    keep_point(w, point, sum, power);
    return check_point(point, error);
}

/* Of the source at PF 1 and 0.5: the gain that makes it read right. */
static double gain_ppm(double reading_1, double reading_2, double truth)
{
    return round((truth / ((reading_1 + reading_2) / 2) - 1) * PPM);
}

static double angle_of(const struct meter_means *m, int k, double offset)
{
    return acos(m->vi[k] / sqrt(m->vv[k] * (m->ii[k] - offset)));
}

/* What the firmware takes out by itself. */
static double known_lead(const struct work *w)
{
    return w->r->before.model->rope_ct
               ? atan(MODEL_ROPE_CORNER_UHZ * 1e-6 / w->plan->source.hz)
               : 0;
}

static bool compute(struct work *w, GError **error)
{
    const struct meter_means *one = &w->mean[0], *half = &w->mean[1],
                             *none = &w->mean[2];
    const struct source_point *s = &w->plan->source;
    struct meter_constants *c = &w->r->constants;

    memset(c, 0, sizeof *c);
    for (int k = 0; k < 3; k++) {
        const double offset = none->ii[k];
        const double v = gain_ppm(sqrt(one->vv[k]) * w->volts_per_code,
                                  sqrt(half->vv[k]) * w->volts_per_code, s->volts);
        const double i =
            gain_ppm(sqrt(one->ii[k] - offset) * w->amps_per_code,
                     sqrt(half->ii[k] - offset) * w->amps_per_code, s->amps);
        const double angle =
            acos(w->r->point[1].source.pf) - angle_of(half, k, offset) - known_lead(w);

        if (fabs(v) > LIMIT_GAIN_PPM || fabs(i) > LIMIT_GAIN_PPM)
            return failed(error,
                          "phase %c: a gain error of %.1f %% (voltage), %.1f %% "
                          "(current) is no tolerance: a part is wrong",
                          'A' + k, -v / 1e4, -i / 1e4);
        c->gain_ppm[k] = (int32_t)v;
        c->gain_ppm[3 + k] = (int32_t)i;
        c->offset_codes2[3 + k] = (int32_t)fmin(round(offset), INT32_MAX);
        c->phase_urad[k] = (int32_t)round(angle * URAD);
    }
    return true;
}

/* Register of the floats KW_A, KW_B, KW_C. */
static int power_register(const struct model *model)
{
    for (int k = 0; k < model->row_count; k++)
        if (model->rows[k].kind == REG_READING16 && model->rows[k].arg == Q_KW_A)
            return model->rows[k].float_reg;
    return 0;
}

static double limit_of(const struct model *model, const struct source_point *s)
{
    const double at_one = model->unidirectional ? 0.5 : 0.2;
    const double at_half = model->unidirectional ? 0.6 : 0.3;

    return (s->pf < 1 ? at_half : at_one) / 2;
}

/* kW of the three phases by their registers, one reading of each second. */
static bool read_power(struct work *w, const struct source_point *source,
                       double power[3][SECONDS_MAX], GError **error)
{
    const int reg = power_register(w->r->before.model);
    struct meter_means m;
    uint32_t second;

    if (!set_source(w, source, &second, error))
        return false;
    for (int n = 0; n < w->plan->seconds; n++) {
        double x[3];
        if (!await_seconds(w, &second, 1, &m, error) ||
            !meter_read_floats(w->port, reg, 3, x, error))
            return false;
        for (int k = 0; k < 3; k++)
            power[k][n] = x[k];
    }
    return true;
}

static double mean_of(const double *x, int n)
{
    double sum = 0;

    for (int k = 0; k < n; k++)
        sum += x[k];
    return sum / n;
}

static bool check(struct work *w, struct calibration_check *c, GError **error)
{
    const struct source_point *s = &c->source;
    const double truth = s->volts * s->amps * s->pf / 1000; /* kW */
    const double resolution = 1e-4 / sqrt(3); /* 1 ppm of gain, in percent */
    const int n = w->plan->seconds;
    double power[3][SECONDS_MAX];

    c->limit_percent = limit_of(w->r->before.model, s);
    if (!read_power(w, s, power, error))
        return false;
    for (int k = 0; k < 3; k++) {
        const double repeated = spread(power[k], n) / sqrt(n);
        c->error_percent[k] = (mean_of(power[k], n) / truth - 1) * 100;
        c->uncertainty_percent[k] =
            2 * sqrt(pow(w->plan->source_percent / 2, 2) + repeated * repeated +
                     resolution * resolution);
        if (!(fabs(c->error_percent[k]) <= c->limit_percent))
            w->r->passed = false;
    }
    return true;
}

static bool measure_all(struct work *w, GError **error)
{
    const struct source_point *s = &w->plan->source;
    const struct source_point points[CALIBRATION_POINTS] = {
        { s->volts, s->amps, s->hz, 1 },
        { s->volts, s->amps, s->hz, 0.5 },
        { s->volts, 0, s->hz, 1 }
    };
    static const struct meter_constants none;

    if (!meter_write_constants(w->port, &none, error))
        return false;
    for (int k = 0; k < CALIBRATION_POINTS; k++)
        if (!measure(w, k, &points[k], error))
            return false;
    return compute(w, error) && meter_write_constants(w->port, &w->r->constants, error);
}

static bool check_all(struct work *w, GError **error)
{
    const struct source_point *s = &w->plan->source;
    const struct source_point points[CALIBRATION_CHECKS] = {
        { s->volts, s->amps, s->hz, 1 },
        { s->volts, s->amps, s->hz, 0.5 },
        { s->volts, s->amps * LOW_CURRENT, s->hz, 1 }
    };
    struct meter_constants there;

    if (!meter_read_constants(w->port, &there, error))
        return false;
    if (memcmp(&there, &w->r->constants, sizeof there) != 0)
        return failed(error, "the meter does not hold the constants that were written");
    w->r->passed = true;
    for (int k = 0; k < CALIBRATION_CHECKS; k++) {
        w->r->check[k].source = points[k];
        if (!check(w, &w->r->check[k], error))
            return false;
    }
    return true;
}

bool calibration_run(const struct port *p, const struct calibration_plan *plan,
                     struct calibration_result *r, GError **error)
{
    struct work w = { .port = p, .plan = plan, .r = r };

    memset(r, 0, sizeof *r);
    g_assert(plan->seconds >= 1 && plan->seconds <= SECONDS_MAX);
    if (!check_meter(&w, error) || !measure_all(&w, error) || !check_all(&w, error))
        return false;
    if (r->passed && plan->seals) {
        if (!meter_seal(p, error))
            return false;
        r->sealed = true;
    }
    return meter_identify(p, &r->after, error);
}
