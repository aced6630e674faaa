/* Inputs in words. See tape_text.h. One function for each kind that says more than its
 * name. */
#include "hal_sim/tape_text.h"
#include "core/keys.h"
#include "hal_sim/replay_text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void power_up(char *text, size_t room, const struct tape_content *c)
{
    snprintf(text, room, "power-up: %.*s, serial number %" PRIu64, (int)c->size,
             (const char *)c->bytes, c->number[0]);
}

static void option(char *text, size_t room, const struct tape_content *c)
{
    static const char *const names[UNIT_OPTIONS] = {
        [UNIT_PHASE_LOSS_RULE] = "rule of phase loss",
        [UNIT_FILL_WORD] = "fill word",
        [UNIT_IMBALANCE_RULE] = "rule of imbalance",
    };
    const char *name = c->number[0] < UNIT_OPTIONS ? names[c->number[0]] : NULL;

    snprintf(text, room, "option: %s is %" PRIu64, name ? name : "unknown",
             c->number[1]);
}

static void request(char *text, size_t room, const struct tape_content *c)
{
    char pdu[64];

    replay_text_request(pdu, sizeof pdu, c->bytes, c->size);
    snprintf(text, room, "request: %s", pdu);
}

static void keys(char *text, size_t room, const struct tape_content *c)
{
    static const char *const names[KEYS] = { "plus", "minus", "back", "select" };
    size_t used = (size_t)snprintf(text, room, "keys closed:");

    for (int k = 0; k < KEYS && used < room; k++)
        if (c->number[0] >> k & 1)
            used += (size_t)snprintf(text + used, room - used, " %s", names[k]);
    if (!c->number[0] && used < room)
        snprintf(text + used, room - used, " none");
}

static void uart_byte(char *text, size_t room, const struct tape_content *c)
{
    snprintf(text, room, "RS-485: %02x%s", (unsigned)c->number[0],
             c->number[1] ? " (damaged)" : "");
}

static void nvm_fault(char *text, size_t room, const struct tape_content *c)
{
    static const char *const names[] = { [TAPE_NVM_SILENT] = "silent",
                                         [TAPE_NVM_FLIP] = "bit turned over",
                                         [TAPE_NVM_TEAR] = "torn write" };
    const uint64_t what = c->number[0];

    snprintf(text, room, "NVM fault: %s, %" PRIu64,
             what >= TAPE_NVM_SILENT && what <= TAPE_NVM_TEAR ? names[what] : "unknown",
             c->number[1]);
}

static const struct {
    enum tape_kind kind;
    void (*print)(char *text, size_t room, const struct tape_content *c);
} inputs[] = {
    { TAPE_POWER_UP, power_up },   { TAPE_OPTION, option },
    { TAPE_REQUEST, request },     { TAPE_KEYS, keys },
    { TAPE_UART_BYTE, uart_byte }, { TAPE_NVM_FAULT, nvm_fault },
};

void tape_text_input(char *text, size_t room, const struct tape_record *record)
{
    struct tape_content content;

    snprintf(text, room, "%s", tape_kind_name(record->kind));
    if (!tape_content(record, &content))
        return;
    for (size_t k = 0; k < sizeof inputs / sizeof *inputs; k++)
        if (inputs[k].kind == record->kind)
            inputs[k].print(text, room, &content);
}
