/* A scenario from a text, for tests. */
#pragma once

#include "sim/run/scenario.h"
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A file of that text; to be removed with remove_script. */
static inline char *write_script(const char *text, gssize size)
{
    char *path = g_build_filename(g_get_tmp_dir(), "metersim-XXXXXX", NULL);
    int fd = g_mkstemp(path);

    if (fd < 0 || !g_file_set_contents(path, text, size, NULL))
        g_error("no temporary file");
    close(fd);
    return path;
}

static inline void remove_script(char *path)
{
    g_unlink(path);
    g_free(path);
}

static inline void run_text(const char *text, gssize size, struct scenario_result *r)
{
    char *path = write_script(text, size);

    scenario_run(
        &(struct scenario_options){
            .path = path, .seed = 1, .step_limit = 1000000, .memory_limit = 8 << 20 },
        r);
    remove_script(path);
}
