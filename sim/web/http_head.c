/* The head of a request before libsoup has it. See http_head.h. */
#include "sim/web/http_head.h"
#include <string.h>

enum { DIGITS = 9 };

static bool is_field(const char *line, const char *name)
{
    return !g_ascii_strncasecmp(line, name, strlen(name));
}

/* At most DIGITS digits between spaces. */
static bool is_length(const char *text)
{
    text += strspn(text, " \t");
    const gsize digits = strspn(text, "0123456789");

    return digits > 0 && digits <= DIGITS &&
           !text[digits + strspn(text + digits, " \t")];
}

static bool is_good(struct http_head *h)
{
    static const char length[] = "Content-Length:";

    if (h->start[0] == ' ' || h->start[0] == '\t')
        return false;
    if (is_field(h->start, length)) {
        const bool first = !h->has_length;
        h->has_length = true;
        return first && h->line < HTTP_LINE_START &&
               is_length(h->start + strlen(length));
    }
    return !is_field(h->start, "Transfer-Encoding:") &&
           !(is_field(h->start, "Host:") && h->slashes);
}

static bool end_line(struct http_head *h)
{
    const bool good = !h->begun || is_good(h);

    h->ended = h->begun && !h->line;
    h->begun = h->begun || h->line;
    memset(h->start, 0, sizeof h->start);
    h->line = h->slashes = 0;
    return good;
}

/* A CR within a line is a space to libsoup. */
static bool take(struct http_head *h, char byte)
{
    if (++h->size > HTTP_HEAD || !byte)
        return false;
    if (byte == '\n')
        return end_line(h);
    if (byte == '\r')
        return true;
    if (h->line < HTTP_LINE_START - 1)
        h->start[h->line] = byte;
    h->slashes += byte == '/';
    h->line++;
    return true;
}

bool http_head_takes(struct http_head *h, const char *bytes, gsize size)
{
    for (gsize k = 0; k < size && !h->ended; k++)
        if (!take(h, bytes[k]))
            return false;
    return true;
}
