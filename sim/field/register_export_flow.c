/* A flow: one node that reads for each block of registers, and one behind it that makes
 * an object of names and numbers of the words. See register_export_flow.h. */
#include "sim/field/register_export_flow.h"
#include "sim/program/json_rows.h"
#include <stdio.h>

enum { WORDS_MAX = 125, LEFT = 200, MIDDLE = 420, RIGHT = 640, STEP = 80 };

static const char tab[] = "metersim_tab", server[] = "metersim_client";

static const struct export_point *at(const struct export_map *map, guint k)
{
    return &g_array_index(map->points, struct export_point, k);
}

static void begin(JsonBuilder *b, const char *type, const char *id, const char *name)
{
    json_builder_begin_object(b);
    json_rows_text(b, "id", id);
    json_rows_text(b, "type", type);
    json_rows_text(b, "name", name);
}

/* A node on the tab, with `outputs`, of which the first leads to `next`. */
static void end(JsonBuilder *b, int x, int y, int outputs, const char *next)
{
    json_rows_text(b, "z", tab);
    json_rows_number(b, "x", x);
    json_rows_number(b, "y", y);
    json_builder_begin_array(json_builder_set_member_name(b, "wires"));
    for (int k = 0; k < outputs; k++) {
        json_builder_begin_array(b);
        if (k == 0)
            json_builder_add_string_value(b, next);
        json_builder_end_array(b);
    }
    json_builder_end_object(json_builder_end_array(b));
}

static void add_client(JsonBuilder *b, const char *model)
{
    json_builder_begin_object(b);
    json_rows_text(b, "id", tab);
    json_rows_text(b, "type", "tab");
    json_rows_text(b, "label", model);
    json_builder_end_object(b);
    begin(b, "modbus-client", server, model);
    json_rows_text(b, "clienttype", "tcp");
    json_rows_flag(b, "bufferCommands", true);
    json_rows_text(b, "tcpHost", "127.0.0.1");
    json_rows_text(b, "tcpPort", "1502");
    json_rows_text(b, "tcpType", "DEFAULT");
    json_rows_text(b, "unit_id", "1");
    json_rows_text(b, "commandDelay", "1");
    json_rows_text(b, "clientTimeout", "1000");
    json_rows_flag(b, "reconnectOnTimeout", true);
    json_rows_text(b, "reconnectTimeout", "2000");
    json_rows_flag(b, "parallelUnitIdsAllowed", true);
    json_builder_end_object(b);
}

static void add_reader(JsonBuilder *b, int block, int address, int words,
                       const char *id, const char *next)
{
    char name[32], adr[8], quantity[8];

    g_snprintf(name, sizeof name, "%d to %d", address + 1, address + words);
    g_snprintf(adr, sizeof adr, "%d", address);
    g_snprintf(quantity, sizeof quantity, "%d", words);
    begin(b, "modbus-read", id, name);
    json_rows_text(b, "unitid", "1");
    json_rows_text(b, "dataType", "HoldingRegister");
    json_rows_text(b, "adr", adr);
    json_rows_text(b, "quantity", quantity);
    json_rows_text(b, "rate", "1");
    json_rows_text(b, "rateUnit", "s");
    json_rows_text(b, "server", server);
    json_rows_flag(b, "showErrors", true);
    end(b, LEFT, STEP * (block + 1), 2, next);
}

static char *code_of(const struct export_map *map, guint first, guint after)
{
    GString *code = g_string_new("const words = msg.payload;\n"
                                 "function float(k) {\n"
                                 "    const bytes = Buffer.alloc(4);\n"
                                 "    bytes.writeUInt16BE(words[k], 0);\n"
                                 "    bytes.writeUInt16BE(words[k + 1], 2);\n"
                                 "    return bytes.readFloatBE(0);\n"
                                 "}\nmsg.payload = {\n");

    for (guint k = first; k < after; k++) {
        int word = at(map, k)->address - at(map, first)->address;
        g_string_append_printf(code,
                               at(map, k)->words == 2 ? "    %s: float(%d),\n"
                                                      : "    %s: words[%d],\n",
                               at(map, k)->name, word);
    }
    g_string_append(code, "};\nreturn msg;");
    return g_string_free(code, FALSE);
}

static void add_block(JsonBuilder *b, const struct export_map *map, int block,
                      guint first, guint after)
{
    const struct export_point *last = at(map, after - 1);
    const int address = at(map, first)->address;
    char read[32], function[32], *code = code_of(map, first, after);

    g_snprintf(read, sizeof read, "metersim_read_%d", block);
    g_snprintf(function, sizeof function, "metersim_numbers_%d", block);
    add_reader(b, block, address, last->address + last->words - address, read,
               function);
    begin(b, "function", function, "numbers");
    json_rows_text(b, "func", code);
    json_rows_number(b, "outputs", 1);
    end(b, MIDDLE, STEP * (block + 1), 1, "metersim_debug");
    g_free(code);
}

void register_export_flow(const struct export_map *map)
{
    JsonBuilder *b = json_rows_new();
    int block = 0;

    add_client(b, map->model);
    for (guint first = 0, after; first < map->points->len; first = after, block++) {
        const int begins = at(map, first)->address;
        after = first;
        while (after < map->points->len &&
               at(map, after)->words == at(map, first)->words &&
               at(map, after)->address + at(map, after)->words - begins <= WORDS_MAX)
            after++;
        add_block(b, map, block, first, after);
    }
    begin(b, "debug", "metersim_debug", "readings");
    json_rows_flag(b, "active", true);
    json_rows_text(b, "complete", "payload");
    end(b, RIGHT, STEP, 0, NULL);
    json_rows_print(b);
}
