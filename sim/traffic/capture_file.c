/* Captures by libpcap. See capture_file.h. */
#include "sim/traffic/capture_file.h"
#include "sim/program/error.h"
#include <pcap/pcap.h>

static void add(struct exchanges *x, int link, const struct pcap_pkthdr *header,
                const uint8_t *bytes)
{
    const int64_t at_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec;
    struct packet p;

    x->packets++;
    if (packet_parse(link, bytes, (int)MIN(header->caplen, 65535u), &p))
        exchanges_add(x, at_ns, &p);
    else
        x->foreign++;
}

static bool read_all(pcap_t *pcap, const char *path, struct exchanges *x,
                     GError **error)
{
    const int link = pcap_datalink(pcap);
    struct pcap_pkthdr *header;
    const uint8_t *bytes;
    int got;

    if (!packet_link_known(link)) {
        const char *name = pcap_datalink_val_to_name(link);
        return error_set(error, "%s: link type %d (%s) is not read", path, link,
                         name ? name : "unknown");
    }
    while ((got = pcap_next_ex(pcap, &header, &bytes)) == 1)
        add(x, link, header, bytes);
    return got == PCAP_ERROR_BREAK ||
           error_set(error, "%s: %s", path, pcap_geterr(pcap));
}

struct exchanges *capture_file_read(const char *path, GError **error)
{
    char why[PCAP_ERRBUF_SIZE];
    pcap_t *pcap =
        pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);

    if (!pcap) {
        error_set(error, "%s%s%s", g_str_has_prefix(why, path) ? "" : path,
                  g_str_has_prefix(why, path) ? "" : ": ", why);
        return NULL;
    }
    struct exchanges *x = exchanges_new();
    bool good = read_all(pcap, path, x, error);
    pcap_close(pcap);
    if (good)
        return x;
    exchanges_free(x);
    return NULL;
}
