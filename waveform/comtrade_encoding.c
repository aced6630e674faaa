/* Cyrillic words are runs of high bytes; Western letters stand between ASCII letters;
 * GBK (two high bytes to a character) has runs of even length and bytes that are no
 * letters in CP1251. */
#include "waveform/comtrade_encoding.h"
#include <ctype.h>
#include <string.h>

enum { HIGH = 0x80, LETTERS = 0xc0, CYRILLIC = 0x0410, LOWER = 0xe0 };

/* Code points of 0x80 to 0xBF; 0: none. Bytes above are letters: U+0410 on in CP1251,
 * U+00C0 on in CP1252. */
static const uint16_t CP1251[LETTERS - HIGH] = {
    0x0402, 0x0403, 0x201a, 0x0453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030,
    0x0409, 0x2039, 0x040a, 0x040c, 0x040b, 0x040f, 0x0452, 0x2018, 0x2019, 0x201c,
    0x201d, 0x2022, 0x2013, 0x2014, 0,      0x2122, 0x0459, 0x203a, 0x045a, 0x045c,
    0x045b, 0x045f, 0x00a0, 0x040e, 0x045e, 0x0408, 0x00a4, 0x0490, 0x00a6, 0x00a7,
    0x0401, 0x00a9, 0x0404, 0x00ab, 0x00ac, 0x00ad, 0x00ae, 0x0407, 0x00b0, 0x00b1,
    0x0406, 0x0456, 0x0491, 0x00b5, 0x00b6, 0x00b7, 0x0451, 0x2116, 0x0454, 0x00bb,
    0x0458, 0x0405, 0x0455, 0x0457
};

/* Of 0x80 to 0x9F; those above are themselves. */
static const uint16_t CP1252[0xa0 - HIGH] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178
};

struct tally {
    size_t high, letters, lower, odd_runs, beside_ascii;
};

static bool is_cyrillic(unsigned char b)
{
    return b >= LETTERS || b == 0xa8 || b == 0xb8 || b == 0xb9; /* yo, numero */
}

static void count_run(const unsigned char *b, size_t from, size_t to, size_t size,
                      struct tally *t)
{
    bool ascii = (from > 0 && isalpha(b[from - 1])) || (to < size && isalpha(b[to]));
    t->odd_runs += (to - from) % 2;
    t->beside_ascii += ascii && to - from <= 2 ? to - from : 0;
    for (size_t i = from; i < to; i++) {
        t->high++;
        t->letters += is_cyrillic(b[i]);
        t->lower += b[i] >= LOWER;
    }
}

enum comtrade_encoding comtrade_encoding_of(struct comtrade_span header)
{
    const unsigned char *b = (const unsigned char *)header.at;
    struct tally t = { 0 };
    if (comtrade_span_is_utf8(header))
        return COMTRADE_UTF8;
    for (size_t i = 0; i < header.size;) {
        size_t from = i;
        while (i < header.size && b[i] >= HIGH)
            i++;
        if (i > from)
            count_run(b, from, i, header.size, &t);
        i += i < header.size;
    }
    if (2 * t.beside_ascii >= t.high)
        return COMTRADE_CP1252;
    bool letters = 10 * t.letters >= 9 * t.high;
    bool words = t.odd_runs > 0 || 10 * t.lower >= 6 * t.high;
    return letters && words ? COMTRADE_CP1251 : COMTRADE_UNKNOWN;
}

static unsigned code_point(enum comtrade_encoding encoding, unsigned char b)
{
    if (encoding == COMTRADE_CP1251)
        return b >= LETTERS ? CYRILLIC + b - LETTERS : CP1251[b - HIGH];
    return b >= 0xa0 ? b : CP1252[b - HIGH];
}

/* Bytes written; 0: none fits, or there is none. */
static size_t put(unsigned code, char *out, size_t room)
{
    size_t size = code < 0x800 ? 2 : 3;
    if (code == 0 || size >= room)
        return 0;
    out[0] = (char)(size == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
    if (size == 3)
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
    out[size - 1] = (char)(0x80 | (code & 0x3f));
    return size;
}

void comtrade_encoding_copy(enum comtrade_encoding encoding, struct comtrade_span s,
                            char *out, size_t size)
{
    size_t used = 0;
    if (encoding == COMTRADE_UTF8 || encoding == COMTRADE_UNKNOWN) {
        comtrade_span_copy(s, out, size);
        return;
    }
    for (size_t i = 0; i < s.size; i++) {
        unsigned char b = (unsigned char)s.at[i];
        struct comtrade_span one = { s.at + i, 1 };
        size_t written =
            b >= HIGH ? put(code_point(encoding, b), out + used, size - used) : 0;
        if (written == 0) {
            comtrade_span_copy(one, out + used, size - used);
            written = strlen(out + used);
        }
        if (written == 0)
            break;
        used += written;
    }
    out[used] = '\0';
}
