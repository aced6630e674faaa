/* --board image. See board_image.h. Module and image are found where the build puts them,
 * or where they are installed: module beside the program or in its lib folder, image in
 * the data folder. */
#include "sim/plant/board_image.h"
#include "hal_sim/image/device_image.h"
#include "hal_sim/image/processor.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include <gmodule.h>
#include <string.h>

#define MODULE "metersim_processor.so"
#define IMAGE  "firmware/meter.elf"

/* The first of the files that is there; to be freed. NULL: none. */
static char *first_there(char *files[], int count)
{
    char *found = NULL;

    for (int k = 0; k < count; k++) {
        if (!found && g_file_test(files[k], G_FILE_TEST_IS_REGULAR))
            found = g_strdup(files[k]);
        g_free(files[k]);
    }
    return found;
}

static char *find_module(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = program ? g_path_get_dirname(program) : g_strdup(".");
    char *files[] = { g_build_filename(folder, MODULE, NULL),
                      g_build_filename(folder, "..", "lib", "metersim", MODULE, NULL) };

    g_free(program);
    g_free(folder);
    return first_there(files, G_N_ELEMENTS(files));
}

static char *find_image(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = program ? g_path_get_dirname(program) : g_strdup(".");
    char *files[] = { g_build_filename(folder, IMAGE, NULL), data_path(IMAGE) };

    g_free(program);
    g_free(folder);
    return first_there(files, G_N_ELEMENTS(files));
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
                  "configure and build again");
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

static const struct device_maker *open_image(const char *elf, GError **error)
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
    return image ? device_image_maker(image) : NULL;
}

bool board_image_open(const struct board_options *o, const struct device_maker **maker,
                      GError **error)
{
    const bool wanted = o->board && !strcmp(o->board, "image");

    *maker = NULL;
    if (o->board && !wanted && strcmp(o->board, "core") != 0)
        return error_set(error, "--board is core or image, not '%s'", o->board);
    if (o->elf && !wanted)
        return error_set(error, "--elf goes with --board image");
    if (!wanted)
        return true;
    *maker = open_image(o->elf, error);
    return *maker != NULL;
}

void board_image_free(struct board_options *o)
{
    g_free(o->board);
    g_free(o->elf);
}
