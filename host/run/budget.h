/* SPDX-License-Identifier: MIT */
/* budget.h - has a run used more than it may? */
#ifndef RUN_BUDGET_H
#define RUN_BUDGET_H

#include "run/core.h"

/* Bytes of a sentence, with its NUL. */
#define RUN_BUDGET_TEXT 128

/* 1 and a sentence if the tokens or the cost so far are more than the options
 * allow, else 0. */
int run_budget_is_over (const struct run_core *core,
			char text[RUN_BUDGET_TEXT]);

#endif /* RUN_BUDGET_H */
