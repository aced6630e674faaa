/* The fixture's registers. See fixture_registers.h. */
#include "tests/tools/fixture_registers.h"
#include "tests/support/modbus_fixture.h"

struct meter *fixture_registers_new(void)
{
    static struct meter fixture;

    fixture_start(&fixture);
    return &fixture;
}
