/* The nearest known name to a misspelt one, for messages: "unknown fault 'ct_revers';
 * did you mean 'ct_reversed'?". Edit distance with transpositions, letters' case
 * ignored. */
#pragma once

struct near_name {
    const char *wanted;
    const char *best; /* kept by reference */
    int distance;
};

void near_name_start(struct near_name *n, const char *wanted);
void near_name_offer(struct near_name *n, const char *known);

/* "; did you mean 'x'?", or "" when nothing is near. */
const char *near_name_hint(const struct near_name *n, char *text, int size);
