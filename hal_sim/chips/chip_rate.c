/* Arithmetic on clocks. See chip_rate.h. 128 bits: cycles of a day at 168 MHz, times
 * 10^9, times the divisors of a PLL and of parts per billion. */
#include "hal_sim/chips/chip_rate.h"

#define NS       UINT64_C(1000000000)
#define FS_OF_NS UINT64_C(1000000)

typedef unsigned __int128 wide;

int64_t chip_rate_ns(struct chip_rate rate, int64_t cycles)
{
    if (rate.num == 0 || rate.den == 0)
        return INT64_MAX;
    wide ns = ((wide)(uint64_t)cycles * NS * rate.den + rate.num - 1) / rate.num;
    return ns < INT64_MAX ? (int64_t)ns : INT64_MAX;
}

uint64_t chip_rate_fs(struct chip_rate rate)
{
    return rate.num ? (uint64_t)((wide)rate.den * NS * FS_OF_NS / rate.num) : 0;
}

int64_t chip_rate_cycles(struct chip_rate rate, int64_t ns)
{
    if (rate.num == 0 || rate.den == 0)
        return 0;
    return (int64_t)((wide)(uint64_t)ns * rate.num / ((wide)NS * rate.den));
}

uint32_t chip_rate_hz(struct chip_rate rate)
{
    return rate.num && rate.den ? (uint32_t)((rate.num + rate.den / 2) / rate.den) : 0;
}

struct chip_rate chip_rate_by(struct chip_rate rate, uint64_t n)
{
    if (n == 0)
        return (struct chip_rate){ 0, 1 };
    rate.den *= n;
    return rate;
}
