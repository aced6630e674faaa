/* The tables of verbs. See script_verbs.h. */
#include "sim/script/script_verbs.h"
#include <stddef.h>

#define ROW(name, arguments, text, call) { name, arguments, text, call },

#define VERB ROW
const struct verb script_verbs[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define METER_METHOD ROW
const struct verb script_meter_methods[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define LINE_METHOD ROW
const struct verb script_line_methods[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define LINE_FIELD ROW
const struct verb script_line_fields[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};
