/* A frame: everything that one picture shows, as texts and rounded numbers. Two frames
 * that are equal look alike, so nothing is drawn while the frame stays the same. */
#pragma once

#include "core/hal.h"
#include "gui/format.h"
#include "gui/panel_view.h"
#include "hal_sim/unit.h"

enum {
    FRAME_ROWS = 10,
    FRAME_ALERTS = 8, /* kinds of alert, a line each */
    FRAME_WAVE = 113, /* points of a trace: 44 ms */
    FRAME_WAVE_FULL = 10000
};

struct frame_reading {
    char name[FORMAT_TEXT], value[FORMAT_TEXT], unit[8];
};

/* One phase of the phasor diagram; angles in 0.1 degrees, counter-clockwise. */
struct frame_phasor {
    int v_permil, i_permil; /* of the longest; 0: none */
    int v_angle, i_angle;
    char v[FORMAT_TEXT], i[FORMAT_TEXT], p[FORMAT_TEXT], q[FORMAT_TEXT],
        pf[FORMAT_TEXT];
    char v_degrees[FORMAT_TEXT], i_degrees[FORMAT_TEXT];
};

struct frame_waves {
    int count;                               /* 0: there is nothing to see */
    int16_t trace[HAL_CHANNELS][FRAME_WAVE]; /* FRAME_WAVE_FULL: the strip's rim */
    char v_rim[FORMAT_TEXT], i_rim[FORMAT_TEXT];
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
    char model[FORMAT_TEXT], serial[FORMAT_TEXT];
    char volt_name[3][FORMAT_TEXT], volt[3][FORMAT_TEXT], amp[3][FORMAT_TEXT];
    /* the pane; only what its view shows is filled in */
    struct frame_reading row[FRAME_ROWS];
    int rows, alerts;
    char alert[FRAME_ALERTS][2 * FORMAT_TEXT];
    char setup[4][FORMAT_TEXT];
    struct frame_phasor phasor[3];
    char hz[FORMAT_TEXT];
    struct frame_waves waves;
    /* the strip */
    char time[FORMAT_TEXT], speed[FORMAT_TEXT], connections[FORMAT_TEXT];
    char title[FORMAT_TEXT];
    bool several, strip_end;
};

/* Fills in every byte. unit NULL: a dark meter. */
void frame_read(struct frame *f, const struct unit *unit,
                const struct panel_status *status, enum panel_view view);
