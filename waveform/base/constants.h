/* Numbers of mathematics that several files need, to the last bit of a double. */
#pragma once

#define PI        3.14159265358979323846
#define SQRT2     1.41421356237309504880
#define SQRT3     1.73205080756887729353
#define TWO_TO_32 4294967296.0
#define TWO_TO_53 9007199254740992.0
#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0
