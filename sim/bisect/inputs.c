/* The last inputs. See inputs.h. */
#include "sim/bisect/inputs.h"
#include "hal_sim/tape_text.h"
#include <string.h>

enum { FRAME_GAP_NS = 20000000 }; /* longer than t3.5 at the slowest rate */

static struct input *at(struct inputs *inputs, long n)
{
    return &inputs->last[n % INPUTS_LAST];
}

/* The byte goes on with the frame that is the last input. */
static bool joins(const struct input *last, const struct tape_record *record)
{
    return record->kind == TAPE_UART_BYTE && last->kind == TAPE_UART_BYTE &&
           record->time_ns - last->end_ns < FRAME_GAP_NS;
}

void inputs_add(struct inputs *inputs, const struct tape_record *record)
{
    char text[INPUT_TEXT];

    if (record->kind == TAPE_SAMPLES || record->kind == TAPE_PASS ||
        record->kind == TAPE_NVM_PAGE || record->kind >= TAPE_END)
        return;
    tape_text_input(text, sizeof text, record);
    struct input *last = inputs->count ? at(inputs, inputs->count - 1) : NULL;
    if (last && joins(last, record)) {
        size_t used = strlen(last->text);
        snprintf(last->text + used, sizeof last->text - used, " %s",
                 strchr(text, ' ') ? strchr(text, ' ') + 1 : "");
        last->end_ns = record->time_ns;
        return;
    }
    struct input *new = at(inputs, inputs->count++);
    new->time_ns = new->end_ns = record->time_ns;
    new->kind = record->kind;
    memcpy(new->text, text, sizeof text);
}

static long first_kept(const struct inputs *inputs)
{
    return inputs->count > INPUTS_LAST ? inputs->count - INPUTS_LAST : 0;
}

bool inputs_same(const struct inputs *a, const struct inputs *b)
{
    if (a->count != b->count)
        return false;
    for (long n = first_kept(a); n < a->count; n++) {
        const struct input *x = &a->last[n % INPUTS_LAST];
        const struct input *y = &b->last[n % INPUTS_LAST];
        if (x->time_ns != y->time_ns || strcmp(x->text, y->text) != 0)
            return false;
    }
    return true;
}

void inputs_print(const struct inputs *inputs)
{
    if (!inputs->count)
        puts("  none");
    for (long n = first_kept(inputs); n < inputs->count; n++) {
        const struct input *i = &inputs->last[n % INPUTS_LAST];
        printf("  %12.6f s  %s\n", (double)i->time_ns / 1e9, i->text);
    }
}
