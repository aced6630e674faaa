/* The standard has fields for unit and phase; many files leave them blank or have them
 * in letters of their own: Cyrillic look-alikes of V, A and k, L1 L2 L3, R S T. */
#include "waveform/recording_names.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
    PLAIN = 4 /* alphabets whose letters mean one phase each, whatever the others */
};

const char recording_alphabet[RECORDING_ALPHABETS][4] = { "ABC", "RST", "UVW", "123",
                                                          "RYB", "RWB", "XYZ" };

/* Letters that look like Latin ones become them; others stay. */
static void latin(const char *from, char to[COMTRADE_TEXT])
{
    static const char *const letter[][2] = { { "\u0412", "V" }, { "\u0410", "A" },
                                             { "\u043a", "k" }, { "\u041a", "k" },
                                             { "\u043c", "m" }, { "\u0421", "C" } };
    size_t used = 0;
    while (*from) {
        size_t width = 1;
        char out = *from;
        for (size_t k = 0; k < sizeof letter / sizeof *letter; k++)
            if (strncmp(from, letter[k][0], 2) == 0) {
                width = 2;
                out = *letter[k][1];
            }
        to[used++] = out;
        from += width;
    }
    to[used] = '\0';
}

/* 'V', 'A' or 0; `factor` is that of the prefix. */
static char unit_kind(const char *unit, double *factor)
{
    static const char prefix[] = "kKMmu";
    static const double size[] = { 1e3, 1e3, 1e6, 1e-3, 1e-6 };
    const char *at = *unit ? strchr(prefix, *unit) : NULL;
    *factor = at && unit[1] ? size[at - prefix] : 1;
    unit += at && unit[1];
    char kind = (char)toupper((unsigned char)unit[0]), next = unit[0] ? unit[1] : '\0';
    bool ends = next == '\0' || next == ' ' || next == '_';
    if (kind == 'V' && (ends || strncasecmp(unit, "volt", 4) == 0))
        return 'V';
    return kind == 'A' && (ends || strncasecmp(unit, "amp", 3) == 0) ? 'A' : 0;
}

char recording_kind(const struct comtrade_analog *a, double *factor)
{
    char unit[COMTRADE_TEXT];
    latin(a->unit, unit);
    /* "V/kV": secondary and primary values have units of their own */
    char *slash = strchr(unit, '/');
    if (slash && slash[1] == 'k') {
        *slash = '\0';
        return unit_kind(a->is_primary ? slash + 1 : unit, factor);
    }
    if (unit[0])
        return unit_kind(unit, factor);
    *factor = 1;
    char first = (char)toupper((unsigned char)a->name[0]);
    return first == 'V' || first == 'U' ? 'V' : first == 'I' ? 'A' : 0;
}

char recording_letter(const char **text)
{
    static const struct {
        char bytes[3], letter;
    } alike[] = { { "\u0410", 'A' }, { "\u0412", 'B' }, { "\u0421", 'C' },
                  { "\u0430", 'A' }, { "\u0432", 'B' }, { "\u0441", 'C' } };
    if (!(**text & 0x80))
        return (char)toupper((unsigned char)*(*text)++);
    for (size_t k = 0; k < sizeof alike / sizeof *alike; k++)
        if (strncmp(*text, alike[k].bytes, 2) == 0) {
            *text += 2;
            return alike[k].letter;
        }
    return *(*text)++;
}

/* 1, 2, 3 from "A", "L2", "C-N", "bn", "R" …; other text (N, AB, S) is no phase. */
int recording_phase(const struct comtrade_analog *a)
{
    const char *p = a->phase;
    if (*p == '\0')
        return RECORDING_PHASE_UNKNOWN;
    p += (*p == 'L' || *p == 'l') && p[1];
    const char *rest = p;
    char letter = recording_letter(&rest);
    rest += *rest == '-';
    if (*rest && (!strchr("NnGgEe", *rest) || rest[1]))
        return RECORDING_PHASE_OTHER;
    for (int i = 0; i < RECORDING_ALPHABETS; i++) {
        const char *at = strchr(recording_alphabet[i], letter);
        if (at && i < PLAIN) /* 'B' of R-Y-B is phase B of A-B-C */
            return (int)(at - recording_alphabet[i]) + 1;
    }
    return RECORDING_PHASE_OTHER;
}

/* The two phases of "AB", "A-B", "L1-L2", "RS", "12"; 0: it is not such a pair. */
static int pair_of(const char *text, int phase[2])
{
    int count = 0, alphabet = -1;
    for (; isalnum((unsigned char)*text) || *text == '-' || *text == '/'; text++) {
        char letter = (char)toupper((unsigned char)*text);
        if (letter == '-' || letter == '/' || letter == 'L')
            continue;
        const char *at = NULL;
        for (int i = 0; i < PLAIN && !at; i++)
            if (alphabet < 0 || alphabet == i) {
                at = strchr(recording_alphabet[i], letter);
                alphabet = at ? i : alphabet;
            }
        if (!at || count == 2)
            return 0;
        phase[count++] = (int)(at - recording_alphabet[alphabet]);
    }
    return count == 2 && phase[0] != phase[1];
}

int recording_pair(const struct comtrade_analog *a, bool *reversed)
{
    int phase[2];
    const char *name = a->name;
    bool first = *name && strchr("VvUu", *name);
    if (!(a->phase[1] && pair_of(a->phase, phase)) &&
        !(first && pair_of(name + 1, phase)))
        return RECORDING_NO_PAIR;
    *reversed = (phase[0] + 1) % 3 != phase[1];
    return *reversed ? phase[1] : phase[0];
}
