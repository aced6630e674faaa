/* A result file while it is written. Its name is FILE.part, beside FILE; it becomes FILE
 * when it is whole, so a run that is killed leaves FILE as it was. Devices, pipes and
 * descriptors of the process (/dev/stdout) are written in place. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#define OUTPUT_PART ".part"

struct output_file {
    FILE *file;        /* NULL: not open */
    char *path, *part; /* without links; part is NULL in place */
};

/* False: errno says why. EBUSY: another process writes this file now. */
bool output_file_open(struct output_file *o, const char *path);

/* The file is whole. Returns 0 or an errno; the part is then removed. */
int output_file_commit(struct output_file *o);

/* Closes the file and removes the part. */
void output_file_abandon(struct output_file *o);

/* In a forked process: closes the file, which is the other process's. */
void output_file_leave(struct output_file *o);

/* The name of the part (g_free), or NULL: this path is written in place. */
char *output_file_part(const char *path);
