/* Publishing: the state of a second into the readings that registers and panel show. */
#pragma once

struct meter;

void publish_readings(struct meter *m);

/* Only energies, demands and counters: after a reset. */
void publish_energy(struct meter *m);

/* Before the first second: instantaneous values are zero, no frequency. */
void publish_nothing(struct meter *m);
