/* libFuzzer target of the readers of dumps: whatever the text, they answer with readings
 * or with an error. Readings that were accepted have a type and a current in each phase.
 * Nothing is ranked or run here. */
#include "sim/diagnose/dump_file.h"
#include "sim/diagnose/dump_history.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct observation o;
    char *text = g_strndup((const char *)bytes, size);
    GError *error = NULL;

    o = (struct observation){ .count = 0 };
    const bool good = dump_history_is(text)
                          ? dump_history_parse(&o, "fuzz", text, NULL, &error)
                          : dump_parse(&o, "fuzz", text, NULL, &error);
    require(good == (error == NULL));
    require(!good || (o.count > 0 && o.type != NULL && o.nominal_v > 0));
    for (int n = 0; good && n < o.count; n++)
        for (int k = 0; k < observation_phases(&o); k++)
            require(!isnan(o.dump[n].i[k]));
    g_clear_error(&error);
    g_free(text);
    return 0;
}
