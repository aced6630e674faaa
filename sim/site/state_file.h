/* Saved state (script_save.c) as a file. Little-endian: magic (16 bytes), format
 * version (4), 0 (4), layout (8), length of the state (8), commit
 * (16, text), CRC-32 (4) of the CRCs of
 * all that stands before it and behind it, then the state. The layout is a hash of the
 * headers that say what the state is made of, so another build's file is refused
 * instead of misread. Whole files only: everything is checked before a byte of the
 * state is used. The CRC finds damage, not malice: the state holds the firmware's
 * memory as it stands, so take files from those you trust. */
#pragma once

#include "waveform/base/store.h"
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATE_FILE_HEADER = 60, STATE_FILE_VERSION = 2 };

/* Header and state as they stand in the file; to be freed with g_free. */
uint8_t *state_file_pack(const struct store *state, size_t *size);

/* The state in the bytes, which must live on; NULL, or why not: "is damaged …". */
const char *state_file_unpack(const uint8_t *bytes, size_t size, struct store *state);

/* False and an error that names the file. The file is there whole or not at all. *bytes
 * are to be freed with g_free. */
bool state_file_write(const char *path, const struct store *state, GError **error);
bool state_file_read(const char *path, char **bytes, struct store *state,
                     GError **error);
