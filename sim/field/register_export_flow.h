/* The map as a flow of Node-RED, with the nodes of node-red-contrib-modbus
 * (register_export.h). */
#ifndef SIM_FIELD_REGISTER_EXPORT_FLOW_H
#define SIM_FIELD_REGISTER_EXPORT_FLOW_H

#include "sim/field/register_export_point.h"

void register_export_flow(const struct export_map *map);

#endif
