/* Folders of records: their names, and what may be removed from them. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The folder of the verb screenshot; no meter's folder is called so. */
#define RECORD_SCREENSHOTS "screenshots"

/* Nor like that of the cases, each of which is a record. */
#define RECORD_CASES "cases"

/* Its note, by which a record is known. */
#define RECORD_NOTE "metersim-record.txt"

/* Makes the folder. False: it holds something other than an earlier record. */
bool record_folder_prepare(const char *folder, GError **error);

/* Removes all of an earlier record but its note, which is replaced first. */
void record_folder_clean(const char *folder);

/* Letters, digits, dot, dash and underscore; anything else becomes an underscore. Other
 * than those in `taken` (lower case), to which it is added. */
char *record_folder_name(const char *name, GHashTable *taken);

/* FOLDER/cases/1-NAME, to be freed: for the record of a case of the scenario's. */
char *record_folder_of_case(const char *folder, int number, const char *name);
