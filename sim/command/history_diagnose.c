/* Rows as dumps of a site. See history_diagnose.h. */
#include "sim/command/history_diagnose.h"
#include "sim/diagnose/diagnosis_text.h"
#include <math.h>
#include <stdio.h>

enum { DUMPS = 8, ANSWERS = 3 };

static void read_three(const struct history *h, int row, int first, double factor,
                       double to[3])
{
    for (int k = 0; k < 3; k++)
        to[k] = factor * history_value(h, row, history_find(h, first + k));
}

static void read_row(const struct history *h, int row, struct observation_dump *d)
{
    d->time_s = (double)(history_stamp_ms(h, row) - history_begin_ms(h)) / 1000;
    read_three(h, row, Q_V_AN, 1, d->v);
    read_three(h, row, Q_V_AB, 1, d->vll);
    read_three(h, row, Q_I_A, 1, d->i);
    read_three(h, row, Q_KW_A, 1000, d->p);
    read_three(h, row, Q_KVAR_A, 1000, d->q);
    read_three(h, row, Q_KVA_A, 1000, d->s);
    d->p_total = 1000 * history_value(h, row, history_find(h, Q_KW_TOTAL));
    d->hz = history_value(h, row, history_find(h, Q_FREQ));
}

static bool is_enough(const struct history *h)
{
    return history_find(h, Q_I_A) >= 0 || history_find(h, Q_KW_A) >= 0;
}

static void observe(const struct history *h, const struct unit *u, int from_row,
                    struct observation *o)
{
    const int rows = h->rows - from_row, count = MIN(rows, DUMPS);

    *o = (struct observation){
        .model = u->model,
        .type =
            &system_type_table[system_type_find(unit_setting(u, SETTING_SYSTEM_TYPE))],
        .nominal_v = unit_setting(u, SETTING_SYSTEM_VOLTAGE),
        .ct_primary = unit_setting(u, SETTING_CT_PRIMARY),
        .pt_ratio = unit_setting(u, SETTING_PT_RATIO) / 100.0,
        .ct_secondary = unit_setting(u, SETTING_CT_SECONDARY),
        .count = count,
    };
    g_snprintf(o->source, sizeof o->source, "%s:%d", h->path, h->row[from_row].line);
    for (int k = 0; k < count; k++)
        read_row(h, from_row + (int)((int64_t)k * rows / count), &o->dump[k]);
}

void history_diagnose(const struct history *h, const struct unit *u, int from_row)
{
    const struct evidence_options options = { .direction = DIRECTION_BOTH };
    g_autofree struct observation *o = NULL;
    struct diagnosis d;

    if (!is_enough(h)) {
        puts("metersim diagnose would need the current or the power of each phase");
        return;
    }
    o = g_new(struct observation, 1);
    observe(h, u, from_row, o);
    printf("what metersim diagnose says of the rows from line %d on:\n",
           h->row[from_row].line);
    struct hypotheses *hypotheses = hypotheses_new(o);
    g_autoptr(GString) text = g_string_new(NULL);
    diagnosis_make(&d, o, hypotheses, &options, ANSWERS);
    diagnosis_text(&d, text);
    fputs(text->str, stdout);
    diagnosis_clear(&d);
    hypotheses_free(hypotheses);
}
