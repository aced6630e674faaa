/* The parts of the production test; see production.def. */
#pragma once

#include "sim/factory/production.h"

/* True: the part is as it should be. What was found is in `finding`; an error is a
 * failure, too, whose message is the finding. */
bool production_part_answer(const struct port *p, char *finding, GError **error);
bool production_part_identity(const struct port *p, char *finding, GError **error);
bool production_part_parts(const struct port *p, char *finding, GError **error);
bool production_part_memory(const struct port *p, char *finding, GError **error);
bool production_part_crystal(const struct port *p, char *finding, GError **error);
bool production_part_front_end(const struct port *p, char *finding, GError **error);
bool production_part_signal(const struct port *p, char *finding, GError **error);
bool production_part_keys(const struct port *p, char *finding, GError **error);
bool production_part_display(const struct port *p, char *finding, GError **error);
bool production_part_outputs(const struct port *p, char *finding, GError **error);
bool production_part_line(const struct port *p, char *finding, GError **error);
bool production_part_supply(const struct port *p, char *finding, GError **error);
