/* The meter of the image: what a debugger looks at. */
#pragma once

struct meter;

extern struct meter meter;
