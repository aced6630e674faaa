/* Who may do what by HTTP. A page of somebody else's, in a browser of ours, reaches every
 * port of this machine: by a name that suddenly means 127.0.0.1 (DNS rebinding), or by a
 * WebSocket, which browsers let cross origins. So Host and Origin are checked; and what
 * changes something needs a token, whoever asks. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { WEB_TOKEN_BYTES = 16, WEB_TOKEN = 2 * WEB_TOKEN_BYTES + 1 };

/* From the kernel's random numbers; false: there are none. */
bool web_token_make(char token[WEB_TOKEN]);

/* In a time that does not depend on where the two differ. */
bool web_token_is(const char token[WEB_TOKEN], const char *given);

/* Is the Host header one that nobody else can give a meaning to: an address, localhost,
 * or one of these names (NULL: none)? Any port. */
bool web_host_is_own(const char *host, char **names);

/* Is the origin that of pages from this very host and port? NULL, no browser, is, too. */
bool web_origin_is_own(const char *origin, const char *host);
