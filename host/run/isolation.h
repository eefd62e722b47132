/* SPDX-License-Identifier: MIT */
/*
 * isolation.h - which plugin files run in processes of their own, and what such a
 * process tells of them: the descriptor, and what the probe says.
 */
#ifndef RUN_ISOLATION_H
#define RUN_ISOLATION_H

#include "plugin/registry.h"

/* Of one host. */
struct isolation {
	struct registry_isolation registry; /* first */
	const struct lhk_alloc *alloc;
	/* Log a warning, a sentence, about a plugin.  USER is given to it. */
	void (*warn) (void *user, const char *plugin, const char *text);
	void *user;
	char *program;		 /* path of linehook-isolate, own copy */
	const char *trusted_dir; /* whose files run in this process, or NULL */
};

/* MONITOR is the path of linehook-exec, beside which linehook-isolate is.  The
 * members ALLOC, WARN, USER and TRUSTED_DIR were set before; what they point to is
 * borrowed until isolation_done.  LHK_OK or LHK_ENOMEM. */
int isolation_init (struct isolation *isolation, const char *monitor);
void isolation_done (struct isolation *isolation);

#endif /* RUN_ISOLATION_H */
