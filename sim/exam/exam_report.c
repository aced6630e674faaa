/* Reports of an examination. See exam_report.h. */
#include "sim/exam/exam_report.h"
#include <stdio.h>
#include <string.h>

struct exam_outcome *exam_outcome_new(const struct exam_case *c)
{
    struct exam_outcome *o = g_new0(struct exam_outcome, 1);
    GString *frames = g_string_new(NULL);
    const GArray *all = c->plant.wire->frames;

    for (guint k = 0; k < c->shown->len; k++) {
        const guint index = g_array_index(c->shown, guint, k);
        exam_frame_print(&g_array_index(all, struct exam_frame, index), frames);
        g_string_append_c(frames, '\n');
    }
    o->row = c->row;
    o->verdict = c->verdict;
    o->why = g_strchomp(g_strdup(c->why->str));
    o->frames = g_string_free(frames, FALSE);
    o->flaws = c->flaws;
    o->wall_s = c->wall_s;
    o->simulated_s = c->simulated_s;
    return o;
}

void exam_outcome_free(gpointer outcome)
{
    struct exam_outcome *o = outcome;

    g_free(o->why);
    g_free(o->frames);
    g_free(o->pcap);
    g_free(o);
}

static void print_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++)
        if (**line)
            printf("#   %s\n", *line);
}

void exam_report_point(const struct exam_outcome *o, unsigned number)
{
    printf("%sok %u - %s: %s", o->verdict == EXAM_FAILED ? "not " : "", number,
           o->row->name, o->row->title);
    if (o->verdict == EXAM_NOT_SEEN) {
        printf(" # SKIP not seen: %s\n", o->why);
    } else {
        printf(" (%.1f s)\n", o->wall_s);
        if (o->verdict == EXAM_FAILED)
            print_lines(o->why);
        if (o->flaws > 1)
            printf("#   %d such findings\n", o->flaws);
        print_lines(o->frames);
    }
    fflush(stdout);
}

int exam_report_end(const GPtrArray *outcomes, double wall_s)
{
    unsigned count[3] = { 0 };

    for (guint k = 0; k < outcomes->len; k++)
        count[((const struct exam_outcome *)g_ptr_array_index(outcomes, k))->verdict]++;
    printf("1..%u\n", outcomes->len);
    printf("# %u passed, %u failed, %u not seen, in %.1f s\n", count[EXAM_PASSED],
           count[EXAM_FAILED], count[EXAM_NOT_SEEN], wall_s);
    return count[EXAM_FAILED] ? 1 : 0;
}
