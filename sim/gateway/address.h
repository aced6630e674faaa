/* HOST:PORT as users type it: "127.0.0.1:1502", ":1502", "1502", "[::1]:1502". */
#pragma once

#include <stdbool.h>

enum { ADDRESS_HOST = 64 };

struct address {
    char host[ADDRESS_HOST];
    int port; /* 0…65535 */
};

/* False when the text is no address; missing parts are loopback and `port`. */
bool address_parse(struct address *a, const char *text, int port);
