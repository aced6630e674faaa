/* --board image. See board_image.h. Module and image are found where the build puts them,
 * or where they are installed: module beside the program or in its lib folder, image in
 * the data folder. */
#include "sim/plant/board_image.h"
#include "hal_sim/image/image_open.h"
#include "hal_sim/image/processor.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include <gmodule.h>
#include <string.h>

#define MODULE "metersim_processor.so"
#define IMAGE  "firmware/meter.elf"

static char *find_module(void)
{
    static const char *const places[] = { MODULE, "../lib/metersim/" MODULE };

    return program_file(places, G_N_ELEMENTS(places));
}

/* NULL: there is none. */
static char *find_image(void)
{
    static const char *const beside = IMAGE;
    char *found = program_file(&beside, 1), *shipped = data_path(IMAGE);

    if (!found && g_file_test(shipped, G_FILE_TEST_IS_REGULAR))
        found = g_steal_pointer(&shipped);
    g_free(shipped);
    return found;
}

static const struct processor_module *load_module(GError **error)
{
    char *path = find_module();
    GModule *module = path ? g_module_open(path, G_MODULE_BIND_LOCAL) : NULL;
    gpointer symbol = NULL;

    if (!path)
        error_set(error,
                  "--board image: this metersim was built without its processor; "
                  "install libunicorn-dev (apt-get install libunicorn-dev), then "
                  "configure and build again (target metersim_processor)");
    else if (!module)
        error_set(error,
                  "--board image: %s; it needs libunicorn2 (apt-get install "
                  "libunicorn2)",
                  g_module_error());
    else if (!g_module_symbol(module, PROCESSOR_SYMBOL, &symbol) ||
             ((const struct processor_module *)symbol)->version != PROCESSOR_VERSION)
        error_set(error, "--board image: %s is of another version of metersim", path);
    else
        g_module_make_resident(module);
    g_free(path);
    return symbol;
}

static struct device_image *
load_image(const char *path, const struct processor_module *module, GError **error)
{
    char *bytes;
    gsize size;
    const char *reason = NULL;

    if (!g_file_get_contents(path, &bytes, &size, error)) {
        g_prefix_error(error, "--elf: ");
        return NULL;
    }
    struct device_image *image =
        device_image_open((const uint8_t *)bytes, size, module, &reason);
    g_free(bytes);
    if (!image)
        error_set(error, "--elf: %s: %s", path, reason);
    return image;
}

static bool parse_thousandths(const char *text, uint32_t *value)
{
    char *end;
    const double x = g_ascii_strtod(text, &end) * 1000;

    *value = x >= CPU_CYCLES_MIN && x <= CPU_CYCLES_MAX ? (uint32_t)(x + 0.5) : 0;
    return end != text && !*end && *value;
}

/* "1.9" or "1.2..2.6", in thousandths. */
static bool parse_cycles(const char *text, struct cpu_cycles *cycles, GError **error)
{
    char **ends = g_strsplit(text, "..", 2);
    const bool reads = ends[0] && parse_thousandths(ends[0], &cycles->least) &&
                       parse_thousandths(ends[1] ? ends[1] : ends[0], &cycles->most) &&
                       cycles->least <= cycles->most;

    g_strfreev(ends);
    if (!reads)
        return error_set(error,
                         "--cycles is a number from 1 to 10, or a range such as "
                         "1.2..2.6; not '%s'",
                         text);
    return true;
}

static bool read_cycles(const struct board_options *o, struct cpu_cycles *cycles,
                        GError **error)
{
    *cycles = (struct cpu_cycles){ 0, 0 };
    if (o->cycles && !o->cpu)
        return error_set(error, "--cycles goes with --cpu");
    if (o->cpu)
        *cycles = (struct cpu_cycles){ CPU_CYCLES_USUAL, CPU_CYCLES_USUAL };
    return !o->cycles || parse_cycles(o->cycles, cycles, error);
}

static const struct device_maker *open_image(const char *elf, struct cpu_cycles cycles,
                                             GError **error)
{
    const struct processor_module *module = load_module(error);
    char *path = elf ? g_strdup(elf) : find_image();
    struct device_image *image = NULL;

    if (module && *error == NULL && !path)
        error_set(error,
                  "--board image: no image was built (cmake --build BUILD --target "
                  "firmware; needs gcc-arm-none-eabi); --elf FILE names one");
    else if (module && *error == NULL)
        image = load_image(path, module, error);
    g_free(path);
    if (!image)
        return NULL;
    device_image_set_cycles(image, cycles);
    return device_image_maker(image);
}

bool board_image_open(const struct board_options *o, const struct device_maker **maker,
                      GError **error)
{
    const bool wanted = o->board && !strcmp(o->board, "image");
    struct cpu_cycles cycles;

    *maker = NULL;
    if (o->board && !wanted && strcmp(o->board, "core") != 0)
        return error_set(error, "--board is core or image, not '%s'", o->board);
    if (o->elf && !wanted)
        return error_set(error, "--elf goes with --board image");
    if (o->cpu && !wanted)
        return error_set(error, "--cpu goes with --board image");
    if (!read_cycles(o, &cycles, error))
        return false;
    if (!wanted)
        return true;
    *maker = open_image(o->elf, cycles, error);
    return *maker != NULL;
}
