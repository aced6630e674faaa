/* The nearest known name. See near_name.h. Of equally near names the first offered
 * wins, so that messages do not depend on anything but the tables. */
#include "sim/lua/near_name.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 48, FAR = 1000 };

static int min_of(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* Optimal string alignment. */
static int edit_distance(const char *a, const char *b)
{
    int rows = (int)strlen(a), columns = (int)strlen(b);
    int d[LONGEST + 1][LONGEST + 1];

    if (rows > LONGEST || columns > LONGEST)
        return FAR;
    for (int i = 0; i <= rows; i++)
        for (int j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
            d[i][j] =
                min_of(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (x != y));
            if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) &&
                y == g_ascii_tolower(a[i - 2]))
                d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[rows][columns];
}

void near_name_start(struct near_name *n, const char *wanted)
{
    *n = (struct near_name){ wanted, NULL, 1 + MAX(1, (int)strlen(wanted) / 3) };
}

void near_name_offer(struct near_name *n, const char *known)
{
    int distance = edit_distance(n->wanted, known);

    if (distance < n->distance) {
        n->distance = distance;
        n->best = known;
    }
}

const char *near_name_hint(const struct near_name *n, char *text, int size)
{
    text[0] = '\0';
    if (n->best)
        snprintf(text, (size_t)size, "; did you mean '%s'?", n->best);
    return text;
}
