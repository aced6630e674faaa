/* A Modbus client for whole meters. See field.h.
 *
 * Blocks of up to 125 registers that follow one another in the model's table are read
 * at once, the readings of the present as one block, so that they are of one second. An
 * answer that fails is asked for again; what the meter refuses (exceptions 02, 03) is
 * left out of the image. Where function 03 is refused, 04 reads. */
#include "sim/field/field.h"
#include "core/sunspec.h"
#include "sim/field/client.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    BLOCK_MAX = 125,
    ATTEMPTS = 3,
    CT_SECONDARY_REGISTER = 132,
    READ_HOLDING = 3,
    READ_INPUT = 4,
    REPORT_ID = 0x11,
    ILLEGAL_FUNCTION = 1
};

struct field {
    struct client client;
    struct image *image;
    char place[PLACE_TEXT];
    uint8_t function; /* that reads registers */
    int answers;
    enum client_result result; /* of the last request */
};

/* Asking again may help: exceptions are the meter's word. */
static bool is_worth_asking(const struct field *f)
{
    return f->result != CLIENT_EXCEPTION && f->result != CLIENT_GONE &&
           (f->result != CLIENT_OTHER_UNIT || f->client.place->serial);
}

static bool has_answered(const struct field *f)
{
    return f->result == CLIENT_ANSWERED || f->result == CLIENT_EXCEPTION;
}

static bool is_refused(const struct field *f)
{
    return f->result == CLIENT_EXCEPTION &&
           (f->client.code == 2 || f->client.code == 3);
}

/* The answer's bytes; 0: f->result. */
static int ask(struct field *f, const uint8_t *pdu, int size, uint8_t *answer)
{
    int bytes = 0;

    f->result = client_ask(&f->client, pdu, size, answer, &bytes);
    if (f->result != CLIENT_ANSWERED)
        return 0;
    f->answers++;
    return bytes;
}

/* Function 03 once; where it is unknown, 04 from then on. */
static bool read_once(struct field *f, int reg, int count, uint16_t *words)
{
    uint8_t answer[CLIENT_PDU_MAX];
    const uint8_t pdu[5] = { f->function, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                             0, (uint8_t)count };

    if (ask(f, pdu, sizeof pdu, answer) > 0) {
        for (int k = 0; k < count; k++)
            words[k] = (uint16_t)(answer[2 + 2 * k] << 8 | answer[3 + 2 * k]);
        return true;
    }
    if (f->result != CLIENT_EXCEPTION || f->client.code != ILLEGAL_FUNCTION ||
        f->function == READ_INPUT)
        return false;
    f->function = READ_INPUT;
    error_warn("%s: function 03 is refused (exception 1, illegal function); registers "
               "are read by 04",
               f->place);
    return read_once(f, reg, count, words);
}

static bool read_words(struct field *f, int reg, int count, uint16_t *words)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (read_once(f, reg, count, words))
            return true;
        if (!is_worth_asking(f))
            return false;
    }
    return false;
}

/* Registers reg … reg + count − 1 into the image. */
static bool read_block(struct field *f, int reg, int count)
{
    if (!read_words(f, reg, count, f->image->word + reg))
        return false;
    memset(f->image->has + reg, true, (size_t)count * sizeof *f->image->has);
    return true;
}

static bool tell_failure(struct field *f, const char *what, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (f->answers == 0)
        f->result = client_wait_on(&f->client, f->result);
    client_explain(&f->client, f->result, f->answers > 0, text);
    error_set(error, "%s: %s%s", f->place, what, text->str);
    return false;
}

static bool read_error(struct field *f, int reg, int count, GError **error)
{
    char what[48];

    g_snprintf(what, sizeof what, "registers %d to %d: ", reg, reg + count - 1);
    return tell_failure(f, what, error);
}

/* Block by block; a block that is refused, register by register. */
static bool read_run(struct field *f, int reg, int count, GError **error)
{
    if (read_block(f, reg, count))
        return true;
    if (!is_refused(f))
        return read_error(f, reg, count, error);
    for (int k = 0; k < count && count > 1; k++)
        if (!read_block(f, reg + k, 1) && !is_refused(f))
            return read_error(f, reg + k, 1, error);
    return true;
}

struct run {
    struct field *field;
    int reg, count;
    bool good;
    GError **error;
};

static void end_run(struct run *r)
{
    if (r->good && r->count > 0)
        r->good = read_run(r->field, r->reg, r->count, r->error);
    r->count = 0;
}

static void add_to_run(void *user, const struct register_entry *e)
{
    struct run *r = user;
    enum register_kind kind;
    int word;

    model_find_register(r->field->image->model, (uint16_t)e->reg, &word, &kind);
    if (kind == REG_LOG_WINDOW)
        return;
    if (r->reg + r->count != e->reg || r->count + e->words > BLOCK_MAX)
        end_run(r);
    if (r->count == 0)
        r->reg = e->reg;
    r->count += e->words;
}

/* The readings of the present by their floats, in one answer. */
static bool read_present(struct field *f, GError **error)
{
    int first = 65535, last = 0;

    for (int q = 0; q < QUANTITIES; q++) {
        const struct quantity_row *row = &quantity_table[q];
        int reg = image_float_register(f->image->model, (enum quantity)q);
        if (reg == 0 || image_class_of(f->image->model, reg) != IMAGE_READING ||
            row->role != ROLE_NOW || (row->phase == PHASE_WHOLE && q != Q_FREQ))
            continue;
        first = MIN(first, reg);
        last = MAX(last, reg + 1);
    }
    g_assert(last - first < BLOCK_MAX);
    return read_run(f, first, last - first + 1, error);
}

/* Whole blocks or none: what hands on half of it is no SunSpec. */
static bool read_sunspec(struct field *f, GError **error)
{
    for (int reg = SUNSPEC_FIRST; f->image->model->sunspec && reg <= SUNSPEC_LAST;
         reg += BLOCK_MAX) {
        const int count = MIN(BLOCK_MAX, SUNSPEC_LAST - reg + 1);
        if (!read_block(f, reg, count))
            return is_refused(f) || read_error(f, reg, count, error);
    }
    return true;
}

static bool read_all(struct field *f, GError **error)
{
    struct run r = { .field = f, .good = true, .error = error };

    register_list_model(f->image->model, add_to_run, &r);
    end_run(&r);
    return r.good && read_sunspec(f, error) && read_present(f, error);
}

/* The text that the meter reports of itself names the model. */
static const struct model *model_by_text(struct field *f)
{
    const uint8_t pdu[] = { REPORT_ID };
    uint8_t id[CLIENT_PDU_MAX + 1] = { 0 };
    int bytes = ask(f, pdu, sizeof pdu, id);

    for (unsigned n = 0; bytes > 4 && model_at(n); n++)
        if (strstr((const char *)id + 4, model_at(n)->server_text))
            return model_at(n);
    return NULL;
}

/* Register 132 is the CTs' output on the S4100, and no value where CTs are ropes. */
static const struct model *model_by_map(struct field *f)
{
    uint16_t word;

    if (!read_words(f, CT_SECONDARY_REGISTER, 1, &word))
        return NULL;
    return word == 0x8000           ? &model_s4000r
           : word == 1 || word == 3 ? &model_s4100
                                    : NULL;
}

/* Two S4100s identify themselves alike: the one without logs has no register 155. */
static const struct model *twin_by_map(struct field *f, const struct model *told)
{
    enum { CLOCK_REGISTER = 155 };
    uint16_t word;

    if (told == NULL || !told->logs)
        return told;
    if (read_words(f, CLOCK_REGISTER, 1, &word) || !is_refused(f))
        return told;
    for (unsigned n = 0; model_at(n); n++)
        if (!model_at(n)->logs && !strcmp(model_at(n)->product, told->product))
            return model_at(n);
    return told;
}

static void contradiction(const struct field *f, const struct model *given,
                          const struct model *told, GError **error)
{
    error_set(error,
              "%s: this meter identifies itself as an %s, not the %s of --model; leave "
              "--model out, or check the unit id",
              f->place, told->name, given->name);
}

/* What the meter says; `given` (NULL: none) only where it says nothing, but
 * answers. */
static const struct model *find_model_of(struct field *f, const struct model *given,
                                         GError **error)
{
    const struct model *told = model_by_text(f);

    if (told == NULL && (has_answered(f) || is_worth_asking(f)))
        told = model_by_map(f);
    told = twin_by_map(f, told);
    const bool answers = f->result == CLIENT_ANSWERED || f->result == CLIENT_EXCEPTION;
    if (told == NULL && given != NULL && answers)
        return given;
    if (told != NULL && (given == NULL || given == told))
        return told;
    if (told != NULL)
        contradiction(f, given, told, error);
    else if (!has_answered(f) || f->client.code >= 10)
        tell_failure(f, "", error);
    else
        error_set(error,
                  "%s: cannot determine the model (%s); check the unit id, or give "
                  "capture the --model",
                  f->place,
                  f->result == CLIENT_EXCEPTION ? "register 132 is refused"
                                                : "register 132 is of neither");
    return NULL;
}

struct image *field_read(const struct place *place, const struct model *model,
                         GError **error)
{
    struct field f = { .function = READ_HOLDING };
    bool good;

    place_text(place, f.place);
    good = client_open(&f.client, place, error) &&
           (model = find_model_of(&f, model, error)) != NULL;
    if (good) {
        f.image = image_new(model, f.place);
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "reading %s (%s) …\n", f.place, model->name);
        good = read_all(&f, error);
    }
    client_close(&f.client);
    if (good)
        return f.image;
    image_free(f.image);
    return NULL;
}
