/* Settings as a whole, past their rules, by the way that all changes go. */
#pragma once

#include "core/menu.h"
#include "core/meter.h"
#include "core/transaction.h"

static inline int apply_settings(struct meter *m, const struct settings *s)
{
    struct transaction t;

    transaction_start(&t, m);
    t.settings = *s;
    enum modbus_exception e = transaction_commit(&t, m);
    menu_follow_settings(m);
    return e == MODBUS_OK ? 0 : -1;
}
