/* A frame as bytes. See panel_frame.h. It has no pointers and no integers whose size a
 * processor chooses: its layout is the same wherever it is compiled. */
#include "gui/panel_frame.h"
#include "gui/frame.h"

size_t panel_frame_size(void)
{
    return sizeof(struct frame);
}

void panel_frame_read(void *bytes, const struct unit *unit, enum panel_view view)
{
    const struct panel_status status = { .connections = -1 };

    frame_read(bytes, unit, &status, view);
}
