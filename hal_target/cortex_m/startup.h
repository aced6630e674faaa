/* From reset to main, on a Cortex-M4. Nothing here knows the board. */
#pragma once

#include <stdint.h>

/* What main returned. The board says what that means. */
_Noreturn void startup_end(int code);

/* A fault of the processor (or an interrupt that nobody asked for): its number in the
 * vector table, and the eight words that it stacked; NULL when the stack had overflowed
 * (then it is empty again). */
_Noreturn void startup_fault(uint32_t exception, const uint32_t *frame);

/* Before anything else, on a stack that is not painted yet: a board's watchdog. */
void startup_first(void);

/* SysTick's interrupt. */
void startup_tick(void);

/* What stands in a vector table for an exception that leads to startup_fault. Boards
 * that use interrupts put their part of the table into section .interrupts. */
void startup_exception(void);

/* The stack: its size, and the most that has been used of it so far, in bytes. */
uint32_t startup_stack_size(void);
uint32_t startup_stack_used(void);
