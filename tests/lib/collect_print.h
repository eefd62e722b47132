/* SPDX-License-Identifier: MIT */
/* collect_print.h - one event as a readable line (see collect.h). */
#ifndef TESTS_COLLECT_PRINT_H
#define TESTS_COLLECT_PRINT_H

#include <stdio.h>

#include <linehook/event.h>

/* Also says `broken ..' when a text or an input is not what it vouches for. */
void collect_print (FILE *out, const struct lhk_event *event);

#endif /* TESTS_COLLECT_PRINT_H */
