/* The map for programs that monitor: collectd, zabbix-agent2, and rules for Prometheus
 * over what its Modbus exporter reads (register_export.h). */
#pragma once

#include "sim/field/register_export_point.h"

void register_export_collectd(const struct export_map *map);
void register_export_zabbix(const struct export_map *map);
void register_export_rules(const struct export_map *map);
