/* The stable name of a pty: a symbolic link, which outlives a server that is killed.
 *
 * Beside it lies LINK.lock, which the server keeps locked and which holds the name of
 * its pty. So a link is dead when nobody has that lock, also when the number of its pty
 * has come to be somebody's terminal; and a link to something else was made by
 * others. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct pty_link;

/* Makes `link`, to the pty `pty`; replaces a dead link of metersim's, nothing else.
 * NULL with `error` (of G_IO_ERROR) set: who has the name, or why it cannot be had. */
struct pty_link *pty_link_make(const char *link, const char *pty, GError **error);

/* Unless somebody else has put something there meanwhile. NULL is nothing. */
void pty_link_remove(struct pty_link *l);

/* Is this the link, or the name, of a pty whose server has ended? */
bool pty_link_is_dead(const char *path);
