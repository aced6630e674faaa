/* metersim junit-merge: the JUnit files of shards as one, as if one run had made them.
 * Test cases are sorted by their file; those of one file stay in their order. A test
 * that is there twice is an error: a shard was given twice, or shards overlap. */
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 100000 };

struct test_case {
    char *file, *name;
    GString *xml;
};

struct merge {
    const char *path; /* being read */
    GPtrArray *cases; /* struct test_case */
    struct test_case *open;
    int depth; /* below the case that is open */
    guint failures, errors;
    double seconds;
    bool is_suite;
};

static void free_case(void *test_case)
{
    struct test_case *c = test_case;

    g_free(c->file);
    g_free(c->name);
    g_string_free(c->xml, TRUE);
    g_free(c);
}

static const char *attribute(const char **names, const char **values, const char *name)
{
    for (; *names; names++, values++)
        if (!strcmp(*names, name))
            return *values;
    return NULL;
}

static void append_start(GString *xml, const char *element, const char **names,
                         const char **values)
{
    g_string_append_printf(xml, "<%s", element);
    for (; *names; names++, values++) {
        g_autofree char *value = g_markup_escape_text(*values, -1);
        g_string_append_printf(xml, " %s=\"%s\"", *names, value);
    }
    g_string_append_c(xml, '>');
}

static void open_case(struct merge *m, const char **names, const char **values,
                      GError **error)
{
    const char *name = attribute(names, values, "name");
    const char *file = attribute(names, values, "file");
    const char *seconds = attribute(names, values, "time");

    if (!name || !file) {
        error_set(error,
                  "a testcase without name or file: not written by metersim run");
        return;
    }
    m->open = g_new0(struct test_case, 1);
    *m->open = (struct test_case){ g_strdup(file), g_strdup(name), g_string_new("  ") };
    g_ptr_array_add(m->cases, m->open);
    m->seconds += seconds ? g_ascii_strtod(seconds, NULL) : 0;
    m->depth = 0;
}

static void on_start(GMarkupParseContext *context, const char *element,
                     const char **names, const char **values, gpointer merge,
                     GError **error)
{
    struct merge *m = merge;

    (void)context;
    if (!m->open && !strcmp(element, "testsuite"))
        m->is_suite = true;
    if (!m->open && !strcmp(element, "testcase") && m->is_suite)
        open_case(m, names, values, error);
    else
        m->depth++;
    if (!m->open)
        return;
    m->failures += !strcmp(element, "failure");
    m->errors += !strcmp(element, "error");
    append_start(m->open->xml, element, names, values);
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer merge,
                   GError **error)
{
    struct merge *m = merge;

    (void)context;
    (void)error;
    if (m->open)
        g_string_append_printf(m->open->xml, "</%s>", element);
    if (m->open && m->depth == 0)
        m->open = NULL;
    else
        m->depth--;
}

static void on_text(GMarkupParseContext *context, const char *text, gsize size,
                    gpointer merge, GError **error)
{
    struct merge *m = merge;

    (void)context;
    (void)error;
    if (!m->open)
        return;
    g_autofree char *escaped = g_markup_escape_text(text, (gssize)size);
    g_string_append(m->open->xml, escaped);
}

static bool read_file(struct merge *m, const char *path, GError **error)
{
    static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
    g_autofree char *text = NULL;
    gsize size;

    if (!g_file_get_contents(path, &text, &size, error))
        return false;
    m->path = path;
    m->open = NULL;
    m->depth = 0;
    m->is_suite = false;
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, (GMarkupParseFlags)0, m, NULL);
    bool good = g_markup_parse_context_parse(context, text, (gssize)size, error) &&
                g_markup_parse_context_end_parse(context, error);
    g_markup_parse_context_free(context);
    if (good && !m->is_suite)
        error_set(error, "no testsuite in it");
    if (good && m->is_suite)
        return true;
    g_prefix_error(error, "%s: ", path);
    return false;
}

struct place {
    struct test_case *test_case;
    guint index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = strcmp(x->test_case->file, y->test_case->file);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool has_doubles(const struct merge *m, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *twice = NULL;

    for (guint k = 0; !twice && k < m->cases->len; k++) {
        struct test_case *c = g_ptr_array_index(m->cases, k);
        if (!g_hash_table_add(seen, c->name))
            twice = c->name;
    }
    if (twice)
        error_set(error, "'%s' is there twice: was a shard given twice?", twice);
    return twice != NULL;
}

static GString *merged(const struct merge *m)
{
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_autofree struct place *places = g_new(struct place, m->cases->len + 1);

    g_string_append_printf(xml,
                           "<testsuite name=\"metersim\" tests=\"%u\" failures=\"%u\" "
                           "errors=\"%u\" time=\"%.3f\">\n",
                           m->cases->len, m->failures, m->errors, m->seconds);
    for (guint k = 0; k < m->cases->len; k++)
        places[k] = (struct place){ g_ptr_array_index(m->cases, k), k };
    qsort(places, m->cases->len, sizeof *places, compare_places);
    for (guint k = 0; k < m->cases->len; k++)
        g_string_append_printf(xml, "%s\n", places[k].test_case->xml->str);
    g_string_append(xml, "</testsuite>\n");
    return xml;
}

static int merge_files(struct merge *m, int count, char **paths, const char *out,
                       GError **error)
{
    for (int k = 0; k < count; k++)
        if (!read_file(m, paths[k], error))
            return 2;
    if (has_doubles(m, error))
        return 2;
    g_autoptr(GString) xml = merged(m);
    bool good = output_write(out, xml, error);
    if (!good)
        return 2;
    fprintf(stderr, "%u tests of %d files, %u failed, %u wrong\n", m->cases->len, count,
            m->failures, m->errors);
    return m->errors ? 2 : m->failures ? 1 : 0;
}

int command_junit_merge(int argc, char **argv, GError **error)
{
    struct merge m = { .path = NULL };
    char *out = NULL;
    const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
                                       "Where to write; default: standard output",
                                       "FILE" },
                                     G_OPTION_ENTRY_NULL };

    if (!command_options(&argc, &argv, "FILES…", entries,
                         "Examples:\n"
                         "  metersim run scenarios --shard 1/2 --junit 1.xml\n"
                         "  metersim run scenarios --shard 2/2 --junit 2.xml\n"
                         "  metersim junit-merge 1.xml 2.xml -o all.xml\n\n"
                         "Exit code: that of `metersim run` over all: 0, 1 or 2.\n",
                         error))
        return 2;
    if (argc < 2 || argc > FILES_MAX) {
        error_set_usage(error, "name the files");
        return 2;
    }
    m.cases = g_ptr_array_new_with_free_func(free_case);
    int code = 2;
    if (output_check("--output", out, error))
        code = merge_files(&m, argc - 1, argv + 1, out ? out : "/dev/stdout", error);
    g_ptr_array_unref(m.cases);
    return code;
}
