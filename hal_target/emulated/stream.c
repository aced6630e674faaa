/* Buffered tapes by semihosting. See stream.h. */
#include "hal_target/emulated/stream.h"
#include "hal_target/cortex_m/semihost.h"
#include <string.h>

enum { RECORD_MAX = TAPE_HEADER + TAPE_DATA_MAX };

/* Afterwards a whole record is in the buffer, or the file has ended. */
static int fill(struct stream_in *s)
{
    memmove(s->buffer, s->buffer + s->at, s->size - s->at);
    s->size -= s->at;
    s->at = 0;
    while (!s->ended && s->size < RECORD_MAX) {
        int n = semihost_read(s->handle, s->buffer + s->size, STREAM_READ - s->size);
        if (n < 0)
            return -1;
        s->ended = n == 0;
        s->size += (uint32_t)n;
    }
    return 0;
}

int stream_open_in(struct stream_in *s, const char *path)
{
    s->at = s->size = 0;
    s->ended = false;
    s->handle = semihost_open(path, SEMIHOST_READ);
    if (s->handle < 0 || fill(s))
        return -1;
    if (s->size < TAPE_MAGIC_SIZE || memcmp(s->buffer, TAPE_MAGIC, TAPE_MAGIC_SIZE))
        return -1;
    s->at = TAPE_MAGIC_SIZE;
    return 0;
}

int stream_get(struct stream_in *s, struct tape_record *record)
{
    if (s->size - s->at < RECORD_MAX && !s->ended && fill(s))
        return -1;
    if (s->at == s->size)
        return 0;
    long length = tape_decode(record, s->buffer + s->at, s->size - s->at);
    if (length <= 0)
        return -1;
    s->at += (uint32_t)length;
    return 1;
}

static int flush(struct stream_out *s)
{
    uint32_t size = s->size;

    s->size = 0;
    return semihost_write(s->handle, s->buffer, size);
}

int stream_open_out(struct stream_out *s, const char *path)
{
    s->handle = semihost_open(path, SEMIHOST_WRITE);
    s->size = TAPE_MAGIC_SIZE;
    memcpy(s->buffer, TAPE_MAGIC, TAPE_MAGIC_SIZE);
    return s->handle < 0 ? -1 : 0;
}

int stream_put(struct stream_out *s, const struct tape_record *record)
{
    if (STREAM_WRITTEN - s->size < RECORD_MAX && flush(s))
        return -1;
    s->size += (uint32_t)tape_encode(record, s->buffer + s->size);
    return 0;
}

int stream_close_out(struct stream_out *s)
{
    return flush(s) | semihost_close(s->handle);
}
