/* The files that a script may read: regular ones, below its own folder, the data folder
 * (data.h), or a folder that --allow names; no link leads out of them. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Allows the folders, which end with NULL (or are NULL). False with *error set: one is
 * not there. */
bool allowed_add(char *const *folders, GError **error);

/* Where the name leads to: beside the script (`folder`, may be NULL), in the current
 * folder, in one that is allowed, in the data folder: the first of these that is there and
 * may be read, or the first that is there, or NULL. To be freed. */
char *allowed_find(const char *folder, const char *name);

/* Opens the file for reading. NULL with *error set: it is not there, may not be read,
 * or has more than size_max bytes. Never waits. */
FILE *allowed_open(const char *folder, const char *path, size_t size_max,
                   GError **error);
