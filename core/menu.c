/* Navigation. See menu.h. */
#include "core/menu.h"
#include "core/edit.h"
#include "core/menu_text.h"
#include "core/meter_state.h"
#include "core/screens.h"
#include "core/transaction.h"

static const struct screen *shown(const struct meter *m)
{
    return &screen_table[m->menu.screen];
}

static void draw(struct meter *m)
{
    struct lcd_text text;

    menu_text(m, &text);
    lcd_show(&m->lcd, m->hal, &text);
}

static bool is_edit(const struct screen *s)
{
    return s->kind == SCREEN_NUMBER || s->kind == SCREEN_LIST ||
           s->kind == SCREEN_PASSWORD;
}

/* How long `off` stays as it is: a chosen digit blinks, a long count has two pages. */
static uint64_t blink_period_us(const struct screen *s)
{
    if (s->kind == SCREEN_NUMBER || s->kind == SCREEN_PASSWORD)
        return MENU_BLINK_US;
    if ((s->kind == SCREEN_INFO && s->arg == INFO_SERIAL) ||
        (s->kind == SCREEN_QUANTITY && quantity_table[s->arg].unit == UNIT_N))
        return MENU_PAGE_US;
    return 0;
}

/* What is chosen is seen at once, and for a whole half period. */
static void restart_blinking(struct menu *menu, uint64_t at_us)
{
    uint64_t period = blink_period_us(&screen_table[menu->screen]);

    menu->off = false;
    menu->blink_us = period ? at_us + period : UINT64_MAX;
}

static void enter(struct meter *m, unsigned screen, uint64_t at_us)
{
    m->menu.screen = (uint8_t)screen;
    if (is_edit(shown(m)))
        edit_start(&m->menu.edit, m, shown(m));
    restart_blinking(&m->menu, at_us);
}

static void move(struct meter *m, int way, uint64_t at_us)
{
    enter(m, screen_beside(m->menu.screen, way, m->model, &m->config, m->alerts),
          at_us);
}

static void move_group(struct meter *m, int way, uint64_t at_us)
{
    enter(m, screen_below(m->menu.screen, way, m->model, &m->config, m->alerts), at_us);
}

static void notify(struct menu *menu, enum menu_notice notice, uint64_t at_us)
{
    menu->notice = (uint8_t)notice;
    menu->notice_screen = menu->screen;
    menu->notice_us = at_us + MENU_NOTICE_US;
}

static void end_notice(struct menu *menu)
{
    menu->notice = NOTICE_NONE;
    menu->notice_us = UINT64_MAX;
}

/* Behind the right end of a password, a number or a list. */
static void finish(struct meter *m, uint64_t at_us)
{
    const struct screen *s = shown(m);
    bool good;

    if (s->kind == SCREEN_PASSWORD) {
        good = edit_matches(&m->menu.edit, m, s);
        if (good && s->group == GROUP_SETUP)
            enter(m, screen_title(GROUP_S_COM), at_us);
        else if (good)
            move(m, 1, at_us);
    } else {
        enum edit_result result = edit_save(&m->menu.edit, m, s);
        good = result != EDIT_REFUSED;
        if (result == EDIT_SAVED)
            notify(&m->menu, NOTICE_SAVED, at_us);
        if (good)
            move(m, 1, at_us);
    }
    if (!good) {
        notify(&m->menu, NOTICE_ERROR, at_us);
        enter(m, m->menu.screen, at_us);
    }
}

/* Titles that lead into passwords, and those of the setup, have nothing to their left:
 * back goes out. */
static void go_back(struct meter *m, uint64_t at_us)
{
    const struct screen *s = shown(m);

    if (s->kind == SCREEN_TITLE && s->group >= SCREEN_MAIN_GROUPS)
        enter(m, screen_title(GROUP_SETUP), at_us);
    else if (s->kind == SCREEN_TITLE &&
             (s->group == GROUP_SETUP || s->group == GROUP_RESET))
        enter(m, screen_title(GROUP_NPHAS), at_us);
    else
        move(m, -1, at_us);
}

static void select_key(struct meter *m, uint64_t at_us)
{
    if (!is_edit(shown(m)))
        move(m, 1, at_us);
    else if (edit_right(&m->menu.edit, shown(m)))
        finish(m, at_us);
    else
        restart_blinking(&m->menu, at_us);
}

static void run_command(struct meter *m, uint64_t at_us)
{
    bool done =
        transaction_run_command(m, (enum register_command)shown(m)->arg) == MODBUS_OK;
    notify(&m->menu, done ? NOTICE_SAVED : NOTICE_ERROR, at_us);
}

/* `+` and `-` repeat while they are held, but never reset anything twice. */
static void plus_minus(struct meter *m, const struct key_event *event)
{
    const struct screen *s = shown(m);
    bool plus = event->key == METER_KEY_PLUS;

    if (s->kind == SCREEN_COMMAND) {
        if (!event->repeat)
            run_command(m, event->at_us);
        return;
    }
    if (!is_edit(s)) {
        move_group(m, plus ? -1 : 1, event->at_us);
        return;
    }
    if (plus)
        edit_plus(&m->menu.edit, m, s);
    else
        edit_minus(&m->menu.edit, m, s);
    restart_blinking(&m->menu, event->at_us);
}

static void handle_key(struct meter *m, const struct key_event *event)
{
    m->menu.scrolling = false;
    m->menu.idle_us = event->at_us + MENU_IDLE_US;
    if (!event->repeat)
        end_notice(&m->menu);
    if (event->key == METER_KEY_PLUS || event->key == METER_KEY_MINUS)
        plus_minus(m, event);
    else if (!event->repeat && event->key == METER_KEY_BACK)
        go_back(m, event->at_us);
    else if (!event->repeat)
        select_key(m, event->at_us);
}

/* From wherever it was left, to the screen after the title of _PHAS, and on. */
static void scroll(struct meter *m)
{
    struct menu *menu = &m->menu;
    uint64_t at_us = menu->idle_us;

    if (!menu->scrolling)
        menu->screen = (uint8_t)screen_title(GROUP_NPHAS);
    menu->scrolling = true;
    menu->idle_us = at_us + MENU_SCROLL_US;
    move(m, 1, at_us);
    if (shown(m)->kind == SCREEN_TITLE)
        move(m, 1, at_us);
}

static void blink(struct menu *menu)
{
    menu->off = !menu->off;
    menu->blink_us += blink_period_us(&screen_table[menu->screen]);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t menu_deadline(const struct menu *menu)
{
    return earlier(earlier(menu->idle_us, menu->notice_us),
                   earlier(menu->blink_us, keys_deadline(&menu->keys)));
}

/* After a change of settings or alerts: a screen that is no more leads to the title of
 * _PHAS. */
static void leave_hidden_screen(struct meter *m)
{
    if (!screen_shown(m->menu.screen, m->model, &m->config, m->alerts))
        enter(m, screen_title(GROUP_NPHAS), 0);
    m->settings_changed = false;
}

/* What is due at at_us, the earliest of all; several that are due at once follow each
 * other in this order. */
static void serve(struct meter *m, uint64_t at_us)
{
    struct menu *menu = &m->menu;
    struct key_event event;

    if (menu->notice_us == at_us)
        end_notice(menu);
    else if (menu->blink_us == at_us)
        blink(menu);
    else if (menu->idle_us == at_us)
        scroll(m);
    else if (keys_next(&menu->keys, at_us, &event))
        handle_key(m, &event);
    else
        return;
    leave_hidden_screen(m);
    draw(m);
}

void menu_run(struct meter *m, uint64_t now_us)
{
    uint64_t at_us;

    while ((at_us = menu_deadline(&m->menu)) <= now_us)
        serve(m, at_us);
}

void menu_contacts(struct meter *m, unsigned down, uint64_t now_us)
{
    menu_run(m, now_us);
    keys_contacts(&m->menu.keys, down, now_us);
}

void menu_second(struct meter *m)
{
    m->menu.heart = !m->menu.heart;
    leave_hidden_screen(m);
    draw(m);
}

void menu_follow_settings(struct meter *m)
{
    if (!m->settings_changed)
        return;
    leave_hidden_screen(m);
    draw(m);
}

/* Nobody is there at power-up. */
void menu_start(struct meter *m)
{
    end_notice(&m->menu);
    scroll(m);
    lcd_start(&m->lcd, m->hal);
    draw(m);
}
