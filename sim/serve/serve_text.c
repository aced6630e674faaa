/* The panel in a terminal. See serve_text.h. What a signal's handler needs is static;
 * it calls nothing but what POSIX allows there (tcsetattr, write, sigaction, raise). */
#include "sim/serve/serve_text.h"
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* The screen of its own, without cursor; and back. */
#define ENTER "\033[?1049h\033[?25l\033[2J"
#define LEAVE "\033[0m\033[?25h\033[?1049l"

/* Of the longest sequence that a key sends, "\033[6~", without its end. */
enum { SEQUENCE = 8 };

struct serve_text {
    void (*key)(void *user, enum serve_text_key key);
    void *user;
    bool in_place, several, colours, begun;
    guint input, resized; /* sources; 0: none */
    char sequence[SEQUENCE];
    size_t held; /* bytes of it */
    char shown[PANEL_TEXT_MAX];
};

/* Of the one terminal that a process has. */
static struct termios before, raw;
static volatile sig_atomic_t has_input, has_screen, spoilt;

static const int ends[] = { SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE };

static void put_text(const char *text)
{
    ssize_t written = write(STDOUT_FILENO, text, strlen(text));

    (void)written; /* a terminal that is gone needs no restoring */
}

static void enter_terminal(void)
{
    if (has_input)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    if (has_screen)
        put_text(ENTER);
    spoilt = 1;
}

static void leave_terminal(void)
{
    if (has_screen)
        put_text(LEAVE);
    if (has_input)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/* SA_RESETHAND: the second time the signal does what it always does. */
static void on_end(int number)
{
    leave_terminal();
    raise(number);
}

static void on_stop(int number)
{
    int error = errno;

    (void)number;
    leave_terminal();
    raise(SIGSTOP);
    enter_terminal();
    errno = error;
}

/* Those that already belong to somebody (a sanitizer) stay his. */
static void catch_signals(void)
{
    struct sigaction now, end = { .sa_handler = on_end, .sa_flags = SA_RESETHAND };
    const struct sigaction stop = { .sa_handler = on_stop, .sa_flags = SA_RESTART };

    for (size_t k = 0; k < G_N_ELEMENTS(ends); k++)
        if (sigaction(ends[k], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
            sigaction(ends[k], &end, NULL);
    sigaction(SIGTSTP, &stop, NULL);
}

static void release_signals(void)
{
    const struct sigaction usual = { .sa_handler = SIG_DFL };
    struct sigaction now;

    for (size_t k = 0; k < G_N_ELEMENTS(ends); k++)
        if (sigaction(ends[k], NULL, &now) == 0 && now.sa_handler == on_end)
            sigaction(ends[k], &usual, NULL);
    sigaction(SIGTSTP, &usual, NULL);
}

static const struct {
    const char *bytes;
    int key; /* enum panel_key or enum serve_text_key */
} keys[] = {
    { "-", PANEL_KEY_MINUS },         { "\033[B", PANEL_KEY_MINUS },
    { "\033OB", PANEL_KEY_MINUS },    { "+", PANEL_KEY_PLUS },
    { "=", PANEL_KEY_PLUS },          { "\033[A", PANEL_KEY_PLUS },
    { "\033OA", PANEL_KEY_PLUS },     { "h", PANEL_KEY_LEFT },
    { "\177", PANEL_KEY_LEFT },       { "\b", PANEL_KEY_LEFT },
    { "\033[D", PANEL_KEY_LEFT },     { "\033OD", PANEL_KEY_LEFT },
    { "l", PANEL_KEY_RIGHT },         { "\r", PANEL_KEY_RIGHT },
    { "\n", PANEL_KEY_RIGHT },        { "\033[C", PANEL_KEY_RIGHT },
    { "\033OC", PANEL_KEY_RIGHT },    { "n", SERVE_TEXT_NEXT },
    { "\033[6~", SERVE_TEXT_NEXT },   { "p", SERVE_TEXT_BEFORE },
    { "\033[5~", SERVE_TEXT_BEFORE }, { "q", SERVE_TEXT_QUIT },
};

static bool is_key(const struct serve_text *t, size_t k)
{
    return strlen(keys[k].bytes) == t->held &&
           !memcmp(keys[k].bytes, t->sequence, t->held);
}

/* May the bytes so far become a sequence of ECMA-48: ESC, [ or O, parameters? */
static bool goes_on(const struct serve_text *t)
{
    const char *s = t->sequence;

    return s[0] == '\033' && t->held < SEQUENCE &&
           (t->held < 2 ||
            ((s[1] == '[' || s[1] == 'O') &&
             (t->held < 3 || (s[t->held - 1] >= ' ' && s[t->held - 1] < '@'))));
}

static void parse_byte(struct serve_text *t, char byte)
{
    if (byte == '\033')
        t->held = 0;
    t->sequence[t->held++] = byte;
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
        if (is_key(t, k)) {
            t->held = 0;
            if (keys[k].key < SERVE_TEXT_NEXT || keys[k].key == SERVE_TEXT_QUIT ||
                t->several)
                t->key(t->user, (enum serve_text_key)keys[k].key);
            return;
        }
    if (!goes_on(t))
        t->held = 0;
}

static gboolean on_input(gint fd, GIOCondition unused, gpointer user)
{
    struct serve_text *t = user;
    char bytes[64];
    ssize_t n = read(fd, bytes, sizeof bytes);

    (void)unused;
    for (ssize_t k = 0; k < n; k++)
        parse_byte(t, bytes[k]);
    if (n > 0)
        return G_SOURCE_CONTINUE;
    t->input = 0; /* the terminal is gone */
    return G_SOURCE_REMOVE;
}

static gboolean on_resized(gpointer unused)
{
    (void)unused;
    spoilt = 1;
    return G_SOURCE_CONTINUE;
}

static void read_input(struct serve_text *t)
{
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    t->input = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, t);
}

struct serve_text *serve_text_open(bool several,
                                   void (*key)(void *user, enum serve_text_key key),
                                   void *user)
{
    struct serve_text *t = g_new0(struct serve_text, 1);
    const char *kind = g_getenv("TERM"), *plain = g_getenv("NO_COLOR");

    t->key = key;
    t->user = user;
    t->several = several;
    t->in_place = isatty(STDOUT_FILENO) && kind && strcmp(kind, "dumb");
    t->colours = t->in_place && !(plain && *plain);
    read_input(t);
    if (t->in_place)
        t->resized = g_unix_signal_add(SIGWINCH, on_resized, t);
    return t;
}

void serve_text_close(struct serve_text *t)
{
    if (!t)
        return;
    if (t->input)
        g_source_remove(t->input);
    if (t->resized)
        g_source_remove(t->resized);
    fflush(stdout);
    leave_terminal();
    if (has_input || has_screen)
        release_signals();
    has_input = has_screen = 0;
    g_free(t);
}

/* Line by line over what stands there; what is left of each line and below is
 * cleared. */
static void draw(const struct serve_text *t, const char *text)
{
    g_autoptr(GString) frame = g_string_new("\033[H");

    for (const char *at = text; *at;) {
        const char *end = strchr(at, '\n');
        g_string_append_len(frame, at, end - at);
        g_string_append(frame, "\033[0m\033[K\n");
        at = end + 1;
    }
    g_string_append(frame, t->colours ? "\033[38;5;245m" : "");
    g_string_append(frame, " + -   ← h Backspace   → l Enter: buttons");
    g_string_append(frame, t->several ? "   n p: meter" : "");
    g_string_append(frame, "   q: end\033[0m\033[K\033[J");
    fputs(frame->str, stdout);
    fflush(stdout);
}

/* A terminal that is too small gets the line alone. */
static bool fits(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 ||
           (size.ws_row > PANEL_TEXT_ROWS && size.ws_col >= PANEL_TEXT_COLUMNS);
}

static void print_line(const char *text, const struct panel_status *status)
{
    printf("%.3f s%s%s: %s", (double)status->sim_ns / 1e9, status->title[0] ? ", " : "",
           status->title, text);
    fflush(stdout);
}

/* At the first frame: what the program says before stays on the usual screen. */
static void begin(struct serve_text *t)
{
    t->begun = true;
    has_input = t->input != 0;
    has_screen = t->in_place;
    if (has_input || has_screen)
        catch_signals();
    fflush(stdout);
    enter_terminal();
}

void serve_text_show(struct serve_text *t, const struct unit *unit,
                     const struct panel_status *status)
{
    char text[PANEL_TEXT_MAX];

    if (!t->begun)
        begin(t);
    if (t->in_place && fits())
        panel_text(text, unit, status, t->colours);
    else
        panel_text_line(text, unit, status);
    if (!strcmp(text, t->shown) && !spoilt)
        return;
    spoilt = 0;
    strcpy(t->shown, text);
    if (t->in_place)
        draw(t, text);
    else
        print_line(text, status);
}

bool serve_text_in_place(const struct serve_text *t)
{
    return t->in_place;
}
