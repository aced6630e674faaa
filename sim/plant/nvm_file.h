/* The file of `serve --nvm`: the FRAM of every meter, mapped into memory, so that it
 * survives kill -9 at any byte. Format (docs/nvm.md): a header of 4096 bytes, then
 * 262144 bytes for each unit, in the order in which units are made.
 *
 * Header: 16 bytes of NVM_FILE_MAGIC, zeros up to byte 64, then one bit per unit (bit 0
 * of byte 64: the first): its first configuration is complete. */
#ifndef SIM_PLANT_NVM_FILE_H
#define SIM_PLANT_NVM_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define NVM_FILE_MAGIC "METERSIM NVM 1\n"

enum { NVM_FILE_HEADER = 4096 };

struct nvm_file;

/* Opens it, or makes it when there is none, and locks it: one process at a time. NULL
 * when it cannot be had, or is anything else; it is then untouched. */
struct nvm_file *nvm_file_open(const char *path, GError **error);

/* After the units that use it are gone. NULL is allowed. */
void nvm_file_close(struct nvm_file *f);

/* FRAM of the next unit, of which the file may hold none yet. NULL when there is no
 * room. */
uint8_t *nvm_file_next(struct nvm_file *f, GError **error);

/* Has the unit that nvm_file_next gave last been configured before? Say so when it is.
 * Without a file (NULL) it never has. */
bool nvm_file_is_configured(const struct nvm_file *f);
void nvm_file_set_configured(struct nvm_file *f);

#endif
