/* PDUs in words. See web_pdu.h. (Modbus Application Protocol V1.1b3, chapter 6.) */
#include "sim/web/web_pdu.h"
#include "sim/gateway/exception_name.h"

enum { WORDS_SHOWN = 16 };

static unsigned word_at(const uint8_t *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

static void append_words(GString *text, const uint8_t *p, int count)
{
    for (int k = 0; k < count && k < WORDS_SHOWN; k++)
        g_string_append_printf(text, " %04X", word_at(p + 2 * k));
    if (count > WORDS_SHOWN)
        g_string_append(text, " …");
}

static void append_other(GString *text, const uint8_t *pdu, int size)
{
    g_string_append_printf(text, "function %02X", pdu[0]);
    for (int k = 1; k < size && k < 2 * WORDS_SHOWN; k++)
        g_string_append_printf(text, " %02X", pdu[k]);
    if (size > 2 * WORDS_SHOWN)
        g_string_append(text, " …");
}

static bool append_request(GString *text, const uint8_t *pdu, int size)
{
    if (size == 5 && (pdu[0] == 3 || pdu[0] == 4))
        g_string_append_printf(text, "read %u, %u", word_at(pdu + 1) + 1,
                               word_at(pdu + 3));
    else if (size == 5 && pdu[0] == 6)
        g_string_append_printf(text, "write %u: %04X", word_at(pdu + 1) + 1,
                               word_at(pdu + 3));
    else if (size > 6 && pdu[0] == 16 && size == 6 + pdu[5]) {
        g_string_append_printf(text, "write %u:", word_at(pdu + 1) + 1);
        append_words(text, pdu + 6, pdu[5] / 2);
    } else
        return false;
    return true;
}

static bool append_answer(GString *text, const uint8_t *pdu, int size)
{
    if (size == 2 && pdu[0] & 0x80)
        g_string_append_printf(text, "exception %02X, %s", pdu[1],
                               exception_name(pdu[1]));
    else if (size > 2 && (pdu[0] == 3 || pdu[0] == 4) && size == 2 + pdu[1]) {
        g_string_append_printf(text, "%d registers:", pdu[1] / 2);
        append_words(text, pdu + 2, pdu[1] / 2);
    } else if (size == 5 && (pdu[0] == 6 || pdu[0] == 16))
        g_string_append_printf(text, "written: %u", word_at(pdu + 1) + 1);
    else
        return false;
    return true;
}

void web_pdu_append(GString *text, const uint8_t *pdu, int size, bool request)
{
    if (size < 1)
        g_string_append(text, "nothing");
    else if (!(request ? append_request(text, pdu, size)
                       : append_answer(text, pdu, size)))
        append_other(text, pdu, size);
}
