/* The metering core, as a board sees it: what it calls, and nothing else. With hal.h,
 * what it supplies, this is all of a port.
 *
 * The caller allocates one `struct meter`; there is no other state, no heap, no clock.
 * Time is what meter_tick says and the number of samples. meter_samples may be called
 * in an interrupt; everything else from one thread. */
#pragma once

#include "core/meter_state.h"
#include "core/modbus.h"
#include "core/reading.h"

/* Power-up: reads NVM, counts it, drives the outputs. Everything in *m is overwritten.
 * When NVM does not answer, the meter asks again every second and starts when it does.
 */
void meter_start(struct meter *m, struct hal *hal, const struct model *model);

/* Sample sets from the ADC, 24-bit codes, x[channel][0…count-1], count 1…42, channels
 * Va Vb Vc Ia Ib Ic. May be called in an interrupt. True: a block of 42 has become whole,
 * which meter_poll meters. */
bool meter_samples(struct meter *m, const int32_t x[][BLOCK], uint32_t count);

/* Time since power-up; never runs back. Drives the contacts and the panel, and ends
 * frames on RS-485. To be called at least every millisecond, or (the same to the bit)
 * at meter_deadline and before meter_poll. */
void meter_tick(struct meter *m, uint64_t now_us);
uint64_t meter_deadline(const struct meter *m);

/* One pass of the main loop: meters what has come in. At least once per 42 samples. */
void meter_poll(struct meter *m);

/* A byte from RS-485 whose last bit ended at now_us; flags of enum meter_uart_flags.
 * Frames and their end by silence are core's business (rtu.h). */
void meter_uart_byte(struct meter *m, uint8_t byte, unsigned flags, uint64_t now_us);

/* A Modbus PDU that comes by another way: answers request[0…length-1] into answer
 * (METER_PDU_MAX bytes); returns the answer's length. Length 0 of the request returns
 * 0. */
int meter_request(struct meter *m, const uint8_t *request, int length, uint8_t *answer);

/* The contacts of the buttons as they are at now_us, bits of enum meter_key: to be
 * reported whenever they change, or as often as the board likes (the same to the
 * bit). */
void meter_keys(struct meter *m, unsigned down, uint64_t now_us);

/* POWER_GOOD, whenever it changes. While the supply fails, energies and pulse counts are
 * stored at once and every 10 ms, with all that has been sampled; a supply that comes
 * back leaves no trace. */
void meter_supply(struct meter *m, bool good);

/* Stores them now. -1 when NVM does not answer. */
int meter_save(struct meter *m);

/* The board's report, whenever its faults change and now and then: bit 7 of register 146
 * stands while a part has a fault (the battery's is not worth an alarm), and function
 * 0x42 reads it out. A board that has nothing to report need not. */
void meter_board(struct meter *m, const struct hal_report *report);

/* At the factory: constants of the board, stored in NVM; -1 when that does not
 * answer. */
int meter_calibrate(struct meter *m, const struct calibration *calibration);
