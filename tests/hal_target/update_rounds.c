/* update_rounds BUILD WHAT COUNT [SEED]: updates of the flashed image on modelled chips,
 * over a simulated RS-485 line, as metersim flash makes them, in lock-step. WHAT is
 *
 * cuts: power goes at COUNT random moments of an update (of 20 and more: of two, one into
 *       each slot). The meter must run either image then, and have its settings and its
 *       energy; every tenth, and who is cut behind the end, is updated in the end;
 * bits: one bit at each of COUNT random places of the stored image is wrong: it must not
 *       run, and the reset system says so;
 * turn: COUNT meters of a line are updated one after the other, the one of SEED first; the
 *       others are read meanwhile, and all answer;
 * dead: an image that does nothing gives way to the one before it. */
#include "core/user_function.h"
#include "sim/flash/update.h"
#include "tests/hal_target/update_line.h"
#include "waveform/base/random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_EACH = 8, BACK_MS = 3000, BOTH_SLOTS = 20, TO_THE_END = 10 };
#define SPAN_NS INT64_C(66000000000) /* of an update, and its trial */

static uint32_t polled, unanswered;
static const char *build;

static void poll_another(int k, uint32_t turn)
{
    static const uint8_t pdu[] = { 4, 0, 0, 0, 2 };
    uint8_t answer[300];
    const int other = (int)(turn / POLL_EACH % (uint32_t)update_line.count);

    if (other == k || turn % POLL_EACH)
        return;
    polled++;
    unanswered += ask(other + 1, pdu, sizeof pdu, answer) != 6;
}

/* Most of the children end when power is back: what runs then is whole. */
static bool ends_early(void)
{
    return update_line.round % TO_THE_END != 0 && update_line.on_ns;
}

static struct flash_update update(int k, const struct image_file *file)
{
    static const struct update_options options = { .downgrade = true, .quick = true };
    struct flash_update u;
    uint8_t pdu[UPDATE_PDU_MAX], answer[UPDATE_PDU_MAX + 20];
    int size;

    update_start(&u, file, &options);
    for (uint32_t turn = 0; !ends_early() && (size = update_question(&u, pdu)) > 0;
         turn++) {
        pause_ms(u.pause_ms);
        size = ask(k + 1, pdu, size, answer);
        update_take_answer(&u, answer, size);
        poll_another(k, turn);
    }
    return u;
}

/* --- power cuts --- */

static int compare_times(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void choose_cuts(int count, uint64_t *dice)
{
    struct update_line *l = &update_line;

    l->wanted = l->cuts = 0;
    while (l->wanted < count)
        l->cut_ns[l->wanted++] = now_ns() + (int64_t)(random_next(dice) % SPAN_NS);
    qsort(l->cut_ns, (size_t)count, sizeof *l->cut_ns, compare_times);
}

/* Either image at first, and the new one in the end, unless this child ends early. */
static void end_child(const struct before *was, const struct image_file *old,
                      const struct image_file *wanted, const struct flash_update *u)
{
    const struct update_line *l = &update_line;
    const double cut_s = (double)(l->cut_ns[l->round - 1] - was->ns) * 1e-9;

    while (l->off_until_ns)
        pause_ms(100);
    pause_ms(BACK_MS);
    uint32_t crc = runs(0);
    if (!image_file_has(wanted, crc) && !image_file_has(old, crc))
        flaw("the meter runs a wrong image");
    if (l->round % TO_THE_END == 0 && u->step != STEP_DONE) {
        printf("%.3f s after its begin: %s\n", cut_s, u->text);
        flaw("the update does not come to its end");
    }
    if (u->step == STEP_DONE && !image_file_has(wanted, crc))
        flaw("the meter does not run the new image");
    const struct before is = look(0);
    compare(was, &is);
    printf("power cut %.3f s after the update's begin: whole%s\n", cut_s,
           u->step == STEP_DONE ? ", and updated" : "");
    exit(0);
}

static void cut_update(const struct image_file *old, const struct image_file *wanted,
                       int count, uint64_t *dice)
{
    const struct update_line *l = &update_line;
    const struct before was = look(0);

    choose_cuts(count, dice);
    const struct flash_update u = update(0, wanted);
    while (!l->round && l->cuts < l->wanted)
        pause_ms(100);
    if (l->round)
        end_child(&was, old, wanted, &u);
    if (u.step != STEP_DONE || !image_file_has(wanted, runs(0)))
        flaw("an update without a power cut does not succeed");
    const struct before is = look(0);
    compare(&was, &is);
    children_wait(0);
}

static int cuts(int count, uint64_t seed)
{
    struct image_file file[2];

    image_read(build, &file[0]);
    file[1] = image_change(&file[0], file[0].part[0].version + 1, false);
    update_line_open(build, 1);
    const int back = count < BOTH_SLOTS ? 0 : count / 2;
    cut_update(&file[0], &file[1], count - back, &seed);
    if (back)
        cut_update(&file[1], &file[0], back, &seed);
    if (update_line.failed)
        printf("%d of %d failed\n", update_line.failed, count);
    else
        printf("%d updates with a power cut each: 0 bricked, 0 with a wrong image; "
               "energies and settings whole\n",
               count);
    return update_line.failed != 0;
}

/* --- wrong bits --- */

/* The status that 0x11 answers: FF of a meter, 00 of its reset system; else −1. */
static int status(void)
{
    static const uint8_t pdu[] = { 0x11 };
    uint8_t answer[300];

    return ask(1, pdu, sizeof pdu, answer) > 4 ? answer[3] : -1;
}

static void flip(uint32_t bit)
{
    struct unit *u = update_line.meter[0];

    unit_power(u, false);
    unit_set_fault(u, FAULT_IMAGE_DAMAGED, -1, bit + 1);
    unit_power(u, true);
    pause_ms(100);
}

static int bits(int count, uint64_t seed)
{
    struct image_file file;

    image_read(build, &file);
    update_line_open(build, 1);
    const uint32_t size = file.part[0].size;
    for (int k = 0; k < count; k++) {
        const uint32_t bit = (uint32_t)(random_next(&seed) % (8 * size));
        flip(bit);
        if (status() != 0) {
            printf("bit %u of byte %05X:\n", bit % 8, bit / 8);
            flaw("a damaged image runs, or the reset system does not answer");
        }
        unit_power(update_line.meter[0], false);
        unit_set_fault(update_line.meter[0], FAULT_IMAGE_DAMAGED, -1, bit + 1);
    }
    unit_power(update_line.meter[0], true);
    pause_ms(BACK_MS);
    if (!image_file_has(&file, runs(0)))
        flaw("the whole image does not run");
    printf(
        "%d wrong bits in an image of %u bytes: never run, the reset system answers\n",
        count, size);
    return 0;
}

/* --- several meters, and an image that does nothing --- */

static int in_turn(int count, uint64_t seed)
{
    struct image_file file[2];

    image_read(build, &file[0]);
    file[1] = image_change(&file[0], file[0].part[0].version + 1, false);
    update_line_open(build, count);
    for (int n = 0; n < count; n++) {
        const int k = (int)((seed - 1 + (unsigned)n) % (unsigned)count);
        const struct before was = look(k);
        const struct flash_update u = update(k, &file[1]);
        if (u.step != STEP_DONE || !image_file_has(&file[1], runs(k)))
            flaw(u.text);
        const struct before is = look(k);
        compare(&was, &is);
        printf("meter %d of %d is updated after %.1f s; %u reads of others, %u without "
               "an answer\n",
               k + 1, count, (double)now_ns() * 1e-9, polled, unanswered);
        fflush(stdout);
    }
    printf("%d meters updated in turn; the others were read %u times, %u without an "
           "answer\n",
           count, polled, unanswered);
    return unanswered != 0;
}

static int dead(int count, uint64_t seed)
{
    struct image_file file[2];

    (void)count, (void)seed;
    image_read(build, &file[0]);
    file[1] = image_change(&file[0], file[0].part[0].version + 2, true);
    update_line_open(build, 1);
    const uint32_t crc = runs(0);
    const struct flash_update u = update(0, &file[1]);
    if (u.step != STEP_FAILED || runs(0) != crc)
        flaw("the image that does nothing was not left");
    printf("an image that does nothing: %s\n", u.text);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int count, uint64_t seed);
    } whats[] = {
        { "cuts", cuts }, { "bits", bits }, { "turn", in_turn }, { "dead", dead }
    };

    if (argc < 4)
        return 2;
    build = argv[1];
    const int count = atoi(argv[3]);
    if (count < 1 || count > CUTS_MOST)
        return 2;
    for (size_t k = 0; k < sizeof whats / sizeof *whats; k++)
        if (!strcmp(argv[2], whats[k].name))
            return whats[k].run(count, argc > 4 ? strtoull(argv[4], NULL, 10) : 1);
    return 2;
}
