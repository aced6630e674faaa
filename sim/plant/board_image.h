/* --board image: the meter's device is the flashed ELF on models of the board's chips
 * (hal_sim/image/), its processor a module that is loaded only for this. */
#pragma once

#include "hal_sim/device.h"
#include <glib.h>

/* The options of a command; zeros at first. */
struct board_options {
    char *board, *elf, *cycles;
    gboolean cpu;
};

/* Rows for the command's table of options. */
#define BOARD_OPTIONS(o)                                                               \
    { "board",                                                                         \
      0,                                                                               \
      0,                                                                               \
      G_OPTION_ARG_STRING,                                                             \
      &(o)->board,                                                                     \
      "What runs the firmware: core (linked in, the default) or image (the flashed "   \
      "ELF on modelled chips; needs libunicorn2)",                                     \
      "core|image" },                                                                  \
        { "elf",                                                                       \
          0,                                                                           \
          0,                                                                           \
          G_OPTION_ARG_FILENAME,                                                       \
          &(o)->elf,                                                                   \
          "The image of --board image; default: the one that was built or "            \
          "installed",                                                                 \
          "FILE" },                                                                    \
        BOARD_CPU_OPTIONS(o)

#define BOARD_CPU_OPTIONS(o)                                                           \
    { "cpu",                                                                           \
      0,                                                                               \
      0,                                                                               \
      G_OPTION_ARG_NONE,                                                               \
      &(o)->cpu,                                                                       \
      "The image's instructions take time; latencies, load and stack are printed",     \
      NULL },                                                                          \
    {                                                                                  \
        "cycles", 0, 0, G_OPTION_ARG_STRING, &(o)->cycles,                             \
            "With --cpu: clocks of an instruction, drawn from a range; default 1.9",   \
            "N|LOW..HIGH"                                                              \
    }

/* What makes devices, valid until the program ends; NULL for the core. False with an
 * error that says what is missing and how to get it. */
bool board_image_open(const struct board_options *o, const struct device_maker **maker,
                      GError **error);
