/* The parts of `metersim bench`, each of which adds rows to the table. */
#pragma once

#include "sim/bench/bench_rows.h"

#define X(letter, function, text) void bench_##function(struct bench *b);
#include "sim/bench/bench_parts.def"
#undef X
