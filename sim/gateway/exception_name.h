/* The names of Modbus exceptions (Modbus Application Protocol V1.1b3, chapter 7). */
#pragma once

enum { EXCEPTION_NO_TARGET = 11 }; /* a gateway's */

/* "illegal data address" of 2; "unknown" of a code that has no name. */
const char *exception_name(int code);
