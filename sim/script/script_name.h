/* The nearest known name to a misspelt one, for messages: "unknown fault 'ct_revers';
 * did you mean 'ct_reversed'?". Edit distance with transpositions, letters' case
 * ignored. */
#ifndef SIM_SCRIPT_SCRIPT_NAME_H
#define SIM_SCRIPT_SCRIPT_NAME_H

struct script_name {
    const char *wanted;
    const char *best; /* kept by reference */
    int distance;
};

void script_name_start(struct script_name *n, const char *wanted);
void script_name_offer(struct script_name *n, const char *known);

/* "; did you mean 'x'?", or "" when nothing is near. */
const char *script_name_hint(const struct script_name *n, char *text, int size);

#endif
