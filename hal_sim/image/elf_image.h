/* An image as the linker leaves it (ELF for Arm, 32 bits, little-endian; "ELF for the Arm
 * Architecture", AAELF32): what goes to flash. Every offset of the file is checked. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum elf_image_result {
    ELF_IMAGE_OK = 0,
    ELF_IMAGE_NOT_ARM = -1, /* no ELF executable for Arm */
    ELF_IMAGE_DAMAGED = -2, /* an offset leads out of the file */
    ELF_IMAGE_OUTSIDE = -3, /* a segment does not lie in flash */
};

struct elf_image {
    const uint8_t *file; /* the caller's, as long as this is used */
    size_t size;
};

enum elf_image_result elf_image_open(struct elf_image *e, const uint8_t *file,
                                     size_t size);

/* Writes its segments to flash[0…room-1], which stands at `base`. */
enum elf_image_result elf_image_load(const struct elf_image *e, uint8_t *flash,
                                     uint32_t base, uint32_t room);

/* What a result means, for people. */
const char *elf_image_reason(enum elf_image_result result);
