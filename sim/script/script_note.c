/* See script_note.h. */
#include "sim/script/script_note.h"
#include "sim/script/script_state.h"
#include <string.h>

static bool is_seen(const struct script *s)
{
    return s->options.observer && !script_over(s);
}

static void report(struct script *s, const struct site_meter *m,
                   struct observed_event *event)
{
    event->at_ns = sim_now(s->sim);
    event->meter = m ? observer_find(s->options.observer, m->unit) : NULL;
    observer_finish(s->options.observer); /* what came before comes first */
    observer_event(s->options.observer, event);
}

void script_note(struct script *s, enum observed_kind kind, const struct site_meter *m,
                 int line, const char *text)
{
    struct observed_event event = { .kind = kind, .line = line, .text = text };

    if (is_seen(s))
        report(s, m, &event);
}

static void note_source(struct script *s, enum observed_kind kind,
                        const struct site_meter *m, int line)
{
    if (!is_seen(s))
        return;
    g_autofree char *text = source_call(s->source, line);
    script_note(s, kind, m, line, text);
}

void script_note_call(lua_State *L, enum observed_kind kind, const struct site_meter *m)
{
    struct script *s = script_of(L);

    if (is_seen(s))
        note_source(s, kind, m, sandbox_line(L));
}

void script_note_line(struct script *s, enum observed_kind kind, int line)
{
    note_source(s, kind, NULL, line);
}

void script_note_fault(void *script, const struct site_meter *m, enum fault_id id,
                       int k, int line)
{
    struct script *s = script;
    const struct fault_row *row = &fault_table[id];
    double value = m->unit->faults->value[id][k];
    char key[64], text[160], number[32];

    if (!is_seen(s))
        return;
    bool set = value != row->neutral;
    g_snprintf(key, sizeof key, row->per_phase ? "%s %c" : "%s", row->name, 'A' + k);
    if (set && !row->unit[0] && value == row->max)
        g_snprintf(text, sizeof text, "fault %s begins", key);
    else if (set)
        g_snprintf(text, sizeof text, "fault %s: %s%s%s", key,
                   value_text(value, number, sizeof number), row->unit[0] ? " " : "",
                   row->unit);
    else
        g_snprintf(text, sizeof text, "fault %s ends", key);
    report(s, m,
           &(struct observed_event){ .kind = OBSERVED_FAULT,
                                     .key = key,
                                     .state = set,
                                     .line = line,
                                     .text = text });
}

/* The message begins with "file:line: ". */
static int line_of(const struct script *s, const char *message)
{
    size_t name = strlen(s->name);

    if (strncmp(message, s->name, name) || message[name] != ':')
        return 0;
    return (int)g_ascii_strtoll(message + name + 1, NULL, 10);
}

void script_note_end(struct script *s, const char *message)
{
    g_autofree char *first = g_strndup(message, strcspn(message, "\n"));

    script_note(s, OBSERVED_FAILED, NULL, line_of(s, message), first);
}
