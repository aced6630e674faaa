/* A page of Prometheus' text, fetched by HTTP without ever waiting for it: an exporter
 * may ask its meters while it is asked. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct exam_scrape;

/* "http://HOST:PORT/PATH"; NULL with *error set. */
struct exam_scrape *exam_scrape_new(const char *url, GError **error);
void exam_scrape_free(struct exam_scrape *s);

/* Begins to fetch it, unless that is under way. */
void exam_scrape_start(struct exam_scrape *s);
bool exam_scrape_is_busy(const struct exam_scrape *s);

/* The page that has come since the last call (g_free); NULL: none has. */
char *exam_scrape_take(struct exam_scrape *s);
