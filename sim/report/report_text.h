/* Texts with what HTML needs escaped; numbers in no locale. */
#pragma once

#include <glib.h>

void report_text(GString *html, const char *text);
/* "3.000 s", "8:00:03.017". */
void report_clock(GString *html, double seconds);
void report_number(GString *html, double x, const char *format);
