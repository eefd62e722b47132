/* SPDX-License-Identifier: MIT */
/*
 * signals.h - SIGINT, SIGTERM, SIGHUP and SIGQUIT cancel the run in order.
 *
 * The program owns its process, so it may have handlers; all they do is
 * count, lhk_run_cancel and lhk_host_wake, which may be called from one.
 * Nothing waits in a way that a signal which came a moment before could not
 * end: waits are in the loop of the host, which is woken, or signals_await.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <linehook/run.h>

/* From now on they are counted, also one that was blocked; one that is ignored
 * stays so (nohup).  The first thing of all: process 1 gets no signal that it
 * has no handler for. */
void signals_catch (void);

/* How many came, and which was the first; 0: none. */
unsigned int signals_count (void);
int signals_first (void);

/* A dispatch of HOST returns when one comes; NULL: none does. */
void signals_wake (struct lhk_host *host);

/* They cancel RUN from now on, those that came before too; NULL: they are only
 * counted. */
void signals_cancel (struct lhk_run *run);

/* Wait until FD can be read (1), or one has come, also long ago (0). */
int signals_await (int fd);

#endif /* CLI_SIGNALS_H */
