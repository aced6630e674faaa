/* The file of `serve --nvm`. See nvm_file.h. A new file is made under another name and
 * appears whole or not at all; room for a unit is there before it is used, so a full
 * disk is an error at the start. The file is not mapped: somebody who cuts or
 * overwrites a mapped file changes the meters' memory, or ends the process by SIGBUS.
 * inotify(7) shows who else has written. */
#include "sim/plant/nvm_file.h"
#include "core/crc.h"
#include "core/hal.h"
#include "sim/program/error.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    UNIT_COUNT = 16,
    UNIT_BITS = 64,
    UNITS_MAX = 8 * (NVM_FILE_HEADER - UNIT_BITS),
    TAG_SIZE = 16,
    TAG = HAL_NVM_SIZE - TAG_SIZE,
    COPIES_MAX = 1000
};

_Static_assert(sizeof NVM_FILE_MAGIC == 16, "the magic is 16 bytes with its zero");

struct nvm_file {
    int fd;               /* -1: lost, and no new file could be made yet */
    int watch;            /* inotify; -1: the system has none left */
    guint turn;           /* the meter that was compared last without a reason */
    int error;            /* atomic: errno of a write that failed */
    int foreign;          /* atomic: what the file holds is somebody else\'s */
    int generation, seen; /* of what others wrote; generation is atomic */
    int open;             /* atomic: how many others have the file open */
    bool reported;        /* that no new file can be made */
    unsigned count;       /* units that the file has, or had */
    uint8_t header[NVM_FILE_HEADER];
    GPtrArray *units; /* struct slot */
    char *path;
};

/* A unit's memory, and its place in the file. */
struct slot {
    struct board_nvm nvm;
    struct nvm_file *file;
    off_t at;
    int seen; /* the generation that it was compared in */
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

static uint32_t get32(const uint8_t *from)
{
    return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static void put32(uint8_t *to, uint32_t value)
{
    for (int k = 0; k < 4; k++)
        to[k] = (uint8_t)(value >> 8 * k);
}

/* Files of versions without a number of units have the bits alone. */
static unsigned units_of(const struct nvm_file *f)
{
    unsigned count = get32(f->header + UNIT_COUNT);

    for (unsigned k = 0; k < UNITS_MAX; k++)
        if (f->header[UNIT_BITS + k / 8] >> k % 8 & 1)
            count = MAX(count, k + 1);
    return count;
}

/* Is this one of ours, of whole units, and of all that it had? */
static bool read_header(struct nvm_file *f, GError **error)
{
    struct stat st;

    if (fstat(f->fd, &st))
        return fail_errno(error, f->path);
    if (!S_ISREG(st.st_mode) ||
        pread(f->fd, f->header, NVM_FILE_HEADER, 0) < (ssize_t)sizeof NVM_FILE_MAGIC ||
        memcmp(f->header, NVM_FILE_MAGIC, sizeof NVM_FILE_MAGIC))
        return fail(
            error, f->path,
            "this is no NVM file of metersim; it was not changed. Name another file, "
            "or a new one");
    if (st.st_size < NVM_FILE_HEADER || (st.st_size - NVM_FILE_HEADER) % HAL_NVM_SIZE)
        return fail(error, f->path,
                    "the NVM file has been cut or grown: its size is not 4096 + 262144 "
                    "for each meter; it was not changed");
    f->count = units_of(f);
    off_t units = (st.st_size - NVM_FILE_HEADER) / HAL_NVM_SIZE;
    if (units < f->count)
        return error_set(error,
                         "%s: the NVM file has been cut: it holds %d of %u meters; it "
                         "was not changed",
                         f->path, (int)units, f->count);
    return true;
}

/* Of a file that is not there, or not any more, there is nothing to watch. */
static void watch(struct nvm_file *f)
{
    if (f->watch >= 0)
        close(f->watch);
    f->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (f->watch >= 0 && inotify_add_watch(f->watch, f->path, IN_OPEN | IN_CLOSE) < 0) {
        close(f->watch);
        f->watch = -1;
    }
    g_atomic_int_set(&f->open, 0);
}

static bool lock_and_read(struct nvm_file *f, GError **error)
{
    if (flock(f->fd, LOCK_EX | LOCK_NB))
        return fail(error, f->path, "another process uses this NVM file");
    if (!read_header(f, error))
        return false;
    watch(f);
    return true;
}

static void free_slot(void *slot)
{
    free(((struct slot *)slot)->nvm.memory);
    g_free(slot);
}

struct nvm_file *nvm_file_open(const char *path, GError **error)
{
    struct nvm_file *f = g_new0(struct nvm_file, 1);

    f->path = g_strdup(path);
    f->units = g_ptr_array_new_with_free_func(free_slot);
    f->watch = -1;
    f->fd = open(path, O_RDWR | O_CLOEXEC);
    if (f->fd < 0 && errno == ENOENT && make_file(path, error))
        f->fd = open(path, O_RDWR | O_CLOEXEC);
    if (f->fd >= 0 ? lock_and_read(f, error) : fail_errno(error, path))
        return f;
    nvm_file_close(f, NULL);
    return NULL;
}

static bool put(int fd, const uint8_t *bytes, size_t size, off_t at)
{
    return pwrite(fd, bytes, size, at) == (ssize_t)size;
}

/* A page of zeros is a hole. */
static bool put_unit(int fd, const struct slot *s)
{
    static const uint8_t zeros[BOARD_PAGE];

    for (int at = 0; at < HAL_NVM_SIZE; at += BOARD_PAGE)
        if (memcmp(s->nvm.memory + at, zeros, BOARD_PAGE) &&
            !put(fd, s->nvm.memory + at, BOARD_PAGE, s->at + at))
            return false;
    return true;
}

static bool put_all(const struct nvm_file *f, int fd)
{
    off_t size = NVM_FILE_HEADER + (off_t)f->units->len * HAL_NVM_SIZE;
    bool good = ftruncate(fd, size) == 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
                put(fd, f->header, NVM_FILE_HEADER, 0);

    for (guint k = 0; good && k < f->units->len; k++)
        good = put_unit(fd, g_ptr_array_index(f->units, k));
    return good;
}

/* FILE.1, or the next that is free, becomes the file. */
static bool move_on(struct nvm_file *f)
{
    char *path = NULL;
    int fd = -1;

    for (int k = 1; k < COPIES_MAX && fd < 0; k++) {
        g_free(path);
        path = g_strdup_printf("%s.%d", f->path, k);
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd >= 0 && put_all(f, fd)) {
        g_free(f->path);
        f->path = path;
        f->fd = fd;
        watch(f);
        return true;
    }
    if (fd >= 0) {
        unlink(path);
        close(fd);
    }
    g_free(path);
    return false;
}

static void note_event(struct nvm_file *f, uint32_t mask)
{
    if (mask & IN_OPEN)
        g_atomic_int_inc(&f->open);
    else if (mask & IN_CLOSE && g_atomic_int_add(&f->open, -1) <= 0)
        g_atomic_int_set(&f->open, 0);
    if (mask & (IN_CLOSE_WRITE | IN_Q_OVERFLOW))
        g_atomic_int_inc(&f->generation);
}

/* Each time another process has closed the file after writing is a generation; this one
 * opens it before it watches, and never closes it. */
static int generation_of(struct nvm_file *f)
{
    _Alignas(struct inotify_event) char events[4096];
    ssize_t size;

    while (f->watch >= 0 && (size = read(f->watch, events, sizeof events)) > 0)
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const void *)(events + at);
            note_event(f, event->mask);
            at += (ssize_t)(sizeof *event + event->len);
        }
    return g_atomic_int_get(&f->generation);
}

/* May others be in the middle of writing? Who can't be watched always may. */
static bool is_open(const struct nvm_file *f)
{
    return f->watch < 0 || g_atomic_int_get(&f->open);
}

/* Does the file still hold what is in memory? It is compared once for a generation, and
 * always while others have it open. */
static bool is_ours(struct nvm_file *f, struct slot *s)
{
    const int generation = generation_of(f);

    if (s->seen == generation && !is_open(f))
        return true;
    uint8_t *there = g_malloc(HAL_NVM_SIZE);
    bool same = pread(f->fd, there, HAL_NVM_SIZE, s->at) == HAL_NVM_SIZE &&
                !memcmp(there, s->nvm.memory, HAL_NVM_SIZE);
    g_free(there);
    s->seen = same ? generation : s->seen;
    return same;
}

/* The system may report two openings as one, so one meter in turn is compared whatever
 * it says. */
static void compare_next(struct nvm_file *f)
{
    if (f->units->len == 0)
        return;
    f->turn = (f->turn + 1) % f->units->len;
    struct slot *s = g_ptr_array_index(f->units, f->turn);
    s->seen = generation_of(f) - 1;
}

static bool are_ours(struct nvm_file *f)
{
    uint8_t header[NVM_FILE_HEADER];
    const int generation = generation_of(f);
    bool same = (f->seen == generation && !is_open(f)) ||
                (pread(f->fd, header, sizeof header, 0) == sizeof header &&
                 !memcmp(header, f->header, sizeof header));

    compare_next(f);
    for (guint k = 0; same && k < f->units->len; k++)
        same = is_ours(f, g_ptr_array_index(f->units, k));
    f->seen = same ? generation : f->seen;
    return same;
}

/* What has happened to the file, or NULL. */
static const char *find_loss(struct nvm_file *f)
{
    off_t size = NVM_FILE_HEADER + (off_t)f->units->len * HAL_NVM_SIZE;
    struct stat own, there;
    int error = g_atomic_int_get(&f->error);

    if (error)
        return g_strerror(error);
    if (fstat(f->fd, &own))
        return g_strerror(errno);
    if (own.st_size < size)
        return "it was cut";
    if (stat(f->path, &there) || own.st_ino != there.st_ino ||
        own.st_dev != there.st_dev)
        return "it was removed or replaced";
    return g_atomic_int_get(&f->foreign) || !are_ours(f) ? "it was overwritten" : NULL;
}

bool nvm_file_check(struct nvm_file *f, GError **error)
{
    if (!f)
        return true;
    const char *loss = f->fd >= 0 ? find_loss(f) : "";
    if (!loss)
        return true;
    char *before = g_strdup(f->path);
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    g_atomic_int_set(&f->error, 0);
    g_atomic_int_set(&f->foreign, 0);
    if (move_on(f)) {
        error_set(error,
                  "%s: the NVM file is lost while it is in use%s%s; metering goes on, "
                  "and the meters' memory is in %s from now on",
                  before, *loss ? ": " : "", loss, f->path);
    } else if (!f->reported) {
        f->reported = true;
        error_set(error,
                  "%s: the NVM file is lost while it is in use: %s; metering goes on, "
                  "but no new file can be made beside it yet: %s",
                  before, loss, g_strerror(errno));
    }
    g_free(before);
    return false;
}

bool nvm_file_close(struct nvm_file *f, GError **error)
{
    bool good = true;

    if (!f)
        return true;
    if (f->units->len)
        nvm_file_check(f, error);
    if (f->units->len && f->fd < 0)
        good = error_set(error, "%s: the meters' memory could not be written: %s",
                         f->path, g_strerror(errno));
    g_ptr_array_unref(f->units);
    if (f->watch >= 0)
        close(f->watch);
    if (f->fd >= 0)
        close(f->fd);
    g_free(f->path);
    g_free(f);
    return good;
}

static void on_change(void *user, uint32_t address, const uint8_t *bytes, uint32_t size)
{
    struct slot *s = user;
    struct nvm_file *f = s->file;

    if (f->fd < 0 || g_atomic_int_get(&f->error) || g_atomic_int_get(&f->foreign))
        return;
    if (!is_ours(f, s))
        g_atomic_int_set(&f->foreign, 1);
    else if (!put(f->fd, bytes, size, s->at + address))
        g_atomic_int_set(&f->error, errno ? errno : EIO);
}

/* What the file holds, without touching memory that would be zeros. */
static bool read_unit(struct nvm_file *f, struct slot *s)
{
    static const uint8_t zeros[BOARD_PAGE];
    uint8_t page[BOARD_PAGE];

    for (int at = 0; at < HAL_NVM_SIZE; at += BOARD_PAGE) {
        if (pread(f->fd, page, BOARD_PAGE, s->at + at) != BOARD_PAGE)
            return false;
        if (memcmp(page, zeros, BOARD_PAGE))
            memcpy(s->nvm.memory + at, page, BOARD_PAGE);
    }
    return true;
}

/* A tag that is not whole (a new slot, or rot) is written anew. */
static bool check_serial(struct nvm_file *f, const struct slot *s, uint32_t serial,
                         GError **error)
{
    uint8_t tag[TAG_SIZE] = "SERIAL", *there = s->nvm.memory + TAG;
    uint32_t found = get32(there + 8);

    if (!memcmp(there, tag, 8) && get32(there + 12) == crc_ieee(there, 12) &&
        found != serial)
        return error_set(error,
                         "%s: place %u holds the memory of the meter with serial "
                         "number %u, and this one has %u: parts were swapped, or the "
                         "meters are others; it was not changed",
                         f->path, f->units->len, found, serial);
    put32(tag + 8, serial);
    put32(tag + 12, crc_ieee(tag, 12));
    if (!memcmp(there, tag, TAG_SIZE))
        return true;
    memcpy(there, tag, TAG_SIZE);
    return put(f->fd, tag, TAG_SIZE, s->at + TAG) || fail_errno(error, f->path);
}

static bool count_unit(struct nvm_file *f, GError **error)
{
    if (f->count >= f->units->len)
        return true;
    f->count = f->units->len;
    put32(f->header + UNIT_COUNT, f->units->len);
    return put(f->fd, f->header + UNIT_COUNT, 4, UNIT_COUNT) ||
           fail_errno(error, f->path);
}

const struct board_nvm *nvm_file_next(struct nvm_file *f, uint32_t serial,
                                      GError **error)
{
    off_t at = NVM_FILE_HEADER + (off_t)f->units->len * HAL_NVM_SIZE;

    if (f->units->len == UNITS_MAX || f->fd < 0) {
        fail(error, f->path, "the NVM file has no room for more meters");
        return NULL;
    }
    int refused = posix_fallocate(f->fd, at, HAL_NVM_SIZE);
    if (refused) {
        fail(error, f->path, g_strerror(refused));
        return NULL;
    }
    struct slot *s = g_new0(struct slot, 1);
    *s = (struct slot){
        { calloc(1, HAL_NVM_SIZE), on_change, s }, f, at, f->generation
    };
    if (!s->nvm.memory)
        abort();
    g_ptr_array_add(f->units, s);
    if (!read_unit(f, s)) {
        fail_errno(error, f->path);
        return NULL;
    }
    return check_serial(f, s, serial, error) && count_unit(f, error) ? &s->nvm : NULL;
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
    uint8_t *byte = &f->header[UNIT_BITS + last_unit(f) / 8];
    *byte |= (uint8_t)(1 << last_unit(f) % 8);
    if (!put(f->fd, byte, 1, byte - f->header))
        g_atomic_int_set(&f->error, errno ? errno : EIO);
}
