/* The update of one meter: the next question, what its answer means. It has no connection
 * and no clock, so a command, a scenario and a test can carry it. It goes on from
 * wherever the meter stands: whatever goes wrong, the meter is asked for its state. */
#pragma once

#include "sim/flash/image_file.h"

enum { UPDATE_PDU_MAX = 253, UPDATE_TEXT = 240 };

enum update_step {
    STEP_ASK, /* for its state */
    STEP_BEGIN,
    STEP_WRITE,
    STEP_CHECK,
    STEP_READ_BACK,
    STEP_INSTALL,
    STEP_DONE,
    STEP_FAILED
};

struct update_options {
    bool downgrade; /* an older image is welcome */
    bool quick;     /* the CRC suffices; nothing is read back */
};

struct flash_update {
    const struct image_file *file;
    struct update_options options;
    enum update_step step;
    const struct image_file_part *part; /* of the file: what is sent */
    uint32_t offset;
    int pause_ms;    /* before the next question */
    int silent;      /* questions in a row that were not answered */
    bool heard;      /* it has answered once */
    int begun;       /* how often the slot was begun anew */
    bool anew;       /* it is to be */
    bool installed;  /* the meter was asked to run it */
    uint32_t blocks; /* that were written */
    uint32_t serial;
    char text[UPDATE_TEXT]; /* of the end */
};

void update_start(struct flash_update *u, const struct image_file *file,
                  const struct update_options *options);

/* The next question; its size, 0 at the end. */
int update_question(const struct flash_update *u, uint8_t pdu[UPDATE_PDU_MAX]);

/* The answer to it; size 0: none came, or not a whole one. */
void update_take_answer(struct flash_update *u, const uint8_t *pdu, int size);

/* Has it ended? */
bool update_is_over(const struct flash_update *u);

/* Of the image, in percent. */
int update_percent(const struct flash_update *u);
