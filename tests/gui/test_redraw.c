/* What is painted when: nothing while nothing changes, and after any number of changes
 * the same picture as one that is painted anew. */
#include "gui/scene.h"
#include "panel_fixture.h"

static struct scene *new_scene(int width, int height)
{
    struct scene *s = scene_new(width, height);

    assert_non_null(s);
    return s;
}

static const struct panel_status status = { .sim_ns = 3000000000,
                                            .speed = 60,
                                            .connections = 1 };

static void nothing_changes_nothing_is_painted(void **state)
{
    struct unit *u = fixture_unit();
    struct scene *s = new_scene(450, 300);
    struct frame f;

    (void)state;
    frame_read(&f, u, &status, PANEL_VIEW_WAVES);
    assert_int_equal(scene_show(s, &f), 1);
    for (int k = 0; k < 5; k++) {
        frame_read(&f, u, &status, PANEL_VIEW_WAVES);
        assert_int_equal(scene_show(s, &f), 0);
    }
    assert_int_equal(s->paints, 1);
    scene_free(s);
    unit_free(u);
}

static void one_change_paints_its_place(void **state)
{
    struct unit *u = fixture_unit();
    struct scene *s = new_scene(900, 600);
    struct frame f;

    (void)state;
    frame_read(&f, u, &status, PANEL_VIEW_READINGS);
    scene_show(s, &f);
    f.lcd[0] ^= 1;
    assert_int_equal(scene_show(s, &f), 1);
    assert_true(s->damage[0].w < 40 && s->damage[0].h < 40);
    f.led_red = true;
    assert_int_equal(scene_show(s, &f), 1);
    f.volt[1][0] = '9';
    f.row[3].value[0] = '9';
    assert_int_equal(scene_show(s, &f), 2);
    f.time[0] = '9';
    assert_int_equal(scene_show(s, &f), 1);
    assert_true(s->damage[0].y >= 560);
    f.several = true;
    assert_int_equal(scene_show(s, &f), 1);
    f.lcd[19] ^= 1; /* lights nothing */
    assert_int_equal(scene_show(s, &f), 0);
    scene_free(s);
    unit_free(u);
}

/* Every field in turn, then the picture byte by byte against a new one. */
static void change_everything(struct frame *f, struct unit *u, int step)
{
    enum panel_view view = (enum panel_view)(step / 8 % PANEL_VIEWS);

    switch (step % 8) {
    case 0:
        unit_advance(u, u->now_ns + 1300000000);
        break;
    case 1:
        u->hal.lcd[step % HAL_LCD_SIZE] ^= 0x5A;
        break;
    case 2:
        u->hal.output[HAL_LED_RED] = !u->hal.output[HAL_LED_RED];
        u->hal.output[HAL_ENERGY_CONTACT] = !u->hal.output[HAL_ENERGY_CONTACT];
        break;
    case 3:
        u->hal.output[HAL_ALARM_CONTACT] = !u->hal.output[HAL_ALARM_CONTACT];
        u->hal.output[HAL_LED_GREEN] = !u->hal.output[HAL_LED_GREEN];
        break;
    case 4:
        unit_set_fault(u, FAULT_PHASE_LOSS, step % 3, step % 16 < 8);
        unit_advance(u, u->now_ns + 2100000000);
        break;
    case 5:
        unit_power(u, step % 16 > 8);
        break;
    default:
        break;
    }
    frame_read(f, u, &status, view);
    f->pressed = (uint8_t)(step * 5 & 15);
}

static void changes_add_up_to_the_whole_picture(void **state)
{
    struct unit *u = fixture_unit();
    struct scene *s = new_scene(439, 281), *anew = new_scene(439, 281);
    struct frame f;

    (void)state;
    for (int step = 0; step < 36; step++) {
        change_everything(&f, u, step);
        scene_show(s, &f);
        if (step % 4 != 3)
            continue;
        anew->painted = false;
        scene_show(anew, &f);
        assert_memory_equal(canvas_picture(s->canvas)->pixels,
                            canvas_picture(anew->canvas)->pixels,
                            439 * 281 * sizeof(uint32_t));
    }
    assert_true(s->paints > 20);
    scene_free(s);
    scene_free(anew);
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changes_nothing_is_painted),
        cmocka_unit_test(one_change_paints_its_place),
        cmocka_unit_test(changes_add_up_to_the_whole_picture),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
