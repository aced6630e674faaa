/* Wider vectors where the processor has them: the loop is compiled twice and the
 * program chooses at start. The bits stay the same: such loops go element by element,
 * and AVX2 does not bring fused multiply-add along. Not under ThreadSanitizer: the choice
 * is made before it has started. */
#ifndef WAVEFORM_BASE_MULTIVERSION_H
#define WAVEFORM_BASE_MULTIVERSION_H

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__) &&  \
    (!defined(__clang__) || __clang_major__ >= 14)
#define MULTIVERSION __attribute__((target_clones("avx2", "default")))
#else
#define MULTIVERSION
#endif

#endif
