/* SPDX-License-Identifier: MIT */
/* inotify.c - one inotify for all followed files of a loop. */
#include "config.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "io/loop.h"
#include "io/inotify.h"
#include "common/fd.h"
#include "common/mem.h"

struct inotify {
	struct loop_source source;
	struct inotify_watch *all;
	struct inotify_watch *next; /* that on_events visits; or NULL */
	int fd;
};

static void
mark (struct inotify *in, const char *buf, ssize_t len)
{
	const struct inotify_event *e;
	struct inotify_watch *w;
	ssize_t at;

	for (at = 0; at < len; at += (ssize_t) (sizeof *e + e->len)) {
		e = (const void *) (buf + at);
		for (w = in->all; w != NULL; w = w->next)
			if (w->wd == e->wd || (e->mask & IN_Q_OVERFLOW))
				w->due = 1;
	}
}

static void
on_events (struct loop_source *s, uint32_t events)
{
	struct inotify *in = (struct inotify *) s;
	char buf[4096]
		__attribute__ ((__aligned__ (_Alignof(struct inotify_event))));
	struct inotify_watch *w;
	ssize_t n;

	(void) events;
	n = read (in->fd, buf, sizeof buf);
	if (n > 0)
		mark (in, buf, n);
	for (in->next = in->all; in->next != NULL;) {
		w = in->next;
		in->next = w->next;
		if (w->due) {
			w->due = 0;
			w->changed (w);
		}
	}
}

static struct inotify *
get_inotify (struct loop *l)
{
	struct inotify *in = l->inotify;

	if (in != NULL)
		return in;
	in = mem_zero (l->alloc, sizeof *in);
	if (in == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	in->source.ready = on_events;
	in->fd = fd_move_above_stdio (inotify_init1 (IN_CLOEXEC | IN_NONBLOCK));
	if (in->fd < 0 || loop_add (l, &in->source, in->fd, EPOLLIN) < 0) {
		fd_close (&in->fd);
		mem_free (l->alloc, in, sizeof *in);
		return NULL;
	}
	l->inotify = in;
	return in;
}

static int
add (struct loop *l, struct inotify_watch *w, int fd, uint32_t mask)
{
	struct inotify *in = get_inotify (l);
	char path[FD_PATH_SIZE];

	w->wd = -1;
	w->due = 0;
	if (in == NULL)
		return -1;
	w->wd = inotify_add_watch (in->fd, fd_path (fd, path), mask);
	if (w->wd < 0)
		return -1;
	w->next = in->all;
	in->all = w;
	return 0;
}

int
inotify_watch_add (struct loop *l, struct inotify_watch *w, int fd)
{
	return add (l, w, fd, IN_MODIFY | IN_CLOSE_WRITE);
}

int
inotify_watch_add_dir (struct loop *l, struct inotify_watch *w, int fd)
{
	return add (l, w, fd, IN_MOVED_TO | IN_ONLYDIR);
}

void
inotify_watch_remove (struct loop *l, struct inotify_watch *w)
{
	struct inotify *in = l->inotify;
	struct inotify_watch **p;

	if (w->wd < 0 || in == NULL)
		return;
	inotify_rm_watch (in->fd, w->wd);
	w->wd = -1;
	if (in->next == w)
		in->next = w->next;
	for (p = &in->all; *p != NULL; p = &(*p)->next) {
		if (*p == w) {
			*p = w->next;
			return;
		}
	}
}

void
inotify_watch_free (struct loop *l, int forked)
{
	struct inotify *in = l->inotify;

	if (in == NULL)
		return;
	if (!forked)
		loop_remove (l, &in->source);
	fd_close (&in->fd);
	mem_free (l->alloc, in, sizeof *in);
	l->inotify = NULL;
}
