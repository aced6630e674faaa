/* The file of a packet capture, and the packets of serial lines. See packet_file.h. */
#include "sim/record/packet_file.h"
#include "sim/program/error.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    SNAPSHOT_BYTES = 65535,
    TAG_DISSECTOR = 12, /* EXP_PDU_TAG_PROTO_NAME of Wireshark's exported_pdu.h */
    RTU_BYTES_MAX = 4096
};
#define SIMULATED_EPOCH_S INT64_C(946684800) /* 1 January 2000 */

struct packet_file {
    pcap_t *pcap;
    pcap_dumper_t *dumper;
    void *data;
    void (*free_data)(void *data);
    char *path;
    int error; /* errno of the first failure */
    void (*failed)(void *user, const char *text);
    void *failed_user;
};

struct packet_file *packet_file_open(const char *path, enum packet_kind kind,
                                     GError **error)
{
    int link = kind == PACKET_TCP ? DLT_EN10MB : DLT_WIRESHARK_UPPER_PDU;
    pcap_t *pcap = pcap_open_dead_with_tstamp_precision(link, SNAPSHOT_BYTES,
                                                        PCAP_TSTAMP_PRECISION_NANO);
    pcap_dumper_t *dumper = pcap != NULL ? pcap_dump_open(pcap, path) : NULL;

    if (dumper == NULL || pcap_dump_flush(dumper) != 0) {
        error_set(error, "cannot write %s: %s; choose another with --pcap FILE", path,
                  pcap != NULL && dumper == NULL ? pcap_geterr(pcap)
                                                 : g_strerror(errno));
        if (dumper != NULL)
            pcap_dump_close(dumper);
        if (pcap != NULL)
            pcap_close(pcap);
        return NULL;
    }
    struct packet_file *file = g_new0(struct packet_file, 1);
    file->pcap = pcap;
    file->dumper = dumper;
    file->path = g_strdup(path);
    return file;
}

int packet_file_error(const struct packet_file *file)
{
    return file->error;
}

void packet_file_on_error(struct packet_file *file,
                          void (*failed)(void *user, const char *text), void *user)
{
    file->failed = failed;
    file->failed_user = user;
}

bool packet_file_close(struct packet_file *file, GError **error)
{
    if (file == NULL)
        return true;
    bool good =
        !file->error || error_set(error, "%s: %s", file->path, g_strerror(file->error));
    g_free(file->path);
    pcap_dump_close(file->dumper);
    pcap_close(file->pcap);
    if (file->data)
        file->free_data(file->data);
    g_free(file);
    return good;
}

void **packet_file_data(struct packet_file *file, void (*free_with)(void *data))
{
    file->free_data = free_with;
    return &file->data;
}

/* What stdio still holds goes nowhere. A pipe or a device cannot be cut. */
static void note_failure(struct packet_file *file, long whole)
{
    file->error = errno ? errno : EIO;
    int fd = fileno(pcap_dump_file(file->dumper));
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool cut = whole >= 0 && ftruncate(fd, whole) == 0;
    g_debug("%s is %scut at its last whole packet", file->path, cut ? "" : "not ");
    if (nowhere >= 0) {
        dup2(nowhere, fd);
        close(nowhere);
    }
    if (!file->failed)
        return;
    g_autofree char *text =
        g_strdup_printf("%s: %s", file->path, g_strerror(file->error));
    file->failed(file->failed_user, text);
}

void packet_file_put(struct packet_file *file, int64_t ns, const uint8_t *packet,
                     int size)
{
    struct pcap_pkthdr header = { .caplen = (bpf_u_int32)size,
                                  .len = (bpf_u_int32)size };

    if (file->error)
        return;
    long before = pcap_dump_ftell(file->dumper);
    header.ts.tv_sec = ns / 1000000000;
    header.ts.tv_usec = ns % 1000000000; /* nanoseconds, by the file's precision */
    pcap_dump((u_char *)file->dumper, &header, packet);
    errno = 0;
    if (pcap_dump_flush(file->dumper) != 0)
        note_failure(file, before);
}

void packet_file_rtu(void *user, const struct line_sent *sent)
{
    static const uint8_t head[] = {
        0, TAG_DISSECTOR, 0, 8, 'm', 'b', 'r', 't', 'u', 0, 0, 0, 0, 0, 0, 0
    };
    uint8_t packet[sizeof head + RTU_BYTES_MAX];
    int size = MIN(sent->size, RTU_BYTES_MAX);

    memcpy(packet, head, sizeof head);
    memcpy(packet + sizeof head, sent->byte, (size_t)size);
    packet_file_put(user, sent->end_ns + SIMULATED_EPOCH_S * 1000000000, packet,
                    (int)sizeof head + size);
}
