/* Series 4100: bidirectional, revenue grade. Register map: manual "Modbus point map".
 * One row per register; the same quantity as a float stands in the last column. */
#include "core/model_s4100.h"
#include "core/config.h"
#include "core/quantity.h"

static const struct register_row rows[] = {
#include "core/model_s4100.def"
    INDEXED(155, REG_CLOCK, 0),     INDEXED(156, REG_CLOCK, 1),
    INDEXED(157, REG_CLOCK, 2),     SETTING(158, LOG_PAGE),
    SETTING(159, LOG_MODE),         STATE(160, LOG_STATUS),
    STATE(161, LOG_WRAPS),          STATE(162, LOG_DAYS),
    STATE(163, LOG_ENTRIES),        PLAIN(164, REG_LOG_START),
    INDEXED(166, REG_LOG_STAMP, 0), INDEXED(167, REG_LOG_STAMP, 1),
    INDEXED(168, REG_LOG_STAMP, 2), SETTING(169, LOG_POINTER_1),
    SETTING(170, LOG_POINTER_2),    SETTING(171, LOG_POINTER_3),
    SETTING(172, LOG_POINTER_4),    SETTING(173, LOG_POINTER_5),
    SETTING(174, LOG_POINTER_6),    SETTING(175, LOG_POINTER_7),
    SETTING(176, LOG_POINTER_8),    SETTING(177, LOG_POINTER_9),
    SETTING(178, LOG_POINTER_10),   STATE(7001, FIRMWARE_VERSION),
    PLAIN(8000, REG_LOG_WINDOW),
};

const struct model model_s4100 = {
    .name = "s4100",
    MODEL_S4100_COMMON,
    .logs = true,
    .log_newest_first = true,
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
