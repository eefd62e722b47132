/* SPDX-License-Identifier: MIT */
/* monitor_driver.c - linehook-exec alone, with a host made by hand. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/trial.h"
#include "lib/monitor_driver.h"
#include "common/fd.h"
#include "common/mem.h"

#define WAIT_MS 20000

void
monitor_driver_start (struct monitor_client *h, const char *const *argv)
{
	struct monitor_client_opts o = {
		.alloc = &mem_system,
		.path = trial_monitor (),
		.argv = argv,
		.envp = (const char *const *) environ
	};
	int i, null = fd_move_above_stdio (
		       open ("/dev/null", O_RDWR | O_CLOEXEC));

	*h = (struct monitor_client) MONITOR_CLIENT_INIT;
	for (i = 0; i < 3; i++)
		o.fds[i] = null;
	CU_ASSERT_EQUAL_FATAL (monitor_client_spawn (h, &o, NULL), LHK_OK);
	fd_close (&null);
}

void
monitor_driver_begin (struct monitor_client *h, int contain, unsigned int flags,
		      struct proto_report *ret)
{
	struct proto_start first = { .contain = contain, .flags = flags };

	TAP_EQ_INT (monitor_driver_next (h, ret), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (h, &first), LHK_OK);
	TAP_EQ_INT (monitor_driver_next (h, ret), PROTO_STARTED);
}

uint32_t
monitor_driver_next (struct monitor_client *h, struct proto_report *ret)
{
	struct pollfd p = { .fd = h->control, .events = POLLIN };
	int fd;

	do {
		if (poll (&p, 1, WAIT_MS) != 1
		    || monitor_client_recv (h, ret, &fd) != LHK_OK)
			return 0;
		fd_close (&fd);
	} while (ret->type == PROTO_PLACED);
	return ret->type;
}

uint32_t
monitor_driver_last (struct monitor_client *h, struct proto_report *ret)
{
	uint32_t type;

	do
		type = monitor_driver_next (h, ret);
	while (type != 0 && type != PROTO_EMPTY
	       && type != PROTO_SURVIVORS_LEFT);
	return type;
}

int
monitor_driver_end (struct monitor_client *h)
{
	int status = -1;

	waitpid (h->pid, &status, 0);
	h->pid = 0;
	monitor_client_close (h);
	return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}
