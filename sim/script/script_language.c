/* A script of the whole language: its verbs, and the families of them that remember
 * something. A new family is a row here. */
#include "sim/script/script_case.h"
#include "sim/script/script_gateway.h"
#include "sim/script/script_line.h"
#include "sim/script/script_loads.h"
#include "sim/script/script_monitor.h"
#include "sim/script/script_recording.h"
#include "sim/script/script_save.h"
#include "sim/script/script_screenshot.h"
#include "sim/script/script_task.h"
#include "sim/script/script_trigger.h"
#include "sim/script/script_verbs.h"

static const struct script_family *const families[] = { &script_trigger_family,
                                                        &script_task_family,
                                                        &script_line_family,
                                                        &script_gateway_family,
                                                        &script_monitor_family,
                                                        &script_loads_family,
                                                        &script_recording_family,
                                                        &script_case_family,
                                                        &script_screenshot_family,
                                                        &script_save_family,
                                                        NULL };

struct script *script_new(struct sim *sim, const struct script_options *options)
{
    return script_new_with(sim, options, &script_all_words, families);
}
