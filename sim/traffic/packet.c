/* Packets of captures. See packet.h. Headers in front of TCP: Ethernet with VLAN tags,
 * Linux cooked, BSD loopback, raw IP. Serial frames: Wireshark's exported PDUs of the
 * dissector mbrtu, and the types that users declare for RTU. */
#include "sim/traffic/packet.h"
#include <pcap/pcap.h>
#include <string.h>

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86DD,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_QINQ = 0x88A8,
    PROTOCOL_TCP = 6,
    TCP_FIN = 1,
    TCP_SYN = 2,
    TCP_RST = 4,
    TCP_ACK = 16,
    TAG_END = 0,
    TAG_DISSECTOR = 12, /* EXP_PDU_TAG_DISSECTOR_NAME */
    RTAC_HEADER = 12
};

struct view {
    const uint8_t *at;
    int left;
};

static unsigned big16(const uint8_t *b)
{
    return (unsigned)b[0] << 8 | b[1];
}

static bool skip(struct view *v, int count)
{
    if (v->left < count)
        return false;
    v->at += count;
    v->left -= count;
    return true;
}

static bool tcp(struct view v, struct packet *p)
{
    if (v.left < 20)
        return false;
    const uint8_t *head = v.at;
    int length = (head[12] >> 4) * 4;
    if (length < 20 || !skip(&v, length))
        return false;
    p->from.port = (uint16_t)big16(head);
    p->to.port = (uint16_t)big16(head + 2);
    p->sequence = (uint32_t)big16(head + 4) << 16 | big16(head + 6);
    p->syn = head[13] & TCP_SYN;
    p->answers = p->syn && head[13] & TCP_ACK;
    p->fin = head[13] & (TCP_FIN | TCP_RST);
    p->bytes = v.at;
    p->size = v.left;
    return true;
}

/* Frames shorter than Ethernet's minimum are filled up behind the IP length. */
static bool ipv4(struct view v, struct packet *p)
{
    if (v.left < 20 || v.at[0] >> 4 != 4)
        return false;
    const uint8_t *head = v.at;
    int length = (head[0] & 15) * 4, total = (int)big16(head + 2);
    if (head[9] != PROTOCOL_TCP || big16(head + 6) & 0x3FFF || length < 20)
        return false;
    if (total >= length && total < v.left)
        v.left = total;
    memcpy(p->from.address, head + 12, 4);
    memcpy(p->to.address, head + 16, 4);
    return skip(&v, length) && tcp(v, p);
}

static bool ipv6(struct view v, struct packet *p)
{
    if (v.left < 40 || v.at[0] >> 4 != 6 || v.at[6] != PROTOCOL_TCP)
        return false;
    int length = (int)big16(v.at + 4);
    memcpy(p->from.address, v.at + 8, 16);
    memcpy(p->to.address, v.at + 24, 16);
    skip(&v, 40);
    if (length < v.left)
        v.left = length;
    return tcp(v, p);
}

static bool ip(struct view v, struct packet *p)
{
    return v.left > 0 && (v.at[0] >> 4 == 4 ? ipv4(v, p) : ipv6(v, p));
}

static bool by_ethertype(struct view v, unsigned type, struct packet *p)
{
    while (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ) {
        if (v.left < 4)
            return false;
        type = big16(v.at + 2);
        skip(&v, 4);
    }
    return type == ETHERTYPE_IPV4 ? ipv4(v, p) : type == ETHERTYPE_IPV6 && ipv6(v, p);
}

static bool ethernet(struct view v, struct packet *p)
{
    if (v.left < 14)
        return false;
    unsigned type = big16(v.at + 12);
    return skip(&v, 14) && by_ethertype(v, type, p);
}

static bool cooked(struct view v, struct packet *p)
{
    if (v.left < 16)
        return false;
    unsigned type = big16(v.at + 14);
    return skip(&v, 16) && by_ethertype(v, type, p);
}

static bool cooked2(struct view v, struct packet *p)
{
    if (v.left < 20)
        return false;
    unsigned type = big16(v.at);
    return skip(&v, 20) && by_ethertype(v, type, p);
}

static bool loopback(struct view v, struct packet *p)
{
    return skip(&v, 4) && ip(v, p);
}

static bool frame(struct view v, struct packet *p)
{
    p->serial = true;
    p->bytes = v.at;
    p->size = v.left;
    return v.left > 0;
}

/* Tags of a type, a length and a value each; the dissector's name says what follows. */
static bool upper_pdu(struct view v, struct packet *p)
{
    bool rtu = false;

    while (v.left >= 4) {
        unsigned tag = big16(v.at);
        int length = (int)big16(v.at + 2);
        skip(&v, 4);
        if (v.left < length)
            return false;
        if (tag == TAG_DISSECTOR)
            rtu = length >= 5 && !memcmp(v.at, "mbrtu", 5);
        skip(&v, length);
        if (tag == TAG_END)
            return rtu && frame(v, p);
    }
    return false;
}

static bool rtac(struct view v, struct packet *p)
{
    return skip(&v, RTAC_HEADER) && frame(v, p);
}

static const struct link {
    int first, last;
    bool (*parse)(struct view v, struct packet *p);
} links[] = {
    { DLT_EN10MB, DLT_EN10MB, ethernet },
    { DLT_LINUX_SLL, DLT_LINUX_SLL, cooked },
    { DLT_LINUX_SLL2, DLT_LINUX_SLL2, cooked2 },
    { DLT_NULL, DLT_NULL, loopback },
    { DLT_LOOP, DLT_LOOP, loopback },
    { DLT_RAW, DLT_RAW, ip },
    { DLT_IPV4, DLT_IPV4, ipv4 },
    { DLT_IPV6, DLT_IPV6, ipv6 },
    { DLT_WIRESHARK_UPPER_PDU, DLT_WIRESHARK_UPPER_PDU, upper_pdu },
    { DLT_RTAC_SERIAL, DLT_RTAC_SERIAL, rtac },
    { DLT_USER0, DLT_USER15, frame },
};

static const struct link *find(int number)
{
    for (size_t k = 0; k < sizeof links / sizeof *links; k++)
        if (number >= links[k].first && number <= links[k].last)
            return &links[k];
    return NULL;
}

bool packet_link_known(int number)
{
    return find(number) != NULL;
}

bool packet_parse(int number, const uint8_t *bytes, int size, struct packet *p)
{
    const struct link *link = find(number);

    *p = (struct packet){ .serial = false };
    return link && link->parse((struct view){ bytes, size }, p);
}
