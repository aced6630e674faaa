/* Panels as they are watched. See web_panel.h. */
#include "sim/web/web_panel.h"
#include "gui/panel_frame.h"
#include <string.h>

enum { GAP = 12 /* bytes that cost less than an entry of their own */ };

struct frame_read {
    int meter, view;
    guint8 *bytes;
};

struct web_panels {
    const struct web_plant *plant;
    GArray *read; /* struct frame_read, of this look */
};

static void clear(void *read)
{
    g_free(((struct frame_read *)read)->bytes);
}

struct web_panels *web_panels_new(const struct web_plant *plant)
{
    struct web_panels *p = g_new0(struct web_panels, 1);

    p->plant = plant;
    p->read = g_array_new(FALSE, FALSE, sizeof(struct frame_read));
    g_array_set_clear_func(p->read, clear);
    return p;
}

void web_panels_free(struct web_panels *p)
{
    g_array_unref(p->read);
    g_free(p);
}

void web_panels_begin(struct web_panels *p)
{
    g_array_set_size(p->read, 0);
}

static const guint8 *read_frame(struct web_panels *p, int meter, int view)
{
    for (guint k = 0; k < p->read->len; k++) {
        const struct frame_read *f = &g_array_index(p->read, struct frame_read, k);
        if (f->meter == meter && f->view == view)
            return f->bytes;
    }
    struct frame_read f = { meter, view, g_malloc(panel_frame_size()) };
    panel_frame_read(f.bytes, sim_unit(p->plant->sim, meter - 1),
                     (enum panel_view)view);
    g_array_append_val(p->read, f);
    return f.bytes;
}

/* The end of a stretch of bytes that differ, from its first one on. */
static gsize end_of_stretch(const guint8 *was, const guint8 *is, gsize from, gsize size)
{
    gsize end = from + 1;

    for (gsize k = end; k < size && k < end + GAP; k++)
        if (was[k] != is[k])
            end = k + 1;
    return end;
}

static void append_stretch(GString *text, const guint8 *is, gsize from, gsize end)
{
    g_string_append_printf(text, "%s[%zu,\"",
                           text->str[text->len - 1] == '[' ? "" : ",", from);
    for (gsize k = from; k < end; k++)
        g_string_append_printf(text, "%02x", is[k]);
    g_string_append(text, "\"]");
}

void web_panels_show(struct web_panels *p, struct web_client *c)
{
    const gsize size = panel_frame_size();
    const guint8 *is = read_frame(p, c->meter, c->view);

    if (c->frame && !memcmp(c->frame, is, size))
        return;
    GString *text = g_string_new(NULL);
    g_string_printf(text, "{\"event\":\"panel\",\"meter\":%d,\"size\":%zu,\"at\":[",
                    c->meter, size);
    if (!c->frame) {
        c->frame = g_malloc0(size);
        append_stretch(text, is, 0, size);
    } else {
        for (gsize k = 0; k < size; k++)
            if (c->frame[k] != is[k]) {
                const gsize end = end_of_stretch(c->frame, is, k, size);
                append_stretch(text, is, k, end);
                k = end - 1;
            }
    }
    memcpy(c->frame, is, size);
    g_string_append(text, "]}");
    web_client_send(c, g_string_free(text, FALSE));
}
