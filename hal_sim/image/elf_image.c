/* Reading ELF. See elf_image.h. */
#include "hal_sim/image/elf_image.h"
#include <stdbool.h>
#include <string.h>

/* Fields of the headers, by offset and size (AAELF32; System V ABI, 4). */
enum {
    HEADER = 52,
    E_MACHINE = 18,
    E_PHOFF = 28,
    E_PHNUM = 44,
    MACHINE_ARM = 40,
    SEGMENT = 32,
    P_OFFSET = 4,
    P_PADDR = 12,
    P_FILESZ = 16,
    LOAD = 1
};

static uint32_t half(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t word(const uint8_t *at)
{
    return half(at) | half(at + 2) << 16;
}

static bool is_within(const struct elf_image *e, uint32_t offset, uint32_t size)
{
    return offset <= e->size && size <= e->size - offset;
}

/* The n-th of a table of `each` bytes that begins at `from`; NULL: not in the file. */
static const uint8_t *row(const struct elf_image *e, uint32_t from, uint32_t n,
                          uint32_t each)
{
    const uint64_t offset = (uint64_t)from + (uint64_t)n * each;

    return offset + each <= e->size ? e->file + offset : NULL;
}

enum elf_image_result elf_image_open(struct elf_image *e, const uint8_t *file,
                                     size_t size)
{
    static const uint8_t magic[] = { 0x7F, 'E', 'L', 'F', 1, 1, 1 };

    *e = (struct elf_image){ .file = file, .size = size };
    if (size < HEADER || memcmp(file, magic, sizeof magic) != 0 ||
        half(file + E_MACHINE) != MACHINE_ARM)
        return ELF_IMAGE_NOT_ARM;
    return ELF_IMAGE_OK;
}

static enum elf_image_result load_segment(const struct elf_image *e, const uint8_t *p,
                                          uint8_t *flash, uint32_t base, uint32_t room)
{
    const uint32_t size = word(p + P_FILESZ), at = word(p + P_PADDR) - base;

    if (word(p) != LOAD || size == 0)
        return ELF_IMAGE_OK;
    if (!is_within(e, word(p + P_OFFSET), size))
        return ELF_IMAGE_DAMAGED;
    if (at > room || size > room - at)
        return ELF_IMAGE_OUTSIDE;
    memcpy(flash + at, e->file + word(p + P_OFFSET), size);
    return ELF_IMAGE_OK;
}

enum elf_image_result elf_image_load(const struct elf_image *e, uint8_t *flash,
                                     uint32_t base, uint32_t room)
{
    const uint32_t from = word(e->file + E_PHOFF), count = half(e->file + E_PHNUM);

    for (uint32_t k = 0; k < count; k++) {
        const uint8_t *p = row(e, from, k, SEGMENT);
        if (!p)
            return ELF_IMAGE_DAMAGED;
        const enum elf_image_result result = load_segment(e, p, flash, base, room);
        if (result != ELF_IMAGE_OK)
            return result;
    }
    return ELF_IMAGE_OK;
}

const char *elf_image_reason(enum elf_image_result result)
{
    switch (result) {
    case ELF_IMAGE_OK:
        return "it is an image";
    case ELF_IMAGE_NOT_ARM:
        return "it is not an ELF file for Arm, such as build/firmware/meter.elf";
    case ELF_IMAGE_DAMAGED:
        return "the ELF file is cut off or damaged";
    case ELF_IMAGE_OUTSIDE:
        return "it does not lie in the flash of an STM32F405";
    }
    return "";
}
