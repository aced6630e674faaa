/* page_session FILE…: each file is the text of a session (page/session.h). Prints the
 * hash of its tape, as the page has it in a browser; or with --lua its scenario. */
#include "page/session.h"
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static bool read_file(const char *path, char text[TEXT_MAX])
{
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, TEXT_MAX - 1, file) : 0;

    if (file)
        fclose(file);
    text[size] = '\0';
    text[strcspn(text, "\n")] = '\0';
    return size > 0;
}

static int show(const char *path, bool lua)
{
    static char text[TEXT_MAX];
    struct session *s = read_file(path, text) ? session_new(text) : NULL;
    char hash[SHA256_TEXT];
    struct text out = { 0 };

    if (!s || session_repeat(s, INT32_MAX) || session_repeats(s)) {
        fprintf(stderr, "%s: no session\n", path);
        return 2;
    }
    session_end(s, hash);
    session_print_lua(s, hash, &out);
    printf(lua ? "%s" : "%s %s\n", lua ? out.bytes : hash, path);
    text_free(&out);
    session_free(s);
    return 0;
}

int main(int argc, char **argv)
{
    bool lua = argc > 1 && !strcmp(argv[1], "--lua");
    int worst = 0;

    for (int k = 1 + lua; k < argc; k++) {
        int code = show(argv[k], lua);
        worst = code > worst ? code : worst;
    }
    return worst;
}
