/* A Modbus RTU master on a line, in simulated time: one exchange after the other, each
 * with what a master of the field sees of it. It starts when the line has been silent
 * for t3.5, takes what comes until t3.5 of silence for a frame, judges that, and goes
 * on waiting when it is too short for any answer (noise), or whole but of another
 * device. When another master has just sent a request, it leaves time for the answer to
 * begin. */
#pragma once

#include "sim/line/line.h"

enum { LINE_ANSWER_MAX = 1024, LINE_REQUEST_MAX = 1024 };

enum line_result {
    LINE_ANSWERED,
    LINE_TIMEOUT,
    LINE_FRAMING,        /* a stop bit was 0 */
    LINE_PARITY,         /* a parity bit was wrong */
    LINE_BAD_CRC,        /* … */
    LINE_ECHO,           /* the request itself came back */
    LINE_WRONG_ID,       /* nothing but answers of others until the timeout */
    LINE_WRONG_FUNCTION, /* an answer to something else */
    LINE_WRONG_LENGTH,   /* not as many registers as asked for */
    LINE_RESULTS
};

enum line_echo { LINE_ECHO_NONE, LINE_ECHO_HEARD, LINE_ECHO_REMOVED };

enum line_exchange_kind {
    LINE_REQUEST,     /* send, wait for the answer, judge it */
    LINE_RAW_REQUEST, /* the first frame that comes is the answer, whatever it is */
    LINE_BROADCAST,   /* broadcast: send, wait for the turnaround time */
    LINE_BYTES        /* a third party's bytes: at once, whatever the line does */
};

struct line_exchange {
    enum line_exchange_kind kind;
    uint8_t request[LINE_REQUEST_MAX]; /* with its CRC */
    int request_size;
    int64_t timeout_ns; /* from the request's end; LINE_BROADCAST: the turnaround */
    void (*done)(void *user);
    void *user;
    /* The outcome, when done is called. */
    enum line_result result;
    uint8_t answer[LINE_ANSWER_MAX];
    int answer_size; /* what exceeds the buffer is counted, not kept */
    int64_t request_start_ns, request_end_ns;
    int64_t answer_start_ns, answer_end_ns; /* as heard; 0: nothing was heard */
};

struct line_master_options {
    uint32_t baud;
    enum hal_parity parity;
    enum line_echo echo;
    bool alone; /* knows of no other master: waits for neither silence nor turn */
};

struct line_master;

/* NULL when there are too many stations. Freed with the line, or by itself. */
struct line_master *line_master_new(struct line *l,
                                    const struct line_master_options *options);
void line_master_free(struct line_master *m);
void line_master_set(struct line_master *m, const struct line_master_options *options);

/* Waits for its turn, but for LINE_BYTES: that has a driver of its own, so it starts
 * now, even while this master sends or waits for an answer, which it may damage. The caller keeps *x until done, or until line_master_forget. */
void line_master_start(struct line_master *m, struct line_exchange *x);
void line_master_forget(struct line_master *m, struct line_exchange *x);

/* Puts the CRC behind `size` bytes; the new size. */
int line_master_finish(uint8_t *frame, int size);

/* "timeout", "bad crc" … */
const char *line_result_name(enum line_result result);
