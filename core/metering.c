/* From blocks to seconds: order of work and scale factors. See metering.h. The
 * arithmetic at the end of a second stands in second.c. */
#include "core/metering.h"
#include "core/accumulate.h"
#include <stddef.h>
#include <string.h>

enum {
    MILLION = 1000000,
    DEFAULT_UHZ = 60000000,
    NO_LOAD_PPM = 400,         /* of the CT rating: starting current */
    OVER_RANGE_PPM = 1200000,  /* of the CT rating: +20 % over-range */
    OVER_RANGE_UV = 416400000, /* 347 V L-N + 20 %, at the input terminals */
    PT_RATIO_ONE = 100         /* register 133 */
};

static struct scale calibrated(struct scale nominal, int32_t gain_ppm)
{
    uint64_t ppm = (uint64_t)(MILLION + (int64_t)gain_ppm);
    return scale_multiply(nominal, scale_ratio(ppm, MILLION));
}

/* µV per code: 588.9 V · PT ratio ÷ 2^23. */
static struct scale volt_scale(const struct settings *s)
{
    return scale_ratio(HAL_VOLT_PEAK_DV * 1000ull * s->value[SETTING_PT_RATIO],
                       HAL_CODES);
}

/* µA per code: 1.7 · CT rating ÷ 2^23. */
static struct scale current_scale(const struct settings *s)
{
    return scale_ratio(HAL_CURRENT_PEAK_PERMIL * 1000ull * s->value[SETTING_CT_PRIMARY],
                       HAL_CODES);
}

void metering_scale(struct metering *m, const struct metering_setup *setup)
{
    const struct settings *settings = setup->settings;
    const int32_t *gain_ppm = setup->calibration->gain_ppm;
    const uint64_t rated_a = settings->value[SETTING_CT_PRIMARY];
    const struct scale current = current_scale(settings);
    /* µV · µA = 10^-6 µW, and mean products come in codes² · 2^14. */
    const struct scale unit = scale_ratio(1, (uint64_t)MILLION << 14);
    const struct scale per_sample = scale_ratio(1 << 14, HAL_SAMPLE_RATE);

    m->volt_nominal = volt_scale(settings);
    for (int k = 0; k < 3; k++) {
        m->volt[k] = calibrated(m->volt_nominal, gain_ppm[k]);
        m->current[k] = calibrated(current, gain_ppm[3 + k]);
        m->power[k] = scale_multiply(scale_multiply(m->volt[k], m->current[k]), unit);
        m->energy[k] = scale_multiply(m->power[k], per_sample);
        m->cycle.weight[k] =
            (uint32_t)(((int64_t)MILLION + gain_ppm[k] + gain_ppm[3 + k]) * WINDOW_ONE /
                       MILLION);
    }
    m->cycle.phases = setup->config->phases;
    m->no_load_ua = rated_a * NO_LOAD_PPM;
    m->over_ua = rated_a * OVER_RANGE_PPM;
    m->over_uv =
        (uint64_t)OVER_RANGE_UV * settings->value[SETTING_PT_RATIO] / PT_RATIO_ONE;
}

void metering_start(struct metering *m, const struct metering_setup *setup)
{
    const struct carried carried = m->carried;

    acquire_restart(&m->acquire);
    memset(&m->fundamental, 0, sizeof *m - offsetof(struct metering, fundamental));
    m->carried = carried;
    m->unsettled = METERING_SETTLED;
    m->cycle.carried = -1;
    m->uhz = DEFAULT_UHZ;
    m->element_ab = config_type(setup->config)->element == ELEMENT_AB;
    window_start(&m->window);
    metering_scale(m, setup);
}

bool metering_has_correction(const struct metering *m)
{
    return m->correction.rotation[0].cosine != 0;
}

void metering_accumulate_now(struct metering *m, const struct model *model,
                             struct energy *energy)
{
    struct second part;

    if (!metering_has_correction(m))
        return;
    memset(&part, 0, sizeof part);
    accumulate_energy(m, model, energy, &part);
    m->carried.import_uj += part.import_uj;
    m->carried.export_uj += part.export_uj;
    m->carried.reactive_uj += part.reactive_uj;
}

void metering_silence(struct metering *m, const struct model *model,
                      struct energy *energy, struct second *second)
{
    metering_accumulate_now(m, model, energy);
    memset(second, 0, sizeof *second);
    second->import_uj = m->carried.import_uj;
    second->export_uj = m->carried.export_uj;
    second->reactive_uj = m->carried.reactive_uj;
    memset(&m->carried, 0, sizeof m->carried);
}

int32_t metering_part_us(const struct metering *m)
{
    const int32_t blocks =
        m->blocks_seen < ACQUIRE_SEEN ? m->blocks_seen : m->window.block;
    const int64_t sets = (blocks - m->before_window) * BLOCK + m->acquire.fill;

    return (int32_t)(sets * MILLION / HAL_SAMPLE_RATE);
}

/* The block that the silence cut is metered whole, as are the two before it: only the
 * window leaves them out. */
int32_t metering_resume(struct metering *m, uint32_t came)
{
    const int32_t filled = (m->acquire.fill + BLOCK - (int32_t)(came % BLOCK)) % BLOCK;
    const uint8_t cut = filled != 0;

    m->before_window =
        cut + (m->blocks_seen < ACQUIRE_SEEN ? m->blocks_seen : ACQUIRE_SEEN - 1);
    m->unsettled = METERING_SETTLED + cut;
    window_start(&m->window);
    return (int32_t)came - (cut ? BLOCK - filled : 0);
}

void metering_form_element_ab(struct block *block)
{
    for (int n = 0; n < BLOCK; n++)
        block->x[0][n] -= block->x[1][n];
}

/* The first outputs of the filters lack samples from before the start, and the outputs
 * after them are set against them: neither shows a frequency. False: they are not
 * yet full, and nothing can be metered. */
static bool fill_filters(struct metering *m, struct block *const seen[ACQUIRE_SEEN])
{
    fundamental_block(&m->fundamental, seen);
    if (m->unsettled == 0)
        return true;
    m->unsettled--;
    fundamental_clear_frequency(&m->fundamental);
    if (m->blocks_seen < ACQUIRE_SEEN)
        m->blocks_seen++;
    return m->blocks_seen == ACQUIRE_SEEN;
}

bool metering_block(struct metering *m, struct window_sums *sums, bool *received)
{
    struct block *seen[ACQUIRE_SEEN];
    struct products whole;

    *received = acquire_next(&m->acquire, seen);
    if (!*received)
        return false;
    if (m->element_ab)
        metering_form_element_ab(seen[0]);
    if (!fill_filters(m, seen))
        return false;
    cycle_block(&m->cycle, &m->fundamental, seen[2], &whole);
    if (m->before_window) {
        m->before_window--;
        return false;
    }
    return window_block(&m->window, seen[2], &whole, &m->fundamental, sums);
}
