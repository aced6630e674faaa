/* Token, Host and Origin. See web_guard.h. */
#include "sim/web/web_guard.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/random.h>

bool web_token_make(char token[WEB_TOKEN])
{
    unsigned char bytes[WEB_TOKEN_BYTES];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return false;
    for (int k = 0; k < WEB_TOKEN_BYTES; k++)
        g_snprintf(token + 2 * k, 3, "%02x", bytes[k]);
    return true;
}

bool web_token_is(const char token[WEB_TOKEN], const char *given)
{
    unsigned char differs = 0;

    if (strlen(given) != WEB_TOKEN - 1)
        return false;
    for (int k = 0; k < WEB_TOKEN - 1; k++)
        differs |= (unsigned char)(token[k] ^ given[k]);
    return differs == 0;
}

/* "[::1]:8080", "localhost:8080", "127.0.0.1": the name or the address, to be freed;
 * NULL: the header is none. */
static char *name_of(const char *host)
{
    const char *end = *host == '[' ? strchr(host, ']') : strchr(host, ':');
    const char *start = *host == '[' ? host + 1 : host;
    const char *rest = end && *host == '[' ? end + 1 : end;

    if (!end && *host == '[')
        return NULL;
    if (rest && *rest && (*rest != ':' || rest[1 + strspn(rest + 1, "0123456789")]))
        return NULL;
    return g_strndup(start, end ? (gsize)(end - start) : strlen(start));
}

bool web_host_is_own(const char *host, char **names)
{
    char *name = host ? name_of(host) : NULL;
    bool own = name && (g_hostname_is_ip_address(name) ||
                        !g_ascii_strcasecmp(name, "localhost"));

    for (; name && names && *names; names++)
        own = own || !g_ascii_strcasecmp(name, *names);
    g_free(name);
    return own;
}

/* https: of a proxy before this port. */
bool web_origin_is_own(const char *origin, const char *host)
{
    if (!origin)
        return true;
    if (g_str_has_prefix(origin, "http://"))
        return !g_ascii_strcasecmp(origin + 7, host);
    return g_str_has_prefix(origin, "https://") &&
           !g_ascii_strcasecmp(origin + 8, host);
}
