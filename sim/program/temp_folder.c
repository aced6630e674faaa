/* Folders for a while. See temp_folder.h. */
#include "sim/program/temp_folder.h"
#include <glib/gstdio.h>

/* So deep a folder of ours is at most. */
enum { DEPTH = 16 };

char *temp_folder_new(GError **error)
{
    return g_dir_make_tmp("metersim-XXXXXX", error);
}

static void remove_all(const char *path, int depth)
{
    const char *name;
    GDir *dir = depth > 0 && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)
                    ? g_dir_open(path, 0, NULL)
                    : NULL;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        remove_all(inside, depth - 1);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

void temp_folder_remove(char *path)
{
    remove_all(path, DEPTH);
    g_free(path);
}
