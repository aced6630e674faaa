/* Where a meter in the field is: tcp:HOST[:PORT]/UNIT, rtu:DEVICE/UNIT or
 * rtutcp:HOST:PORT/UNIT (frames of Modbus RTU on a TCP port), with the options of every
 * command that talks to one. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { PLACE_TEXT = 160 };

struct place {
    bool serial;    /* frames of Modbus RTU … */
    bool by_tcp;    /* … on a socket */
    char host[128]; /* or the serial device */
    char port[8];   /* or … */
    int baud;
    char parity; /* 'N', 'E', 'O' */
    int unit;
    double timeout_s; /* of each answer */
};

/* --baud, --parity and --timeout: to be put into a command's table, then checked. */
struct place_options {
    struct place place;
    char *parity;
};
enum { PLACE_ENTRIES = 3 };
void place_options_start(struct place_options *o, GOptionEntry entries[PLACE_ENTRIES]);
bool place_options_check(struct place_options *o, GError **error);

bool place_is(const char *text); /* it begins with tcp:, rtu: or rtutcp: */

/* Port 502 and unit 1 may be left out on TCP; false with `error` set otherwise. Baud
 * rate, parity and timeout stay as they are. */
bool place_parse(struct place *place, const char *text, GError **error);

/* As place_parse reads it. */
void place_text(const struct place *place, char text[PLACE_TEXT]);
