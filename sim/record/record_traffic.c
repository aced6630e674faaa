/* Modbus traffic of a record, as captures that Wireshark dissects (packet_file.h). What
 * the script asks a meter comes without a bus; it is written as the RTU frames that it
 * would be on one. */
#include "sim/record/record_traffic.h"
#include "core/crc.h"
#include "core/pdu.h"
#include "sim/program/error.h"
#include "sim/record/packet_file.h"
#include <errno.h>
#include <string.h>

struct record_traffic {
    char *path;
    struct packet_file *file;
    GError *error;
};

/* libpcap overwrites what is there; a record does not. */
struct record_traffic *record_traffic_new(const char *folder, const char *name)
{
    struct record_traffic *t = g_new0(struct record_traffic, 1);

    t->path = g_build_filename(folder, name, NULL);
    if (g_file_test(t->path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        error_set(&t->error, "%s: %s", t->path, g_strerror(EEXIST));
    else
        t->file = packet_file_open(t->path, PACKET_RTU, &t->error);
    return t;
}

void record_traffic_sent(struct record_traffic *t, const struct line_sent *sent)
{
    if (t->file)
        packet_file_rtu(t->file, sent);
}

void record_traffic_pdu(struct record_traffic *t, int64_t at_ns, uint8_t address,
                        const uint8_t *pdu, int size)
{
    uint8_t frame[1 + METER_PDU_MAX + 2] = { address };
    struct line_sent sent = { .start_ns = at_ns, .end_ns = at_ns, .byte = frame };

    if (size > METER_PDU_MAX)
        return;
    memcpy(frame + 1, pdu, (size_t)size);
    uint16_t crc = crc_modbus(frame, (uint32_t)size + 1);
    frame[1 + size] = (uint8_t)crc;
    frame[2 + size] = (uint8_t)(crc >> 8);
    sent.size = size + 3;
    record_traffic_sent(t, &sent);
}

bool record_traffic_check(const struct record_traffic *t, GError **error)
{
    int number = t->file ? packet_file_error(t->file) : 0;

    if (t->error)
        return error_set(error, "%s", t->error->message);
    return !number || error_set(error, "%s: %s", t->path, g_strerror(number));
}

void record_traffic_close(struct record_traffic *t, GError **error)
{
    GError *wrong = NULL;

    if (!t)
        return;
    packet_file_close(t->file, &wrong);
    error_move(&t->error, wrong);
    error_move(error, t->error);
    g_free(t->path);
    g_free(t);
}
