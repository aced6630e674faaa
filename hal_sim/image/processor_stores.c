/* Stores of the processor on Unicorn 2.0.1, made as cheap as loads. At each store to RAM
 * Unicorn looks for translated code on the page, with a tree that it allocates and frees
 * (cputlb.c, notdirty_write): more than half of the time of a meter. Here code is in
 * flash alone, which nothing writes, so there is never any to be found: the linker puts
 * these in the place of its three functions (--wrap, with the static library). */

void *
processor_stores_lock(void *uc, unsigned long from,
                      unsigned long to) __asm__("__wrap_page_collection_lock_arm");
void processor_stores_unlock(void *pages) __asm__("__wrap_page_collection_unlock_arm");
void processor_stores_invalidate(
    void *uc, void *pages, unsigned long at, int size,
    unsigned long from) __asm__("__wrap_tb_invalidate_phys_page_fast_arm");

void *processor_stores_lock(void *uc, unsigned long from, unsigned long to)
{
    (void)uc;
    (void)from;
    (void)to;
    return (void *)0;
}

void processor_stores_unlock(void *pages)
{
    (void)pages;
}

void processor_stores_invalidate(void *uc, void *pages, unsigned long at, int size,
                                 unsigned long from)
{
    (void)uc;
    (void)pages;
    (void)at;
    (void)size;
    (void)from;
}
