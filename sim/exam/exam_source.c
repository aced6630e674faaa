/* Sources of records. See exam_source.h. */
#include "sim/exam/exam_source.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct exam_source {
    char *path;
    long read; /* bytes of it */
};

bool exam_source_new(struct exam_source **s, const char *text, GError **error)
{
    *s = NULL;
    if (!text || !strcmp(text, "json"))
        return true;
    if (!g_str_has_prefix(text, "csv:") || !text[strlen("csv:")])
        return error_set(error,
                         "--recorded is csv:FILE, prometheus:URL or json; not "
                         "'%s'",
                         text);
    *s = g_new0(struct exam_source, 1);
    (*s)->path = g_strdup(text + strlen("csv:"));
    return true;
}

void exam_source_free(struct exam_source *s)
{
    if (!s)
        return;
    g_free(s->path);
    g_free(s);
}

void exam_source_begin(struct exam_source *s, const struct exam_place *place)
{
    struct stat st;

    (void)place;
    s->read = stat(s->path, &st) == 0 ? (long)st.st_size : 0;
}

/* Whole lines only; the rest is read when it is one. A file that is shorter than before
 * is a new one. */
void exam_source_read(struct exam_source *s, const struct exam_profile *p, int64_t ns,
                      GArray *to)
{
    struct stat st;
    char line[4096];

    if (stat(s->path, &st) != 0 || (long)st.st_size == s->read)
        return;
    FILE *file = fopen(s->path, "r");
    if (!file)
        return;
    if ((long)st.st_size < s->read)
        s->read = 0;
    fseek(file, s->read, SEEK_SET);
    while (fgets(line, sizeof line, file) && strchr(line, '\n')) {
        s->read += (long)strlen(line);
        exam_record_parse(p, g_strchomp(line), ns, to);
    }
    fclose(file);
}
