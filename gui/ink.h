/* Colours that several drawings share. */
#pragma once

#include "gui/picture.h"

/* Of phase 0-2; and paler, for a current beside its voltage. */
struct colour ink_phase(int phase);
struct colour ink_pale(struct colour colour);
