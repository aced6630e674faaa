/* libFuzzer target of packets, connections and messages: the first byte is the link
 * type; then packets, each behind two bytes of its length. */
#include "sim/traffic/exchange.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void check(const struct exchanges *x)
{
    for (guint k = 0; k < x->all->len; k++) {
        const struct exchange *e = g_ptr_array_index(x->all, k);
        require(e->request_size >= 1 && e->request_size <= EXCHANGE_PDU);
        require(e->answered_ns < 0 ? e->answer_size == 0 : e->answer_size >= 1);
        require(e->answered_ns < 0 || e->answered_ns >= e->at_ns);
        require(e->flow >= 0 && e->flow < (int)x->flows->len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const int links[] = { 1, 0, 108, 113, 276, 101, 228, 229, 252, 250, 147 };
    struct exchanges *x = exchanges_new();
    int64_t at_ns = 0;

    if (size > 0) {
        const int link = links[*bytes % G_N_ELEMENTS(links)];
        for (size_t at = 1; at + 2 < size;) {
            size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
            struct packet p;
            at += 2;
            length = MIN(length, size - at);
            if (packet_parse(link, bytes + at, (int)length, &p))
                exchanges_add(x, at_ns, &p);
            at += length;
            at_ns += 30000000;
        }
    }
    check(x);
    exchanges_free(x);
    return 0;
}
