/* Feeds a meter of core alone with N seconds of a three-phase wave: what
 * tests/tools/core_cost.sh counts the instructions of. */
#include "core/meter.h"
#include "hal_sim/board.h"
#include <math.h>
#include <stdlib.h>

enum { BLOCKS = HAL_SAMPLE_RATE / BLOCK };

static int32_t wave[BLOCKS][HAL_CHANNELS][BLOCK];

static void make_wave(void)
{
    const double turn = 2 * 3.14159265358979323846;

    for (int b = 0; b < BLOCKS; b++)
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            for (int n = 0; n < BLOCK; n++) {
                double t = (b * BLOCK + n) / (double)HAL_SAMPLE_RATE;
                double lag = ch < 3 ? 0 : 0.1;
                wave[b][ch][n] =
                    (int32_t)(4e6 * sin(turn * (60 * t - ch % 3 / 3.0 - lag)));
            }
}

int main(int argc, char **argv)
{
    static struct meter meter;
    static struct hal board;
    int seconds = argc > 1 ? atoi(argv[1]) : 10;

    make_wave();
    board_start(&board, 1);
    meter_start(&meter, &board, model_find("s4100"));
    for (int s = 0; s < seconds; s++)
        for (int b = 0; b < BLOCKS; b++) {
            meter_samples(&meter, (const int32_t(*)[BLOCK])wave[b], BLOCK);
            meter_tick(&meter, (uint64_t)(s * BLOCKS + b + 1) * 1000000 / BLOCKS);
            meter_poll(&meter);
        }
    board_free(&board);
    return meter.seconds == (uint32_t)seconds ? 0 : 1;
}
