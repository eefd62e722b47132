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
	struct inotify_watch *at; /* next of a walk; kept right by removal */
	int fd;
};

static void
mark (struct inotify *w, const char *buf, ssize_t len)
{
	const struct inotify_event *e;
	struct inotify_watch *f;
	ssize_t at;

	for (at = 0; at < len; at += (ssize_t) (sizeof *e + e->len)) {
		e = (const void *) (buf + at);
		for (f = w->all; f != NULL; f = f->next)
			if (f->wd == e->wd || (e->mask & IN_Q_OVERFLOW))
				f->due = 1;
	}
}

static void
on_events (struct loop_source *s, uint32_t events)
{
	struct inotify *w = (struct inotify *) s;
	char buf[4096]
		__attribute__ ((__aligned__ (_Alignof(struct inotify_event))));
	struct inotify_watch *f;
	ssize_t n;

	(void) events;
	n = read (w->fd, buf, sizeof buf);
	if (n > 0)
		mark (w, buf, n);
	for (w->at = w->all; w->at != NULL;) {
		f = w->at;
		w->at = f->next;
		if (f->due) {
			f->due = 0;
			f->grew (f);
		}
	}
}

static struct inotify *
get_inotify (struct loop *l)
{
	struct inotify *w = l->inotify;

	if (w != NULL)
		return w;
	w = mem_zero (l->alloc, sizeof *w);
	if (w == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	w->source.ready = on_events;
	w->fd = fd_move_above_stdio (inotify_init1 (IN_CLOEXEC | IN_NONBLOCK));
	if (w->fd < 0 || loop_add (l, &w->source, w->fd, EPOLLIN) < 0) {
		fd_close (&w->fd);
		mem_free (l->alloc, w, sizeof *w);
		return NULL;
	}
	l->inotify = w;
	return w;
}

static int
add (struct loop *l, struct inotify_watch *f, int fd, uint32_t mask)
{
	struct inotify *w = get_inotify (l);
	char path[FD_PATH_SIZE];

	f->wd = -1;
	f->due = 0;
	if (w == NULL)
		return -1;
	f->wd = inotify_add_watch (w->fd, fd_path (fd, path), mask);
	if (f->wd < 0)
		return -1;
	f->next = w->all;
	w->all = f;
	return 0;
}

int
inotify_watch_add (struct loop *l, struct inotify_watch *f, int fd)
{
	return add (l, f, fd, IN_MODIFY | IN_CLOSE_WRITE);
}

int
inotify_watch_add_dir (struct loop *l, struct inotify_watch *f, int fd)
{
	return add (l, f, fd, IN_MOVED_TO | IN_ONLYDIR);
}

void
inotify_watch_remove (struct loop *l, struct inotify_watch *f)
{
	struct inotify *w = l->inotify;
	struct inotify_watch **p;

	if (f->wd < 0 || w == NULL)
		return;
	inotify_rm_watch (w->fd, f->wd);
	f->wd = -1;
	if (w->at == f)
		w->at = f->next;
	for (p = &w->all; *p != NULL; p = &(*p)->next) {
		if (*p == f) {
			*p = f->next;
			return;
		}
	}
}

void
inotify_watch_free (struct loop *l, int forked)
{
	struct inotify *w = l->inotify;

	if (w == NULL)
		return;
	if (!forked)
		loop_remove (l, &w->source);
	fd_close (&w->fd);
	mem_free (l->alloc, w, sizeof *w);
	l->inotify = NULL;
}
