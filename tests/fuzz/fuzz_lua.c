/* libFuzzer target of the sandbox: whatever the source, it is refused, raises an error,
 * or ends; the limits of steps and memory hold; what it returns can be printed. */
#include "sim/lua/json.h"
#include "sim/lua/sandbox.h"
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { STEPS = 20000, MEMORY = 1 << 20 };

static bool stopped;

static int64_t stand_still(const void *host)
{
    (void)host;
    return 0;
}

static bool is_over(const void *host)
{
    (void)host;
    return stopped;
}

static const char *stop(void *host, const char *why)
{
    (void)host;
    stopped = true;
    return why;
}

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void print_value(lua_State *L)
{
    JsonNode *node = json_of_lua(L, -1, 1);
    char *text = json_to_string(node, FALSE);

    require(text != NULL);
    g_free(text);
    json_node_unref(node);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct verb none[] = { { NULL, NULL, NULL, NULL } };
    struct sandbox s = { .name = "fuzz",
                         .verbs = none,
                         .memory_limit = MEMORY,
                         .step_limit = STEPS,
                         .random = 1,
                         .now_ns = stand_still,
                         .over = is_over,
                         .stop = stop };
    lua_State *L = sandbox_new(&s);

    stopped = false;
    require(L != NULL);
    if (luaL_loadbufferx(L, (const char *)bytes, size, "=fuzz", "t") == LUA_OK)
        lua_pcall(L, 0, 1, 0);
    g_free(sandbox_error_text(L));
    print_value(L);
    require(s.memory <= MEMORY);
    lua_close(L);
    require(s.memory == 0);
    return 0;
}
