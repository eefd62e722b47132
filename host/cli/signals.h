/* SPDX-License-Identifier: MIT */
/*
 * signals.h - SIGINT, SIGTERM, SIGHUP and SIGQUIT cancel the run in order.
 *
 * The program owns its process, so it may have handlers; the only thing they
 * do is lhk_run_cancel, which may be called from one.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

#include <linehook/run.h>

/* From now on signals are noted.  One that is ignored stays so (nohup). */
void signals_catch (void);

/* They cancel RUN from now on, also one that was noted before; NULL: they are
 * only noted. */
void signals_cancel (struct lhk_run *run);

/* The last one that came since the run was taken away; 0: none. */
extern volatile sig_atomic_t signals_noted;

#endif /* CLI_SIGNALS_H */
