/* SPDX-License-Identifier: MIT */
/* landlock.c - confine the signals of a process. */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/landlock.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
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
landlock_abi (void)
{
	long abi = create_ruleset (NULL, 0, CREATE_RULESET_VERSION);

	return abi < 0 ? -errno : (int) abi;
}

int
landlock_scope_signals (void)
{
	static const struct ruleset signals = { .scoped = SCOPE_SIGNAL };
	int abi = landlock_abi ();
	int fd, error = 0;

	if (abi < LANDLOCK_ABI_SCOPES)
		return abi < 0 ? abi : -EOPNOTSUPP;
	fd = (int) create_ruleset (&signals, sizeof signals, 0);
	if (fd < 0)
		return -errno;
	/* A caller with CAP_SYS_ADMIN need not give up setuid programs. */
	if (syscall (SYS_landlock_restrict_self, fd, 0) < 0
	    && (errno != EPERM || prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0
		|| syscall (SYS_landlock_restrict_self, fd, 0) < 0))
		error = errno;
	close (fd);
	return -error;
}
