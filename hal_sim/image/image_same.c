/* See image_same.h. */
#include "hal_sim/image/image_same.h"
#include "hal_sim/board.h"
#include "hal_sim/device_core.h"
#include "hal_sim/image/image_state.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ADDRESSES = 0x10000, BLOCK_MOST = 125 };

/* A meter as it leaves the factory has them all, and reads nothing between them. */
static void find_registers(struct image_map *map, const struct model *model)
{
    struct hal board;
    uint16_t word;

    board_start(&board, 0);
    struct device *d = device_core_new(&board, model);
    d->kind->power_up(d);
    map->model = model;
    map->blocks = 0;
    for (uint32_t addr = 0; addr < ADDRESSES; addr++) {
        if (!d->kind->registers(d, (uint16_t)addr, 1, &word))
            continue;
        const int last = map->blocks - 1;
        if (last >= 0 && map->first[last] + map->count[last] == (int)addr &&
            map->count[last] < BLOCK_MOST) {
            map->count[last]++;
        } else if (map->blocks < IMAGE_BLOCKS) {
            map->first[map->blocks] = (uint16_t)addr;
            map->count[map->blocks++] = 1;
        }
    }
    d->kind->free(d);
    board_free(&board);
}

static bool block_is_same(struct device *image, struct device *core, uint16_t addr,
                          int count, char *text, size_t room)
{
    uint16_t here[BLOCK_MOST] = { 0 }, there[BLOCK_MOST] = { 0 };
    const bool reads = core->kind->registers(core, addr, count, here);

    if (image->kind->registers(image, addr, count, there) != reads) {
        snprintf(text, room, "register %d cannot be read on one of them", addr + 1);
        return false;
    }
    for (int k = 0; k < count; k++)
        if (here[k] != there[k]) {
            snprintf(text, room, "register %d: %u from the core, %u from the image",
                     addr + k + 1, here[k], there[k]);
            return false;
        }
    return true;
}

static bool energies_are_same(const struct energy *core, const struct energy *image,
                              char *text, size_t room)
{
    for (int owner = 0; owner < ENERGY_OWNERS; owner++)
        for (int kind = 0; kind < ENERGY_KINDS; kind++)
            if (core->mwh[owner][kind] != image->mwh[owner][kind] ||
                core->rest_uj[owner][kind] != image->rest_uj[owner][kind]) {
                snprintf(text, room,
                         "energy %d of %d: %" PRIu64 " mWh and %u µJ from the core, "
                         "%" PRIu64 " mWh and %u µJ from the image",
                         kind, owner, core->mwh[owner][kind],
                         core->rest_uj[owner][kind], image->mwh[owner][kind],
                         image->rest_uj[owner][kind]);
                return false;
            }
    return true;
}

static bool readings_are_same(const struct meter *core, const struct meter *image,
                              char *text, size_t room)
{
    for (int q = 0; q < QUANTITIES; q++)
        if (core->reading[q] != image->reading[q]) {
            snprintf(text, room,
                     "reading %d: %" PRId64 " from the core, %" PRId64
                     " from the image",
                     q, core->reading[q], image->reading[q]);
            return false;
        }
    return true;
}

bool image_same(struct image_map *map, struct device *image, struct device *core,
                int64_t *words, char *text, size_t room)
{
    const struct meter *here = device_core_meter(core),
                       *there = &((struct image_device *)(void *)image)->seen;

    if (map->model != core->model)
        find_registers(map, core->model);
    for (int k = 0; k < map->blocks; k++) {
        if (!block_is_same(image, core, map->first[k], map->count[k], text, room))
            return false;
        *words += map->count[k];
    }
    return energies_are_same(&here->energy, &there->energy, text, room) &&
           readings_are_same(here, there, text, room);
}
