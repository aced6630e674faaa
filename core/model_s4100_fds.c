/* Series 4100 without clock and logs ("Full Data Set"): registers 155-178 and 8000-13759
 * are not there. All else, its identification too, is the Data Logging model's. */
#include "core/config.h"
#include "core/model_s4100.h"
#include "core/quantity.h"

static const struct register_row rows[] = {
#include "core/model_s4100.def"
    STATE(7001, FIRMWARE_VERSION),
};

const struct model model_s4100_fds = {
    .name = "s4100_fds",
    MODEL_S4100_COMMON,
    .logs = false,
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
