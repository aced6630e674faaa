/* Folders of records: safe names, and no file of somebody else's is ever touched. A
 * folder is known as a record by a note in it; of such a folder only what a record
 * consists of is removed. */
#include "sim/record/record_folder.h"
#include "sim/program/error.h"
#include "sim/program/output_file.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 80 };

#define NOTE_PART RECORD_NOTE OUTPUT_PART

static const char *const names[] = { RECORD_NOTE,    (NOTE_PART),     "events.csv",
                                     "readings.csv", "registers.csv", "lcd.csv",
                                     "traffic.pcap" };

static bool is_waves(const char *name)
{
    return g_str_has_prefix(name, "waves") &&
           (g_str_has_suffix(name, ".cfg") || g_str_has_suffix(name, ".dat")) &&
           strspn(name + 5, "-0123456789") == strlen(name) - 9;
}

/* traffic-line1.pcap */
static bool is_line(const char *name)
{
    size_t before = strlen("traffic-line"), length = strlen(name);

    return g_str_has_prefix(name, "traffic-line") && g_str_has_suffix(name, ".pcap") &&
           length > before + 5 &&
           strspn(name + before, "0123456789") == length - before - 5;
}

/* In the folder of a scenario's screenshots there is nothing else. */
static bool is_ours(const char *folder, const char *name)
{
    if (g_str_has_suffix(folder, G_DIR_SEPARATOR_S RECORD_SCREENSHOTS) &&
        (g_str_has_suffix(name, ".png") || g_str_has_suffix(name, ".png" OUTPUT_PART)))
        return true;
    for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
        if (!strcmp(names[k], name))
            return true;
    return is_waves(name) || is_line(name);
}

static bool has_note(const char *folder)
{
    g_autofree char *note = g_build_filename(folder, names[0], NULL);

    return g_file_test(note, G_FILE_TEST_IS_REGULAR) &&
           !g_file_test(note, G_FILE_TEST_IS_SYMLINK);
}

static bool is_cases(const char *folder)
{
    return g_str_has_suffix(folder, G_DIR_SEPARATOR_S RECORD_CASES);
}

static void clean(const char *folder, bool deeper, const char *kept);

/* A record in it goes with its note: first that says that it is not whole any more, last
 * it goes, so that one that is left half removed is known. */
static void remove_folder(const char *path)
{
    g_autofree char *note = g_build_filename(path, RECORD_NOTE, NULL);
    const bool record = has_note(path);
    FILE *file = record ? fopen(note, "we") : NULL;

    if (file) {
        fputs("incomplete: it was being removed\n", file);
        fclose(file);
    }
    clean(path, is_cases(path) || record, RECORD_NOTE);
    if (record)
        g_unlink(note);
    g_rmdir(path); /* stays when there is something else in it */
}

/* Links are followed nowhere: they are not of a record. Below a record are folders of
 * meters and that of its cases, which holds records. */
static void clean(const char *folder, bool deeper, const char *kept)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        bool link = g_file_test(path, G_FILE_TEST_IS_SYMLINK);
        if (!link && deeper && g_file_test(path, G_FILE_TEST_IS_DIR)) {
            remove_folder(path);
        } else if (!link && is_ours(folder, name) && strcmp(name, kept) != 0) {
            g_unlink(path);
        }
    }
    if (dir)
        g_dir_close(dir);
}

static bool is_empty(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name = dir ? g_dir_read_name(dir) : NULL;
    bool empty = dir && !name;

    if (name && !strcmp(name, RECORD_NOTE OUTPUT_PART)) /* a run killed at once */
        empty = !g_dir_read_name(dir);
    if (dir)
        g_dir_close(dir);
    return empty;
}

bool record_folder_prepare(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777))
        error_set(error, "%s: %s", folder, g_strerror(errno));
    else if (is_empty(folder) || has_note(folder))
        return true;
    else
        error_set(error,
                  "%s holds something that is no record of metersim; "
                  "name another folder",
                  folder);
    return false;
}

void record_folder_clean(const char *folder)
{
    clean(folder, true, RECORD_NOTE);
}

static char *safe(const char *name)
{
    char *text = g_strndup(name, NAME_BYTES);

    for (char *at = text; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr("._-", *at))
            *at = '_';
    if (text[0] == '.' || text[0] == '-')
        text[0] = '_';
    if (text[0])
        return text;
    g_free(text);
    return g_strdup("_");
}

char *record_folder_name(const char *name, GHashTable *taken)
{
    char *first = safe(name), *text = g_strdup(first), *key;

    for (int k = 2; key = g_ascii_strdown(text, -1), g_hash_table_contains(taken, key);
         k++) {
        g_free(key);
        g_free(text);
        text = g_strdup_printf("%s-%d", first, k);
    }
    g_hash_table_add(taken, key);
    g_free(first);
    return text;
}

char *record_folder_of_case(const char *folder, int number, const char *name)
{
    g_autofree char *part = safe(name), *last = g_strdup_printf("%d-%s", number, part);

    return g_build_filename(folder, RECORD_CASES, last, NULL);
}
