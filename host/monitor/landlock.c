/* SPDX-License-Identifier: MIT */
/*
 * landlock.c - the fence around the agent's signals.
 *
 * Landlock (ABI 6, Linux 6.12) confines a process and what it starts to
 * signalling each other: the agent cannot kill or stop its monitor, and so not
 * leave its tree.  Nothing else is restricted; a fence within a fence works.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "monitor/monitor.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define ABI_WITH_SCOPES 6
#define SCOPE_SIGNAL (1u << 1)

/* As of ABI 6; older headers have less of it. */
struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

static long
create_ruleset (const struct ruleset *r, size_t size, unsigned int flags)
{
	return syscall (SYS_landlock_create_ruleset, r, size, flags);
}

int
scope_enter (void)
{
	static const struct ruleset signals = { .scoped = SCOPE_SIGNAL };
	int fd, r;

	if (create_ruleset (NULL, 0, CREATE_RULESET_VERSION) < ABI_WITH_SCOPES)
		return 0;
	fd = (int) create_ruleset (&signals, sizeof signals, 0);
	if (fd < 0)
		return 0;
	/* With CAP_SYS_ADMIN the agent keeps its setuid programs. */
	r = (int) syscall (SYS_landlock_restrict_self, fd, 0);
	if (r < 0 && errno == EPERM
	    && prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		r = (int) syscall (SYS_landlock_restrict_self, fd, 0);
	close (fd);
	return r == 0;
}
