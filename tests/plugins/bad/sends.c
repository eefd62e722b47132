/* SPDX-License-Identifier: MIT */
/* sends.c - sends bytes through a socket. */
#define _GNU_SOURCE
#include <sys/socket.h>
#include <unistd.h>

#define BAD_NAME "sends"
#define BAD_OWN_LINE_HOOK
#include "bad.h"

static int
own_line_hook (void *handle, const struct lhk_line *line)
{
	int pair[2];
	ssize_t n = -1;

	if (socketpair (AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
		n = send (pair[0], "x", 1, MSG_NOSIGNAL);
		close (pair[0]);
		close (pair[1]);
	}
	return n < -1 ? LHK_SKIP : bad_line_hook (handle, line);
}
