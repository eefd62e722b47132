/* SPDX-License-Identifier: MIT */
/* loop.c - an event loop over descriptors and timers, for one thread. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "io/loop.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/mem.h"

/* Added to the eventfd: its lower half counts wakes, its upper half posts. */
#define WAKE ((uint64_t) 1)
#define POST ((uint64_t) 1 << 32)

int64_t
loop_now (struct loop *l)
{
	return l->turning ? l->now_ms : clock_now_ms ();
}

static int
add_own (struct loop *l, int *fd)
{
	struct epoll_event e = { .events = EPOLLIN, .data = { .ptr = fd } };

	return *fd < 0 ? -1 : epoll_ctl (l->epoll, EPOLL_CTL_ADD, *fd, &e);
}

int
loop_new (const struct lhk_alloc *alloc, struct loop **ret,
	  struct lhk_error *err)
{
	struct loop *l = mem_zero (alloc, sizeof *l);
	int error;

	if (l == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for the loop");
	l->alloc = alloc;
	l->share = mem_new (alloc, LOOP_SHARE);
	l->epoll = fd_move_above_stdio (epoll_create1 (EPOLL_CLOEXEC));
	l->clock = fd_move_above_stdio (
		timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
	l->wakeup_fd =
		fd_move_above_stdio (eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK));
	if (l->share == NULL) {
		loop_free (l);
		return error_set (err, LHK_ENOMEM, 0, "no memory for the loop");
	}
	if (l->epoll < 0 || add_own (l, &l->clock) < 0
	    || add_own (l, &l->wakeup_fd) < 0) {
		error = errno;
		loop_free (l);
		return error_set (err, LHK_ESYS, error,
				  "no descriptors for the loop: %s",
				  strerror (error));
	}
	*ret = l;
	return LHK_OK;
}

void
loop_free (struct loop *l)
{
	if (l == NULL)
		return;
	fd_close (&l->epoll);
	fd_close (&l->clock);
	fd_close (&l->wakeup_fd);
	mem_free (l->alloc, l->share, LOOP_SHARE);
	mem_free (l->alloc, l, sizeof *l);
}

int
loop_add (struct loop *l, struct loop_source *s, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data = { .ptr = s } };

	if (epoll_ctl (l->epoll, EPOLL_CTL_ADD, fd, &e) < 0)
		return -1;
	s->fd = fd;
	s->events = events;
	return 0;
}

void
loop_change (struct loop *l, struct loop_source *s, uint32_t events)
{
	struct epoll_event e = { .events = events, .data = { .ptr = s } };

	if (s->fd < 0 || s->events == events)
		return;
	epoll_ctl (l->epoll, EPOLL_CTL_MOD, s->fd, &e);
	s->events = events;
}

void
loop_remove (struct loop *l, struct loop_source *s)
{
	int i;

	if (s->fd < 0)
		return;
	epoll_ctl (l->epoll, EPOLL_CTL_DEL, s->fd, NULL);
	s->fd = -1;
	for (i = l->at; i < l->n; i++)
		if (l->batch[i].data.ptr == s)
			l->batch[i].data.ptr = NULL;
}

/* Set the timerfd to the first deadline; inside a turn this is done once, at
 * the end. */
static void
set_clock (struct loop *l)
{
	struct itimerspec its = { { 0, 0 }, { 0, 0 } };
	int64_t ms = l->timers.first == NULL ? 0 : l->timers.first->deadline_ms;

	if (l->turning || ms == l->set_ms)
		return;
	its.it_value.tv_sec = ms / 1000;
	its.it_value.tv_nsec = ms % 1000 * 1000000;
	timerfd_settime (l->clock, TFD_TIMER_ABSTIME, &its, NULL);
	l->set_ms = ms;
}

void
loop_arm (struct loop *l, struct timer *t, int64_t after_ms)
{
	int64_t now = loop_now (l);

	/* A timer does not fire in the turn that armed it. */
	timer_set (&l->timers, t, now + (after_ms < 1 ? 1 : after_ms));
	set_clock (l);
}

void
loop_disarm (struct loop *l, struct timer *t)
{
	timer_clear (&l->timers, t);
	set_clock (l);
}

static void
read_wakeup (struct loop *l)
{
	uint64_t value;

	if (read (l->wakeup_fd, &value, sizeof value) != (ssize_t) sizeof value)
		return;
	if (value % POST != 0)
		l->wake_received = 1;
	if (value / POST != 0)
		l->post_received = 1;
}

static void
read_clock (struct loop *l)
{
	uint64_t value;

	if (read (l->clock, &value, sizeof value) == (ssize_t) sizeof value)
		l->set_ms = 0;
}

static void
call_ready (struct loop *l)
{
	struct loop_source *s;
	void *p;

	for (l->at = 0; l->at < l->n;) {
		p = l->batch[l->at].data.ptr;
		l->at++;
		if (p == &l->clock) {
			read_clock (l);
		} else if (p == &l->wakeup_fd) {
			read_wakeup (l);
		} else if (p != NULL) {
			s = p;
			s->ready (s, l->batch[l->at - 1].events);
		}
	}
	l->at = l->n = 0;
}

static void
fire_due (struct loop *l)
{
	struct timer *t;

	while ((t = l->timers.first) != NULL && t->deadline_ms <= l->now_ms) {
		timer_clear (&l->timers, t);
		t->fire (t);
	}
}

void
loop_enter (struct loop *l)
{
	l->now_ms = clock_now_ms ();
	l->turning = 1;
}

void
loop_leave (struct loop *l)
{
	l->turning = 0;
	set_clock (l);
}

int
loop_turn (struct loop *l, int timeout_ms)
{
	int64_t polled_ms = clock_now_ms ();
	int n;

	if (l->turning)
		return LHK_ESTATE;
	n = epoll_wait (l->epoll, l->batch, LOOP_BATCH, timeout_ms);
	if (n < 0)
		return errno == EINTR ? LHK_OK : LHK_ESYS;
	loop_enter (l);
	l->quiet_ms = l->polled_ms;
	/* If the batch is full, there may be more events in the kernel. */
	if (n < LOOP_BATCH)
		l->polled_ms = polled_ms;
	l->n = n;
	call_ready (l);
	fire_due (l);
	loop_leave (l);
	return LHK_OK;
}

static void
wakeup_post (struct loop *l, uint64_t value)
{
	int saved = errno;

	/* If the counter is full, the descriptor is readable already. */
	if (write (l->wakeup_fd, &value, sizeof value) < 0)
		errno = saved;
	errno = saved;
}

void
loop_wake (struct loop *l)
{
	wakeup_post (l, WAKE);
}

void
loop_post (struct loop *l)
{
	wakeup_post (l, POST);
}
