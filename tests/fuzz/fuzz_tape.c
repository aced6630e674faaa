/* libFuzzer target of the tape's reader and of replay: whatever the bytes, a replay
 * ends with a result, and says why when it is not the same. */
#include "hal_sim/replay.h"
#include "hal_sim/tape.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

/* What was decoded must be what stood there. */
static void check_record(const struct tape_record *record, const uint8_t *bytes,
                         size_t length)
{
    uint8_t again[TAPE_HEADER + TAPE_DATA_MAX];

    require(record->size <= TAPE_DATA_MAX && length == TAPE_HEADER + record->size);
    require(tape_encode(record, again) == length && !memcmp(again, bytes, length));
    require(tape_kind_name(record->kind) != NULL);
}

static enum replay_result feed(struct replay *r, const uint8_t *bytes, size_t size)
{
    static struct tape_record record;
    enum replay_result result = REPLAY_SAME;

    while (result == REPLAY_SAME && size) {
        long length = tape_decode(&record, bytes, size);
        require(length <= (long)size);
        if (length <= 0)
            break;
        check_record(&record, bytes, (size_t)length);
        result = replay_record(r, &record);
        bytes += length;
        size -= (size_t)length;
    }
    return result == REPLAY_SAME ? replay_end(r) : result;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct replay r;

    replay_start(&r);
    enum replay_result result = feed(&r, bytes, size);
    require(result == REPLAY_SAME || r.text[0] != '\0');
    require(memchr(r.text, '\0', sizeof r.text) != NULL);
    replay_free(&r);
    return 0;
}
