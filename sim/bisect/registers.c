/* Registers second by second. See registers.h. A second's registers are
 * those after all inputs of that second; what the meters make of it they publish 33 ms
 * later. */
#include "sim/bisect/registers.h"
#include "sim/field/image_compare.h"
#include <inttypes.h>
#include <math.h>

enum { SHOWN = 12 };
#define SECOND_NS 1000000000

struct comparison {
    const struct registers_options *options;
    struct side *side[2];
    int64_t end_ns; /* of the second */
    int differing;
};

/* The end of the first second in which one of the tapes goes on. */
static bool next_second(struct comparison *c)
{
    const struct side *a = c->side[0], *b = c->side[1];

    if (!a->has || !b->has)
        return false;
    int64_t next = MIN(a->record.time_ns, b->record.time_ns);
    if (next > INT64_MAX - 2 * (int64_t)SECOND_NS)
        return false;
    c->end_ns = MAX(c->end_ns, (next - 1) / SECOND_NS * SECOND_NS) + SECOND_NS;
    return true;
}

/* Settings are not compared where they are made to differ. */
static bool is_compared(const struct comparison *c, int reg)
{
    enum image_class class = image_class_of(c->side[0]->image->model, reg);
    const GArray *b = c->options->b_settings;

    return class != IMAGE_NOTHING && !(class == IMAGE_SETTING && b && b->len);
}

static bool differs(const struct comparison *c, const struct register_entry *e)
{
    const struct image *a = c->side[0]->image, *b = c->side[1]->image;
    double x = image_value(a, e->reg), y = image_value(b, e->reg);

    if (!is_compared(c, e->reg))
        return false;
    if (isnan(x) || isnan(y))
        return isnan(x) != isnan(y);
    if (c->options->share < 0)
        return x != y;
    return fabs(x - y) > image_allowed(a, b, e, c->options->share);
}

static void print_entry(const struct comparison *c, const struct register_entry *e)
{
    char one[IMAGE_VALUE_TEXT], other[IMAGE_VALUE_TEXT];
    double x = image_value(c->side[0]->image, e->reg);
    double y = image_value(c->side[1]->image, e->reg);

    if (c->differing == 1)
        puts("register  name                               A            B   "
             "difference");
    printf("%8d  %-24s %12s %12s %12.6g %s\n", e->reg, e->name,
           image_value_text(x, one), image_value_text(y, other), y - x, e->units);
}

static void compare_entry(void *user, const struct register_entry *e)
{
    struct comparison *c = user;

    if (!differs(c, e))
        return;
    if (c->differing++ == 0)
        printf("registers part in second %" PRId64 ", at %" PRId64 " s:\n",
               c->end_ns / SECOND_NS, c->end_ns / SECOND_NS);
    if (c->differing <= SHOWN)
        print_entry(c, e);
}

static void print_rms(GString *to, const struct comparison *c, int channel)
{
    double x = side_rms(c->side[0], channel), y = side_rms(c->side[1], channel);

    if (fabs(x - y) > 1e-4 * fmax(x, y))
        g_string_append_printf(to, "  %s: RMS %.0f in A, %.0f in B\n",
                               side_channel_name(channel), x, y);
}

static void print_factor(GString *to, const struct comparison *c, int phase)
{
    double x = side_power_factor(c->side[0], phase);
    double y = side_power_factor(c->side[1], phase);

    if (fabs(x - y) > 1e-3)
        g_string_append_printf(to, "  phase %c: power factor %+.3f in A, %+.3f in B\n",
                               'A' + phase, x, y);
}

/* Samples are what the world came to: how they differ in this second. */
static void print_samples(const struct comparison *c)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        print_rms(text, c, ch);
    for (int phase = 0; phase < SIDE_PHASES; phase++)
        print_factor(text, c, phase);
    printf(text->len ? "samples of that second differ, in codes of the ADC:\n%s"
                     : "samples of that second are the same but for noise%s\n",
           text->str);
}

static void print_reason(const struct comparison *c)
{
    const struct inputs *a = &c->side[0]->inputs, *b = &c->side[1]->inputs;

    print_samples(c);
    if (inputs_same(a, b)) {
        puts("the last inputs before it, the same in both:");
        inputs_print(a);
        return;
    }
    puts("the last inputs before it, in A:");
    inputs_print(a);
    puts("the last inputs before it, in B:");
    inputs_print(b);
}

/* True: they part in this second. */
static bool compare_second(struct comparison *c)
{
    bool powered[2] = { side_read(c->side[0]), side_read(c->side[1]) };

    if (powered[0] != powered[1]) {
        printf("meters part in second %" PRId64 ": %s has power, the other one has "
               "not\n",
               c->end_ns / SECOND_NS, powered[0] ? "A" : "B");
        return true;
    }
    if (!powered[0])
        return false;
    const struct model *a = c->side[0]->image->model, *b = c->side[1]->image->model;
    if (a != b) {
        printf("A is an %s, B an %s: their registers are not the same\n", a->name,
               b->name);
        return true;
    }
    register_list_model(a, compare_entry, c);
    if (c->differing > SHOWN)
        printf("and %d more\n", c->differing - SHOWN);
    return c->differing > 0;
}

static int compare(struct comparison *c, GError **error)
{
    while (next_second(c)) {
        if (!side_run(c->side[0], c->end_ns, error) ||
            !side_run(c->side[1], c->end_ns, error))
            return 2;
        if (c->side[0]->has != c->side[1]->has)
            break; /* inside this second one of them ends */
        if (!compare_second(c))
            continue;
        print_reason(c);
        return 1;
    }
    printf("registers are the same in all of %" PRId64 " s\n", c->end_ns / SECOND_NS);
    return 0;
}

int registers_compare(const struct registers_options *options, double *second_s,
                      GError **error)
{
    struct comparison c = { .options = options };
    int code = 2;

    c.side[0] = side_open(options->a, options->a_settings, error);
    if (c.side[0])
        c.side[1] = side_open(options->b, options->b_settings, error);
    if (c.side[1])
        code = compare(&c, error);
    *second_s = (double)c.end_ns / 1e9;
    side_close(c.side[0]);
    side_close(c.side[1]);
    return code;
}
