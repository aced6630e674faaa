/* A meter on a real bench: RS-485 or TCP, and a source that a person or a program sets. */
#pragma once

#include "sim/factory/port.h"
#include "sim/field/client.h"

struct port_field {
    struct client client;
    /* A command line in which {volts}, {amps}, {hz} and {pf} stand for the point; NULL: a
     * person is asked on the terminal. */
    const char *command;
    /* The same for hands and eyes, with {action}: code 0 yes, 1 no. */
    const char *fixture;
    int lost;
};

bool port_field_open(struct port_field *f, const struct place *place,
                     const char *command, GError **error);
void port_field_close(struct port_field *f);

struct port port_field(struct port_field *f);

/* The text with {NAME} replaced for each pair of names and values, NULL at the end; a
 * name in braces that is none is an error, other braces stay. To be freed. */
char *port_field_fill(const char *text, const char *const pairs[], GError **error);
