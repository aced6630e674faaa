/* The head of a request, looked at before libsoup has it: 3.2 forgets the path of a
 * request that it refuses for its framing (its memory grows with each), so such a request
 * never comes to it. Nothing here wants a body. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { HTTP_HEAD = 1 << 14, HTTP_LINE_START = 32 };

/* All zero: nothing has come. */
struct http_head {
    gsize size;
    bool begun; /* the request's line has, empty ones before it do not count */
    bool ended;
    char start[HTTP_LINE_START]; /* of the line under way, without CR, its end cut */
    gsize line, slashes;         /* bytes of it, slashes among them */
    bool has_length;
};

/* The next bytes. Ends with false at a head that is no request's here: longer than
 * HTTP_HEAD; a folded line (RFC 9112, 5.2) or a NUL; a length that is no number or comes
 * twice (6.3); Transfer-Encoding; a slash in Host. What follows the head is not looked
 * at. */
bool http_head_takes(struct http_head *h, const char *bytes, gsize size);
