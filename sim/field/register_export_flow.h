/* The map as a flow of Node-RED, with the nodes of node-red-contrib-modbus
 * (register_export.h). */
#pragma once

#include "sim/field/register_export_point.h"

void register_export_flow(const struct export_map *map);
