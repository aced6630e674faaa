/* The front end's silence. See front_end.h. */
#include "core/front_end.h"
#include "core/hal.h"

static int64_t to_us(int64_t sets)
{
    return sets * SECOND_US / HAL_SAMPLE_RATE;
}

uint32_t front_end_new_sets(struct front_end *f, uint32_t sets, uint64_t now_us)
{
    const uint32_t came = sets - f->sets;

    if (!came)
        return 0;
    const int64_t late_us = (int64_t)(now_us - f->last_us) - to_us(came);
    if (f->sets && !f->silent && late_us > FRONT_END_GAP_US) {
        f->gaps++;
        f->gaps_us += (uint64_t)late_us;
    }
    f->sets = sets;
    f->last_us = now_us;
    return came;
}

uint64_t front_end_deadline(const struct front_end *f)
{
    return f->silent ? f->second_us : f->last_us + SECOND_US;
}

void front_end_end_second(struct front_end *f, int32_t part_us)
{
    if (!f->silent)
        f->second_us = f->last_us + (uint64_t)(SECOND_US - part_us);
    f->silent = true;
    f->second_us += SECOND_US;
    f->silent_seconds++;
}

uint32_t front_end_resume(struct front_end *f, int32_t inside, uint64_t now_us)
{
    const int64_t part_us =
        (int64_t)(now_us - (f->second_us - SECOND_US)) - to_us(inside);

    f->silent = false;
    if (part_us < 0)
        return 0;
    f->part_us += (uint32_t)part_us;
    return (uint32_t)part_us;
}

bool front_end_next_second(struct front_end *f)
{
    if (f->part_us < SECOND_US)
        return false;
    f->part_us -= SECOND_US;
    return true;
}
