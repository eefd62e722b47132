/* SPDX-License-Identifier: MIT */
/*
 * fuzz_monitor.c - any packets between the library and the monitor of a run.
 *
 * The input is packets, each with a byte of options, a byte of its type, two of a
 * length, and bytes.  The library's side takes them for reports, with the states
 * that a run has between them; the monitor's side takes them for START and
 * commands.  What is believed of them is in its range, is told once, and leaves no
 * descriptor behind.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/mem.h"
#include "monitor/monitor.h"
#include "run/monitor.h"

/* Options of a packet. */
enum { ANY_BYTES = 1 << 0, WITH_FD = 1 << 1, STATE_SHIFT = 4 };

/* Packets of an input: more do not fit the socket. */
#define PACKETS_MAX 32
#define GONE_MS 2000

#define CHECK(holds) FUZZ_CHECK ((holds), all.input, all.size)

static struct {
	const char *input;
	size_t size;
	struct loop *loop;
	int agent; /* as a pidfd is when the agent has ended: readable */
	unsigned int events[RUN_EV_LATE + 1];
} all;

/* ---- packets ---- */

struct packet {
	unsigned int options;
	uint32_t type;
	const char *data;
	size_t len;
};

/* The next packet of *LEN bytes at *P.  1, or 0: there is none. */
static int
next_packet (const char **p, size_t *len, struct packet *ret)
{
	const unsigned char *head = (const unsigned char *) *p;

	if (*len < 4)
		return 0;
	ret->options = head[0];
	ret->type = head[1];
	ret->len = head[2] | (size_t) (head[3] & 3) << 8;
	ret->data = *p + 4;
	if (ret->len > *len - 4)
		ret->len = *len - 4;
	*p += 4 + ret->len;
	*len -= 4 + ret->len;
	return 1;
}

static void
send_packet (int peer, const void *data, size_t len, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof (int))];
	} control = { .bytes = { 0 } };
	struct iovec iov = { (void *) data, len };
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
	(void) !sendmsg (peer, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A packet as it is, or as a report of its type. */
static void
send_report (int peer, const struct packet *packet)
{
	const int fd = packet->options & WITH_FD ? all.agent : -1;
	struct proto_report r;

	if (packet->options & ANY_BYTES) {
		send_packet (peer, packet->data, packet->len, fd);
		return;
	}
	memset (&r, 0, sizeof r);
	memcpy (&r, packet->data,
		packet->len < sizeof r ? packet->len : sizeof r);
	r.type = PROTO_HELLO + packet->type % (PROTO_PLACED + 1 - PROTO_HELLO);
	r.version = PROTO_VERSION;
	send_packet (peer, &r, sizeof r, fd);
}

/* ---- the library's side ---- */

static void
on_event (struct run_core *core, enum run_event event)
{
	(void) core;
	all.events[event]++;
}

static void
on_check (struct run_core *core)
{
	(void) core;
}

static int
has_unread (struct run_core *core)
{
	(void) core;
	return 0;
}

static const struct run_owner owner = { on_event, on_check, has_unread };

static void
check_outcome (const struct run_core *core, const struct run_monitor *m)
{
	const struct lhk_outcome *o = &core->outcome;

	CHECK (all.events[RUN_EV_STARTED] <= 1);
	CHECK (all.events[RUN_EV_EXITED] <= 1);
	CHECK (all.events[RUN_EV_STARTED] + all.events[RUN_EV_FAILED] <= 1);
	CHECK (o->exit_code >= 0 && o->exit_code <= 255);
	CHECK (o->signal >= 0 && o->signal <= 127);
	CHECK (!o->has_exit || o->signal == 0);
	CHECK (o->n_survivors <= PROTO_SURVIVORS_MAX);
	CHECK (memchr (m->detail, '\0', sizeof m->detail) != NULL);
	CHECK (memchr (m->cgroup, '\0', sizeof m->cgroup) != NULL);
	CHECK (o->detail == NULL || o->detail == m->detail);
	CHECK (all.events[RUN_EV_FAILED] == 0 || o->step != NULL);
	(void) run_monitor_contain_name (m);
	fuzz_count (all.events[RUN_EV_STARTED] ? "started" : "not started");
}

static void
run_library (const char *p, size_t len)
{
	struct run_core core = { .owner = &owner, .loop = all.loop };
	struct run_events events = { .core = &core, .record = { .dir = -1 } };
	struct run_monitor m;
	struct packet packet;
	int pair[2], i;

	memset (&m, 0, sizeof m);
	memset (all.events, 0, sizeof all.events);
	if (fd_pair (pair) < 0)
		abort ();
	run_monitor_init (&m, &core, &events);
	m.client.control = pair[0];
	for (i = 0; i < PACKETS_MAX && next_packet (&p, &len, &packet); i++) {
		core.state = (packet.options >> STATE_SHIFT) % (RUN_DONE + 1);
		send_report (pair[1], &packet);
		run_monitor_read (&m);
	}
	fd_close (&pair[1]);
	loop_turn (all.loop, 0);
	run_monitor_read (&m);
	CHECK (m.client.control < 0 && m.reaped);
	check_outcome (&core, &m);
	run_monitor_unwatch (&m);
	loop_disarm (all.loop, &m.watchdog);
	run_monitor_release (&m);
}

/* ---- the monitor's side ---- */

static void
run_monitor_side (const char *p, size_t len)
{
	struct monitor m = { .control = -1 };
	struct pollfd gone = { .events = POLLIN };
	struct proto_command command;
	struct packet packet;
	int pair[2], i, r;

	if (fd_pair (pair) < 0)
		abort ();
	m.control = gone.fd = pair[0];
	for (i = 0; i < PACKETS_MAX && next_packet (&p, &len, &packet); i++)
		send_packet (pair[1], packet.data, packet.len, -1);
	fd_close (&pair[1]);
	if (control_recv_start (&m) == 0) {
		CHECK (m.start.type == PROTO_START
		       && m.start.version == PROTO_VERSION
		       && m.start.n_limits <= PROTO_LIMITS_MAX);
		fuzz_count ("started by START");
	}
	/* The host has gone.  A system may tell that a moment later, as it may keep
	 * its end for a moment longer. */
	do
		while ((r = control_recv_command (&m, &command)) > 0)
			fuzz_count ("commands");
	while (r == 0 && poll (&gone, 1, GONE_MS) > 0);
	CHECK (r < 0);
	fd_close (&pair[0]);
}

static void
begin (void)
{
	int pipe[2];

	if (loop_new (&mem_system, &all.loop, NULL) < 0
	    || fd_pipe (pipe, 0) < 0)
		abort ();
	fd_close (&pipe[1]);
	all.agent = pipe[0];
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	int fd;

	all.input = (const char *) data;
	all.size = size;
	if (all.loop == NULL)
		begin ();
	fd = fcntl (STDIN_FILENO, F_DUPFD, FD_MIN);
	close (fd);
	if (fuzz_turn (0, 2, data, size))
		run_library (all.input, size);
	if (fuzz_turn (1, 2, data, size))
		run_monitor_side (all.input, size);
	CHECK (fcntl (STDIN_FILENO, F_DUPFD, FD_MIN) == fd);
	close (fd);
	return 0;
}
