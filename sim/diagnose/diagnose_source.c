/* Where observations come from. See diagnose_source.h. */
#include "sim/diagnose/diagnose_source.h"
#include "sim/diagnose/dump_comtrade.h"
#include "sim/diagnose/dump_file.h"
#include "sim/diagnose/dump_history.h"
#include "sim/field/field.h"
#include "sim/program/error.h"
#include <string.h>

static bool read_once(struct observation *o, const struct place *place, double time_s,
                      const struct model *model, GError **error)
{
    struct image *image = field_read(place, model, error);
    bool good = image != NULL && observation_add(o, image, time_s, error);

    image_free(image);
    return good;
}

static bool read_live(struct observation *o, const char *source,
                      const struct diagnose_source_options *options, GError **error)
{
    struct place place = options->place;
    const double last_s = options->for_s, every_s = options->every_s;

    if (!place_parse(&place, source, error))
        return false;
    for (int n = 0; n * every_s <= last_s && o->count < OBSERVATION_DUMPS; n++) {
        if (n > 0)
            g_usleep((gulong)(every_s * G_USEC_PER_SEC));
        if (!read_once(o, &place, n * every_s, options->model, error))
            return false;
        if (last_s <= 0)
            break;
    }
    return true;
}

static bool read_file(struct observation *o, const char *source,
                      const struct diagnose_source_options *options, GError **error)
{
    char *text = NULL;
    gsize size;
    bool good = g_file_get_contents(source, &text, &size, error);

    if (good && strlen(text) != size)
        good = error_set(error, "%s: expected text, found a zero byte at %zu", source,
                         strlen(text));
    else if (good && dump_history_is(text))
        good = dump_history_parse(o, source, text, options->model, error);
    else if (good)
        good = dump_parse(o, source, text, options->model, error);
    g_free(text);
    return good;
}

bool diagnose_source_read(struct observation *o, const char *source,
                          const struct diagnose_source_options *options, GError **error)
{
    if (place_is(source))
        return read_live(o, source, options, error);
    if (dump_comtrade_is(source))
        return dump_comtrade_read(o, source, options->model, error);
    return read_file(o, source, options, error);
}
