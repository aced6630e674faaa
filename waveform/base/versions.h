/* A function that is compiled once for each instruction set: name_plain, name_avx2 and
 * name_avx512, of which the dynamic linker binds one when the program starts. Used by the
 * files x86/versions.c, which CMakeLists.txt adds where there is a choice, and by bench. */
#pragma once

#include <stdbool.h>

static inline bool versions_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

#define VERSIONS_DECLARE(name)                                                         \
    __typeof__(name) name##_plain, name##_avx2, name##_avx512;

#define VERSIONS_CHOOSE(name)                                                          \
    static __attribute__((used)) __typeof__(name) *choose_##name(void)                 \
    {                                                                                  \
        __builtin_cpu_init();                                                          \
        if (versions_avx512())                                                         \
            return name##_avx512;                                                      \
        return __builtin_cpu_supports("avx2") ? name##_avx2 : name##_plain;            \
    }                                                                                  \
    __attribute__((ifunc("choose_" #name))) __typeof__(name)(name);
