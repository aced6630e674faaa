/* Parts of a record: folders, files, waves. Private to sim/record/. */
#ifndef SIM_RECORD_RECORD_PARTS_H
#define SIM_RECORD_RECORD_PARTS_H

#include "sim/record/record.h"
#include <glib.h>
#include <stdio.h>

/* The folder of the verb screenshot; no meter's folder is called so. */
#define RECORD_SCREENSHOTS "screenshots"

/* Nor like that of the cases, each of which is a record. */
#define RECORD_CASES "cases"

/* A file of text that was not there before. The first failure is kept until the end. */
struct record_file {
    FILE *file;
    char *path;
    int error; /* errno */
};

void record_file_open(struct record_file *f, const char *folder, const char *name);
void record_file_print(struct record_file *f, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
/* Seconds with ns, without zeros that say nothing. */
void record_file_time(struct record_file *f, int64_t at_ns);
/* Puts "path: why" into *problem when it is NULL and something failed. */
void record_file_close(struct record_file *f, char **problem);

/* The folder is new, or empty, or holds an earlier record, which goes. False: *problem.
 */
bool record_folder_prepare(const char *folder, char **problem);

/* Letters, digits, dot, dash and underscore; anything else becomes an underscore. Other
 * than those in `taken` (lower case), to which it is added. */
char *record_folder_name(const char *name, GHashTable *taken);

/* The COMTRADE files of one meter: a new one after a pause, after a change of the
 * ratios, and after an hour. */
struct record_waves;
struct record_waves *record_waves_new(const struct observed_meter *m,
                                      const char *folder,
                                      const struct record_options *options);
void record_waves_samples(struct record_waves *w, const uint8_t *words, int count);
void record_waves_pause(struct record_waves *w);
/* Frees; true when there was more to see than was asked for. */
bool record_waves_close(struct record_waves *w, char **problem);

/* A capture of Modbus RTU. */
struct record_traffic;
struct record_traffic *record_traffic_new(const char *folder, const char *name);
void record_traffic_sent(struct record_traffic *t, const struct line_sent *sent);
void record_traffic_pdu(struct record_traffic *t, int64_t at_ns, uint8_t address,
                        const uint8_t *pdu, int size);
void record_traffic_close(struct record_traffic *t, char **problem); /* NULL: nothing */

struct record_meter;
struct record_meter *record_meter_new(const struct observed_meter *m,
                                      const char *folder,
                                      const struct record_options *options);
void record_meter_watch(struct record_meter *m, const struct observed_register *r);
void record_meter_second(struct record_meter *m, int64_t at_ns);
void record_meter_lcd(struct record_meter *m, int64_t at_ns);
void record_meter_pdu(struct record_meter *m, int64_t at_ns, const uint8_t *pdu,
                      int size);
struct record_waves *record_meter_waves(struct record_meter *m);
bool record_meter_close(struct record_meter *m, char **problem);

#endif
