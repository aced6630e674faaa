/* What the cable makes of the signal on a line. See line_signal.h. */
#include "sim/line/line_signal.h"
#include "waveform/base/random.h"

#define FLOAT_NS 5e6 /* a floating line reads 0 for up to this long */

void line_signal_update(struct line *l)
{
    struct line_cable c = l->cable;

    for (guint k = 0; k < l->stations->len && c.length_m > 0; k++) {
        const struct link_uart *uart =
            &((struct line_station *)g_ptr_array_index(l->stations, k))->uart;
        if (uart->end_open)
            c.ends = c.ends == LINE_ENDS_BOTH ? LINE_ENDS_ONE : LINE_ENDS_NONE;
        if (uart->bias_lost)
            c.bias_ohm = 0;
        c.bare = c.bare || uart->shield_open;
        c.stub_m = MAX(c.stub_m, uart->stub_m);
    }
    l->faulted = c;
    l->signal = line_cable_signal(&c, (int)l->stations->len);
}

bool line_signal_is_undefined(const struct line *l, int64_t at_ns)
{
    if (l->faulted.length_m <= 0)
        return false;
    if (!line_wire_is_driven(&l->wire, at_ns))
        return false;
    return l->signal.far_mv < LINE_THRESHOLD_MV ||
           (l->signal.settle_ns > 0 &&
            line_wire_changes(&l->wire, at_ns - l->signal.settle_ns, at_ns));
}

void line_signal_float(struct line *l)
{
    const int64_t now_ns = sim_now(l->sim);
    double share = line_cable_float_share(&l->signal);

    if (l->faulted.length_m <= 0 || share <= 0 ||
        line_wire_is_driven(&l->wire, now_ns) || random_share(&l->random) >= share)
        return;
    const struct line_pulse p = {
        now_ns, now_ns + 1 + (int64_t)(FLOAT_NS * random_share(&l->random))
    };
    g_array_append_val(l->wire.floats, p);
    line_changed(l);
}
