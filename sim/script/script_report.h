/* The text of a failed expectation: the line of the script and the last readings of the
 * meters that it looked at (of all, when it looked at none). */
#pragma once

#include "sim/script/script_state.h"

/* The text of a failed expectation. */
void script_report_source(struct script *s, int line, GString *text);
void script_report_meters(struct script *s, GString *text);

/* The expectation at this line has failed: for `text`, which is freed, and the meters'
 * readings. */
void script_report_failed(struct script *s, int line, GString *text);
