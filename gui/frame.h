/* A frame: everything that one picture shows, as texts and rounded numbers. Two frames
 * that are equal look alike, so nothing is drawn while the frame stays the same. */
#ifndef GUI_FRAME_H
#define GUI_FRAME_H

#include "gui/panel.h"

enum {
    FRAME_TEXT = 40,
    FRAME_ROWS = 10,
    FRAME_ALERTS = 7, /* kinds of alert, a line each */
    FRAME_WAVE = 113, /* points of a trace: 44 ms */
    FRAME_WAVE_FULL = 10000
};

struct frame_reading {
    char name[FRAME_TEXT], value[FRAME_TEXT], unit[8];
};

/* One phase of the phasor diagram; angles in 0.1 degrees, counter-clockwise. */
struct frame_phasor {
    int v_permil, i_permil; /* of the longest; 0: none */
    int v_angle, i_angle;
    char v[FRAME_TEXT], i[FRAME_TEXT], p[FRAME_TEXT], q[FRAME_TEXT], pf[FRAME_TEXT];
    char v_degrees[FRAME_TEXT], i_degrees[FRAME_TEXT];
};

struct frame_waves {
    int count;                               /* 0: there is nothing to see */
    int16_t trace[HAL_CHANNELS][FRAME_WAVE]; /* FRAME_WAVE_FULL: the strip's rim */
    char v_rim[FRAME_TEXT], i_rim[FRAME_TEXT];
    bool clipped[HAL_CHANNELS];
};

struct frame {
    enum panel_view view;
    /* the board */
    uint8_t lcd[HAL_LCD_SIZE];
    bool powered, backlight, led_red, led_green, alarm_closed, energy_closed;
    uint8_t pressed; /* bits by enum panel_key */
    uint8_t phases;  /* bits: phases that the system type uses */
    uint8_t wires;   /* bits: phases and, bit 3, the neutral at the terminals */
    char model[FRAME_TEXT], serial[FRAME_TEXT];
    char volt_name[3][FRAME_TEXT], volt[3][FRAME_TEXT], amp[3][FRAME_TEXT];
    /* the pane; only what its view shows is filled in */
    struct frame_reading row[FRAME_ROWS];
    int rows, alerts;
    char alert[FRAME_ALERTS][2 * FRAME_TEXT];
    char setup[4][FRAME_TEXT];
    struct frame_phasor phasor[3];
    char hz[FRAME_TEXT];
    struct frame_waves waves;
    /* the strip */
    char time[FRAME_TEXT], speed[FRAME_TEXT], connections[FRAME_TEXT];
    char title[FRAME_TEXT];
    bool several, strip_end;
};

/* Fills in every byte. unit NULL: a dark meter. */
void frame_take(struct frame *f, const struct unit *unit,
                const struct panel_status *status, enum panel_view view);

/* Its parts, for frame_take: of a unit that has power. */
void frame_take_phasors(struct frame *f, const struct unit *unit);
void frame_take_waves(struct frame *f, const struct unit *unit);

/* A number of 10^-6 units with a prefix that leaves three digits before the point, such
 * as "22.16 k" and "A"; `unit` receives prefix and unit. */
void frame_format(char value[FRAME_TEXT], char *unit, size_t unit_size, int64_t micro,
                  const char *symbol);
/* Both in one text: "80.00 A". */
void frame_format_text(char text[FRAME_TEXT], int64_t micro, const char *symbol);

#endif
