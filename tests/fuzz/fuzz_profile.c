/* libFuzzer target of the reader of profiles: whatever the text, it answers with points
 * whose times rise and whose values are numbers, or with an error that has its place. */
#include "waveform/profile.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check_points(const struct profile *p)
{
    require(p->count >= 1 && p->count <= PROFILE_POINTS);
    for (int n = 0; n < p->count; n++) {
        const struct profile_point *at = &p->point[n];
        require(n == 0 || at->seconds > at[-1].seconds);
        for (int k = 0; k < WAVEFORM_PHASES; k++) {
            require(isfinite(at->re[k]) && isfinite(at->im[k]));
            require(isfinite(profile_value(p, k, true, at->seconds + 0.5)));
        }
        require(profile_next(p, at->seconds) > at->seconds);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char error[PROFILE_ERROR] = "";
    FILE *file = size ? fmemopen((void *)(uintptr_t)bytes, size, "r") : NULL;

    if (!file)
        return 0;
    struct profile *p = profile_read_open(file, "fuzz.csv", error);
    fclose(file);
    if (p)
        check_points(p);
    else
        require(!strncmp(error, "fuzz.csv:", 9));
    profile_free(p);
    return 0;
}
