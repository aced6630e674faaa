/* Files of saved state. See state_file.h. */
#include "sim/site/state_file.h"
#include "core/crc.h"
#include "hal_sim/unit.h"
#include "sim/program/error.h"
#include "sim/program/output.h"
#include "sim/program/version.h"
#include "state_layout.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAGIC "METERSIM STATE\r\n"

enum {
    AT_VERSION = 16,
    AT_LAYOUT = 24,
    AT_LENGTH = 32,
    AT_COMMIT = 40,
    AT_CRC = 56,
    FILE_SIZE_MAX = 1 << 30
};

static void put(uint8_t *to, uint64_t value, int size)
{
    for (int k = 0; k < size; k++)
        to[k] = (uint8_t)(value >> (8 * k));
}

static uint64_t get(const uint8_t *from, int size)
{
    uint64_t value = 0;

    for (int k = 0; k < size; k++)
        value |= (uint64_t)from[k] << (8 * k);
    return value;
}

/* The headers, and what the compiler makes of them. */
static uint64_t layout(void)
{
    const uint64_t sizes =
        unit_layout() + sizeof(void *) + (G_BYTE_ORDER == G_BIG_ENDIAN);

    return STATE_LAYOUT ^ sizes * UINT64_C(0x9E3779B97F4A7C15);
}

/* Of the header up to the CRC, and of the state. */
static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
    uint8_t parts[8];

    put(parts, crc_ieee(bytes, AT_CRC), 4);
    put(parts + 4,
        crc_ieee(bytes + STATE_FILE_HEADER, (uint32_t)(size - STATE_FILE_HEADER)), 4);
    return crc_ieee(parts, sizeof parts);
}

uint8_t *state_file_pack(const struct store *state, size_t *size)
{
    uint8_t *bytes = g_malloc0(STATE_FILE_HEADER + state->size);

    *size = STATE_FILE_HEADER + state->size;
    memcpy(bytes, MAGIC, AT_VERSION);
    put(bytes + AT_VERSION, STATE_FILE_VERSION, 4);
    put(bytes + AT_LAYOUT, layout(), 8);
    put(bytes + AT_LENGTH, state->size, 8);
    g_strlcpy((char *)bytes + AT_COMMIT, version_commit, VERSION_COMMIT_MAX);
    memcpy(bytes + STATE_FILE_HEADER, state->byte, state->size);
    put(bytes + AT_CRC, crc_of(bytes, *size), 4);
    return bytes;
}

const char *state_file_unpack(const uint8_t *bytes, size_t size, struct store *state)
{
    if (size < AT_VERSION || memcmp(bytes, MAGIC, AT_VERSION))
        return "is no snapshot; metersim run SCRIPT --save FILE writes one";
    if (size < STATE_FILE_HEADER || size > FILE_SIZE_MAX)
        return "is damaged: its size cannot be right; save it again";
    if (get(bytes + AT_CRC, 4) != crc_of(bytes, size))
        return "is damaged or cut short: its CRC is wrong; save it again";
    if (get(bytes + AT_VERSION, 4) != STATE_FILE_VERSION)
        return "has another version of the format; save it again with this metersim";
    if (get(bytes + AT_LAYOUT, 8) != layout())
        return "was saved by another build of metersim; save it again with this one";
    if (get(bytes + AT_LENGTH, 8) != size - STATE_FILE_HEADER)
        return "is damaged: its length is wrong; save it again";
    *state = store_load(bytes + STATE_FILE_HEADER, size - STATE_FILE_HEADER);
    return NULL;
}

bool state_file_write(const char *path, const struct store *state, GError **error)
{
    size_t size;
    g_autofree uint8_t *bytes = state_file_pack(state, &size);
    g_autoptr(GString) text = g_string_new_len((const char *)bytes, (gssize)size);

    return output_write(path, text, error);
}

/* A file of another commit names both. */
static void set_refusal(GError **error, const char *path, const char *why,
                        const char *bytes, size_t size)
{
    if (size < STATE_FILE_HEADER || memcmp(bytes, MAGIC, AT_VERSION) ||
        !strncmp(bytes + AT_COMMIT, version_commit, VERSION_COMMIT_MAX))
        error_set(error, "%s %s", path, why);
    else
        error_set(error, "%s %s (%.*s, and this is %s)", path, why,
                  VERSION_COMMIT_MAX - 1, bytes + AT_COMMIT, version_commit);
}

bool state_file_read(const char *path, char **bytes, struct store *state,
                     GError **error)
{
    GStatBuf file;
    gsize size;

    *bytes = NULL;
    if (g_stat(path, &file) == 0 &&
        (!S_ISREG(file.st_mode) || file.st_size > FILE_SIZE_MAX))
        return error_set(error, "%s is no file of at most 1 GB", path);
    if (!g_file_get_contents(path, bytes, &size, error))
        return false;
    const char *why = state_file_unpack((const uint8_t *)*bytes, size, state);
    if (!why)
        return true;
    set_refusal(error, path, why, *bytes, size);
    g_clear_pointer(bytes, g_free);
    return false;
}
