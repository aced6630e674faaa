/* Chooses the versions for the processor at hand, once, when the dynamic linker binds
 * them. See versions.h. */
#include "core/x86/versions.h"

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq");
}

#define VERSIONED(name, type)                                                          \
    static __attribute__((used)) __typeof__(type) *choose_##name(void)                 \
    {                                                                                  \
        __builtin_cpu_init();                                                          \
        if (has_avx512())                                                              \
            return name##_avx512;                                                      \
        return has_avx2() ? name##_avx2 : name##_plain;                                \
    }                                                                                  \
    __attribute__((ifunc("choose_" #name))) type name;
VERSIONED_FUNCTIONS
