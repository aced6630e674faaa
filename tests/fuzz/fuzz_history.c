/* libFuzzer target of the reader of logs: whatever the bytes, it answers with rows in the
 * order of time or with one error that names the file. Behind a line "%%" stands a map. */
#include "sim/history/history_read.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check(const struct history *h)
{
    require(h->rows >= 2 && h->columns >= 2);
    require(h->step_ms >= 1000 && h->step_ms <= 3600000);
    for (int row = 0; row < h->rows; row++) {
        require(h->row[row].at_ms < h->row[row].to_ms);
        require(row == 0 || h->row[row].at_ms == h->row[row - 1].to_ms);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct history_options forms[] = {
        { .map = "fuzz.map" },
        { .map = "fuzz.map", .zone = "Europe/Berlin", .dates = MOMENT_DAY_FIRST },
        { .map = "fuzz.map", .decimal = NUMBER_COMMA, .stamps = HISTORY_END },
    };
    static GTimeZone *zone; /* its file and those of encodings are read once */
    static GIConv encodings[3];
    char *text = g_strndup((const char *)bytes, size);
    char *map = strstr(text, "\n%%\n");
    GError *error = NULL;

    if (!zone) {
        zone = g_time_zone_new_identifier("Europe/Berlin");
        encodings[0] = g_iconv_open("UTF-8", "WINDOWS-1252");
        encodings[1] = g_iconv_open("UTF-8", "UTF-16LE");
        encodings[2] = g_iconv_open("UTF-8", "UTF-16BE");
        for (int k = 0; k < 3; k++)
            require(encodings[k] != (GIConv)-1);
    }
    if (map && strlen(text) == size)
        size = (size_t)(map - text) + 1;
    const struct history_options *form =
        &forms[size ? bytes[size - 1] % G_N_ELEMENTS(forms) : 0];
    struct history *h = history_parse("fuzz.csv", (const char *)bytes, size,
                                      map ? map + 4 : NULL, form, &error);
    require((h == NULL) == (error != NULL));
    require(!error || strstr(error->message, "fuzz.") == error->message);
    if (h)
        check(h);
    history_free(h);
    g_clear_error(&error);
    g_free(text);
    return 0;
}
