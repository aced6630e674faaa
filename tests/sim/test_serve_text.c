/* metersim serve --panel=text on a terminal of its own (a pty): keys walk the menu, and
 * the terminal is what it was before, however the program ends. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SEEN_MOST = 1 << 20, PATIENCE_MS = 300000 };

struct terminal {
    int fd;
    pid_t child;
    char seen[SEEN_MOST]; /* since the last key */
    size_t size;
};

static struct terminal t;

static void start_in(unsigned short rows, unsigned short columns)
{
    const struct winsize size = { .ws_row = rows, .ws_col = columns };
    const struct rlimit no_core = { 0, 0 };

    memset(&t, 0, sizeof t);
    t.child = forkpty(&t.fd, NULL, NULL, &size);
    assert_true(t.child >= 0);
    if (t.child == 0) {
        setenv("TERM", "xterm-256color", 1);
        unsetenv("NO_COLOR");
        setrlimit(RLIMIT_CORE, &no_core);
        execl(METERSIM, METERSIM, "serve", "--count", "2", "--speed", "0.5", "--tcp",
              "127.0.0.1:0", "--rtu", "none", "--console", "none", "--panel=text",
              (char *)NULL);
        _exit(127);
    }
}

static int start(void **state)
{
    (void)state;
    start_in(24, 80);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    if (t.child > 0) {
        kill(t.child, SIGKILL);
        waitpid(t.child, NULL, 0);
    }
    close(t.fd);
    return 0;
}

/* False at the end of what there is. */
static bool read_more(int wait_ms)
{
    struct pollfd p = { t.fd, POLLIN, 0 };

    if (poll(&p, 1, wait_ms) <= 0)
        return true;
    if (t.size > SEEN_MOST / 2) { /* the newest is enough */
        t.size -= SEEN_MOST / 4;
        memmove(t.seen, t.seen + SEEN_MOST / 4, t.size);
    }
    ssize_t n = read(t.fd, t.seen + t.size, SEEN_MOST - 1 - t.size);
    if (n <= 0)
        return false;
    t.size += (size_t)n;
    t.seen[t.size] = '\0';
    return true;
}

static void wait_for(const char *text)
{
    for (int ms = 0; ms < PATIENCE_MS && !strstr(t.seen, text); ms += 20)
        if (!read_more(20))
            break;
    if (!strstr(t.seen, text))
        fail_msg("no '%s' in: %.2000s", text, t.seen);
}

static void type(const char *keys, const char *then)
{
    t.size = 0;
    t.seen[0] = '\0';
    assert_int_equal(write(t.fd, keys, strlen(keys)), strlen(keys));
    wait_for(then);
}

static bool is_raw(void)
{
    struct termios now;

    assert_int_equal(tcgetattr(t.fd, &now), 0);
    return !(now.c_lflag & ICANON) && !(now.c_lflag & ECHO);
}

/* The status that waitpid tells. The terminal is kept open here, so it can be asked. */
static int end_by(int number)
{
    int status = -1;

    kill(t.child, number);
    for (int ms = 0; ms < PATIENCE_MS && waitpid(t.child, &status, WNOHANG) == 0;
         ms += 20)
        if (!read_more(20))
            usleep(20000);
    assert_int_not_equal(status, -1);
    t.child = 0;
    for (int k = 0; k < 20 && read_more(10); k++)
        ;
    return status;
}

static void expect_restored(void)
{
    assert_non_null(strstr(t.seen, "\033[?25h\033[?1049l"));
    assert_false(is_raw());
}

static void keys_walk_the_menu(void **state)
{
    (void)state;
    wait_for("\033[?1049h");
    wait_for("[3 A  ] [80.000]");
    assert_true(is_raw());
    type("\033[B", "[ENRGY]"); /* arrow down is minus */
    type("+", "[3PHAS]");
    type("\r", "[3 A  ]");
    type("l", "[3 VLL]");
    type("\033[C", "[3 VLN]");
    type("\177", "[3 VLL]");
    type("h", "[3 A  ]");
    type("\033[D", "[3PHAS]");
    type("---", "[INFO ]"); /* typed at once */
}

static void other_meters_have_glasses_of_their_own(void **state)
{
    (void)state;
    wait_for("meter 1 of 2");
    type("-", "[ENRGY]");
    type("n", "meter 2 of 2");
    wait_for("[3 ");
    type("\033[5~", "meter 1 of 2");
    wait_for("[ENRGY]");
    type("p", "meter 2 of 2");
    type("\033[6~", "meter 1 of 2");
    type("\033[99;5u\033OZx-", "[ALERT]"); /* unknown sequences press nothing */
}

static void signals_give_the_terminal_back(void **state)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

    (void)state;
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        start_in(24, 80);
        wait_for("[3 A  ]");
        assert_true(is_raw());
        int status = end_by(numbers[k]);
        if (numbers[k] != SIGQUIT)
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        else
            assert_true(WIFSIGNALED(status) && WTERMSIG(status) == numbers[k]);
        expect_restored();
        close(t.fd);
    }
}

static void control_z_gives_it_back_for_a_while(void **state)
{
    int status;

    (void)state;
    wait_for("[3 A  ]");
    t.size = 0;
    kill(t.child, SIGTSTP);
    assert_int_equal(waitpid(t.child, &status, WUNTRACED), t.child);
    assert_true(WIFSTOPPED(status));
    for (int k = 0; k < 20; k++)
        read_more(10);
    expect_restored();
    kill(t.child, SIGCONT);
    type("", "\033[?1049h");
    wait_for("[3 ");
    assert_true(is_raw());
}

static void q_ends(void **state)
{
    (void)state;
    wait_for("[3 A  ]");
    type("q", "s simulated; 0 connections");
    expect_restored();
}

static void a_small_terminal_has_the_line(void **state)
{
    (void)state;
    start_in(10, 60);
    wait_for("[3 A  ] [80.000]; red off, green off");
    type("-", "[ENRGY]");
    const struct winsize size = { .ws_row = 24, .ws_col = 80 };
    t.size = 0;
    assert_int_equal(ioctl(t.fd, TIOCSWINSZ, &size), 0);
    wait_for("meter 1 of 2");
    finish(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_walk_the_menu, start, finish),
        cmocka_unit_test_setup_teardown(other_meters_have_glasses_of_their_own, start,
                                        finish),
        cmocka_unit_test(signals_give_the_terminal_back),
        cmocka_unit_test_setup_teardown(control_z_gives_it_back_for_a_while, start,
                                        finish),
        cmocka_unit_test_setup_teardown(q_ends, start, finish),
        cmocka_unit_test(a_small_terminal_has_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
