/* SPDX-License-Identifier: MIT */
/*
 * scope.h - a systemd scope for the host of a run.
 *
 * A service or session that ends takes its cgroup along.  In a scope, a unit of
 * its own (linehook-ID.scope), this process and what it starts stay.
 */
#ifndef CLI_RUN_SCOPE_H
#define CLI_RUN_SCOPE_H

/* Ask systemd (root: the manager of the system, others: their own) to move this
 * process into a new scope for the run ID, and wait until it has.  -1, or the
 * exit status after a sentence. */
int scope_enter (const char *who, const char *id);

#endif /* CLI_RUN_SCOPE_H */
