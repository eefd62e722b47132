/* SPDX-License-Identifier: MIT */
/*
 * oom.c - did the agent die because memory ran out?
 *
 * A SIGKILL does not carry its sender.  The kernel counts its kills for want
 * of memory in the cgroup of the victim: that of the run if it has the memory
 * controller, else the one that the run shares with us.  Where neither counts,
 * there is a counter of the whole machine.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/cgroup_path.h"
#include "monitor/monitor.h"

/* Added to oom_score_adj, whose maximum is 1000. */
#define SCORE 100
#define SCORE_MAX 1000

/* The longest of the three files is vmstat, with some 5 KiB. */
#define TEXT_MAX 16384

static const int kinds[OOM_SOURCES] = { OOM_OWN, OOM_SHARED, OOM_MACHINE };

/* The number in the line of TEXT that begins with NAME.  0, or -1. */
static int
find_count (const char *text, const char *name, uint64_t *ret)
{
	size_t len = strlen (name);
	uint64_t n = 0;

	while (strncmp (text, name, len) != 0 || text[len] != ' ') {
		text = strchr (text, '\n');
		if (text == NULL)
			return -1;
		text++;
	}
	for (text += len + 1; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + (uint64_t) (*text - '0');
	*ret = n;
	return 0;
}

static int
read_oom_count (int fd, uint64_t *ret)
{
	static char text[TEXT_MAX];
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while (len < sizeof text - 1
	       && (n = pread (fd, text + len, sizeof text - 1 - len,
			      (off_t) len))
			  > 0)
		len += (size_t) n;
	text[len] = '\0';
	return find_count (text, "oom_kill", ret);
}

static int
open_own (const struct monitor *m)
{
	if (m->containment != CONTAIN_CGROUP)
		return -1;
	return openat (m->cgroup.dir, "memory.events", O_RDONLY | O_CLOEXEC);
}

static int
open_shared (const struct monitor *m)
{
	char path[PATH_MAX];
	size_t len;
	int fd = m->cgroup.own < 0 ? -1
				   : openat (m->cgroup.own, "memory.events",
					     O_RDONLY | O_CLOEXEC);

	if (fd >= 0 || cgroup_path_own ("memory", path, sizeof path) < 0)
		return fd;
	len = strlen (path);
	if (len + sizeof "/memory.oom_control" > sizeof path)
		return -1;
	memcpy (path + len, "/memory.oom_control",
		sizeof "/memory.oom_control");
	return open (path, O_RDONLY | O_CLOEXEC);
}

static int
open_machine (const struct monitor *m)
{
	return m->view.proc < 0
		       ? -1
		       : openat (m->view.proc, "vmstat", O_RDONLY | O_CLOEXEC);
}

static int (*const openers[OOM_SOURCES]) (const struct monitor *m) = {
	open_own,
	open_shared,
	open_machine,
};

void
oom_init (struct monitor *m)
{
	struct oom_source *s = m->oom;
	int i, counted = 0;

	for (i = 0; i < OOM_SOURCES; i++, s++) {
		/* If a cgroup counts, a kill elsewhere on the machine is no
		 * evidence. */
		s->fd = counted && kinds[i] == OOM_MACHINE ? -1 : openers[i](m);
		if (read_oom_count (s->fd, &s->before) == 0) {
			counted = 1;
		} else if (s->fd >= 0) {
			close (s->fd);
			s->fd = -1;
		}
	}
}

int
oom_evidence (const struct monitor *m)
{
	const struct oom_source *s = m->oom;
	uint64_t now;
	int i;

	for (i = 0; i < OOM_SOURCES; i++, s++)
		if (read_oom_count (s->fd, &now) == 0)
			return now > s->before ? kinds[i] : 0;
	return 0;
}

uint32_t
oom_own_kills (const struct monitor *m)
{
	uint64_t now;

	if (read_oom_count (m->oom[0].fd, &now) < 0)
		return 0;
	return (uint32_t) (now - m->oom[0].before);
}

void
oom_raise_score (void)
{
	char text[16];
	long score;
	ssize_t n;
	int fd;

	/* A process that is not dumpable does not own its files of /proc; exec
	 * makes it dumpable anyway. */
	prctl (PR_SET_DUMPABLE, 1);
	fd = open ("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read (fd, text, sizeof text - 1);
	text[n < 0 ? 0 : n] = '\0';
	score = strtol (text, NULL, 10) + SCORE;
	n = snprintf (text, sizeof text, "%ld",
		      score > SCORE_MAX ? (long) SCORE_MAX : score);
	if (pwrite (fd, text, (size_t) n, 0) < 0)
		errno = 0; /* not fatal: the score stays as it was */
	close (fd);
}
