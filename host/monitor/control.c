/* SPDX-License-Identifier: MIT */
/* control.c - linehook-exec's side of the control socket. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "monitor/monitor.h"

/* How often sending a record is tried. */
#define TRIES 3

void
control_send (struct monitor *m, uint32_t type, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE (sizeof (int))];
	} control;
	struct iovec iov = { &m->report, sizeof m->report };
	struct msghdr msg;
	struct cmsghdr *cmsg;
	int tries = 0;

	m->report.type = type;
	m->report.version = PROTO_VERSION;
	memset (&msg, 0, sizeof msg);
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	if (fd >= 0) {
		memset (&control, 0, sizeof control);
		msg.msg_control = &control;
		msg.msg_controllen = sizeof control.bytes;
		cmsg = CMSG_FIRSTHDR (&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN (sizeof fd);
		memcpy (CMSG_DATA (cmsg), &fd, sizeof fd);
	}
	/* ENOMEM may pass.  ETOOMANYREFS: the user has too many descriptors in
	 * flight; the record matters more than its descriptor. */
	while (sendmsg (m->control, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		if (errno != EINTR && tries++ == TRIES)
			return;
		if (errno == ETOOMANYREFS)
			msg.msg_controllen = 0;
	}
}

int
control_recv_start (struct monitor *m)
{
	ssize_t n;

	do
		n = recv (m->control, &m->start, sizeof m->start, 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t) sizeof m->start || m->start.type != PROTO_START
	    || m->start.version != PROTO_VERSION
	    || m->start.n_limits > PROTO_LIMITS_MAX)
		return -1;
	return 0;
}

int
control_recv_command (struct monitor *m, struct proto_command *ret)
{
	ssize_t n;

	do
		n = recv (m->control, ret, sizeof *ret, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t) sizeof *ret)
		return 1;
	if (n < 0 && errno == EAGAIN)
		return 0;
	return -1;
}

void
control_report_uncontained (struct monitor *m, int error, const char *fmt, ...)
{
	struct proto_report *r = &m->report;
	va_list args;

	r->step = STEP_CONTAIN;
	r->sys_errno = error;
	va_start (args, fmt);
	vsnprintf (r->detail, sizeof r->detail, fmt, args);
	va_end (args);
}
