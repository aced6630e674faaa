/* Plants of situations. See exam_plant.h. Time is held until the client is there, and
 * then goes on as far as its requests need (serve_bridge.h). */
#include "sim/exam/exam_plant.h"
#include "sim/program/error.h"
#include "sim/record/packet_file.h"
#include "sim/script/script.h"
#include <glib/gstdio.h>
#include <unistd.h>

/* Scripts are files for whoever compiles them. */
static char *write_script(const char *text, GError **error)
{
    GError *wrong = NULL;
    char *path;
    const int fd = g_file_open_tmp("metersim-exam-XXXXXX.lua", &path, &wrong);

    if (fd >= 0 && g_file_set_contents(path, text, -1, &wrong)) {
        close(fd);
        return path;
    }
    error_move(error, wrong);
    if (fd >= 0)
        close(fd);
    return NULL;
}

static bool start_script(struct exam_plant *p, const struct exam_row *row,
                         GError **error)
{
    g_autofree char *path = write_script(row->setup, error);

    if (!path)
        return false;
    p->script = script_new(p->sim, &(struct script_options){
                                       .path = path, .seed = 1, .keeps_faults = true });
    script_start(p->script);
    g_unlink(path);
    return script_outcome(p->script) != SCENARIO_MISUSED ||
           error_set(error, "%s: %s", row->name, script_message(p->script));
}

static bool listen_tcp(struct exam_plant *p, const char *where, GError **error)
{
    g_autoptr(GString) banner = g_string_new(NULL);

    p->gateway = gateway_new(NULL, NULL);
    gateway_set_tap(p->gateway, exam_wire_tap, p->wire);
    p->tcp = (struct serve_tcp){ .sim = p->sim, .gateway = p->gateway };
    return serve_tcp_listen(&p->tcp, where, banner, error);
}

bool exam_plant_open(struct exam_plant *p, const struct exam_row *row,
                     const GArray *entries, const char *where, double speed,
                     const char *pcap, GError **error)
{
    *p = (struct exam_plant){ .sim = sim_new() };
    if (!start_script(p, row, error))
        return false;
    if (pcap) {
        p->pcap = packet_file_open(pcap, PACKET_TCP, error);
        if (!p->pcap)
            return false;
    }
    p->wire = exam_wire_new(p->sim, p->pcap);
    if (!listen_tcp(p, where, error))
        return false;
    p->truth = exam_truth_new(p->sim, entries);
    p->pace = pace_new(NULL, p->sim, speed);
    p->held = serve_held_new(p->sim, p->pace);
    pace_hold(p->pace);
    return true;
}

void exam_plant_close(struct exam_plant *p)
{
    pace_free(p->pace);
    if (p->gateway)
        gateway_free(p->gateway);
    packet_file_close(p->pcap, NULL);
    exam_truth_free(p->truth);
    if (p->script)
        script_free(p->script);
    sim_free(p->sim);
    serve_tcp_free(&p->tcp);
    g_free(p->held);
    exam_wire_free(p->wire);
}
