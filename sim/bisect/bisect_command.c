/* metersim bisect: where two tapes part, two builds' tapes, or a scenario under two seeds
 * or settings: the first second, the registers, and the last inputs before it. */
#include "sim/bisect/records.h"
#include "sim/bisect/registers.h"
#include "sim/bisect/runs.h"
#include "sim/field/image_compare.h"
#include "sim/program/commands.h"
#include "sim/program/temp_folder.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "A and B: tapes of metersim run --tape, or scenarios of one meter; B is A where "
    "it\n"
    "is not given. Records are compared as they stand, which finds where two builds\n"
    "part. Then both tapes are fed to this build's core, and its registers are "
    "compared\n"
    "at the end of each second.\n"
    "Exit code: 0 they never part, 1 they do, 2 misuse.\n\n"
    "Examples:\n"
    "  metersim bisect old.tape new.tape\n"
    "  metersim bisect case.lua --seeds 1,2 --tolerance 0.5%\n"
    "  metersim bisect case.tape --set 131=400\n";

struct options {
    char *seeds, *tolerance;
    char **set;
    GArray *settings;
};

static bool parse_seeds(const char *text, struct run_input input[2], GError **error)
{
    char *end = NULL;

    if (!text)
        return true;
    if (!run_input_is_scenario(input[0].path) || !run_input_is_scenario(input[1].path))
        return error_set(error, "--seeds is for scenarios; a tape has its own");
    input[0].seed = g_ascii_strtoull(text, &end, 10);
    bool good = g_ascii_isdigit(*text) && *end == ',' && g_ascii_isdigit(end[1]);
    if (good)
        input[1].seed = g_ascii_strtoull(end + 1, &end, 10);
    return (good && !*end && input[0].seed <= G_MAXINT64 &&
            input[1].seed <= G_MAXINT64) ||
           error_set(error, "--seeds must be two numbers from 0, such as 1,2, not '%s'",
                     text);
}

static bool parse_set(struct options *o, GError **error)
{
    unsigned reg, value;
    char end;

    o->settings = g_array_new(FALSE, FALSE, sizeof(struct side_setting));
    for (char **text = o->set; text && *text; text++) {
        if (sscanf(*text, "%5u=%5u%c", &reg, &value, &end) != 2 || reg < 1 ||
            reg > UINT16_MAX || value > UINT16_MAX)
            return error_set(error,
                             "--set must be REGISTER=VALUE, such as 131=400, not "
                             "'%s'",
                             *text);
        struct side_setting one = { (uint16_t)reg, (uint16_t)value };
        g_array_append_val(o->settings, one);
    }
    return true;
}

static void print_records(const struct records_difference *d)
{
    static const char *const parts[] = { [RECORDS_INPUT] = "inputs part",
                                         [RECORDS_OUTPUT] = "outputs part, after the "
                                                            "same inputs",
                                         [RECORDS_SHORTER] = "one tape ends" };

    if (d->part == RECORDS_SAME) {
        printf("records: the same, %" PRId64 " of them\n", d->same);
        return;
    }
    printf("records: %s in second %" PRId64 ", at %.6f s, after %" PRId64
           " that are the same:\n  %s\n",
           parts[d->part], d->time_ns / 1000000000 + 1, (double)d->time_ns / 1e9,
           d->same, d->text);
    if (d->part != RECORDS_OUTPUT)
        return;
    puts("the last inputs before it:");
    inputs_print(&d->inputs);
}

static const uint8_t kinds[] = {
#define T(id, number, direction, layout, min, max, name) number,
#include "hal_sim/tape.def"
#undef T
};

/* What else two builds do differently: of each other kind of output the first. */
static bool print_other_outputs(const struct run_input input[2],
                                const struct records_difference *first, GError **error)
{
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        struct records_difference d = { .part = RECORDS_SAME };
        if (kinds[k] < TAPE_FIRST_OUTPUT || kinds[k] == first->kind)
            continue;
        if (!records_compare(input[0].tape, input[1].tape, kinds[k], &d, error))
            return false;
        if (d.part != RECORDS_OUTPUT)
            continue;
        printf("%s: the first that differs, in second %" PRId64 ", at %.6f s:\n  %s\n"
               "the last inputs before it:\n",
               tape_kind_name(kinds[k]), d.time_ns / 1000000000 + 1,
               (double)d.time_ns / 1e9, d.text);
        inputs_print(&d.inputs);
    }
    return true;
}

static bool print_events(const struct run_input input[2], double until_s,
                         GError **error)
{
    char *text[2] = { NULL, NULL };
    bool good = true;

    for (int k = 0; good && k < 2; k++)
        if (input[k].events)
            good = (text[k] = run_input_events(&input[k], until_s, error)) != NULL;
    bool same = good && g_strcmp0(text[0], text[1]) == 0;
    if (same && text[0])
        printf("both scenarios did until then:\n%s", text[0]);
    for (int k = 0; good && !same && k < 2; k++)
        if (text[k])
            printf("the scenario of %c did until then:\n%s", "AB"[k], text[k]);
    g_free(text[0]);
    g_free(text[1]);
    return good;
}

static int compare(const struct run_input input[2], const struct options *o,
                   double share, GError **error)
{
    struct records_difference d = { .part = RECORDS_SAME };
    const struct registers_options registers = { .a = input[0].tape,
                                                 .b = input[1].tape,
                                                 .b_settings = o->settings,
                                                 .share = share };
    bool same_file = !strcmp(input[0].tape, input[1].tape);
    double second = 0;

    if (!same_file) {
        if (!records_compare(input[0].tape, input[1].tape, RECORDS_ALL, &d, error))
            return 2;
        print_records(&d);
        if (d.part == RECORDS_SAME && !o->settings->len)
            return 0;
    }
    if (d.part == RECORDS_OUTPUT)
        return print_other_outputs(input, &d, error) ? 1 : 2;
    int code = registers_compare(&registers, &second, error);
    if (code == 1 && !print_events(input, second, error))
        return 2;
    return code ? code : d.part != RECORDS_SAME;
}

static int bisect(struct run_input input[2], const struct options *o, double share,
                  GError **error)
{
    bool same = !strcmp(input[0].path, input[1].path) && input[0].seed == input[1].seed;
    int count = same ? 1 : 2;
    char *folder = temp_folder_new(error);
    int code = 2;

    if (!folder)
        return 2;
    if (runs_make(input, count, folder, error)) {
        if (same)
            input[1] = input[0];
        code = compare(input, o, share, error);
    }
    runs_clear(input, count);
    temp_folder_remove(folder);
    return code;
}

static int run(struct options *o, int argc, char **argv, GError **error)
{
    double share = -1;

    if (argc < 2 || argc > 3) {
        error_set_usage(error, "one or two tapes or scenarios");
        return 2;
    }
    struct run_input input[2] = { { .path = argv[1], .seed = 1 },
                                  { .path = argv[argc - 1], .seed = 1 } };
    if (!parse_seeds(o->seeds, input, error) || !parse_set(o, error) ||
        !image_tolerance_parse(o->tolerance, &share, error))
        return 2;
    if (!strcmp(input[0].path, input[1].path) && input[0].seed == input[1].seed &&
        !o->settings->len) {
        error_set_usage(error, "A and B are the same; B, --seeds or --set makes the "
                               "difference");
        return 2;
    }
    return bisect(input, o, share, error);
}

int command_bisect(int argc, char **argv, GError **error)
{
    struct options o = { .seeds = NULL };
    const GOptionEntry entries[] = {
        { "seeds", 0, 0, G_OPTION_ARG_STRING, &o.seeds,
          "Of the scenarios A and B; default 1,1", "N,N" },
        { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.set,
          "B's meter is set so before its first samples, whatever its tape says; may "
          "be "
          "given several times",
          "REGISTER=VALUE" },
        { "tolerance", 0, 0, G_OPTION_ARG_STRING, &o.tolerance,
          "Of readings and counters, as metersim compare has it; default: none", "P%" },
        G_OPTION_ENTRY_NULL
    };
    int code = 2;

    if (command_options(&argc, &argv, "A [B]", entries, help, error))
        code = run(&o, argc, argv, error);
    if (o.settings)
        g_array_free(o.settings, TRUE);
    return code;
}
