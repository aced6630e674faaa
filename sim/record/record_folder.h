/* Folders of records: their names, and what may be removed from them. */
#ifndef SIM_RECORD_RECORD_FOLDER_H
#define SIM_RECORD_RECORD_FOLDER_H

#include <glib.h>
#include <stdbool.h>

/* The folder of the verb screenshot; no meter's folder is called so. */
#define RECORD_SCREENSHOTS "screenshots"

/* Nor like that of the cases, each of which is a record. */
#define RECORD_CASES "cases"

/* The folder is new, or empty, or holds an earlier record, which is removed. */
bool record_folder_prepare(const char *folder, GError **error);

/* Letters, digits, dot, dash and underscore; anything else becomes an underscore. Other
 * than those in `taken` (lower case), to which it is added. */
char *record_folder_name(const char *name, GHashTable *taken);

/* FOLDER/cases/1-NAME, to be freed: for the record of a case of the scenario's. */
char *record_folder_of_case(const char *folder, int number, const char *name);

#endif
