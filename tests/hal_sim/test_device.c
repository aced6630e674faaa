/* The seam of the device: its table is whole, reads leave no trace, and a failed
 * assertion of the firmware ends the program or, where asked for, one meter alone. */
#include "hal_sim/board_assert.h"
#include "hal_sim/device_core.h"
#include "tests/hal_sim/reel.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct reel reel;

static struct unit *make(tape_sink sink)
{
    struct unit_options o = reel_unit(1);

    o.sink = sink;
    o.sink_user = &reel;
    struct unit *u = unit_new(&o, 0);
    unit_power(u, true);
    unit_advance(u, 1500000000);
    return u;
}

/* Function 06 to register 131 derives the configuration anew, from a system type that
 * no way in could have set. */
static int provoke(struct unit *u)
{
    const uint8_t request[] = { 6, 0, 130, 0, 200 };
    uint8_t answer[METER_PDU_MAX];

    device_core_meter(u->device)->settings.value[SETTING_SYSTEM_TYPE] = 13;
    return unit_request(u, request, sizeof request, answer);
}

static void every_call_is_there(void **state)
{
    struct unit *u = make(NULL);
    void (*call[(offsetof(struct device_kind, fault) - sizeof(char *)) /
                sizeof(void (*)(void))])(void); /* what stands behind may be NULL */
    void (*inner[sizeof(struct device_inside) / sizeof(void (*)(void))])(void);

    (void)state;
    memcpy(call, (const char *)u->device->kind + sizeof(char *), sizeof call);
    memcpy(inner, u->device->kind->inside, sizeof inner);
    for (size_t k = 0; k < sizeof call / sizeof *call; k++)
        assert_non_null(call[k]);
    for (size_t k = 0; k < sizeof inner / sizeof *inner; k++)
        assert_non_null(inner[k]);
    unit_free(u);
}

static void reads_leave_no_trace(void **state)
{
    struct unit *u = make(reel_keep);
    struct meter *before = malloc(sizeof *before);
    const size_t taped = reel.size;
    uint16_t words[2];
    int64_t value;

    (void)state;
    assert_non_null(before);
    *before = *device_core_meter(u->device);
    assert_true(taped > 0);
    assert_true(unit_registers(u, 0, 2, words));
    assert_false(unit_registers(u, 65535, 2, words));
    assert_true(unit_reading(u, Q_KWH_IMPORT, &value));
    assert_int_equal(unit_setting(u, SETTING_SYSTEM_TYPE), 40);
    assert_int_equal(unit_config(u).phases, 7);
    assert_int_equal(unit_seconds(u), before->seconds);
    assert_int_equal(unit_alerts(u), before->alerts);
    assert_int_equal(reel.size, taped);
    assert_memory_equal(before, device_core_meter(u->device), sizeof *before);
    free(before);
    unit_free(u);
}

static void a_guarded_meter_stops_alone(void **state)
{
    struct unit *u = make(NULL), *other = make(NULL);
    uint32_t seconds = unit_seconds(other);

    (void)state;
    unit_guard(u);
    assert_int_equal(provoke(u), 0);
    assert_false(u->powered);
    assert_false(u->hal.output[HAL_BACKLIGHT]);
    unit_advance(u, 5000000000);
    unit_advance(other, 5000000000);
    assert_true(unit_seconds(other) > seconds);
    unit_power(u, true); /* starts anew, by what NVM holds */
    assert_true(u->powered);
    assert_int_equal(unit_setting(u, SETTING_SYSTEM_TYPE), 40);
    unit_advance(u, 8000000000);
    assert_true(u->powered && unit_seconds(u) > 0);
    unit_free(u);
    unit_free(other);
}

static void without_a_guard_the_program_aborts(void **state)
{
    struct unit *u = make(NULL);
    int status;

    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL); /* cmocka has a handler */
        provoke(u);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    unit_free(u);
}

/* What the factory wrote is there at the first power-up; a value that the meter does
 * not allow is named. */
static void the_factory_fills_fram(void **state)
{
    const struct unit_options o = reel_unit(1);
    struct unit *u = unit_new(&o, 0);
    struct unit_factory f = {
        .given = { [SETTING_ADDRESS] = true, [SETTING_BAUD] = true },
        .value = { [SETTING_ADDRESS] = 17, [SETTING_BAUD] = 6 },
        .energy_mwh[ENERGY_TOTAL] = { [ENERGY_EXPORT] = 2000000 },
    };
    int64_t mwh;

    (void)state;
    assert_int_equal(unit_program(u, &f), SETTING_BAUD);
    f.value[SETTING_BAUD] = 2;
    assert_int_equal(unit_program(u, &f), UNIT_PROGRAMMED);
    unit_power(u, true);
    assert_int_equal(unit_setting(u, SETTING_ADDRESS), 17);
    assert_int_equal(u->hal.baud, 4800);
    assert_true(unit_reading(u, Q_KWH_EXPORT, &mwh));
    assert_true(mwh == 2000000);
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_is_there),
        cmocka_unit_test(reads_leave_no_trace),
        cmocka_unit_test(the_factory_fills_fram),
        cmocka_unit_test(a_guarded_meter_stops_alone),
        cmocka_unit_test(without_a_guard_the_program_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
