/* Series 4100 without clock and logs ("Full Data Set"): registers 155-178 and 8000-13759
 * are not there. All else, its identification too, is the Data Logging model's. */
#include "core/config.h"
#include "core/model.h"
#include "core/model_rows.h"
#include "core/quantity.h"

static const struct register_row rows[] = {
#include "core/model_s4100.def"
    STATE(7001, FIRMWARE_VERSION),
};

const struct model model_s4100_fds = {
    .name = "s4100_fds",
    .product = "S4100",
    .server_text = "Leviton S4100 Power Meter Full Data Set",
    .panel_name = "S4100",
    .unidirectional = false,
    .rope_ct = false,
    .ct_min = 1,
    .ct_max = 32000,
    .rules = { PHASE_LOSS_BELOW_PERCENT, IMBALANCE_BETWEEN_PHASES },
    .logs = false,
    .sunspec = true,
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
