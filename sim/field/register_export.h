/* The register map as configuration of programs that poll meters: telegraf, Home
 * Assistant, Node-RED, collectd, zabbix-agent2, a Prometheus exporter, evcc, OpenEMS. All
 * have the floats, whose scale is 1 whatever the exponents in registers 138 to 141 are,
 * high word first, and the alerts. Addresses are those on the wire, one less than the
 * register's number. */
#pragma once

#include "sim/field/register_list.h"
#include <glib.h>

struct register_export;

/* NULL: there is no such format; the names are a text, to be freed. */
struct register_export *register_export_new(const char *format,
                                            const struct model *model);
char *register_export_names(void);

/* All registers must be added, because it names some of them. */
bool register_export_is_whole(const struct register_export *x);

/* Adds the register, if it is one of those that are exported. */
void register_export_add(struct register_export *x, const struct register_entry *e);

/* Prints and frees it. NULL is allowed. */
void register_export_print(struct register_export *x);
