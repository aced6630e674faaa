/* Requests and their answers. See exchange.h. Of Modbus TCP the transaction says which
 * belong together; of RTU an answer follows its request. */
#include "sim/traffic/exchange.h"
#include "sim/traffic/flow.h"
#include <string.h>

enum { FUNCTION_ERROR = 0x80, LOOK_BACK = 64 };
#define ANSWER_NS INT64_C(10000000000) /* later than that nothing is an answer */

struct exchanges *exchanges_new(void)
{
    struct exchanges *x = g_new0(struct exchanges, 1);

    x->all = g_ptr_array_new_with_free_func(g_free);
    x->flows = g_ptr_array_new_with_free_func(g_free);
    return x;
}

void exchanges_free(struct exchanges *x)
{
    if (!x)
        return;
    g_ptr_array_unref(x->all);
    g_ptr_array_unref(x->flows);
    g_free(x);
}

static bool is_answer_to(const struct exchange *e, const struct flow_message *m)
{
    return e->answered_ns < 0 && e->unit == m->unit &&
           (m->pdu[0] & (FUNCTION_ERROR - 1)) == e->request[0] &&
           m->at_ns - e->at_ns <= ANSWER_NS;
}

/* On a line a frame may be either; a read's answer says how long it is. */
static bool looks_like_answer(const struct exchange *e, const struct flow_message *m)
{
    if (!is_answer_to(e, m))
        return false;
    if (m->pdu[0] & FUNCTION_ERROR)
        return m->size == 2;
    if (m->pdu[0] == 3 || m->pdu[0] == 4)
        return m->size >= 2 && m->size == m->pdu[1] + 2;
    return true;
}

static struct exchange *find_request(const struct exchanges *x, const struct flow *f,
                                     const struct flow_message *m)
{
    const guint from = x->all->len > LOOK_BACK ? x->all->len - LOOK_BACK : 0;

    for (guint k = x->all->len; k-- > from;) {
        struct exchange *e = g_ptr_array_index(x->all, k);
        if (e->flow == f->number && is_answer_to(e, m) &&
            (f->framing != FLOW_MBAP || e->transaction == m->transaction))
            return e;
    }
    return NULL;
}

static void add_request(struct exchanges *x, struct flow *f,
                        const struct flow_message *m)
{
    struct exchange *e = g_new0(struct exchange, 1);

    e->at_ns = m->at_ns;
    e->answered_ns = -1;
    e->unit = m->unit;
    e->flow = f->number;
    e->transaction = m->transaction;
    e->request_size = (uint8_t)m->size;
    memcpy(e->request, m->pdu, (size_t)m->size);
    e->repeats = f->last && f->last->answered_ns < 0 && f->last->unit == e->unit &&
                 f->last->request_size == e->request_size &&
                 !memcmp(f->last->request, e->request, e->request_size);
    f->last = e;
    g_ptr_array_add(x->all, e);
}

static void add_answer(struct exchanges *x, const struct flow *f,
                       const struct flow_message *m)
{
    struct exchange *e = find_request(x, f, m);

    if (!e) {
        x->unasked++;
        return;
    }
    e->answered_ns = m->at_ns;
    e->answer_size = (uint8_t)m->size;
    memcpy(e->answer, m->pdu, (size_t)m->size);
}

static void on_message(void *user, struct flow *f, const struct flow_message *m)
{
    struct exchanges *x = user;
    bool answer = f->serial ? f->last && looks_like_answer(f->last, m) : m->answer;

    if (answer)
        add_answer(x, f, m);
    else
        add_request(x, f, m);
}

void exchanges_add(struct exchanges *x, int64_t at_ns, const struct packet *p)
{
    flow_add(x, flow_find(x, p), at_ns, p, on_message, x);
}
