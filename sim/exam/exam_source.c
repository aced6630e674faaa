/* Sources of records. See exam_source.h. */
#include "sim/exam/exam_source.h"
#include "sim/exam/exam_scrape.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE = 4096 };

struct exam_source {
    char *path; /* of a file; NULL: it is a page */
    long read;  /* bytes of it */
    struct exam_scrape *scrape;
    gint64 asked_us; /* when the page was asked for last */
};

bool exam_source_new(struct exam_source **s, const char *text, GError **error)
{
    struct exam_source made = { .path = NULL };

    *s = NULL;
    if (!text || !strcmp(text, "json"))
        return true;
    if (g_str_has_prefix(text, "csv:") && text[strlen("csv:")])
        made.path = g_strdup(text + strlen("csv:"));
    else if (!g_str_has_prefix(text, "prometheus:"))
        return error_set(
            error, "--recorded is csv:FILE, prometheus:URL or json; not '%s'", text);
    else
        made.scrape = exam_scrape_new(text + strlen("prometheus:"), error);
    if (!made.path && !made.scrape)
        return false;
    *s = g_new0(struct exam_source, 1);
    **s = made;
    return true;
}

void exam_source_free(struct exam_source *s)
{
    if (!s)
        return;
    exam_scrape_free(s->scrape);
    g_free(s->path);
    g_free(s);
}

void exam_source_begin(struct exam_source *s)
{
    struct stat st;

    if (s->scrape)
        g_free(exam_scrape_take(s->scrape));
    else
        s->read = stat(s->path, &st) == 0 ? (long)st.st_size : 0;
}

/* Whole lines only; the rest is read when it is one. A file that is shorter than before
 * is a new one. */
static void read_file(struct exam_source *s, const struct exam_profile *p, int64_t ns,
                      GArray *to)
{
    struct stat st;
    char line[LINE];

    if (stat(s->path, &st) != 0 || (long)st.st_size == s->read)
        return;
    FILE *file = fopen(s->path, "r");
    if (!file)
        return;
    if ((long)st.st_size < s->read)
        s->read = 0;
    if (fseek(file, s->read, SEEK_SET) == 0)
        while (fgets(line, sizeof line, file) && strchr(line, '\n')) {
            s->read += (long)strlen(line);
            exam_record_parse(p, g_strchomp(line), ns, to);
        }
    fclose(file);
}

static void read_page(struct exam_source *s, const struct exam_profile *p, int64_t ns,
                      GArray *to)
{
    g_autofree char *page = exam_scrape_take(s->scrape);
    g_auto(GStrv) lines = page ? g_strsplit(page, "\n", -1) : NULL;

    for (char **line = lines; line && *line; line++)
        exam_record_parse_metric(p, *line, ns, to);
}

bool exam_source_read(struct exam_source *s, const struct exam_profile *p, bool now,
                      int64_t ns, GArray *to)
{
    const gint64 time_us = g_get_monotonic_time();

    if (s->path) {
        read_file(s, p, ns, to);
        return false;
    }
    read_page(s, p, ns, to);
    if (now || time_us - s->asked_us >= G_USEC_PER_SEC) {
        exam_scrape_start(s->scrape);
        s->asked_us = time_us;
    }
    return exam_scrape_is_busy(s->scrape);
}
