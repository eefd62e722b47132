/* SPDX-License-Identifier: MIT */
/* run_monitor_faults.c - linehook-exec with a host that the test plays. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/trial.h"
#include "lib/monitor_driver.h"
#include "common/monitor_proto.h"
#include "common/fd.h"
#include "common/mem.h"

/* Start with defaults. */
static struct proto_start first;

static void
ordinary (void)
{
	struct proto_report r;
	struct monitor_client h;

	monitor_driver_start (&h, AGENT ("exit", "3"));
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_STARTED);
	CU_ASSERT (r.pid > 0);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WEXITSTATUS (r.status), 3);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_next (&h, &r), 0);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
no_start_before_told (void)
{
	const char *file = pids_file ();
	struct proto_report r;
	struct monitor_client h;
	int alive;

	monitor_driver_start (&h, AGENT ("pidfile", file));
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
	fd_close (&h.control);
	TAP_EQ_INT (monitor_driver_end (&h), 1);
	TAP_EQ_INT (pids_read (file, &alive), 0);
}

static void
bad_start (void)
{
	static const struct proto_start wrong[] = {
		{ .type = PROTO_START, .version = PROTO_VERSION + 1 },
		{ .type = PROTO_KILL, .version = PROTO_VERSION },
		{ .type = PROTO_START,
		  .version = PROTO_VERSION,
		  .n_limits = PROTO_LIMITS_MAX + 1 },
	};
	const char *file = pids_file ();
	struct proto_report r;
	struct monitor_client h;
	size_t i;
	int alive;

	for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		monitor_driver_start (&h, AGENT ("pidfile", file));
		TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
		CU_ASSERT (send (h.control, &wrong[i], sizeof wrong[i], 0) > 0);
		TAP_EQ_INT (monitor_driver_next (&h, &r), 0);
		TAP_EQ_INT (monitor_driver_end (&h), 1);
	}
	monitor_driver_start (&h, AGENT ("pidfile", file));
	CU_ASSERT (send (h.control, "x", 1, 0) > 0);
	TAP_EQ_INT (monitor_driver_end (&h), 1);
	TAP_EQ_INT (pids_read (file, &alive), 0);
}

/* A command of a wrong size: the host cannot be trusted, so the tree is
 * killed. */
static void
junk_command (void)
{
	struct proto_command c = { 9999, 0 };
	struct proto_report r;
	struct monitor_client h;

	monitor_driver_start (&h, AGENT ("ignoreall", "pause"));
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_STARTED);
	/* An unknown command of the right size is ignored. */
	CU_ASSERT (send (h.control, &c, sizeof c, 0) > 0);
	CU_ASSERT (send (h.control, "junk", 4, 0) > 0);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
hostile_signals (void)
{
	static const int signals[] = { SIGTERM, SIGINT,	 SIGHUP,  SIGPIPE,
				       SIGTSTP, SIGQUIT, SIGUSR1, SIGALRM };
	struct proto_report r;
	struct monitor_client h;
	size_t i;

	monitor_driver_start (&h, AGENT ("pause"));
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_HELLO);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_STARTED);
	for (i = 0; i < sizeof signals / sizeof *signals; i++)
		kill (h.pid, signals[i]);
	monitor_client_send (&h, PROTO_TERM, SIGUSR2);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EXITED);
	TAP_EQ_INT (WTERMSIG (r.status), SIGUSR2);
	TAP_EQ_INT (monitor_driver_next (&h, &r), PROTO_EMPTY);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
holds_no_pipe (void)
{
	struct monitor_client_opts o = {
		.alloc = &mem_system,
		.path = trial_monitor (),
		.argv = AGENT ("close", "1", "pause"),
		.envp = (const char *const *) environ
	};
	struct pollfd p = { .events = POLLIN };
	struct monitor_client h = MONITOR_CLIENT_INIT;
	int fds[2], null = fd_move_above_stdio (
			    open ("/dev/null", O_RDWR | O_CLOEXEC));

	CU_ASSERT_EQUAL_FATAL (fd_pipe (fds, 0), 0);
	o.fds[0] = o.fds[2] = null;
	o.fds[1] = fds[1];
	CU_ASSERT_EQUAL_FATAL (monitor_client_spawn (&h, &o, NULL), LHK_OK);
	fd_close (&null);
	fd_close (&fds[1]);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	p.fd = fds[0];
	TAP_EQ_INT (poll (&p, 1, 10000), 1);
	CU_ASSERT ((p.revents & POLLHUP) != 0);
	fd_close (&fds[0]);
	fd_close (&h.control);
	TAP_EQ_INT (monitor_driver_end (&h), 0);
}

static void
by_hand (void)
{
	const char *argv[] = { trial_monitor (), "a", NULL };
	posix_spawn_file_actions_t actions;
	char text[256] = "";
	int fds[2], status;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL (pipe2 (fds, O_CLOEXEC), 0);
	posix_spawn_file_actions_init (&actions);
	posix_spawn_file_actions_adddup2 (&actions, fds[1], 2);
	CU_ASSERT_EQUAL_FATAL (posix_spawn (&pid, argv[0], &actions, NULL,
					    (char **) argv, environ),
			       0);
	posix_spawn_file_actions_destroy (&actions);
	close (fds[1]);
	CU_ASSERT (read (fds[0], text, sizeof text - 1) > 0);
	close (fds[0]);
	CU_ASSERT_PTR_NOT_NULL (strstr (text, "linehook-exec(8)"));
	waitpid (pid, &status, 0);
	TAP_EQ_INT (WEXITSTATUS (status), 2);
}

static const struct tap_case cases[] = {
	{ "monitor_reports_hello_started_exited_empty_in_order", ordinary },
	{ "monitor_starts_no_agent_before_START", no_start_before_told },
	{ "monitor_refuses_an_invalid_start_record", bad_start },
	{ "monitor_kills_the_tree_of_a_host_that_sends_nonsense",
	  junk_command },
	{ "monitor_ignores_signals_and_sends_those_requested",
	  hostile_signals },
	{ "monitor_holds_no_end_of_the_agents_pipes", holds_no_pipe },
	{ "monitor_started_by_hand_prints_its_usage", by_hand },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_monitor_faults", cases);
}
