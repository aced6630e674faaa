/* page_pictures FILE…: sessions through the calls of the page's script (page/machine.h),
 * with the picture at each action: "HASH MS TOP|BOTTOM", the SHA-256 of the pixels of the
 * meter's front, as a canvas gives them, and what the glass says. */
#include "page/machine.h"
#include "page/sha256.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20, SCALE_PERCENT = 100, WIDTH = 900, FRONT = 0 };

static void hash_front(char hash[SHA256_TEXT])
{
    machine_paint(0, 0, SCALE_PERCENT);
    const int32_t *area = machine_place(FRONT);
    const uint8_t *pixels = machine_pixels();
    struct sha256 h;

    sha256_start(&h);
    for (int y = area[1]; y < area[1] + area[3]; y++)
        sha256_add(&h, pixels + 4 * ((size_t)y * WIDTH + (size_t)area[0]),
                   (size_t)area[2] * 4);
    sha256_text(&h, hash);
}

/* The state's "top" and "bottom", which stand there before anything that looks like them. */
static void print_glass(void)
{
    const char *top = strstr(machine_state(), "\"top\":\"") + 7;
    const char *bottom = strstr(top, "\"bottom\":\"") + 10;

    printf(" %.*s|%.*s\n", (int)strcspn(top, "\""), top, (int)strcspn(bottom, "\""),
           bottom);
}

static void put(const char *text, size_t size)
{
    char *in = machine_text((int)size + 1);

    memcpy(in, text, size);
    in[size] = '\0';
}

/* The picture at each action's time, before it. */
static int show(const char *path)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(path, "r");
    char hash[SHA256_TEXT];

    if (!file || !fgets(text, sizeof text, file))
        return 2;
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    put(text, strcspn(text, ";"));
    if (!machine_new())
        return 2;
    for (char *at = strchr(text, ';'), *action; at; at = strchr(action, ';')) {
        machine_advance((double)strtol(at + 1, &action, 10));
        hash_front(hash);
        printf("%s %.0f", hash, machine_now());
        print_glass();
        put(action + 1, strcspn(action, ";") - 1);
        if (*machine_do())
            return 2;
    }
    return 0;
}

int main(int argc, char **argv)
{
    for (int k = 1; k < argc; k++)
        if (show(argv[k]) != 0) {
            fprintf(stderr, "%s: no session\n", argv[k]);
            return 2;
        }
    return 0;
}
