/* libFuzzer target of the COMTRADE reader: whatever the bytes, it answers with a file
 * that keeps its own promises, or with an error.
 * An input is a .cff, or a header and its data with the line "=====" between them; and
 * each is read as CSV, too. */
#include "waveform/comtrade.h"
#include "waveform/comtrade_csv.h"
#include "waveform/recording.h"
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check_values(const struct comtrade *f)
{
    for (int64_t i = 0; i < f->count; i++) {
        require(isfinite(f->seconds[i]) && (i > 0 || f->seconds[i] == 0));
        require(i == 0 || f->seconds[i] >= f->seconds[i - 1]);
        for (int k = 0; k < f->analog_count; k++)
            require(isfinite(f->value[k][i]));
        for (int k = 0; k < f->status_count; k++)
            require(f->status[k][i] <= 1);
    }
}

static void check_names(const struct comtrade *f)
{
    for (int i = 0; i < f->analog_count; i++)
        require(strlen(f->analog[i].name) < COMTRADE_TEXT);
    for (int i = 0; i < f->status_count; i++)
        require(strlen(f->status_name[i]) < COMTRADE_TEXT);
    require(strlen(f->warning) < sizeof f->warning);
}

/* The samples of a recording must be finite too, whatever the file holds. */
static void check_recording(const struct comtrade *f)
{
    struct comtrade_error error = { "" };
    struct recording_options options = { .before_s = 0.01,
                                         .after_s = 0.05,
                                         .at_end = RECORDING_END_HOLD };
    struct recording *r = recording_from_comtrade(f, &options, &error);
    require(r != NULL || error.text[0] != '\0');
    for (int c = 0; r && c < WAVEFORM_CHANNELS; c++)
        for (int64_t i = 0; i < r->count + r->loop; i++)
            require(isfinite(r->x[c][i]));
    recording_free(r);
}

/* One input in 64, whatever its size: a recording takes a hundred times as long as the
 * reading. */
static bool is_chosen(const uint8_t *bytes, size_t size)
{
    unsigned sum = 0;

    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + bytes[i];
    return sum % 64 == 0;
}

static void check_csv(const uint8_t *bytes, size_t size)
{
    struct comtrade_error error = { "" };
    struct comtrade *f = comtrade_csv_parse("fuzz.csv", bytes, size, &error);
    require(f != NULL || error.text[0] != '\0');
    if (!f)
        return;
    check_values(f);
    check_names(f);
    if (is_chosen(bytes, size))
        check_recording(f);
    comtrade_free(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char between[] = "=====\n";
    struct comtrade_error error = { "" };
    size_t width = sizeof between - 1;
    const uint8_t *cut = size ? memmem(bytes, size, between, width) : NULL;
    size_t cfg_size = cut ? (size_t)(cut - bytes) : size;
    const uint8_t *data = cut ? cut + width : NULL;
    size_t data_size = cut ? size - cfg_size - width : 0;
    check_csv(bytes, size);
    struct comtrade *f =
        comtrade_parse("fuzz.cfg", bytes, cfg_size, data, data_size, &error);
    if (!f) {
        require(error.text[0] != '\0');
        return 0;
    }
    require(f->count > 0);
    check_values(f);
    check_names(f);
    if (is_chosen(bytes, size))
        check_recording(f);
    comtrade_free(f);
    return 0;
}
