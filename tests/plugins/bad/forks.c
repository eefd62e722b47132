/* SPDX-License-Identifier: MIT */
/* forks.c - starts a process. */
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

#define BAD_NAME "forks"
#define BAD_OWN_OPEN
#include "bad.h"

static int
own_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	pid_t pid = fork ();

	if (pid == 0)
		_Exit (0);
	if (pid > 0)
		(void) waitpid (pid, NULL, 0);
	return bad_open (api, options, n_options, ret);
}
