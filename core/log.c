/* The ten logs. See log.h. */
#include "core/log.h"
#include "core/encode.h"
#include "core/log_entry.h"
#include "core/meter_state.h"
#include "core/persist.h"
#include "core/records.h"
#include <string.h>

enum { QNAN16 = 0x8000, COUNT_MAX = 32767 };

static void forget_entries(struct meter *m, struct log_state *s)
{
    s->shown = s->entries = s->wraps = 0;
    s->start_mwh = m->reading[Q_KWH_NET];
    for (int k = 0; k < CLOCK_WORDS; k++)
        s->stamp[k] = QNAN16;
}

/* A set that was held is gone with the power; one that was not lets collisions be. */
int log_start(struct meter *m)
{
    struct log_state *s = &m->log.state;
    bool loaded = nvm_load(&m->nvm, m->hal, NVM_LOG, &log_state_layout, s);

    if (m->nvm.silent)
        return -1;
    if (!loaded || s->next >= LOG_RING || s->shown > LOG_ENTRIES ||
        s->entries > LOG_ENTRIES) {
        memset(s, 0, sizeof *s);
        forget_entries(m, s);
        if (m->model->logs) /* they start here, whatever the next power-up finds */
            nvm_save(&m->nvm, m->hal, NVM_LOG, &log_state_layout, s);
    }
    if (!(s->status & LOG_COLLISION_2))
        s->status &= (uint16_t)~LOG_COLLISION_1;
    s->events |= LOG_INTERRUPTED | LOG_CLOCK_CHANGED;
    return 0;
}

void log_note(struct meter *m, enum log_status event)
{
    m->log.state.events |= (uint16_t)event;
}

void log_settings_changed(struct meter *m, const struct settings *before)
{
    const uint16_t *old = before->value, *new = m->settings.value;
    uint16_t mode = new[SETTING_LOG_MODE];
    bool changed = old[SETTING_SUBINTERVAL_S] != new[SETTING_SUBINTERVAL_S] ||
                   old[SETTING_LOG_MODE] != mode;

    for (int k = 0; k < LOGS; k++)
        changed |= old[SETTING_LOG_POINTER_1 + k] != new[SETTING_LOG_POINTER_1 + k];
    if (changed)
        log_note(m, LOG_INTERRUPTED);
    if (old[SETTING_LOG_MODE] & ~mode & LOG_HALT && m->log.state.shown == 0)
        m->log.state.start_mwh = m->reading[Q_KWH_NET]; /* logging starts */
}

/* What a pointer names: a register of one or two words, never the logs' own window
 * (config.c, CHECK_LOG_POINTER). */
static uint16_t logged_word(const struct meter *m, uint16_t reg)
{
    enum register_kind kind;
    int word;
    const struct register_row *row = model_find_register(m->model, reg, &word, &kind);

    if (!row)
        return QNAN16;
    uint32_t value = encode_row(m, row, kind);
    return (uint16_t)(word == 0 ? value >> 16 : value);
}

/* The registers that the pointers name, all of the state just published. */
static void sample_set(const struct meter *m, struct log_set *set)
{
    for (int k = 0; k < LOGS; k++)
        set->entry[k] = logged_word(m, m->settings.value[SETTING_LOG_POINTER_1 + k]);
    for (int k = 0; k < CLOCK_WORDS; k++)
        set->stamp[k] = clock_word(&m->clock, k);
}

static void count_up(uint16_t *count)
{
    if (*count < COUNT_MAX)
        (*count)++;
}

/* True when there is room for one more set; a full log wraps, or loses the set. */
static bool make_room(struct meter *m, struct log_state *s)
{
    if (s->entries < LOG_ENTRIES)
        return true;
    count_up(&s->wraps);
    if (m->settings.value[SETTING_LOG_MODE] & LOG_SINGLE_SHOT) {
        s->status |= LOG_FULL;
        return false;
    }
    s->entries = 0;
    s->start_mwh = m->reading[Q_KWH_NET];
    return true;
}

/* Entries go to FRAM; that they are there is said by *s, which the caller stores. */
static int write_set(struct meter *m, struct log_state *s, const struct log_set *set)
{
    if (!make_room(m, s))
        return 0;
    for (int k = 0; k < LOGS; k++)
        if (log_entry_write(&m->nvm, m->hal, k, s->next, set->entry[k]))
            return -1;
    s->next = (uint16_t)((s->next + 1) % LOG_RING);
    s->entries++;
    if (s->shown < LOG_ENTRIES)
        s->shown++;
    memcpy(s->stamp, set->stamp, sizeof s->stamp);
    if (m->settings.value[SETTING_LOG_MODE] & LOG_SINGLE_SHOT &&
        s->entries == LOG_ENTRIES)
        s->status |= LOG_FULL;
    else
        s->status &= (uint16_t)~LOG_FULL;
    return 0;
}

/* While a log is read one set waits; the second one has both written all the same. */
static bool must_wait(struct meter *m, struct log_state *s)
{
    if (m->settings.value[SETTING_LOG_PAGE] == 0) {
        s->status &= (uint16_t) ~(LOG_COLLISION_1 | LOG_COLLISION_2);
        return false;
    }
    if (m->log.holds)
        s->status |= LOG_COLLISION_2;
    if (s->status & LOG_COLLISION_2)
        return false;
    s->status |= LOG_COLLISION_1;
    return true;
}

/* A halted log stores no set, but one that is held from before is written when nobody
 * reads any more. */
static int sample_and_write(struct meter *m, struct log_state *s)
{
    bool halted = m->settings.value[SETTING_LOG_MODE] & LOG_HALT;
    bool reading = m->settings.value[SETTING_LOG_PAGE] != 0;
    struct log_set set;

    if (halted && reading)
        return 0;
    sample_set(m, &set);
    if (must_wait(m, s)) {
        m->log.held = set;
        m->log.holds = true;
        return 0;
    }
    if (m->log.holds && write_set(m, s, &m->log.held))
        return -1;
    m->log.holds = false;
    return halted ? 0 : write_set(m, s, &set);
}

static int store(struct meter *m, const struct log_state *s)
{
    if (nvm_save(&m->nvm, m->hal, NVM_LOG, &log_state_layout, s))
        return -1;
    m->log.state = *s;
    return 0;
}

/* When NVM does not answer, the logs stay as they were, and were interrupted. */
void log_subinterval(struct meter *m)
{
    struct log_state s = m->log.state;
    bool held = m->log.holds;

    s.status = (uint16_t)((s.status & ~LOG_EVENTS) | s.events);
    s.events = 0;
    if (sample_and_write(m, &s) || store(m, &s)) {
        m->log.holds = held;
        log_note(m, LOG_INTERRUPTED);
    }
}

int log_reset(struct meter *m)
{
    struct log_state s = m->log.state;

    forget_entries(m, &s);
    s.status &= LOG_EVENTS;
    s.events |= LOG_WAS_RESET;
    if (store(m, &s))
        return -1;
    m->log.holds = false;
    persist_accept(m, NVM_LOG);
    return 0;
}

/* A run of neighbours in the ring: `count` entries from window entry `first` on, all of
 * them shown. Returns how many were read, or -1. */
static int read_run(struct meter *m, int log, unsigned first, unsigned count,
                    uint16_t *words)
{
    const struct log_state *s = &m->log.state;
    bool newest_first = m->model->log_newest_first;
    unsigned back = newest_first ? 1 + first : s->shown - first;
    unsigned place = (s->next + LOG_RING - back) % LOG_RING;
    unsigned run = newest_first ? place + 1 : LOG_RING - place;
    uint16_t in_place[LOG_READ_MAX];

    run = run < count ? run : count;
    run = run < LOG_READ_MAX ? run : LOG_READ_MAX;
    if (log_entry_read(&m->nvm, m->hal, log, newest_first ? place + 1 - run : place,
                       run, in_place))
        return -1;
    for (unsigned k = 0; k < run; k++)
        words[k] = in_place[newest_first ? run - 1 - k : k];
    return (int)run;
}

int log_read(struct meter *m, unsigned first, unsigned count, uint16_t *words)
{
    int log = m->settings.value[SETTING_LOG_PAGE] - 1;
    unsigned shown = log < 0 ? 0 : m->log.state.shown, n = 0;

    while (n < count && first + n < shown) {
        unsigned left = count - n, more = shown - first - n;
        int run = read_run(m, log, first + n, left < more ? left : more, words + n);
        if (run < 0)
            return -1;
        n += (unsigned)run;
    }
    for (; n < count; n++)
        words[n] = QNAN16;
    return 0;
}
