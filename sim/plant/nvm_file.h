/* The file of `serve --nvm`: the FRAM of every meter. Meters have it in memory, and each
 * write goes to the file at once, so it survives kill -9. Format (docs/nvm.md): a header
 * of 4096 bytes, then 262144 bytes for each unit, in the order in which units are made.
 *
 * Header: 16 bytes of NVM_FILE_MAGIC, the number of units (4, little-endian), zeros up
 * to byte 64, then one bit per unit (bit 0 of byte 64: the first): its first
 * configuration is complete. The last 16 bytes of a unit, which no firmware uses: the
 * text "SERIAL", two zeros, its serial number (4), the CRC-32 of these 12 bytes. */
#pragma once

#include "hal_sim/board.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define NVM_FILE_MAGIC "METERSIM NVM 1\n"

enum { NVM_FILE_HEADER = 4096 };

struct nvm_file;

/* Opens it, or makes it when there is none, and locks it: one process at a time. NULL
 * when it cannot be had, or is anything else; it is then untouched. */
struct nvm_file *nvm_file_open(const char *path, GError **error);

/* Has somebody else overwritten, cut or removed the file? Then it is left as it is, the
 * memory is written to a new file beside it, and *error says so. To be called about once
 * a second, while no unit is advanced. NULL is allowed. */
bool nvm_file_check(struct nvm_file *f, GError **error);

/* After the units that use it are gone. False: what is in memory could not be written.
 * NULL is allowed. */
bool nvm_file_close(struct nvm_file *f, GError **error);

/* FRAM of the next unit, of which the file may hold none yet. NULL when there is no
 * room, or the file has the memory of another serial number there. */
const struct board_nvm *nvm_file_next(struct nvm_file *f, uint32_t serial,
                                      GError **error);

/* Has the unit that nvm_file_next gave last been configured before? Say so when it is.
 * Without a file (NULL) it never has. */
bool nvm_file_is_configured(const struct nvm_file *f);
void nvm_file_set_configured(struct nvm_file *f);
