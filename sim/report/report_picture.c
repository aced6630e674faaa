/* Pictures of the panel in a report: PNG as the panel paints them, inside the page. */
#include "sim/report/report_picture.h"
#include "gui/panel_screenshot.h"
#include "sim/report/report_parts.h"
#include "sim/report/report_text.h"
#include <glib/gstdio.h>
#include <unistd.h>

enum { WIDTH = 720, HEIGHT = 480 };

void report_picture_free(void *picture)
{
    struct report_picture *p = picture;

    g_free(p->caption);
    g_free(p->base64);
    g_free(p);
}

/* NULL when it cannot be painted (no font): the report does without. */
static char *paint(const struct unit *u, const char *name)
{
    struct panel_status status = { .sim_ns = u->now_ns,
                                   .connections = -1,
                                   .title = name };
    char error[PANEL_ERROR_MAX], *path, *png = NULL, *base64 = NULL;
    gsize size;
    int fd = g_file_open_tmp("metersim-XXXXXX.png", &path, NULL);

    if (fd < 0)
        return NULL;
    close(fd);
    if (panel_screenshot(u, &status, PANEL_VIEW_READINGS, WIDTH, HEIGHT, path, error) &&
        g_file_get_contents(path, &png, &size, NULL))
        base64 = g_base64_encode((const guchar *)png, size);
    g_free(png);
    g_unlink(path);
    g_free(path);
    return base64;
}

void report_picture_add(struct report *r, const struct observed_meter *m,
                        const char *caption)
{
    if ((int)r->pictures->len >= r->pictures_max)
        return;
    char *base64 = paint(m->unit, m->name);
    if (!base64)
        return;
    struct report_picture *p = g_new0(struct report_picture, 1);
    p->base64 = base64;
    GString *text = g_string_new("");
    report_clock(text, (double)m->unit->now_ns / 1e9);
    g_string_append_printf(text, ", %s: %s", m->name, caption);
    p->caption = g_string_free(text, FALSE);
    g_ptr_array_add(r->pictures, p);
}
