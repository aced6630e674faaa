/* The fixture's registers for programs that also know the product's meter: what
 * `struct meter` is stays behind this. */
#pragma once

struct meter;

enum { FIXTURE_ADDRESS = 1 };

/* As new at every call; one in the program. */
struct meter *fixture_registers_new(void);
