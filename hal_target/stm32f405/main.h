/* The meter of the image: what a debugger looks at. */
#ifndef STM32F405_MAIN_H
#define STM32F405_MAIN_H

struct meter;

extern struct meter meter;

#endif
