/* Energy accumulators. See energy.h. */
#include "core/energy.h"
#include <string.h>

enum { UJ_PER_MWH = 3600000 };

void energy_add(struct energy *e, int owner, enum energy_kind kind, uint64_t uj)
{
    uj += e->rest_uj[owner][kind];
    e->mwh[owner][kind] += uj / UJ_PER_MWH;
    e->rest_uj[owner][kind] = (uint32_t)(uj % UJ_PER_MWH);
}

void energy_reset(struct energy *e)
{
    uint32_t resets = e->resets;

    memset(e, 0, sizeof *e);
    e->resets = (resets + 1) & 0x7FFF;
}

int64_t energy_net(const struct energy *e, enum energy_kind import,
                   enum energy_kind export)
{
    return (int64_t)(e->mwh[ENERGY_TOTAL][import] - e->mwh[ENERGY_TOTAL][export]);
}
