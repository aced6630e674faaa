/* The page of a served plant. See web_page.h. */
#include "sim/web/web_page.h"
#include <gio/gio.h>
#include <string.h>

static const char mark[] = "<html lang=\"en\"", live[] = "<html lang=\"en\" data-live";

static const char missing[] =
    "<!DOCTYPE html><title>metersim</title><p>This metersim was built without its "
    "page: "
    "<code>./run page</code> installs emscripten and builds anew. /metrics, /ready and "
    "the WebSocket at /ws are served.";

static void print_page(void *user, GString *text)
{
    GBytes *bytes = user;
    gsize size;
    const char *page = g_bytes_get_data(bytes, &size);
    const char *at = g_strstr_len(page, (gssize)size, mark);

    if (!at)
        return;
    g_string_append_len(text, page, at - page);
    g_string_append(text, live);
    at += sizeof mark - 1;
    g_string_append_len(text, at, page + size - at);
}

static void print_missing(void *user, GString *text)
{
    g_string_append(text, user);
}

/* The resource is static: no reference to it is needed. */
void web_page_add(struct http_door *door)
{
    GBytes *bytes = g_resources_lookup_data("/metersim/meter.html",
                                            G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    http_door_add_text(door, "/", "text/html; charset=utf-8",
                       bytes ? print_page : print_missing,
                       bytes ? (void *)bytes : (void *)missing);
}
