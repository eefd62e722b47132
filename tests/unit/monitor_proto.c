/* SPDX-License-Identifier: MIT */
/* monitor_proto.c - records of library and monitor have one size and
 * version. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/trial.h"
#include "process/monitor_client.h"
#include "common/monitor_proto.h"
#include "common/fd.h"
#include "common/mem.h"

/* The test plays the monitor, at the other end of the socket. */
static struct monitor_client
by_hand (int *ret_peer)
{
	struct monitor_client h = MONITOR_CLIENT_INIT;
	int pair[2];

	CU_ASSERT_EQUAL_FATAL (fd_pair (pair), 0);
	h.control = pair[0];
	*ret_peer = pair[1];
	return h;
}

static void
no_padding (void)
{
	/* Records are compared as bytes. */
	TAP_EQ_INT (sizeof (struct proto_limit), 4 + 4 + 8);
	TAP_EQ_INT (sizeof (struct proto_start),
		    24 + 16 * PROTO_LIMITS_MAX + 16);
	TAP_EQ_INT (sizeof (struct proto_command), 8);
	TAP_EQ_INT (sizeof (struct proto_report),
		    8 * 4 + 4 * PROTO_SURVIVORS_MAX + 4 * 8 + 6 * 4
			    + PROTO_DETAIL_SIZE);
}

static void
start_record (void)
{
	struct proto_start first = {
		.n_limits = 1,
		.contain = CONTAIN_CGROUP,
		.flags = START_UNSCOPED,
		.limits = { { 7, 0, 64 } },
		.memory_max = UINT64_C (1) << 40,
		.pids_max = 300,
		.cpus_milli = 1500,
	};
	struct proto_start s;
	struct monitor_client h;
	int peer;

	h = by_hand (&peer);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_OK);
	TAP_EQ_INT (recv (peer, &s, sizeof s, 0), sizeof s);
	TAP_EQ_INT (s.type, PROTO_START);
	TAP_EQ_INT (s.version, PROTO_VERSION);
	TAP_EQ_INT (s.host_pid, getpid ());
	TAP_EQ_INT (s.n_limits, 1);
	TAP_EQ_INT (s.limits[0].value, 64);
	TAP_EQ_INT (s.contain, CONTAIN_CGROUP);
	TAP_EQ_INT (s.flags, START_UNSCOPED);
	CU_ASSERT (s.memory_max == UINT64_C (1) << 40);
	TAP_EQ_INT (s.pids_max, 300);
	TAP_EQ_INT (s.cpus_milli, 1500);
	fd_close (&peer);
	TAP_EQ_INT (monitor_client_send_start (&h, &first), LHK_ESYS);
	/* A command after the monitor has gone raises no SIGPIPE. */
	monitor_client_send (&h, PROTO_KILL, 0);
	monitor_client_close (&h);
}

static void
say (int peer, uint32_t version, size_t len, int fd)
{
	struct proto_report r = { .type = PROTO_STARTED,
				  .version = version,
				  .pid = 42 };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof (int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { &r, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof control.bytes;
		c = CMSG_FIRSTHDR (&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN (sizeof fd);
		memcpy (CMSG_DATA (c), &fd, sizeof fd);
	}
	CU_ASSERT_EQUAL (sendmsg (peer, &msg, MSG_NOSIGNAL), (ssize_t) len);
}

static void
reports (void)
{
	struct proto_report r;
	struct monitor_client h;
	int peer, fd, before = count_fds ();

	h = by_hand (&peer);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_AGAIN);
	say (peer, PROTO_VERSION, sizeof r, -1);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_OK);
	TAP_EQ_INT (r.pid, 42);
	TAP_EQ_INT (fd, -1);
	say (peer, PROTO_VERSION, sizeof r, 0);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_OK);
	CU_ASSERT (fd >= FD_MIN);
	fd_close (&fd);
	/* The descriptor of a refused record is closed. */
	say (peer, PROTO_VERSION + 1, sizeof r, 0);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_END);
	TAP_EQ_INT (fd, -1);
	say (peer, PROTO_VERSION, sizeof r - 1, 0);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_END);
	TAP_EQ_INT (fd, -1);
	fd_close (&peer);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_END);
	monitor_client_close (&h);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_END);
	TAP_EQ_INT (count_fds (), before);
}

/* A monitor that exits with a command unread resets the connection. */
static void
last_words (void)
{
	struct proto_report r;
	struct monitor_client h;
	int peer, fd;

	h = by_hand (&peer);
	monitor_client_send (&h, PROTO_SWEEP, 0);
	say (peer, PROTO_VERSION, sizeof r, -1);
	fd_close (&peer);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_OK);
	TAP_EQ_INT (r.pid, 42);
	TAP_EQ_INT (monitor_client_recv (&h, &r, &fd), LHK_END);
	monitor_client_close (&h);
}

static void
step_names (void)
{
	TAP_EQ_STR (monitor_client_step_name (STEP_EXEC), "exec");
	TAP_EQ_STR (monitor_client_step_name (STEP_CHDIR), "chdir");
	TAP_EQ_STR (monitor_client_step_name (STEP_INTERPRETER), "interpreter");
	TAP_EQ_STR (monitor_client_step_name (0), "monitor");
	TAP_EQ_STR (monitor_client_step_name (-1), "monitor");
	TAP_EQ_STR (monitor_client_step_name (1000), "monitor");
}

static const struct tap_case cases[] = {
	{ "proto_records_have_no_padding", no_padding },
	{ "proto_start_record_carries_version_and_limits", start_record },
	{ "proto_reports_of_another_version_or_size_are_the_last", reports },
	{ "proto_last_records_are_received_after_a_reset", last_words },
	{ "proto_steps_have_names", step_names },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("monitor_proto", cases);
}
