/* metersim page: the meter as one HTML file, which the build has put into the program
 * where emscripten was there (page/). */
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include <gio/gio.h>
#include <stdio.h>

static bool write_page(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = g_resources_lookup_data(
        "/metersim/meter.html", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (!bytes)
        return error_set(error, "this metersim was built without emscripten, and so "
                                "without the page: ./run page installs it and builds "
                                "anew (by hand: apt-get install emscripten, then cmake "
                                "and ninja as before)");
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    g_autoptr(GString) html = g_string_new_len(text, (gssize)size);
    bool written = output_write(path, html, error);
    if (written)
        printf("%s: %.0f KB; open it in a browser\n", path, (double)size / 1024);
    return written;
}

int command_page(int argc, char **argv, GError **error)
{
    char *path = NULL;
    const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
                                       "Writes it here (meter.html)", "FILE" },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(&argc, &argv, "", entries,
                         "A meter in one file, for any browser: no network, no "
                         "installation.\n\nExamples:\n  metersim page -o meter.html\n",
                         error))
        return 2;
    if (argc > 1) {
        error_set(error, "page: it has no argument '%s'", argv[1]);
        return 2;
    }
    bool written = write_page(path ? path : "meter.html", error);
    return written ? 0 : 2;
}
