/* A folder for files that nobody is to see. */
#pragma once

#include <glib.h>

/* Its path (for temp_folder_remove), or NULL with *error set. */
char *temp_folder_new(GError **error);

/* Removes it with all that is in it, and frees the path. Links are not followed. */
void temp_folder_remove(char *path);
