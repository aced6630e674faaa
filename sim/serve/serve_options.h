/* The options of metersim serve: parsed, and checked against each other. */
#pragma once

#include "hal_sim/unit_nvm.h"
#include "sim/bridge/bridge_options.h"
#include "sim/gateway/gateway.h"
#include "sim/history/history_options.h"
#include "sim/plant/board_image.h"
#include <glib.h>

enum { SERVE_NOT_GIVEN = G_MININT };

struct serve_options {
    struct board_options board;
    char *model, *tcp, *speed, *nvm; /* NULL: the default */
    char *profiles, *metrics, *http, **http_names, *console, *panel, **rtu;
    char *gateway;                /* NULL: none */
    char *rtu_over_tcp;           /* NULL: none */
    struct bridge_options bridge; /* of it */
    char *pcap, *pcap_rtu, *ready, *tape;
    char *history; /* a log; NULL: none */
    struct history_texts log;
    char **allow;     /* folders that scripts may read; NULL: none */
    gint64 load_seed; /* SERVE_NOT_GIVEN: all loads alike */
    int system_type, count;
    int address, baud; /* SERVE_NOT_GIVEN: as the meters come */
    char *parity;
    int fill_word;
    struct unit_factory factory; /* of the three */
    int workers;                 /* SERVE_NOT_GIVEN: as many as the meters want */
    double ct, volts, amps, pf, hz;
    bool ct_given, volts_given; /* else they may be fitted to a log */
    double speed_x;             /* of `speed`; PACE_MAX: as fast as possible */
    gboolean by_address, hold, parent;
    struct gateway_limits limits;
    const char *script; /* NULL: the meters that these options describe */
};

bool serve_options_parse(struct serve_options *o, int argc, char **argv,
                         GError **error);
