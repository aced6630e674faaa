/* What a capture says besides the scenario. See capture_notes.h. */
#include "sim/field/capture_notes.h"
#include "core/config.h"
#include "sim/field/source.h"
#include "sim/program/error.h"
#include <gio/gio.h>
#include <math.h>

/* Two registers of one quantity, read a little apart. */
#define AGREE 0.005

/* A share of what a phase carries that is no noise. */
#define COUNTS 0.01

/* Loads differ so much from phase to phase, and no more. */
#define EXCHANGED_DEGREES 25

enum { TYPE_REGISTER = 130 };

bool capture_has_readings(const struct image *image, GError **error)
{
    const int type = system_type_find(image->word[TYPE_REGISTER]);

    if (!image->has[TYPE_REGISTER] || type < 0)
        return error_set(error,
                         "%s: register 130 (system type) is not handed on, or no "
                         "type: what the readings mean is not known",
                         image->source);
    for (int q = Q_KW_A; q < QUANTITIES; q++) {
        const struct quantity_row *row = &quantity_table[q];
        if (row->role != ROLE_NOW || row->kind == QUANTITY_APPARENT ||
            !(row->types & 1 << type) || row->unit > UNIT_W ||
            image_float_register(image->model, (enum quantity)q) == 0 ||
            image_has_quantity(image, (enum quantity)q))
            continue;
        return error_set(error,
                         "%s: no reading of %s is handed on, neither as float nor as "
                         "integer with its exponent nor in SunSpec: nothing can be "
                         "reproduced",
                         image->source, row->name);
    }
    return true;
}

/* What two of them may differ by: as compare does, of a fiftieth of full scale at
 * least. */
static double allowed(const struct image *image, enum quantity q, double x, double y)
{
    return AGREE * fmax(fmax(fabs(x), fabs(y)), image_full_scale(image, q) / 50);
}

static void text_of(double value, char text[32])
{
    if (isnan(value))
        g_strlcpy(text, "none", 32);
    else
        g_snprintf(text, 32, "%.6g", value);
}

static bool check(const struct image *image, enum quantity q, enum source a,
                  enum source b, const char *before, GString *to)
{
    double step_a, step_b;
    const double x = source_value(image, q, a, &step_a),
                 y = source_value(image, q, b, &step_b);
    char one[32], other[32];

    if ((isnan(x) && isnan(y)) ||
        fabs(x - y) <= allowed(image, q, x, y) + step_a + step_b)
        return true;
    text_of(x, one);
    text_of(y, other);
    g_string_append_printf(to, "%s%s: %s by register %d, %s by register %d\n", before,
                           quantity_table[q].name, one, source_register(image, q, a),
                           other, source_register(image, q, b));
    return false;
}

int capture_disagreements(const struct image *image, const char *before, GString *to)
{
    int count = 0;

    for (int n = 0; n < QUANTITIES; n++) {
        const enum quantity q = (enum quantity)n;
        enum source first = SOURCE_FLOAT;
        if (quantity_table[q].role != ROLE_NOW)
            continue;
        while (first < SOURCES && !source_register(image, q, first))
            first++;
        for (enum source s = first + 1; s < SOURCES; s++)
            if (source_register(image, q, s))
                count += !check(image, q, first, s, before, to);
    }
    return count;
}

/* --- what else would read so --- */

static double of_phase(const struct image *image, enum quantity a, int k)
{
    const double value = image_quantity(image, (enum quantity)(a + k));

    return isnan(value) ? 0 : value;
}

static double lag_of(const struct image *image, int k)
{
    return atan2(of_phase(image, Q_KVAR_A, k), of_phase(image, Q_KW_A, k)) * 180 / G_PI;
}

static bool carries(const struct image *image, int k)
{
    const double size = hypot(of_phase(image, Q_KW_A, k), of_phase(image, Q_KVAR_A, k));
    double most = 0;

    for (int n = 0; n < 3; n++)
        most =
            fmax(most, hypot(of_phase(image, Q_KW_A, n), of_phase(image, Q_KVAR_A, n)));
    return size > COUNTS * most;
}

static void note_export(const struct image *image, int k, GString *to)
{
    if (carries(image, k) && of_phase(image, Q_KW_A, k) < 0)
        g_string_append_printf(
            to,
            "--   %c exports: so does a CT %c that is reversed on a load of %.4g kW: "
            "fault(m, \"ct_reversed\", \"%c\")\n",
            'A' + k, 'A' + k, -of_phase(image, Q_KW_A, k), 'A' + k);
}

/* Two CTs on each other's conductors: one lags by 120 degrees more, the other by 120
 * less, so both are 120 from the third and 240 from each other. A reversed one is 180
 * from both. */
static bool may_be_exchanged(const struct image *image, int a, int b)
{
    const double apart = remainder(lag_of(image, a) - lag_of(image, b), 360);

    return carries(image, a) && carries(image, b) &&
           fabs(fabs(apart) - 120) < EXCHANGED_DEGREES;
}

static void note_swap(const struct image *image, GString *to)
{
    g_autoptr(GString) pairs = g_string_new(NULL);

    for (int k = 0; k < 3; k++)
        if (may_be_exchanged(image, k, (k + 1) % 3))
            g_string_append_printf(pairs, "%s%c and %c", pairs->len ? ", " : "",
                                   'A' + k, 'A' + (k + 1) % 3);
    if (pairs->len)
        g_string_append_printf(to,
                               "--   lags are 120 degrees apart (%s): so are those of "
                               "one load with two CTs exchanged. The phase with a "
                               "plausible PF is the right one\n",
                               pairs->str);
}

static void note_voltage(const struct image *image, int k, GString *to)
{
    const double nominal = image->word[setting_table[SETTING_SYSTEM_VOLTAGE].reg];
    const double volts = image_quantity(image, (enum quantity)(Q_V_AN + k));

    if (volts < COUNTS * nominal && image_has_quantity(image, Q_V_AN))
        g_string_append_printf(to,
                               "--   no voltage of %c: a dead conductor reads like a "
                               "blown fuse of this input: fault(m, \"pt_fuse\", "
                               "\"%c\")\n",
                               'A' + k, 'A' + k);
}

static void add_lookalikes(const struct image *image, GString *to)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    for (int k = 0; k < 3; k++) {
        note_export(image, k, lines);
        note_voltage(image, k, lines);
    }
    note_swap(image, lines);
    if (lines->len)
        g_string_append_printf(to, "-- Other causes read the same:\n%s", lines->str);
}

void capture_notes(const struct image *image, GString *to)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    if (capture_disagreements(image, "--   ", lines))
        g_string_append_printf(to,
                               "-- Readings that disagree between registers (floats "
                               "count first, then integers):\n%s",
                               lines->str);
    add_lookalikes(image, to);
}
