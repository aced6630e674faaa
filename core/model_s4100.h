/* What the Series 4100 models share; their registers 1-154 are in model_s4100.def. */
#pragma once

#include "core/model.h"
#include "core/model_rows.h"

#define MODEL_S4100_COMMON                                                             \
    .product = "S4100", .server_text = "Leviton S4100 Power Meter Full Data Set",      \
    .panel_name = "S4100", .unidirectional = false, .rope_ct = false, .ct_min = 1,     \
    .ct_max = 32000, .rules = { PHASE_LOSS_BELOW_PERCENT, IMBALANCE_BETWEEN_PHASES },  \
    .sunspec = true
