/* SPDX-License-Identifier: MIT */
/*
 * signals.h - SIGINT, SIGTERM, SIGHUP and SIGQUIT cancel the run in order.
 *
 * The program owns its process, so it may have handlers; all they do is
 * count, lhk_run_cancel and lhk_host_wake, which may be called from one.
 * Nothing waits in a way that a signal which came a moment before could not
 * end: waits are in the loop of the host, which is woken, or signals_read.
 */
#ifndef CLI_OUTPUT_SIGNALS_H
#define CLI_OUTPUT_SIGNALS_H

#include <sys/types.h>

#include <linehook/run.h>
#include <linehook/host.h>

/* From now on they are counted, also one that was blocked; one that is ignored
 * stays so (nohup).  The first thing of all: process 1 gets no signal that it
 * has no handler for. */
void signals_catch (void);

/* How many came, and which was the first; 0: none. */
unsigned int signals_count (void);
int signals_first (void);

/* A dispatch of HOST returns when one comes; NULL: none does. */
void signals_wake (struct lhk_host *host);

/* Each adds one to the counter of events (eventfd) FD; -1: to none. */
void signals_count_to (int fd);

/* They are taken by this thread, too, and by no other one from now on if the
 * others have blocked them. */
void signals_take (void);

/* They cancel RUN from now on, those that came before too; NULL: they are only
 * counted. */
void signals_cancel (struct lhk_run *run);

/*
 * When a key sends a signal, the terminal discards what was typed, and a read
 * that was about to return waits again, so a signal would not be noticed.
 * Returns a description of our own of the terminal FD, for reading, that does
 * not wait, to be closed; -1: FD is no terminal, or cannot be opened.
 */
int signals_open_terminal (int fd);

/* As read, waiting for bytes or one of them, also one that came long ago: -1
 * with EINTR. */
ssize_t signals_read (int fd, void *data, size_t len);

/* ---- another size of the terminal ---- */

/* SIGWINCH is counted from now on, and wakes the host of signals_wake; ignored
 * at start, it stays so. */
void signals_catch_resize (void);

/* How many came. */
unsigned int signals_resized (void);

/* ---- stopping as a shell stops a job ---- */

/*
 * The agent is in a session of its own, where the terminal's Ctrl-Z does not
 * reach it.  So SIGTSTP is caught, what must be done before is done, and then
 * it is let through.
 */

/* SIGTSTP is noted from now on and wakes HOST; ignored at start, it stays so.
 * NULL: it acts as it would without us, also one that was noted last. */
void signals_catch_stop (struct lhk_host *host);

/* Was it noted since the last call? */
int signals_stop_requested (void);

/* Would the kernel stop us?  Nobody in this session could let the processes of
 * an orphaned group go on, so they are not stopped. */
int signals_can_stop (void);

/* Stop by SIGNO (SIGTSTP, SIGTTIN); returns when somebody lets us go on. */
void signals_stop_self (int signo);

/* ---- orphans of a container ---- */

/*
 * The tree of the agent is reaped by the monitor.  As the first process of a
 * container we also get orphans of others (of what an operator started in it,
 * say), which nobody else reaps.  The monitor is reaped by this too; the
 * library knows its end by a descriptor, and asks nothing of its status.
 */

/* From now on; does nothing in a process that is not number 1. */
void signals_reap_orphans (void);

#endif /* CLI_OUTPUT_SIGNALS_H */
