/* SPDX-License-Identifier: MIT */
/*
 * suspend.h - SIGTSTP: being stopped as a shell stops a job.
 *
 * The agent is in a session of its own, where the terminal's Ctrl-Z does not
 * reach it.  So the signal is caught, what must be done before is done, and
 * then it is let through.
 */
#ifndef CLI_OUTPUT_SUSPEND_H
#define CLI_OUTPUT_SUSPEND_H

#include <linehook/host.h>

/* SIGTSTP is noted from now on and wakes HOST; ignored at start, it stays so.
 * NULL: it acts as it would without us, also one that was noted last. */
void suspend_catch (struct lhk_host *host);

/* Was it noted since the last call? */
int suspend_asked (void);

/* Would the kernel stop us?  Nobody in this session could let the processes of
 * an orphaned group go on, so they are not stopped. */
int suspend_possible (void);

/* Stop by SIGNO (SIGTSTP, SIGTTIN); returns when somebody lets us go on. */
void suspend_self (int signo);

#endif /* CLI_OUTPUT_SUSPEND_H */
