/* The state of a world that gives a meter's readings, and the scenario that sets it up.
 *
 * Angles between voltages follow from magnitudes by the law of cosines; what magnitudes
 * cannot show is assumed: phase order ABC, A at 0°. The lag of a current is the angle
 * of (P, Q) against its phase's voltage. Where V·I is more than √(P²+Q²), the current
 * has harmonics: a 5th makes up for them in I and S and adds nothing to P and Q. */
#include "sim/field/capture.h"
#include "core/config.h"
#include "sim/field/capture_notes.h"
#include "sim/field/source.h"
#include "waveform/waveform.h"

#include <math.h>
#include <string.h>

/* Of expectations: 0.1 % of a reading, 0.002 of a power factor, 0.01 Hz. */
#define TOLERANCE    0.001
#define PF_TOLERANCE 0.002
#define HZ_TOLERANCE 0.01

#define DEGREES (180 / 3.14159265358979323846)

struct phase {
    double volts, degrees, amps, lag_degrees, fifth_percent;
};

struct world {
    const struct system_type_row *type;
    int phases; /* in which the meter has currents */
    double hz;  /* NaN: none */
    struct phase phase[3];
};

static double reading(const struct image *image, enum quantity q)
{
    double value = image_quantity(image, q);

    return isnan(value) ? 0 : value;
}

static double phase_reading(const struct image *image, enum quantity a, int k)
{
    return reading(image, (enum quantity)(a + k));
}

/* The angle between sides b and c of a triangle whose third side is a; `otherwise`
 * where there is none. */
static double angle_deg(double a, double b, double c, double otherwise)
{
    if (b < 1e-3 * c || c < 1e-3 * b || b <= 0 || c <= 0)
        return otherwise;
    double cosine = (b * b + c * c - a * a) / (2 * b * c);
    return acos(fmax(-1, fmin(1, cosine))) * DEGREES;
}

/* A wye: B lags A, C leads A; or both on one side, where B-C says so. */
static void wye_angles(struct world *w, const double ll[3])
{
    struct phase *p = w->phase;
    double ab = angle_deg(ll[0], p[0].volts, p[1].volts, 120);
    double ac = angle_deg(ll[2], p[0].volts, p[2].volts, 120);
    double bc = angle_deg(ll[1], p[1].volts, p[2].volts, 120);

    if (p[0].volts <= 0 && p[1].volts > 0 && p[2].volts > 0)
        ac = 240 - bc; /* A is lost: B and C keep their own angle */
    double apart = fmin(ab + ac, 360 - ab - ac), together = fabs(ab - ac);
    bool same_side = fabs(together - bc) + 1 < fabs(apart - bc);
    p[1].degrees = -ab;
    p[2].degrees = same_side ? -ac : ac;
}

/* Three wires: phase voltages against the star point of the meter's inputs, the centre
 * of the triangle of the line voltages. */
static void delta_voltages(struct world *w, const double ll[3])
{
    double ab2 = ll[0] * ll[0], bc2 = ll[1] * ll[1], ac2 = ll[2] * ll[2];
    struct phase *p = w->phase;

    p[0].volts = sqrt(fmax(0, 2 * ab2 + 2 * ac2 - bc2)) / 3;
    p[1].volts = sqrt(fmax(0, 2 * ab2 + 2 * bc2 - ac2)) / 3;
    p[2].volts = sqrt(fmax(0, 2 * ac2 + 2 * bc2 - ab2)) / 3;
    wye_angles(w, ll);
}

static void set_voltages(struct world *w, const struct image *image)
{
    double ll[3] = { reading(image, Q_V_AB), reading(image, Q_V_BC),
                     reading(image, Q_V_AC) };

    for (int k = 0; k < 3; k++)
        w->phase[k].volts = phase_reading(image, Q_V_AN, k);
    if (w->type->element == ELEMENT_STAR) {
        delta_voltages(w, ll);
    } else if (w->phases == 3) {
        wye_angles(w, ll);
    } else if (w->phases == 2) {
        w->phase[1].degrees =
            -angle_deg(ll[0], w->phase[0].volts, w->phase[1].volts, 180);
    } else if (w->type->element == ELEMENT_AB) {
        w->phase[0].volts = w->phase[1].volts = ll[0] / 2;
        w->phase[1].degrees = 180;
    }
}

/* Of phase k, whose current meets `volts`. */
static void set_current(struct phase *p, const struct image *image, int k, double volts)
{
    double kw = phase_reading(image, Q_KW_A, k);
    double kvar = phase_reading(image, Q_KVAR_A, k);
    double amps = phase_reading(image, Q_I_A, k), s_va = hypot(kw, kvar) * 1000;

    p->amps = amps;
    if (s_va == 0 || volts <= 0)
        return;
    p->lag_degrees = atan2(kvar, kw) * DEGREES;
    double fundamental = s_va / volts;
    double rest2 = amps * amps - fundamental * fundamental;
    if (rest2 < 1e-4 * amps * amps) /* rounding of the readings: no harmonics */
        return;
    p->amps = fundamental;
    p->fifth_percent = 100 * sqrt(rest2) / fundamental;
}

static void set_world(struct world *w, const struct image *image)
{
    const int type =
        system_type_find(image->word[setting_table[SETTING_SYSTEM_TYPE].reg]);

    *w = (struct world){ .type = &system_type_table[MAX(type, 0)],
                         .hz = image_quantity(image, Q_FREQ) };
    w->phases = __builtin_popcount(w->type->phases);
    set_voltages(w, image);
    for (int k = 0; k < w->phases; k++)
        set_current(&w->phase[k], image, k,
                    w->type->element == ELEMENT_AB ? 2 * w->phase[0].volts
                                                   : w->phase[k].volts);
}

static void add_three(GString *to, const char *name, const struct world *w,
                      size_t offset)
{
    g_string_append_printf(to, "    %s = { ", name);
    for (int k = 0; k < 3; k++)
        g_string_append_printf(
            to, k ? ", %.6f" : "%.6f",
            *(const double *)(const void *)((const char *)&w->phase[k] + offset) + 0.0);
    g_string_append(to, " },\n");
}

/* Settings by the names of meter { }: PT ratio and CT output have words of their own.
 * `taken` are the settings that the scenario's meter has by then: what it would refuse
 * stands in a comment, as a scenario that cannot run is of no use. */
static void add_setting(GString *to, const struct image *image, enum setting s,
                        struct settings *taken)
{
    const struct setting_row *row = &setting_table[s];
    uint16_t value = image->word[row->reg];

    if (row->reg == 0 || !image->has[row->reg] ||
        image_class_of(image->model, row->reg) != IMAGE_SETTING)
        return;
    bool allowed = config_allows(taken, image->model, s, value);
    if (allowed)
        taken->value[s] = value;
    if (!allowed)
        g_string_append_printf(
            to, "    -- %s: register %d holds %d, which no simulated meter accepts\n",
            row->name, row->reg, value);
    else if (s == SETTING_PT_RATIO)
        g_string_append_printf(to, "    %s = %.2f,\n", row->name, value / 100.0);
    else if (s == SETTING_CT_SECONDARY)
        g_string_append_printf(to, "    ct_output = \"%s\",\n",
                               value == 3 ? "1/3 V" : "1 V");
    else if (s == SETTING_PULSE_ENERGY && (image->word[146] & 0x8000))
        g_string_append_printf(to, "    -- %s = %d: refused, it cannot keep up\n",
                               row->name, value);
    else
        g_string_append_printf(to, "    %s = %d,\n", row->name, value);
}

/* The only counters that a meter can be made with. */
static void add_energy(GString *to, const struct image *image, enum quantity q)
{
    double kwh = image_quantity(image, q);

    if (kwh > 0)
        g_string_append_printf(to, "    %s = %.9g,\n", quantity_table[q].name, kwh);
}

static void add_meter(GString *to, const struct image *image)
{
    struct settings taken;

    config_defaults(&taken, image->model);
    g_string_append_printf(to, "local m = meter {\n    model = \"%s\",\n",
                           image->model->name);
    for (int s = 0; s < SETTINGS; s++)
        add_setting(to, image, (enum setting)s, &taken);
    add_energy(to, image, Q_KWH_IMPORT);
    add_energy(to, image, Q_KWH_EXPORT);
    g_string_append(to, "}\n");
}

static void add_harmonics(GString *to, const struct world *w)
{
    static const char *const names[] = { "a", "b", "c" };
    bool any = false;

    for (int k = 0; k < 3; k++) {
        if (w->phase[k].fifth_percent <= 0)
            continue;
        g_string_append(to, any ? ", " : "    harmonics = { ");
        g_string_append_printf(to, "%s = { { 5, %.6f, 0 } }", names[k],
                               w->phase[k].fifth_percent);
        any = true;
    }
    if (any)
        g_string_append(to, " }, -- the real orders are not known\n");
}

static void add_world(GString *to, const struct world *w)
{
    g_string_append(to, "grid {\n");
    if (w->hz >= WAVEFORM_HZ_MIN && w->hz <= WAVEFORM_HZ_MAX)
        g_string_append_printf(to, "    hz = %.6f,\n", w->hz);
    else
        g_string_append(to, "    -- hz: the meter has no reading of a frequency\n");
    add_three(to, "volts", w, offsetof(struct phase, volts));
    add_three(to, "degrees", w, offsetof(struct phase, degrees));
    g_string_append(to, "}\nload {\n");
    add_three(to, "amps", w, offsetof(struct phase, amps));
    add_three(to, "lag_degrees", w, offsetof(struct phase, lag_degrees));
    add_harmonics(to, w);
    g_string_append(to, "}\n\n");
}

/* A power factor follows from kW and kVA: where these are small it may be any. */
static double pf_tolerance(const struct image *image, enum quantity q)
{
    const enum quantity apparent =
        q == Q_PF_TOTAL ? Q_KVA_TOTAL : (enum quantity)(Q_KVA_A + (q - Q_PF_A));

    return fmax(PF_TOLERANCE, TOLERANCE * image_full_scale(image, apparent) / 20 /
                                  image_quantity(image, apparent));
}

/* What a reading may differ by, in its unit: 0.1 % of it, and where it is small 0.1 %
 * of a twentieth of full scale. */
static double tolerance_of(const struct image *image, enum quantity q, double value)
{
    const enum quantity_unit unit = (enum quantity_unit)quantity_table[q].unit;

    if (unit == UNIT_PF)
        return pf_tolerance(image, q);
    if (unit == UNIT_HZ || unit == UNIT_E || unit == UNIT_N)
        return HZ_TOLERANCE;
    return TOLERANCE * fmax(fabs(value), image_full_scale(image, q) / 20);
}

/* The step of the register that it is read from. */
static double step_of(const struct image *image, enum quantity q)
{
    double step = 0;

    for (enum source k = SOURCE_FLOAT; k < SOURCES; k++)
        if (source_register(image, q, k)) {
            source_value(image, q, k, &step);
            break;
        }
    return step;
}

static void add_expectation(GString *to, const struct image *image, enum quantity q)
{
    const char *name = quantity_table[q].name;
    double value = image_quantity(image, q);

    if (quantity_table[q].role != ROLE_NOW || !image_has_quantity(image, q))
        return;
    const double tolerance = tolerance_of(image, q, value) + step_of(image, q);
    if (isnan(value))
        g_string_append_printf(to, "expect(no_reading(m.%s), \"%s\")\n", name, name);
    else if (quantity_table[q].unit == UNIT_PF && !(tolerance < 1))
        g_string_append_printf(to, "-- %s: kW and kVA are too small for one\n", name);
    else
        g_string_append_printf(to, "expect(m.%s, near(%.9g, %.3g))\n", name, value,
                               tolerance);
}

/* What follows from the settings: maximum power, exponents, the pulse's time. */
static void add_derived(GString *to, const struct image *image)
{
    static const struct {
        int reg;
        const char *format;
    } derived[] = { { 135, "u16" }, { 138, "s16" }, { 139, "s16" },
                    { 140, "s16" }, { 141, "s16" }, { 145, "u16" } };

    for (size_t k = 0; k < G_N_ELEMENTS(derived); k++) {
        const int reg = derived[k].reg;
        const uint16_t word = image->word[reg];
        if (image->has[reg])
            g_string_append_printf(to, "expect(m:read(%d), \"%s\", %d)\n", reg,
                                   derived[k].format,
                                   derived[k].format[0] == 's' ? (int16_t)word : word);
    }
}

static void add_expectations(GString *to, const struct image *image)
{
    g_string_append(to, "wait \"4 s\"\n");
    for (int q = 0; q < QUANTITIES; q++)
        add_expectation(to, image, (enum quantity)q);
    add_derived(to, image);
    if (image->has[146]) /* bit 14 tells of the past */
        g_string_append_printf(to, "expect(m.alerts & 0xBFFF, 0x%04X)\n",
                               image->word[146] & 0xBFFF);
}

GString *capture_scenario(const struct image *image)
{
    GString *to = g_string_new(NULL);
    struct world w;

    set_world(&w, image);
    g_string_append_printf(
        to,
        "-- Captured from %s.\n"
        "-- Settings, present readings and total kWh are reproduced. Not reproduced:\n"
        "-- energies of phases, kvarh, kVAh, demand, counters, clock and logs, which "
        "are history\n"
        "-- (the meter starts at 0); phase order, which no reading shows "
        "(ABC is assumed)%s;\n"
        "-- address, baud rate, parity and passwords, which no register shows.\n"
        "-- metersim compare reads the registers at the end.\n",
        image->source,
        image->model->unidirectional ? ", nor\n-- the direction of power on this model"
                                     : "");
    capture_notes(image, to);
    add_meter(to, image);
    add_world(to, &w);
    add_expectations(to, image);
    g_string_append(to, "\n-- All registers, as read: number, words, name, value.\n");
    image_write(image, to);
    return to;
}
