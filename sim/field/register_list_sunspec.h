/* The SunSpec registers, described. */
#pragma once

#include "sim/field/register_list.h"

/* Registers 40001-40178. */
void register_list_sunspec(register_list_visit visit, void *user);
