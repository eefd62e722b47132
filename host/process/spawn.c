/* SPDX-License-Identifier: MIT */
/* spawn.c - starts a helper program of linehook. */
#include "config.h"

#include <signal.h>
#include <spawn.h>

#include "process/spawn.h"

static int
set_attributes (posix_spawnattr_t *attr, int own_group)
{
	short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t all, none;

	sigfillset (&all);
	sigemptyset (&none);
	if (own_group)
		flags |= POSIX_SPAWN_SETPGROUP;
	posix_spawnattr_setsigdefault (attr, &all);
	posix_spawnattr_setsigmask (attr, &none);
	posix_spawnattr_setpgroup (attr, 0);
	return posix_spawnattr_setflags (attr, flags);
}

int
spawn_helper (const char *path, const char *const *argv,
	      const char *const *envp, const int fds[SPAWN_FDS], int own_group,
	      pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int i, r;

	r = posix_spawn_file_actions_init (&actions);
	if (r != 0)
		return r;
	r = posix_spawnattr_init (&attr);
	if (r != 0) {
		posix_spawn_file_actions_destroy (&actions);
		return r;
	}
	r = set_attributes (&attr, own_group);
	for (i = 0; i < SPAWN_FDS && r == 0; i++)
		if (fds[i] >= 0)
			r = posix_spawn_file_actions_adddup2 (&actions, fds[i],
							      i);
	if (r == 0)
		r = posix_spawn (ret, path, &actions, &attr,
				 (char *const *) argv, (char *const *) envp);
	posix_spawnattr_destroy (&attr);
	posix_spawn_file_actions_destroy (&actions);
	return r;
}
