/* The page of a served plant: the meter's own page (page/), which the build has put into
 * the program, with a mark by which it knows that it stands before a live plant. */
#pragma once

#include "sim/web/http_door.h"

/* At /. Without the page in the program a text says how to get it. */
void web_page_add(struct http_door *door);
