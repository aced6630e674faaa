/* Words of headings. See heading_words.h. */
#include "sim/history/heading_words.h"
#include <glib.h>
#include <string.h>

enum { TOKENS = 24, PHRASE = 4, TOKEN = 24, PHRASE_TEXT = PHRASE * TOKEN };

enum class {
    CLASS_WHAT,
    CLASS_KIND,
    CLASS_WAY,
    CLASS_BETWEEN,
    CLASS_WHOLE,
    CLASS_PHASE,
    CLASS_OTHER
};

/* The values of the classes, as heading.def names them. */
enum value {
    VALUE_TIME,
    VALUE_DATE,
    VALUE_VOLTAGE,
    VALUE_VOLTAGE_LL,
    VALUE_VOLTAGE_LN,
    VALUE_CURRENT,
    VALUE_POWER,
    VALUE_ACTIVE_POWER,
    VALUE_REACTIVE_POWER,
    VALUE_APPARENT_POWER,
    VALUE_ENERGY,
    VALUE_ACTIVE_ENERGY,
    VALUE_REACTIVE_ENERGY,
    VALUE_APPARENT_ENERGY,
    VALUE_PF,
    VALUE_FREQUENCY,
    VALUE_DEMAND,
    VALUE_ALERTS,
    VALUE_ACTIVE,
    VALUE_REACTIVE,
    VALUE_APPARENT,
    VALUE_IMPORT,
    VALUE_EXPORT,
    VALUE_NET,
    VALUE_LL,
    VALUE_LN,
    VALUE_SUM,
    VALUE_MEAN,
    VALUE_A,
    VALUE_B,
    VALUE_C,
    VALUE_AN,
    VALUE_BN,
    VALUE_CN,
    VALUE_AB,
    VALUE_BC,
    VALUE_CA,
    VALUE_N,
    VALUE_MAX,
    VALUE_OTHER
};

static const struct word {
    const char *text;
    enum class class;
    enum value value;
} table[] = {
#define W(text, class, value) { text, CLASS_##class, VALUE_##value },
#include "sim/history/heading.def"
#undef W
};

static const struct heading_unit units[] = {
#define U(text, kind, factor) { text, QUANTITY_##kind, factor },
#include "sim/history/unit.def"
#undef U
};

/* What a word of CLASS_WHAT says. */
static const struct {
    enum heading_what what;
    int kind;
    enum heading_between between;
} whats[] = {
    [VALUE_TIME] = { WHAT_TIME, -1, 0 },
    [VALUE_DATE] = { WHAT_DATE, -1, 0 },
    [VALUE_VOLTAGE] = { WHAT_VOLTAGE, QUANTITY_VOLTAGE, 0 },
    [VALUE_VOLTAGE_LL] = { WHAT_VOLTAGE, QUANTITY_VOLTAGE, BETWEEN_LL },
    [VALUE_VOLTAGE_LN] = { WHAT_VOLTAGE, QUANTITY_VOLTAGE, BETWEEN_LN },
    [VALUE_CURRENT] = { WHAT_CURRENT, QUANTITY_CURRENT, 0 },
    [VALUE_POWER] = { WHAT_POWER, -1, 0 },
    [VALUE_ACTIVE_POWER] = { WHAT_POWER, QUANTITY_ACTIVE, 0 },
    [VALUE_REACTIVE_POWER] = { WHAT_POWER, QUANTITY_REACTIVE, 0 },
    [VALUE_APPARENT_POWER] = { WHAT_POWER, QUANTITY_APPARENT, 0 },
    [VALUE_ENERGY] = { WHAT_ENERGY, -1, 0 },
    [VALUE_ACTIVE_ENERGY] = { WHAT_ENERGY, QUANTITY_ACTIVE_ENERGY, 0 },
    [VALUE_REACTIVE_ENERGY] = { WHAT_ENERGY, QUANTITY_REACTIVE_ENERGY, 0 },
    [VALUE_APPARENT_ENERGY] = { WHAT_ENERGY, QUANTITY_APPARENT_ENERGY, 0 },
    [VALUE_PF] = { WHAT_PF, QUANTITY_PF, 0 },
    [VALUE_FREQUENCY] = { WHAT_FREQUENCY, QUANTITY_FREQUENCY, 0 },
    [VALUE_DEMAND] = { WHAT_DEMAND, -1, 0 },
    [VALUE_ALERTS] = { WHAT_ALERTS, -1, 0 },
};

const struct heading_unit *heading_find_unit(const char *text)
{
    for (size_t k = 0; k < G_N_ELEMENTS(units); k++)
        if (!g_ascii_strcasecmp(units[k].text, text))
            return &units[k];
    return NULL;
}

bool heading_is_power(enum quantity_kind kind)
{
    return kind == QUANTITY_ACTIVE || kind == QUANTITY_REACTIVE ||
           kind == QUANTITY_APPARENT;
}

bool heading_needs_unit(enum quantity_kind kind)
{
    return kind != QUANTITY_VOLTAGE && kind != QUANTITY_CURRENT &&
           kind != QUANTITY_PF && kind != QUANTITY_FREQUENCY;
}

/* Every token of every heading is sought, and each of its ends. */
static const struct word *find_word(const char *text)
{
    static GHashTable *words;

    if (g_once_init_enter(&words)) {
        GHashTable *all = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t k = 0; k < G_N_ELEMENTS(table); k++)
            g_hash_table_insert(all, (gpointer)table[k].text, (gpointer)&table[k]);
        g_once_init_leave(&words, all);
    }
    return g_hash_table_lookup(words, text);
}

static void use_phase(struct heading_words *w, enum value value)
{
    static const unsigned bits[] = { 1, 2, 4, 1, 2, 4, 3, 6, 5, 0 };

    w->phases |= bits[value - VALUE_A];
    w->n |= value == VALUE_N || (value >= VALUE_AN && value <= VALUE_CN);
}

/* The first word says what is measured; "S" behind another one is a phase. */
static void use_what(struct heading_words *w, const struct word *word)
{
    if (w->what == WHAT_NOTHING ||
        (w->what == WHAT_DATE && word->value == VALUE_TIME)) {
        w->what = whats[word->value].what;
        w->what_kind = whats[word->value].kind;
        if (whats[word->value].between)
            w->between = whats[word->value].between;
    } else if (!strcmp(word->text, "s")) {
        use_phase(w, VALUE_B);
    } else if (word->value == VALUE_DEMAND) { /* "power demand" */
        w->what = WHAT_DEMAND;
    }
}

static void use_word(struct heading_words *w, const struct word *word)
{
    switch (word->class) {
    case CLASS_WHAT:
        use_what(w, word);
        return;
    case CLASS_KIND:
        w->kind = (int)(word->value - VALUE_ACTIVE);
        return;
    case CLASS_WAY:
        w->way = (enum heading_way)(word->value - VALUE_IMPORT + WAY_IMPORT);
        return;
    case CLASS_BETWEEN:
        w->between = word->value == VALUE_LL ? BETWEEN_LL : BETWEEN_LN;
        return;
    case CLASS_WHOLE:
        w->whole = word->value == VALUE_SUM ? WHOLE_SUM : WHOLE_MEAN;
        return;
    case CLASS_PHASE:
        use_phase(w, word->value);
        return;
    case CLASS_OTHER:
        w->max |= word->value == VALUE_MAX;
        w->other |= word->value == VALUE_OTHER;
        return;
    }
}

static bool is_tail(const struct word *word)
{
    return word && (word->class == CLASS_PHASE || word->class == CLASS_WHOLE ||
                    word->class == CLASS_BETWEEN);
}

/* "ul1", "kwtot": a symbol or a unit, and what follows it. */
static bool use_joined(struct heading_words *w, const char *token)
{
    char head[TOKEN];

    for (size_t cut = 1; cut < strlen(token); cut++) {
        const struct word *tail = find_word(token + cut);
        g_strlcpy(head, token, cut + 1);
        const struct word *what = find_word(head);
        const struct heading_unit *unit = heading_find_unit(head);
        if (!is_tail(tail) || (!unit && (!what || what->class != CLASS_WHAT)))
            continue;
        if (what && what->class == CLASS_WHAT)
            use_what(w, what);
        else
            w->unit = unit;
        use_word(w, tail);
        return true;
    }
    return false;
}

static bool is_digit(const char *token)
{
    return g_ascii_isdigit(token[0]) && !token[1];
}

static bool names_phase(const char *token)
{
    static const char *const names[] = { "phase",  "ph",   "phasen", "fase", "l",
                                         "leiter", "line", "linea",  "ligne" };

    for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
        if (!strcmp(names[k], token))
            return true;
    return false;
}

/* q1 … q4 are quadrants of a reactive energy, and phases of a reactive power. */
static bool use_quadrant(struct heading_words *w, const char *token)
{
    if (token[0] != 'q' || token[1] < '1' || token[1] > '4' || token[2] || !w->unit ||
        w->unit->kind != QUANTITY_REACTIVE_ENERGY)
        return false;
    w->quadrant = token[1] - '0';
    return true;
}

struct tokens {
    char text[TOKENS][TOKEN];
    int count;
};

/* The unit of what stands before it, at the end: "Strom L1 A". */
static bool is_own_unit(const struct heading_words *w, const struct tokens *t, int k,
                        const struct heading_unit *unit)
{
    return k + 1 == t->count && unit && !w->unit && w->what_kind == (int)unit->kind &&
           (w->phases || w->whole || w->between);
}

static void use_token(struct heading_words *w, const struct tokens *t, int k)
{
    const char *token = t->text[k];
    const struct word *word = find_word(token);
    const struct heading_unit *unit = heading_find_unit(token);

    if (use_quadrant(w, token))
        return;
    const bool own = is_own_unit(w, t, k, unit);
    if (!own && is_digit(token) && (k == 0 || !names_phase(t->text[k - 1])))
        return;
    if (own || (unit && !word))
        w->unit = unit;
    else if (word)
        use_word(w, word);
    else
        use_joined(w, token);
}

/* The longest phrase that begins here: how many tokens it has; 0: none of two or more.
 */
static int use_phrase(struct heading_words *w, const struct tokens *t, int from)
{
    for (int n = MIN(PHRASE, t->count - from); n > 1; n--) {
        char text[PHRASE_TEXT + PHRASE] = "";
        for (int k = 0; k < n; k++) {
            g_strlcat(text, k ? " " : "", sizeof text);
            g_strlcat(text, t->text[from + k], sizeof text);
        }
        const struct word *word = find_word(text);
        if (word) {
            use_word(w, word);
            return n;
        }
    }
    return 0;
}

static bool is_of_word(char c)
{
    return g_ascii_isalnum(c) || c == '%';
}

/* Lower-case, but for "VA": "Va" and "va" are the voltage of phase A. */
static void add_token(struct tokens *t, const char *text, size_t length)
{
    char *token = t->text[t->count++];

    g_strlcpy(token, text, length + 1);
    if (!strcmp(token, "VA"))
        return;
    for (char *c = token; *c; c++)
        *c = g_ascii_tolower(*c);
    if (!strcmp(token, "va"))
        g_strlcpy(token, "van", TOKEN);
}

static void cut(const char *text, struct tokens *t)
{
    while (*text && t->count < TOKENS) {
        size_t length = 0;
        while (is_of_word(text[length]))
            length++;
        if (length && length < TOKEN)
            add_token(t, text, length);
        text += length ? length : 1;
    }
}

/* A unit in brackets, or behind the last slash; it is blanked out. */
static void use_unit_apart(struct heading_words *w, char *text)
{
    static const char *const marks[] = { "[]", "()", "//" };

    for (size_t k = 0; k < G_N_ELEMENTS(marks) && !w->unit; k++) {
        char *from = strrchr(text, marks[k][0]);
        char *to = from ? strchr(from + 1, marks[k][1]) : NULL;
        if (!from || (!to && k < 2))
            continue;
        g_autofree char *inside =
            g_strndup(from + 1, to ? (gsize)(to - from - 1) : strlen(from));
        w->unit = heading_find_unit(g_strstrip(inside));
        if (w->unit)
            memset(from, ' ', to ? (size_t)(to - from + 1) : strlen(from));
    }
}

/* ASCII. Signs that have no letter become the words that they stand for. */
static char *plain(const char *text)
{
    static const char *const signs[][2] = { { "φ", "phi" },   { "ϕ", "phi" },
                                            { "Φ", "phi" },   { "Σ", " sum " },
                                            { "∑", " sum " }, { "Ø", " avg " },
                                            { "∅", " avg " }, { "λ", "pf" } };
    g_autoptr(GString) s = g_string_new(text);

    for (size_t k = 0; k < G_N_ELEMENTS(signs); k++)
        g_string_replace(s, signs[k][0], signs[k][1], 0);
    return g_str_to_ascii(s->str, "C");
}

void heading_words_parse(const char *text, struct heading_words *w)
{
    struct tokens t = { .count = 0 };
    g_autofree char *line = plain(text);

    *w = (struct heading_words){ .what_kind = -1, .kind = -1 };
    use_unit_apart(w, line);
    cut(line, &t);
    w->volt_amperes = t.count == 1 && !strcmp(t.text[0], "VA");
    for (int k = 0; k < t.count && !w->unit; k++) /* before quadrants */
        if (heading_find_unit(t.text[k]) && !find_word(t.text[k]))
            w->unit = heading_find_unit(t.text[k]);
    for (int k = 0; k < t.count;) {
        int used = use_phrase(w, &t, k);
        if (!used)
            use_token(w, &t, k);
        k += used ? used : 1;
    }
}
