/* Lua values as JSON. See json.h. Only raw access: of metamethods, __plain alone runs,
 * in protected mode. The caller is not in it, so nothing else here may allocate in Lua:
 * keys are copied on its stack. */
#include "sim/lua/json.h"
#include <lauxlib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* One string may stand in many places, and a byte of it become six. */
enum { DEPTH_MAX = 12, ITEMS_MAX = 10000, BYTES_MAX = 4 << 20, STACK_NEEDED = 8 };

struct budget {
    int depth, items;
    size_t bytes;
};

static JsonNode *node_of(lua_State *L, int index, struct budget *b);

/* False: so many bytes are not left. */
static bool spend(struct budget *b, size_t bytes)
{
    const bool is_left = bytes <= b->bytes;

    b->bytes -= is_left ? bytes : 0;
    return is_left;
}

static JsonNode *text_node(const char *text)
{
    JsonNode *node = json_node_new(JSON_NODE_VALUE);

    json_node_set_string(node, text);
    return node;
}

/* Bytes that are no UTF-8, and those that are 0, become U+FFFD. */
static JsonNode *string_node(lua_State *L, int index, struct budget *b)
{
    size_t size;
    const char *text = lua_tolstring(L, index, &size);

    if (!spend(b, size))
        return text_node("…");
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)size);

    return text_node(valid);
}

static JsonNode *number_node(lua_State *L, int index)
{
    JsonNode *node = json_node_new(JSON_NODE_VALUE);
    double x = lua_tonumber(L, index);

    if (lua_isinteger(L, index)) {
        json_node_set_int(node, lua_tointeger(L, index));
        return node;
    }
    if (isfinite(x)) {
        json_node_set_double(node, x);
        return node;
    }
    json_node_unref(node);
    return json_node_new(JSON_NODE_NULL);
}

static bool is_list(lua_State *L, int table)
{
    lua_Unsigned length = lua_rawlen(L, table), keys = 0;

    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        if (++keys > length) {
            lua_pop(L, 2);
            return false;
        }
    return true;
}

static JsonNode *list_node(lua_State *L, int table, struct budget *b)
{
    JsonArray *array = json_array_new();
    lua_Unsigned length = lua_rawlen(L, table);

    for (lua_Unsigned k = 1; k <= length && b->items > 0; k++) {
        lua_rawgeti(L, table, (lua_Integer)k);
        json_array_add_element(array, node_of(L, lua_gettop(L), b));
        lua_pop(L, 1);
    }
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(node, array);
    return node;
}

/* A key that is on the stack. */
struct key {
    const char *text;
    int at;
};

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct key *)a)->text, ((const struct key *)b)->text);
}

/* Pushes a copy of each key that is a string. False: there is no room for them. */
static bool push_keys(lua_State *L, int table, GArray *keys)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        if (!lua_checkstack(L, STACK_NEEDED))
            return false;
        struct key key = { lua_tostring(L, -1), lua_gettop(L) };
        g_array_append_val(keys, key);
        lua_pushvalue(L, -1);
    }
    g_array_sort(keys, by_text);
    return true;
}

static void add_member(lua_State *L, JsonObject *object, const char *name,
                       struct budget *b)
{
    json_object_set_member(object, name, node_of(L, lua_gettop(L), b));
    lua_pop(L, 1);
}

/* Lua's own order of keys differs from run to run: they are sorted. */
static JsonNode *object_node(lua_State *L, int table, struct budget *b)
{
    JsonObject *object = json_object_new();
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(struct key));
    int top = lua_gettop(L);
    char number[40];

    if (!push_keys(L, table, keys))
        g_array_set_size(keys, 0);
    for (guint k = 0; k < keys->len && b->items > 0; k++) {
        const struct key *key = &g_array_index(keys, struct key, k);
        if (!spend(b, strlen(key->text)))
            continue;
        lua_pushvalue(L, key->at);
        lua_rawget(L, table);
        add_member(L, object, key->text, b);
    }
    lua_Integer count = (lua_Integer)lua_rawlen(L, table);
    for (lua_Integer k = 1; k <= count && b->items > 0; k++) {
        lua_rawgeti(L, table, k);
        g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, (gint64)k);
        add_member(L, object, number, b);
    }
    lua_settop(L, top);
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    return node;
}

static JsonNode *table_node(lua_State *L, int table, struct budget *b)
{
    JsonNode *node;

    if (b->depth == 0 || !lua_checkstack(L, STACK_NEEDED))
        return text_node("…");
    b->depth--;
    node = is_list(L, table) && lua_rawlen(L, table) ? list_node(L, table, b)
                                                     : object_node(L, table, b);
    b->depth++;
    return node;
}

/* Runs in protected mode: what the value's metatable has it stand for. */
static int plain_of(lua_State *L)
{
    if (luaL_getmetafield(L, 1, "__plain") != LUA_TFUNCTION)
        return 0;
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    lua_pushboolean(L, !lua_isuserdata(L, -1));
    return 2;
}

static JsonNode *userdata_node(lua_State *L, int index, struct budget *b)
{
    int top = lua_gettop(L);
    JsonNode *node = NULL;

    if (lua_checkstack(L, STACK_NEEDED)) {
        lua_pushcfunction(L, plain_of);
        lua_pushvalue(L, index);
        if (lua_pcall(L, 1, 2, 0) == LUA_OK && lua_toboolean(L, -1))
            node = node_of(L, lua_gettop(L) - 1, b);
    }
    lua_settop(L, top);
    return node ? node : text_node(lua_typename(L, LUA_TUSERDATA));
}

static JsonNode *node_of(lua_State *L, int index, struct budget *b)
{
    JsonNode *node;

    b->items--;
    switch (lua_type(L, index)) {
    case LUA_TNIL:
        return json_node_new(JSON_NODE_NULL);
    case LUA_TBOOLEAN:
        node = json_node_new(JSON_NODE_VALUE);
        json_node_set_boolean(node, lua_toboolean(L, index));
        return node;
    case LUA_TNUMBER:
        return number_node(L, index);
    case LUA_TSTRING:
        return string_node(L, index, b);
    case LUA_TTABLE:
        return table_node(L, index, b);
    case LUA_TUSERDATA:
        return userdata_node(L, index, b);
    default:
        return text_node(lua_typename(L, lua_type(L, index)));
    }
}

JsonNode *json_of_lua(lua_State *L, int first, int count)
{
    struct budget b = { DEPTH_MAX, ITEMS_MAX, BYTES_MAX };

    if (count == 1)
        return node_of(L, lua_absindex(L, first), &b);
    JsonArray *array = json_array_new();
    for (int k = 0; k < count && b.items > 0; k++)
        json_array_add_element(array, node_of(L, first + k, &b));
    JsonNode *node = json_node_new(JSON_NODE_ARRAY);
    json_node_take_array(node, array);
    return node;
}
