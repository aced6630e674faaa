/* The list of scenarios of a run. See run_list.h. */
#include "sim/run/run_list.h"
#include "sim/program/error.h"
#include "sim/record/record_folder.h"
#include <glib/gstdio.h>
#include <string.h>

static void free_item(void *item)
{
    struct run_item *i = item;

    g_free(i->path);
    g_free(i->name);
    g_free(i->record);
    g_free(i->screenshots);
    scenario_result_clear(&i->result);
    g_free(i);
}

GPtrArray *run_list_new(void)
{
    return g_ptr_array_new_with_free_func(free_item);
}

static struct run_item *new_item(const char *path, const char *name)
{
    struct run_item *item = g_new0(struct run_item, 1);

    item->path = g_strdup(path);
    item->name = g_strdup(name);
    item->options.path = item->path;
    return item;
}

static void add_file(GPtrArray *items, const char *path)
{
    g_autofree char *name = g_strdup(path);

    if (g_str_has_suffix(name, ".lua"))
        name[strlen(name) - 4] = '\0';
    g_ptr_array_add(items, new_item(path, name));
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *sorted_entries(const char *path)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *folder = g_dir_open(path, 0, NULL);
    const char *name;

    while (folder && (name = g_dir_read_name(folder)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    if (folder)
        g_dir_close(folder);
    g_ptr_array_sort(names, compare_names);
    return names;
}

/* TAP and JUnit have a scenario's name on one line, and to read a pipe may never end.
 * What is not there at all is the scenario's own failure. */
static bool can_be_run(const char *path, GError **error)
{
    GStatBuf file;

    for (const char *at = path; *at; at++)
        if (g_ascii_iscntrl(*at)) {
            g_autofree char *name = g_strescape(path, NULL);
            error_set(error,
                      "'%s' has a control character in its name, and results have "
                      "names of one line; rename it",
                      name);
            return false;
        }
    if (g_stat(path, &file) == 0 && !S_ISREG(file.st_mode))
        return error_set(error, "%s: no regular file; give one, or a folder", path);
    return true;
}

static bool add_script(GPtrArray *items, const char *path, GError **error)
{
    if (!can_be_run(path, error))
        return false;
    add_file(items, path);
    return true;
}

/* Links to folders are not followed: they may lead in a circle. */
static bool add_folder(GPtrArray *items, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = sorted_entries(path);
    bool added = true;

    for (guint k = 0; k < names->len && added; k++) {
        const char *name = g_ptr_array_index(names, k);
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR)) {
            if (!g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
                added = add_folder(items, inner, error);
        } else if (g_str_has_suffix(name, ".lua")) {
            added = add_script(items, inner, error);
        }
    }
    return added;
}

bool run_list_add(GPtrArray *items, const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return add_folder(items, path, error);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return add_script(items, path, error);
    return error_set(error, "%s: no such file or folder", path);
}

const char *run_list_filter(GPtrArray *items, const char *text)
{
    const char *colon = strstr(text, ": ");
    g_autofree char *file =
        g_strndup(text, colon ? (gsize)(colon - text) : strlen(text));

    for (guint k = items->len; k-- > 0;)
        if (!strstr(((struct run_item *)g_ptr_array_index(items, k))->name, file))
            g_ptr_array_remove_index(items, k);
    return colon ? colon + 2 : NULL;
}

static int compare_items(const void *a, const void *b)
{
    const struct run_item *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Neighbours take about as long: each shard gets every count-th. */
void run_list_shard(GPtrArray *items, int index, int count)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    for (guint k = 0; k < items->len; k++)
        g_ptr_array_add(sorted, g_ptr_array_index(items, k));
    g_ptr_array_sort(sorted, compare_items);
    for (guint k = 0; k < sorted->len; k++)
        if (k % (guint)count != (guint)index)
            g_ptr_array_remove(items, g_ptr_array_index(sorted, k));
}

void run_list_repeat(GPtrArray *items, int count, int step)
{
    guint first = items->len;

    for (guint k = 0; k < first * (guint)(count - 1); k++) {
        const struct run_item *from = g_ptr_array_index(items, k % first);
        guint repetition = k / first + 1;
        g_autofree char *name =
            g_strdup_printf("%s (repetition %u)", from->name, repetition + 1);
        struct run_item *item = new_item(from->path, name);
        item->options = from->options;
        item->options.path = item->path;
        item->options.seed = from->options.seed + repetition * (guint)step;
        g_ptr_array_add(items, item);
    }
}

static char *folder_name_of(const struct run_item *item, GHashTable *taken)
{
    g_autofree char *base = g_path_get_basename(item->path);

    if (g_str_has_suffix(base, ".lua"))
        base[strlen(base) - 4] = '\0';
    return record_folder_name(base, taken);
}

void run_list_folders(GPtrArray *items, const char *record, const char *screenshots)
{
    g_autoptr(GHashTable) taken =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint k = 0; k < items->len; k++) {
        struct run_item *item = g_ptr_array_index(items, k);
        g_autofree char *name = folder_name_of(item, taken);
        if (record)
            item->record = g_build_filename(record, name, NULL);
        if (screenshots)
            item->screenshots = g_build_filename(screenshots, name, NULL);
        item->options.record = item->record;
        item->options.screenshots = item->screenshots;
    }
}

static bool same_tapes(const struct scenario_result *a, const struct scenario_result *b)
{
    guint cases = a->cases ? a->cases->len : 0;

    if (strcmp(a->tape_hash, b->tape_hash) || (b->cases ? b->cases->len : 0) != cases)
        return false;
    for (guint k = 0; k < cases; k++) {
        const struct scenario_case *x = g_ptr_array_index(a->cases, k);
        const struct scenario_case *y = g_ptr_array_index(b->cases, k);
        if (!same_tapes(&x->result, &y->result))
            return false;
    }
    return true;
}

bool run_list_same_tapes(const GPtrArray *items, guint *tapes, guint *different)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) hashes = g_hash_table_new(g_str_hash, g_str_equal);
    bool same = true;

    *tapes = 0;
    for (guint k = 0; k < items->len; k++) {
        struct run_item *item = g_ptr_array_index(items, k);
        const struct run_item *before = g_hash_table_lookup(first, item->path);
        *tapes += item->result.tape_hash[0] != '\0';
        g_hash_table_add(hashes, item->result.tape_hash);
        if (!before)
            g_hash_table_insert(first, item->path, item);
        else if (!same_tapes(&before->result, &item->result))
            same = false;
    }
    *different = g_hash_table_size(hashes);
    return same;
}
