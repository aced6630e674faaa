/* The turn of a served plant, in which its clients' requests are done. */
#pragma once

struct web;
struct web_client;

/* Its source, on the default loop. */
void web_turn_start(struct web *w);
void web_turn_end(struct web *w);

/* From any thread: there is something to do. user: the web. */
void web_turn_wake(void *user);

/* Ends what the client has asked for, and the client. */
void web_turn_drop(struct web *w, struct web_client *c);
