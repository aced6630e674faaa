/* Whose turn it is. See line_claim.h. */
#include "sim/line/line_claim.h"
#include "sim/line/line_state.h"

bool line_claim(struct line *l, const void *who)
{
    if (l->claimed_by && l->claimed_by != who)
        return false;
    l->claimed_by = who;
    return true;
}

bool line_claim_in_turn(struct line *l, const void *who)
{
    if ((l->next_claim && l->next_claim != who) || !line_claim(l, who)) {
        if (!l->next_claim)
            l->next_claim = who;
        return false;
    }
    l->next_claim = NULL;
    return true;
}

void line_release(struct line *l, const void *who)
{
    if (l->next_claim == who)
        l->next_claim = NULL;
    if (l->claimed_by == who)
        l->claimed_by = NULL;
}
