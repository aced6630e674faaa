/* A folder for files that nobody is to see. */
#ifndef SIM_PROGRAM_TEMP_FOLDER_H
#define SIM_PROGRAM_TEMP_FOLDER_H

#include <glib.h>

/* Its path (for temp_folder_remove), or NULL with *error set. */
char *temp_folder_new(GError **error);

/* Removes it with all that is in it, and frees the path. Links are not followed. */
void temp_folder_remove(char *path);

#endif
