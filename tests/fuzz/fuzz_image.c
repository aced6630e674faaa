/* libFuzzer target of the reader of captures: whatever the text, it answers with an
 * image of a meter's registers or with an error; an image that is written and read
 * again is the same, as far as its model has the registers. */
#include "sim/field/image.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

struct comparison {
    const struct image *a, *b;
};

static void compare(void *user, const struct register_entry *e)
{
    const struct comparison *c = user;

    require(c->a->has[e->reg] == c->b->has[e->reg]);
    if (c->a->has[e->reg])
        require(c->a->word[e->reg] == c->b->word[e->reg]);
    (void)image_value(c->a, e->reg);
}

static void check_again(const struct image *image)
{
    GString *text = g_string_new(NULL);

    image_write(image, text);
    struct image *again = image_parse("again", text->str, NULL);
    require(again && again->model == image->model);
    register_list_model(image->model, compare, &(struct comparison){ image, again });
    image_free(again);
    g_string_free(text, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = g_strndup((const char *)bytes, size);
    GError *error = NULL;
    struct image *image = image_parse("fuzz.lua", text, &error);

    require((image == NULL) == (error != NULL));
    if (image)
        check_again(image);
    image_free(image);
    g_clear_error(&error);
    g_free(text);
    return 0;
}
