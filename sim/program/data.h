/* Where the files are that come with the program. */
#pragma once

/* The path of a data file (recordings/, scenarios/, firmware/, docs/), to be freed with
 * g_free: below $METERSIM_DATA when that is set; else below share/metersim beside the
 * folder of an installed program; else below the folder `data` beside the program, which
 * in a build is a link to the source. The file need not be there. */
char *data_path(const char *name);

/* The first of these places that is a file, by its path from the program's folder; NULL:
 * none. `count` names; to be freed with g_free. */
char *program_file(const char *const *names, unsigned count);
