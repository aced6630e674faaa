/* The tables of verbs. See script_verbs.h. */
#include "sim/script/script_verbs.h"
#include <stddef.h>

#define ROW(name, arguments, text, call) { name, arguments, text, call },

#define VERB ROW
static const struct verb verbs[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define METER_METHOD ROW
static const struct verb meter_methods[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define METER_FIELD ROW
static const struct verb meter_fields[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define LINE_METHOD ROW
static const struct verb line_methods[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define LINE_FIELD ROW
static const struct verb line_fields[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define GATEWAY_METHOD ROW
static const struct verb gateway_methods[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

#define GATEWAY_FIELD ROW
static const struct verb gateway_fields[] = {
#include "sim/script/script_verbs.def"
    { NULL, NULL, NULL, NULL },
};

const struct script_words script_all_words = { verbs,         meter_methods,
                                               meter_fields,  line_methods,
                                               line_fields,   gateway_methods,
                                               gateway_fields };
