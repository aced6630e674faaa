/* Packet captures: what a serial line and a gateway carried stands in the file, byte
 * for byte, with times and checksums. With an argument, writes the line's capture
 * there, for Wireshark (pcap.sh). */
#include "tests/sim/gateway_fixture.h"

#include "sim/record/packet_tcp.h"
#include "tests/sim/line_fixture.h"

#include <glib/gstdio.h>
#include <pcap/pcap.h>

enum { HEAD_BYTES = 16, ETHERNET_BYTES = 14 };

static char *path_new(void)
{
    char *path = g_strdup("/tmp/metersim-capture-XXXXXX");
    int fd = g_mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    return path;
}

static struct packet_file *file_new(const char *path, enum packet_kind kind)
{
    GError *error = NULL;
    struct packet_file *file = packet_file_open(path, kind, &error);

    assert_null(error);
    assert_non_null(file);
    return file;
}

/* A read, a write, an exception on a line. */
static void write_line(const char *path, struct bench *b)
{
    struct packet_file *file = file_new(path, PACKET_RTU);

    bench_open(b, 19200, HAL_PARITY_NONE, LINE_ECHO_NONE);
    line_set_listener(b->line, packet_file_rtu, file);
    bench_meter(b, 1, 19200, 0);
    assert_int_equal(bench_read(b, 1, 0, 20), LINE_ANSWERED);
    assert_int_equal(bench_write(b, 1, 141, 20), LINE_ANSWERED);
    assert_int_equal(bench_read(b, 1, 112, 1), LINE_ANSWERED);
    assert_true(packet_file_close(file, NULL));
}

static void a_line_is_captured(void **state)
{
    static struct bench b;
    char *path = path_new(), error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr header;
    const u_char *packet;
    int count = 0;
    (void)state;

    write_line(path, &b);
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(
        path, PCAP_TSTAMP_PRECISION_NANO, error);
    assert_non_null(pcap);
    assert_int_equal(pcap_datalink(pcap), DLT_WIRESHARK_UPPER_PDU);
    int64_t last_ns = 0;
    for (; (packet = pcap_next(pcap, &header)) != NULL; count++) {
        int64_t ns =
            (header.ts.tv_sec - INT64_C(946684800)) * 1000000000 + header.ts.tv_usec;
        assert_memory_equal(packet + 4, "mbrtu", 5);
        assert_int_equal(packet[HEAD_BYTES], 1);
        assert_true(ns > last_ns && ns <= sim_now(b.sim));
        last_ns = ns;
    }
    assert_int_equal(count, 6);
    pcap_close(pcap);
    bench_close(&b);
    g_unlink(path);
    g_free(path);
}

static uint32_t sum_words(const uint8_t *at, int size)
{
    uint32_t total = 0;

    for (int k = 0; k < size; k++)
        total += (uint32_t)at[k] << (k & 1 ? 0 : 8);
    while (total >> 16)
        total = (total & 0xFFFF) + (total >> 16);
    return total;
}

/* The IPv4 header's sum and TCP's, over the pseudo header, are all ones. */
static void check_sums(const uint8_t *ip, int size)
{
    uint8_t pseudo[12] = { 0 };

    assert_int_equal(get_u16(ip + 2), size);
    assert_int_equal(sum_words(ip, 20), 0xFFFF);
    memcpy(pseudo, ip + 12, 8);
    pseudo[9] = 6;
    put_u16(pseudo + 10, size - 20);
    uint32_t total = sum_words(pseudo, 12) + sum_words(ip + 20, size - 20);
    assert_int_equal((total & 0xFFFF) + (total >> 16), 0xFFFF);
}

struct side {
    uint32_t next;
    uint8_t bytes[4096];
    int size;
};

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)get_u16(at) << 16 | (uint32_t)get_u16(at + 2);
}

/* Adds a segment to what its sender has said; numbers must follow one another. */
static void take_segment(struct side side[2], const uint8_t *tcp, int size)
{
    int from = get_u16(tcp) == 502, flags = tcp[13];

    if (flags & 2) /* SYN */
        side[from].next = get_u32(tcp + 4);
    assert_int_equal(get_u32(tcp + 4), side[from].next);
    if (flags & 16)
        assert_int_equal(get_u32(tcp + 8), side[!from].next);
    memcpy(side[from].bytes + side[from].size, tcp + 20, (size_t)(size - 20));
    side[from].size += size - 20;
    side[from].next += (uint32_t)(size - 20) + (flags & 3 ? 1 : 0);
}

static void connections_are_captured(void **state)
{
    static struct side side[2];
    char *path = path_new(), error[PCAP_ERRBUF_SIZE];
    uint8_t requests[3 * REQUEST_BYTES], answers[800];
    struct fixture f;
    int size = 0, count = 0;
    (void)state;

    fixture_open(&f, NULL);
    struct packet_file *file = file_new(path, PACKET_TCP);
    gateway_set_tap(f.gateway, packet_file_tcp, file);
    int fd = client_connect(f.port);
    for (int k = 0; k < 3; k++) {
        write_request(requests + k * REQUEST_BYTES, k, 1, 5, 10 + k);
        size += write_answer(answers + size, 0, k, 1, 5, 10 + k);
    }
    client_send(&f, fd, requests, 20);
    client_send(&f, fd, requests + 20, 16);
    client_expect(&f, fd, answers, size);
    close(fd);
    fixture_run(&f, 20);
    pcap_t *pcap = pcap_open_offline(path, error); /* not closed yet */
    assert_non_null(pcap);
    assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
    struct pcap_pkthdr header;
    for (const u_char *p; (p = pcap_next(pcap, &header)) != NULL; count++) {
        int bytes = (int)header.caplen - ETHERNET_BYTES;
        assert_int_equal(get_u16(p + 12), 0x0800);
        check_sums(p + ETHERNET_BYTES, bytes);
        take_segment(side, p + ETHERNET_BYTES + 20, bytes - 20);
    }
    assert_true(count >= 3 + 4 + 3);
    assert_int_equal(side[0].size, sizeof requests);
    assert_memory_equal(side[0].bytes, requests, sizeof requests);
    assert_int_equal(side[1].size, size);
    assert_memory_equal(side[1].bytes, answers, (size_t)size);
    pcap_close(pcap);
    fixture_close(&f);
    assert_true(packet_file_close(file, NULL));
    g_unlink(path);
    g_free(path);
}

/* A port that is used again would make two connections of one: each begins at numbers
 * of its own, in both directions. */
static void each_connection_has_its_own_sequence_numbers(void **state)
{
    enum { CONNECTIONS = 20 };
    uint32_t first[2 * CONNECTIONS];
    char *path = path_new(), error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr header;
    struct fixture f;
    int count = 0;
    (void)state;

    fixture_open(&f, NULL);
    struct packet_file *file = file_new(path, PACKET_TCP);
    gateway_set_tap(f.gateway, packet_file_tcp, file);
    for (int k = 0; k < CONNECTIONS; k++) {
        int fd = client_connect(f.port);
        fixture_run(&f, 20);
        close(fd);
        fixture_run(&f, 20);
    }
    fixture_close(&f);
    assert_true(packet_file_close(file, NULL));
    pcap_t *pcap = pcap_open_offline(path, error);
    assert_non_null(pcap);
    for (const u_char *p; (p = pcap_next(pcap, &header)) != NULL;) {
        const uint8_t *tcp = p + ETHERNET_BYTES + 20;
        if (!(tcp[13] & 2)) /* SYN */
            continue;
        assert_true(count < 2 * CONNECTIONS);
        first[count] = get_u32(tcp + 4);
        for (int k = 0; k < count; k++)
            assert_int_not_equal(first[k], first[count]);
        count++;
    }
    assert_int_equal(count, 2 * CONNECTIONS);
    pcap_close(pcap);
    g_unlink(path);
    g_free(path);
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
    GError *error = NULL;
    (void)state;

    assert_null(packet_file_open("/no/such/folder/x.pcap", PACKET_TCP, &error));
    assert_non_null(strstr(error->message, "/no/such/folder/x.pcap"));
    g_error_free(error);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_captured),
        cmocka_unit_test(connections_are_captured),
        cmocka_unit_test(each_connection_has_its_own_sequence_numbers),
        cmocka_unit_test(a_file_that_cannot_be_written_is_an_error),
    };
    static struct bench b;

    if (argc == 2) {
        write_line(argv[1], &b);
        bench_close(&b);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
