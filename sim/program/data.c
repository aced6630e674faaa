/* Files that come with the program. See data.h. */
#include "sim/program/data.h"
#include <glib.h>
#include <stdlib.h>

static char *program_folder(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

    return program ? g_path_get_dirname(program) : g_strdup(".");
}

/* The folder's own name, without links, which is what a file below it is compared with. */
static char *data_folder(void)
{
    static const char *const places[] = { "../share/metersim", "data" };
    char *folder = program_folder(), *found = NULL;

    for (unsigned k = 0; !found && k < G_N_ELEMENTS(places); k++) {
        g_autofree char *place = g_build_filename(folder, places[k], NULL);
        char *resolved = realpath(place, NULL);
        found = g_strdup(resolved);
        free(resolved);
    }
    if (!found)
        found = g_build_filename(folder, "data", NULL);
    g_free(folder);
    return found;
}

char *data_path(const char *name)
{
    const char *top = g_getenv("METERSIM_DATA");
    g_autofree char *folder = top ? g_strdup(top) : data_folder();

    return g_build_filename(folder, name, NULL);
}

char *program_file(const char *const *names, unsigned count)
{
    char *folder = program_folder(), *found = NULL;

    for (unsigned k = 0; !found && k < count; k++) {
        char *path = g_build_filename(folder, names[k], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            found = path;
        else
            g_free(path);
    }
    g_free(folder);
    return found;
}
