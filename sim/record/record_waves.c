/* COMTRADE of what the ADC saw: its codes as float32, which holds 24 bits exactly, and
 * the factors by which the meter takes them for primary volts and amperes. Played back
 * into a meter with the same settings they give the same readings. */
#include "sim/record/record_waves.h"
#include "sim/program/error.h"
#include "waveform/comtrade_stream.h"
#include <math.h>
#include <string.h>

struct record_waves {
    const struct observed_meter *meter;
    char *folder;
    double from_s, to_s;
    struct comtrade header;
    struct comtrade_analog analog[HAL_CHANNELS];
    char status[2][COMTRADE_TEXT];
    struct comtrade_rate rate;
    struct comtrade_stream *stream; /* NULL: none is open */
    int files;
    bool missed; /* samples outside from_s to to_s */
    GError *error;
};

static void name_channels(struct record_waves *w)
{
    static const char *const names[HAL_CHANNELS] = {
        "VA", "VB", "VC", "IA", "IB", "IC"
    };

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        struct comtrade_analog *a = &w->analog[ch];
        g_strlcpy(a->name, names[ch], sizeof a->name);
        g_snprintf(a->phase, sizeof a->phase, "%c", 'A' + ch % 3);
        g_strlcpy(a->unit, ch < 3 ? "V" : "A", sizeof a->unit);
        a->secondary = 1;
        a->is_primary = true;
    }
    g_strlcpy(w->status[0], "energy contact closed", COMTRADE_TEXT);
    g_strlcpy(w->status[1], "alarm contact closed", COMTRADE_TEXT);
}

/* The name of the meter comes from a script; a comma or a line's end would end the
 * field. */
static void set_station(struct record_waves *w)
{
    struct comtrade *h = &w->header;

    g_strlcpy(h->station, w->meter->name, sizeof h->station);
    for (char *at = h->station; *at; at++)
        if (*at == ',' || (unsigned char)*at < ' ')
            *at = '_';
    g_strlcpy(h->device, w->meter->unit->model->name, sizeof h->device);
}

struct record_waves *record_waves_new(const struct observed_meter *m,
                                      const char *folder,
                                      const struct record_options *options)
{
    struct record_waves *w = g_new0(struct record_waves, 1);

    w->meter = m;
    w->folder = g_strdup(folder);
    w->from_s = options->from_s;
    w->to_s = options->to_s;
    w->rate = (struct comtrade_rate){ .hz = HAL_SAMPLE_RATE };
    w->header = (struct comtrade){ .revision = 2013,
                                   .format = COMTRADE_FLOAT32,
                                   .analog_count = HAL_CHANNELS,
                                   .status_count = 2,
                                   .analog = w->analog,
                                   .status_name = w->status,
                                   .rate_count = 1,
                                   .rate = &w->rate };
    name_channels(w);
    set_station(w);
    return w;
}

/* Primary volts and amperes for one code, as the settings say. */
static double factor(const struct record_waves *w, int ch)
{
    const struct settings now = unit_settings(w->meter->unit);
    const uint16_t *value = now.value;

    if (ch < 3)
        return HAL_VOLT_PEAK_DV / 10.0 / HAL_CODES * value[SETTING_PT_RATIO] / 100;
    return HAL_CURRENT_PEAK_PERMIL / 1000.0 / HAL_CODES * value[SETTING_CT_PRIMARY];
}

static bool ratios_changed(struct record_waves *w)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        if (w->analog[ch].a != factor(w, ch))
            return true;
    return false;
}

/* Simulated time begins with 2000. */
static struct comtrade_time date_of(double seconds)
{
    g_autoptr(GDateTime) zero = g_date_time_new_utc(2000, 1, 1, 0, 0, 0);
    g_autoptr(GDateTime) at = g_date_time_add_seconds(zero, floor(seconds));
    struct comtrade_time t = { g_date_time_get_year(at),
                               g_date_time_get_month(at),
                               g_date_time_get_day_of_month(at),
                               g_date_time_get_hour(at),
                               g_date_time_get_minute(at),
                               g_date_time_get_second(at) + seconds - floor(seconds) };

    return t;
}

static void open_stream(struct record_waves *w, int count)
{
    struct comtrade *h = &w->header;
    struct comtrade_error wrong = { "" };
    char name[24] = "waves";

    if (++w->files > 1)
        g_snprintf(name, sizeof name, "waves-%d", w->files);
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        w->analog[ch].a = factor(w, ch);
        w->analog[ch].primary = 1;
    }
    h->start = h->trigger = date_of(
        fmax(0, (double)w->meter->at_ns / 1e9 - (count - 1.0) / HAL_SAMPLE_RATE));
    g_autofree char *path = g_build_filename(w->folder, name, NULL);
    w->stream = comtrade_stream_open(h, path, &wrong);
    if (!w->stream)
        error_set(&w->error, "%s", wrong.text);
}

void record_waves_pause(struct record_waves *w)
{
    struct comtrade_error wrong;
    int64_t uhz = 0;

    unit_reading(w->meter->unit, Q_FREQ, &uhz);
    const int64_t centihertz = uhz / 10000;
    w->header.line_hz = uhz > 0 ? (double)centihertz / 100 : 60;
    if (w->stream && comtrade_stream_close(w->stream, &wrong))
        error_set(&w->error, "%s", wrong.text);
    w->stream = NULL;
}

static int32_t word_at(const uint8_t *b)
{
    return (int32_t)(b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
                     (uint32_t)b[3] << 24);
}

static void write_rows(struct record_waves *w, const uint8_t *words, int count)
{
    const bool *output = w->meter->output;
    unsigned status =
        output[HAL_ENERGY_CONTACT] | (output[HAL_ALARM_CONTACT] ? 0u : 2u);
    float raw[HAL_CHANNELS];

    for (int t = 0; t < count; t++) {
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            raw[ch] = (float)word_at(words + 4 * (ch * count + t));
        comtrade_stream_row(w->stream, raw, status);
    }
}

void record_waves_samples(struct record_waves *w, const uint8_t *words, int count)
{
    double at_s = (double)w->meter->at_ns / 1e9;
    bool wanted = at_s > w->from_s && at_s <= w->to_s;

    w->missed |= !wanted;
    if (w->stream &&
        (!wanted || ratios_changed(w) ||
         comtrade_stream_rows(w->stream) >= COMTRADE_STREAM_SECONDS * HAL_SAMPLE_RATE))
        record_waves_pause(w);
    if (!wanted || w->error)
        return;
    if (!w->stream)
        open_stream(w, count);
    if (w->stream)
        write_rows(w, words, count);
}

bool record_waves_check(const struct record_waves *w, GError **error)
{
    const int number = w->stream ? comtrade_stream_error(w->stream) : 0;

    if (w->error)
        return error_set(error, "%s", w->error->message);
    return !number || error_set(error, "%s/waves: %s", w->folder, g_strerror(number));
}

bool record_waves_close(struct record_waves *w, GError **error)
{
    bool missed = w->missed;

    record_waves_pause(w);
    error_move(error, w->error);
    g_free(w->folder);
    g_free(w);
    return missed;
}
