/* The SunSpec registers, described. */
#ifndef SIM_FIELD_REGISTER_LIST_SUNSPEC_H
#define SIM_FIELD_REGISTER_LIST_SUNSPEC_H

#include "sim/field/register_list.h"

/* Registers 40001-40178. */
void register_list_sunspec(register_list_visit visit, void *user);

#endif
