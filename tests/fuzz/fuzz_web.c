/* libFuzzer target of messages from web clients: whatever text comes, it is a request with
 * numbers in their ranges, or a line of the console, or it is refused with a reason. */
#include "gui/panel_view.h"
#include "sim/web/web_request.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check(const struct web_request *r)
{
    require(r->meter >= -1 && r->view >= 0 && r->view < PANEL_VIEWS);
    require(r->topic < WEB_TOPICS);
    require(r->verb <= WEB_UNWATCH);
    if (r->verb == WEB_METERS)
        require(r->text && r->from >= 0 && r->count >= 0 && r->count <= WEB_ROWS_MAX);
    if (r->verb == WEB_AUTHENTICATE)
        require(r->text != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *message = g_strndup((const char *)bytes, size);
    struct web_request r;
    const char *wrong;

    if (web_request_parse(&r, message, &wrong))
        check(&r);
    else
        require(*message == '{' && wrong && *wrong);
    web_request_clear(&r);
    g_free(message);
    return 0;
}
