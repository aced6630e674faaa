/* What `metersim exam` reads: lines of records in all their forms, profiles; and what it
 * makes of frames. */
#include "sim/exam/exam_case.h"
#include "sim/exam/exam_record.h"
#include "sim/exam/exam_row.h"
#include "sim/exam/exam_wire.h"
#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
/* cmocka.h wants the four above. */
#include <cmocka.h>

#define NS_S INT64_C(1000000000)

struct reading {
    GArray *entries, *records;
    struct exam_profile *profile;
};

static struct reading reading_new(const char *profile)
{
    struct reading r = { .entries = exam_entries_new(model_find("s4100")) };

    r.profile = exam_profile_new(profile, r.entries, NULL);
    r.records = g_array_new(FALSE, FALSE, sizeof(struct exam_record));
    return r;
}

static void reading_free(struct reading *r)
{
    exam_profile_free(r->profile);
    g_array_unref(r->records);
    g_array_unref(r->entries);
}

/* The only record of a line. */
static struct exam_record one(struct reading *r, const char *line)
{
    g_array_set_size(r->records, 0);
    assert_int_equal(exam_record_parse(r->profile, line, 7, r->records), 1);
    assert_int_equal(r->records->len, 1);
    return g_array_index(r->records, struct exam_record, 0);
}

static const char *name_of(const struct reading *r, const struct exam_record *record)
{
    return exam_profile_entry(r->profile, record->point)->name;
}

static void lines_are_records(void **state)
{
    static const char *const lines[] = {
        "12.5,1,kw_total,61.25",
        "1970-01-01T00:00:12Z, 1 ,kw_total, 61.25",
        "12,1,21,61.25",
        "{\"time\": 12, \"unit\": 1, \"name\": \"kw_total\", \"value\": 61.25}",
        " {\"register\": 21, \"value\": \"61.25\"}",
        "{\"values\": {\"kw_total\": 61.25, \"nothing\": 1}}",
    };
    struct reading r = reading_new(NULL);

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(lines); k++) {
        const struct exam_record record = one(&r, lines[k]);
        assert_string_equal(name_of(&r, &record), "kw_total");
        assert_int_equal(record.unit, 1);
        assert_true(record.value == 61.25);
        assert_int_equal(record.ns, 7);
        assert_true(k > 3 ? isnan(record.time) : floor(record.time) == 12);
    }
    reading_free(&r);
}

static void no_value_is_none(void **state)
{
    static const char *const lines[] = {
        "1,2,freq,", "1,2,freq,nan", "1,2,freq,NULL",
        "{\"unit\": 2, \"name\": \"freq\", \"value\": null}"
    };
    struct reading r = reading_new(NULL);

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(lines); k++) {
        const struct exam_record record = one(&r, lines[k]);
        assert_int_equal(record.unit, 2);
        assert_true(isnan(record.value));
    }
    reading_free(&r);
}

static void other_lines_are_ignored(void **state)
{
    static const char *const lines[] = {
        "",
        "done",
        "time,unit,name,value",
        "1,3,freq,60",      /* no such unit */
        "1,1,frequency,60", /* no such name */
        "1,1,freq,60,0",    /* a field more */
        "1,1,freq,6o",      /* no number */
        "{\"unit\": 1, \"name\": \"freq\", \"value\": true}",
        "{\"unit\": 1, \"name\": \"freq\", \"value\": 60",
        "{\"unit\": [], \"values\": {\"freq\": 60}}",
    };
    struct reading r = reading_new(NULL);

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(lines); k++)
        assert_int_equal(exam_record_parse(r.profile, lines[k], 0, r.records), 0);
    reading_free(&r);
}

static void pages_are_records(void **state)
{
    struct reading r = reading_new(NULL);

    (void)state;
    assert_int_equal(
        exam_record_parse_metric(r.profile, "# TYPE freq gauge", 0, r.records), 0);
    assert_int_equal(exam_record_parse_metric(r.profile, "freq{unit=\"2", 0, r.records),
                     0);
    assert_int_equal(
        exam_record_parse_metric(
            r.profile, "freq{a=\"b\",unit=\"2\"} 59.5 1395066363000", 0, r.records),
        1);
    assert_int_equal(exam_record_parse_metric(r.profile, "freq 60", 0, r.records), 1);
    const struct exam_record *record = &g_array_index(r.records, struct exam_record, 0);
    assert_int_equal(record[0].unit, 2);
    assert_true(record[0].value == 59.5);
    assert_int_equal(record[1].unit, 1);
    reading_free(&r);
}

static char *write_file(const char *text)
{
    char *path;
    const int fd = g_file_open_tmp("test_exam-XXXXXX", &path, NULL);

    assert_true(fd >= 0 && g_file_set_contents(path, text, -1, NULL));
    close(fd);
    return path;
}

static void profiles_name_registers(void **state)
{
    char *path = write_file("name,register,unit,scale\nsolar_w,21,2,1000\n"
                            "grid_w,kw_total,1,1000\n");
    struct reading r = reading_new(path);

    (void)state;
    struct exam_record record = one(&r, "1,2,solar_w,61250");
    assert_string_equal(name_of(&r, &record), "kw_total");
    assert_true(exam_profile_point(r.profile, record.point)->scale == 1000);
    record = one(&r, "1,1,21,61250"); /* by number: that of its unit */
    assert_string_equal(exam_profile_point(r.profile, record.point)->name, "grid_w");
    assert_int_equal(exam_record_parse(r.profile, "1,1,solar_w,1", 0, r.records), 0);
    reading_free(&r);
    g_unlink(path);
    g_free(path);
}

static void wrong_profiles_are_refused(void **state)
{
    static const char *const texts[] = { "name\nkw\n", "name,register\nkw,20000\n",
                                         "name,register,scale\nkw,21,0\n",
                                         "name,register,unit\nkw,21,3\n",
                                         "name,register,age_s\nkw,21,soon\n" };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
        GArray *entries = exam_entries_new(model_find("s4100"));
        char *path = write_file(texts[k]);
        GError *wrong = NULL;
        assert_null(exam_profile_new(path, entries, &wrong));
        assert_non_null(wrong);
        g_error_free(wrong);
        g_unlink(path);
        g_free(path);
        g_array_unref(entries);
    }
}

static void frames_are_cut_from_any_bytes(void **state)
{
    static const uint8_t request[] = { 0, 7, 0, 0, 0, 6, 1, 3, 0, 20, 0, 8 };
    static const uint8_t answer[] = { 0, 7, 0, 0, 0, 3, 1, 0x83, 0x0B };
    struct sim *sim = sim_new();
    struct exam_wire *w = exam_wire_new(sim, NULL);
    GString *text = g_string_new(NULL);
    int reg, count;

    (void)state;
    for (size_t k = 0; k < sizeof request; k++)
        exam_wire_tap(w, 4, -1, GATEWAY_RECEIVED, request + k, 1);
    exam_wire_tap(w, 4, -1, GATEWAY_SENT, answer, 4);
    assert_int_equal(w->frames->len, 1);
    exam_wire_tap(w, 4, -1, GATEWAY_SENT, answer + 4, 5);
    assert_int_equal(w->frames->len, 2);
    const struct exam_frame *f = &g_array_index(w->frames, struct exam_frame, 0);
    assert_true(exam_frame_read(&f[0], &reg, &count));
    assert_int_equal(reg, 21);
    assert_int_equal(count, 8);
    assert_false(exam_frame_read(&f[1], &reg, &count));
    assert_int_equal(exam_frame_exception(&f[1]), 0x0B);
    exam_frame_print(&f[0], text);
    assert_non_null(strstr(text->str, "tid 7 unit 1  request 03, registers 21 to 28"));
    g_string_free(text, TRUE);
    exam_wire_free(w);
    sim_free(sim);
}

/* What is a second old by the client's clock is of `speed` simulated seconds ago; slower
 * than real time the meter's own second counts. */
static void ages_are_of_simulated_time(void **state)
{
    static const struct {
        double speed, factor;
    } rows[] = { { 0.25, 1 }, { 1, 1 }, { 4, 4 }, { 60, 60 } };
    struct reading r = reading_new(NULL);
    struct exam_options options = { .speed = 1 };
    struct exam_case c = { .options = &options, .profile = r.profile };

    (void)state;
    c.records = r.records;
    one(&r, "12,1,kw_total,61.25");
    g_array_index(r.records, struct exam_record, 0).ns = 100 * NS_S;
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        const double age_s = exam_profile_point(r.profile, 0)->age_s;
        options.speed = rows[k].speed;
        assert_true(age_s > 0);
        assert_int_equal(exam_case_since(&c, 0),
                         100 * NS_S - (int64_t)(age_s * 1e9 * rows[k].factor));
    }
    reading_free(&r);
}

static void rows_are_whole(void **state)
{
    (void)state;
    assert_true(exam_row_count >= 30);
    for (int k = 0; k < exam_row_count; k++) {
        const struct exam_row *row = &exam_rows[k];
        assert_true(*row->title && *row->field && *row->good && *row->manual &&
                    *row->reported && row->judge && *row->setup);
        assert_true(row->end_s > row->from_s && row->end_s > EXAM_START_S);
        assert_true(row->to_s == 0 || row->to_s > row->from_s);
        if (row->flags & EXAM_SAME)
            assert_string_equal(row->setup, exam_rows[k - 1].setup);
        if (row->flags & EXAM_COMES_BACK)
            assert_true(row->end_s >= row->to_s + EXAM_BACK_S);
        for (int n = 0; n < k; n++)
            assert_string_not_equal(row->name, exam_rows[n].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lines_are_records),
                                        cmocka_unit_test(no_value_is_none),
                                        cmocka_unit_test(other_lines_are_ignored),
                                        cmocka_unit_test(pages_are_records),
                                        cmocka_unit_test(profiles_name_registers),
                                        cmocka_unit_test(wrong_profiles_are_refused),
                                        cmocka_unit_test(frames_are_cut_from_any_bytes),
                                        cmocka_unit_test(ages_are_of_simulated_time),
                                        cmocka_unit_test(rows_are_whole) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
