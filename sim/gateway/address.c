/* HOST:PORT. See address.h. */
#include "sim/gateway/address.h"
#include <glib.h>
#include <string.h>

static bool parse_port(int *port, const char *text)
{
    guint64 value;

    if (!g_ascii_string_to_unsigned(text, 10, 0, 65535, &value, NULL))
        return false;
    *port = (int)value;
    return true;
}

bool address_parse(struct address *a, const char *text, int port)
{
    const char *colon = strrchr(text, ':');
    const char *host = text;
    size_t length = colon ? (size_t)(colon - text) : 0;

    g_strlcpy(a->host, "127.0.0.1", sizeof a->host);
    a->port = port;
    if (!colon && strspn(text, "0123456789") == strlen(text) && *text)
        return parse_port(&a->port, text);
    if (!colon)
        length = strlen(text);
    else if (colon[1] && !parse_port(&a->port, colon + 1))
        return false;
    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    }
    if (length >= sizeof a->host)
        return false;
    if (length) {
        memcpy(a->host, host, length);
        a->host[length] = '\0';
    }
    return true;
}
