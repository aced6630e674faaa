/* Packets of TCP connections around the bytes that crossed a socket (RFC 791, 8200,
 * 9293): handshake, data with sequence and acknowledgement numbers, end. What the
 * kernel really sent is not known here: segments are what one call moved. */
#include "sim/record/packet_tcp.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum {
    FIN = 1,
    SYN = 2,
    RESET = 4,
    PUSH = 8,
    ACK = 16,
    ETHERNET_BYTES = 14,
    TCP_BYTES = 20,
    HEADERS_MAX = ETHERNET_BYTES + 40 + TCP_BYTES,
    SEGMENT_MAX = 16384,
    MODBUS_PORT = 502,
    WINDOW = 65535
};

/* One end: its address as on the wire, the sequence number of its next byte. */
struct end {
    uint8_t address[16];
    uint16_t port;
    uint32_t next;
};

struct packet_flow {
    int64_t connection; /* the key */
    int address_bytes;  /* 4 or 16 */
    struct end client, server;
};

static void free_flows(void *flows)
{
    g_hash_table_destroy(flows);
}

/* Connection → struct packet_flow. */
static GHashTable *flows_of(struct packet_file *file)
{
    void **flows = packet_file_data(file, free_flows);

    if (!*flows)
        *flows = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return *flows;
}

static void put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value);
}

/* The Internet checksum's sum (RFC 1071); the first `size` bytes start on a word. */
static uint32_t sum(uint32_t before, const uint8_t *bytes, int size)
{
    for (int k = 0; k + 1 < size; k += 2)
        before += (uint32_t)(bytes[k] << 8 | bytes[k + 1]);
    if (size & 1)
        before += (uint32_t)bytes[size - 1] << 8;
    return before;
}

static uint16_t folded(uint32_t total)
{
    while (total >> 16)
        total = (total & 0xFFFF) + (total >> 16);
    return (uint16_t)~total;
}

static int put_ip(uint8_t *at, const struct packet_flow *f, const struct end *from,
                  const struct end *to, int payload)
{
    if (f->address_bytes == 4) {
        static const uint8_t head[20] = {
            0x45, [6] = 0x40, [8] = 64, [9] = IPPROTO_TCP
        };
        memcpy(at, head, sizeof head);
        put16(at + 2, (uint32_t)(20 + payload));
        memcpy(at + 12, from->address, 4);
        memcpy(at + 16, to->address, 4);
        put16(at + 10, folded(sum(0, at, 20)));
        return 20;
    }
    static const uint8_t head[8] = { 0x60, [6] = IPPROTO_TCP, [7] = 64 };
    memcpy(at, head, sizeof head);
    put16(at + 4, (uint32_t)payload);
    memcpy(at + 8, from->address, 16);
    memcpy(at + 24, to->address, 16);
    return 40;
}

static void put_tcp(uint8_t *at, const struct packet_flow *f, const struct end *from,
                    const struct end *to, int flags, int size)
{
    memset(at, 0, TCP_BYTES);
    put16(at, from->port);
    put16(at + 2, to->port);
    put32(at + 4, from->next);
    put32(at + 8, flags & ACK ? to->next : 0);
    at[12] = TCP_BYTES / 4 << 4;
    at[13] = (uint8_t)flags;
    put16(at + 14, WINDOW);
    uint32_t total = sum(0, from->address, f->address_bytes);
    total = sum(total, to->address, f->address_bytes);
    total += (uint32_t)(IPPROTO_TCP + TCP_BYTES + size);
    put16(at + 16, folded(sum(total, at, TCP_BYTES + size)));
}

static void put_segment(struct packet_file *file, const struct packet_flow *f,
                        struct end *from, const struct end *to, int flags,
                        const uint8_t *bytes, int size)
{
    uint8_t packet[HEADERS_MAX + SEGMENT_MAX];
    int ip = f->address_bytes == 4 ? 20 : 40;
    uint8_t *tcp = packet + ETHERNET_BYTES + ip;

    memset(packet, 0, ETHERNET_BYTES); /* loopback has no addresses */
    put16(packet + 12, f->address_bytes == 4 ? 0x0800 : 0x86DD);
    if (size > 0)
        memcpy(tcp + TCP_BYTES, bytes, (size_t)size);
    put_ip(packet + ETHERNET_BYTES, f, from, to, TCP_BYTES + size);
    put_tcp(tcp, f, from, to, flags, size);
    packet_file_put(file, g_get_real_time() * 1000, packet,
                    ETHERNET_BYTES + ip + TCP_BYTES + size);
    from->next += (uint32_t)size + (flags & (SYN | FIN) ? 1 : 0);
}

static void put_data(struct packet_file *file, const struct packet_flow *f,
                     struct end *from, const struct end *to, const uint8_t *bytes,
                     int size)
{
    for (int done = 0, part; done < size; done += part) {
        part = MIN(size - done, SEGMENT_MAX);
        put_segment(file, f, from, to, PUSH | ACK, bytes + done, part);
    }
}

static void set_address(struct end *end, const struct sockaddr_storage *a)
{
    if (a->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)a;
        memcpy(end->address, &v6->sin6_addr, 16);
        end->port = ntohs(v6->sin6_port);
    } else {
        const struct sockaddr_in *v4 = (const void *)a;
        memcpy(end->address, &v4->sin_addr, 4);
        end->port = ntohs(v4->sin_port);
    }
}

static void open_flow(struct packet_file *file, uint64_t connection, int fd)
{
    struct sockaddr_storage client = { 0 }, server = { 0 };
    socklen_t client_size = sizeof client, server_size = sizeof server;
    struct packet_flow *f = g_new0(struct packet_flow, 1);

    getpeername(fd, (struct sockaddr *)&client, &client_size);
    getsockname(fd, (struct sockaddr *)&server, &server_size);
    f->connection = (int64_t)connection;
    f->address_bytes = server.ss_family == AF_INET6 ? 16 : 4;
    set_address(&f->client, &client);
    set_address(&f->server, &server);
    f->server.port = MODBUS_PORT;
    f->client.next =
        (uint32_t)(connection * 0x9E3779B1u); /* a port may be used again */
    f->server.next = f->client.next ^ 0x5BD1E995u;
    g_hash_table_replace(flows_of(file), &f->connection, f);
    put_segment(file, f, &f->client, &f->server, SYN, NULL, 0);
    put_segment(file, f, &f->server, &f->client, SYN | ACK, NULL, 0);
    put_segment(file, f, &f->client, &f->server, ACK, NULL, 0);
}

/* Who ended first is not known: it is written as if the client had. */
static void close_flow(struct packet_file *file, struct packet_flow *f)
{
    put_segment(file, f, &f->client, &f->server, FIN | ACK, NULL, 0);
    put_segment(file, f, &f->server, &f->client, FIN | ACK, NULL, 0);
    put_segment(file, f, &f->client, &f->server, ACK, NULL, 0);
    g_hash_table_remove(flows_of(file), &f->connection);
}

static void reset_flow(struct packet_file *file, struct packet_flow *f)
{
    put_segment(file, f, &f->server, &f->client, RESET | ACK, NULL, 0);
    g_hash_table_remove(flows_of(file), &f->connection);
}

void packet_file_tcp(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                     const uint8_t *bytes, int size)
{
    struct packet_file *file = user;
    int64_t key = (int64_t)connection;

    if (what == GATEWAY_OPENED) {
        open_flow(file, connection, fd);
        return;
    }
    struct packet_flow *f = g_hash_table_lookup(flows_of(file), &key);
    if (f == NULL)
        return;
    if (what == GATEWAY_RECEIVED)
        put_data(file, f, &f->client, &f->server, bytes, size);
    else if (what == GATEWAY_SENT)
        put_data(file, f, &f->server, &f->client, bytes, size);
    else if (what == GATEWAY_RESET)
        reset_flow(file, f);
    else
        close_flow(file, f);
}
