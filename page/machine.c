/* What the page's script calls. See machine.h. */
#include "page/machine.h"
#include "page/describe.h"
#include "page/view.h"
#include <stdlib.h>

static struct {
    struct session *session, *copy;
    struct view view;
    char *in;
    struct text out;
    char hash[SHA256_TEXT];
    int32_t area[4];
} machine;

char *machine_text(int size)
{
    machine.in = realloc(machine.in, (size_t)size);
    if (!machine.in)
        abort();
    return machine.in;
}

int machine_new(void)
{
    struct session *s = session_new(machine.in);

    if (!s)
        return 0;
    session_free(machine.session);
    machine.session = s;
    return 1;
}

const char *machine_repeat(double ms)
{
    return action_error_text(session_repeat(machine.session, (int64_t)ms));
}

int machine_repeats(void)
{
    return session_repeats(machine.session);
}

void machine_advance(double now_ms)
{
    session_advance(machine.session, (int64_t)now_ms);
}

double machine_now(void)
{
    return (double)machine.session->now_ms;
}

const char *machine_do(void)
{
    return action_error_text(session_do(machine.session, machine.in));
}

static const char *begin(void)
{
    text_clear(&machine.out);
    return machine.out.bytes;
}

const char *machine_answer(void)
{
    const struct action_answer *a = &machine.session->answer;

    begin();
    for (int k = 0; k < a->size; k++)
        text_add(&machine.out, "%02X", a->bytes[k]);
    return machine.out.bytes;
}

int machine_register(int addr)
{
    uint16_t word;

    return unit_registers(machine.session->unit, (uint16_t)addr, 1, &word) ? word : -1;
}

const char *machine_session(void)
{
    return machine.session->text.bytes;
}

void machine_copy(void)
{
    session_free(machine.copy);
    machine.copy = session_copy(machine.session);
}

int machine_copies(double ms)
{
    session_repeat(machine.copy, (int64_t)ms);
    if (session_repeats(machine.copy))
        return 1;
    session_end(machine.copy, machine.hash);
    return 0;
}

const char *machine_hash(void)
{
    return machine.hash;
}

const char *machine_scenario(void)
{
    begin();
    session_print_lua(machine.copy, machine.hash, &machine.out);
    return machine.out.bytes;
}

const char *machine_state(void)
{
    begin();
    describe_state(machine.session, &machine.out);
    return machine.out.bytes;
}

uint8_t *machine_frame(void)
{
    return (uint8_t *)&machine.view.frame;
}

int machine_frame_size(void)
{
    return (int)sizeof machine.view.frame;
}

const char *machine_frame_state(void)
{
    begin();
    describe_frame(&machine.view.frame, &machine.out);
    return machine.out.bytes;
}

const char *machine_quantity(int row, double value)
{
    begin();
    describe_quantity(row, value, &machine.out);
    return machine.out.bytes;
}

int machine_repaint(unsigned keys, int scale_percent)
{
    return view_repaint(&machine.view, keys, scale_percent);
}

const char *machine_faults(void)
{
    begin();
    describe_faults(machine.session, &machine.out);
    return machine.out.bytes;
}

const char *machine_models(void)
{
    begin();
    describe_models(&machine.out);
    return machine.out.bytes;
}

int machine_paint(int view, unsigned keys, int scale_percent)
{
    return view_paint(&machine.view, machine.session, (enum panel_view)view, keys,
                      scale_percent);
}

_Static_assert(sizeof(struct area) == 4 * sizeof(int32_t), "four numbers");

const int32_t *machine_damage(void)
{
    return (const int32_t *)machine.view.scene->damage;
}

const uint8_t *machine_pixels(void)
{
    return machine.view.rgba;
}

const int32_t *machine_place(int place)
{
    const struct area a = view_place(&machine.view, place);

    machine.area[0] = a.x;
    machine.area[1] = a.y;
    machine.area[2] = a.w;
    machine.area[3] = a.h;
    return machine.area;
}

unsigned machine_key(int key)
{
    return view_key(key);
}
