/* The file of `serve --nvm`. See nvm_file.h. A new file is made under another name and
 * appears whole or not at all; room for a unit is there before it is mapped, so a full
 * disk is an error and not a crash. */
#include "sim/plant/nvm_file.h"
#include "core/hal.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNIT_BITS = 64, UNITS_MAX = 8 * (NVM_FILE_HEADER - UNIT_BITS) };

_Static_assert(sizeof NVM_FILE_MAGIC == 16, "the magic is 16 bytes with its zero");

struct nvm_file {
    int fd;
    uint8_t *header;
    GPtrArray *units; /* mapped FRAMs */
    char *path;
};

static bool fail(GError **error, const char *path, const char *what)
{
    return error_set(error, "%s: %s", path, what);
}

static bool fail_errno(GError **error, const char *path)
{
    return fail(error, path, g_strerror(errno));
}

/* Nobody ever sees a header that is not whole, and no file is replaced. */
static bool make_file(const char *path, GError **error)
{
    uint8_t header[NVM_FILE_HEADER] = NVM_FILE_MAGIC;
    char *temporary = g_strdup_printf("%s.XXXXXX", path);
    int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0644);
    bool made = fd >= 0 && write(fd, header, sizeof header) == sizeof header &&
                (link(temporary, path) == 0 || errno == EEXIST);

    if (!made)
        fail_errno(error, path);
    if (fd >= 0) {
        close(fd);
        unlink(temporary);
    }
    g_free(temporary);
    return made;
}

/* Is this one of ours, of whole units? */
static bool check_file(const struct nvm_file *f, GError **error)
{
    uint8_t magic[sizeof NVM_FILE_MAGIC];
    struct stat st;

    if (fstat(f->fd, &st))
        return fail_errno(error, f->path);
    if (!S_ISREG(st.st_mode) ||
        pread(f->fd, magic, sizeof magic, 0) != (ssize_t)sizeof magic ||
        memcmp(magic, NVM_FILE_MAGIC, sizeof magic))
        return fail(
            error, f->path,
            "this is no NVM file of metersim; it was not changed. Name another file, "
            "or a new one");
    if (st.st_size < NVM_FILE_HEADER || (st.st_size - NVM_FILE_HEADER) % HAL_NVM_SIZE)
        return fail(error, f->path,
                    "the NVM file has been cut or grown: its size is not 4096 + 262144 "
                    "for each meter; it was not changed");
    return true;
}

static bool lock_and_map(struct nvm_file *f, GError **error)
{
    if (flock(f->fd, LOCK_EX | LOCK_NB))
        return fail(error, f->path, "another process uses this NVM file");
    if (!check_file(f, error))
        return false;
    f->header =
        mmap(NULL, NVM_FILE_HEADER, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd, 0);
    if (f->header == MAP_FAILED) {
        f->header = NULL;
        return fail_errno(error, f->path);
    }
    return true;
}

struct nvm_file *nvm_file_open(const char *path, GError **error)
{
    struct nvm_file *f = g_new0(struct nvm_file, 1);

    f->path = g_strdup(path);
    f->units = g_ptr_array_new();
    f->fd = open(path, O_RDWR | O_CLOEXEC);
    if (f->fd < 0 && errno == ENOENT && make_file(path, error))
        f->fd = open(path, O_RDWR | O_CLOEXEC);
    if (f->fd >= 0 ? lock_and_map(f, error) : fail_errno(error, path))
        return f;
    nvm_file_close(f);
    return NULL;
}

void nvm_file_close(struct nvm_file *f)
{
    if (!f)
        return;
    for (guint k = 0; k < f->units->len; k++)
        munmap(g_ptr_array_index(f->units, k), HAL_NVM_SIZE);
    g_ptr_array_unref(f->units);
    if (f->header)
        munmap(f->header, NVM_FILE_HEADER);
    if (f->fd >= 0)
        close(f->fd);
    g_free(f->path);
    g_free(f);
}

uint8_t *nvm_file_next(struct nvm_file *f, GError **error)
{
    off_t at = NVM_FILE_HEADER + (off_t)f->units->len * HAL_NVM_SIZE;

    if (f->units->len == UNITS_MAX) {
        fail(error, f->path, "the NVM file has no room for more meters");
        return NULL;
    }
    int refused = posix_fallocate(f->fd, at, HAL_NVM_SIZE);
    if (refused) {
        fail(error, f->path, g_strerror(refused));
        return NULL;
    }
    void *memory =
        mmap(NULL, HAL_NVM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd, at);
    if (memory == MAP_FAILED) {
        fail_errno(error, f->path);
        return NULL;
    }
    g_ptr_array_add(f->units, memory);
    return memory;
}

static unsigned last_unit(const struct nvm_file *f)
{
    return f->units->len - 1;
}

bool nvm_file_is_configured(const struct nvm_file *f)
{
    return f && f->header[UNIT_BITS + last_unit(f) / 8] >> last_unit(f) % 8 & 1;
}

void nvm_file_set_configured(struct nvm_file *f)
{
    if (!f)
        return;
    f->header[UNIT_BITS + last_unit(f) / 8] |= (uint8_t)(1 << last_unit(f) % 8);
}
