/* page_pictures FILE…: like page_session, through the calls of the page's script
 * (page/machine.h), and the picture after each action: "FILE ACTION HASH", the SHA-256 of
 * the pixels of the meter's front, as a canvas gives them. */
#include "page/machine.h"
#include "page/sha256.h"
#include <stdio.h>
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

/* The text up to action n, from 1; 0: there are fewer. */
static size_t length_of(const char *text, int n)
{
    const char *at = text + strcspn(text, ";");

    for (; n > 0 && *at; n--)
        at += 1 + strcspn(at + 1, ";");
    return n ? 0 : (size_t)(at - text);
}

static int show(const char *path)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(path, "r");
    char hash[SHA256_TEXT];

    if (!file || !fgets(text, sizeof text, file))
        return 2;
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    for (int n = 1; length_of(text, n); n++) {
        size_t size = length_of(text, n);
        char *in = machine_text((int)size + 1);
        memcpy(in, text, size);
        in[size] = '\0';
        if (!machine_new() || *machine_repeat(1e9) || machine_repeats())
            return 2;
        hash_front(hash);
        printf("%s %d %s\n", path, n, hash);
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
