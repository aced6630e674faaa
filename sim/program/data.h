/* Where the project's own data files are (recordings/, scenarios/). */
#ifndef SIM_PROGRAM_DATA_H
#define SIM_PROGRAM_DATA_H

/* The path of a shipped file, to be freed with g_free: below $METERSIM_DATA when that
 * is set, else below the source tree that this program was built from. */
char *data_path(const char *name);

#endif
