/* HOT marks the few functions in which a meter spends its time. A build for a processor
 * family may define it to have them compiled for several instruction sets; integer
 * arithmetic gives the same bits with every one. */
#ifndef CORE_HOT_H
#define CORE_HOT_H

#ifndef HOT
#define HOT
#endif

#endif
