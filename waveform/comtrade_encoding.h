/* Which letters the bytes of a COMTRADE header are. The standard asks for ASCII and,
 * since 2013, UTF-8; programs write what their system has. */
#pragma once

#include "waveform/comtrade_text.h"

enum comtrade_encoding {
    COMTRADE_UTF8,   /* and ASCII */
    COMTRADE_CP1251, /* Cyrillic */
    COMTRADE_CP1252, /* Western European */
    COMTRADE_UNKNOWN /* bytes are escaped */
};

/* The encoding of a whole header, by what stands beside what. */
enum comtrade_encoding comtrade_encoding_of(struct comtrade_span header);

/* As valid UTF-8 without control characters, cut to fit. */
void comtrade_encoding_copy(enum comtrade_encoding encoding, struct comtrade_span s,
                            char *out, size_t size);
