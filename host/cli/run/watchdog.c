/* SPDX-License-Identifier: MIT */
/* watchdog.c - the run ends, whatever its plugin does. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/output/signals.h"
#include "cli/run/watchdog.h"
#include "common/clock.h"
#include "common/fd.h"

/* A callback that takes so long is looked at: the main thread would have got to
 * its signals and timers by then. */
#define LONG_MS 1000

/* How often, once something has happened. */
#define LOOK_MS 250

/* How long the main thread may take to stop. */
#define STOP_MS 2000

/* Bytes of the thread's stack: the view and the record need some tens of KiB. */
#define STACK_SIZE ((size_t) 512 << 10)

static struct {
	struct watchdog_opts opts;
	pthread_t main, thread;
	int is_started;
	_Atomic int is_ending; /* the thread is to end */
	int64_t started_ms;
	int wake;		  /* eventfd: a signal came */
	int record;		  /* inotify on the record; -1: none */
	int stopped, release;	  /* eventfds of the stop */
	_Atomic int is_requested; /* the main thread is to stop */
	_Atomic int status;	  /* of the process, -1: not known */
	int is_alert;		  /* something has happened */
	int64_t due_ms; /* since when the run is overdue; 0: it is not */
} dog = { .wake = -1, .record = -1, .stopped = -1, .release = -1 };

/* ---- stopping the main thread ---- */

/* The signal that stops it; nothing else of ours uses it. */
static int
stop_signal (void)
{
	return SIGRTMIN + 7;
}

/* What it does to a process that has no use for it. */
static void
die_of (int signo)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction (signo, &usual, NULL);
	kill (getpid (), signo);
}

/* The request may have been withdrawn before the signal was delivered. */
static void
on_stop (int signo, siginfo_t *info, void *context)
{
	uint64_t n = 1;
	int kept = errno;

	(void) context;
	if (info->si_code != SI_TKILL || info->si_pid != getpid ()) {
		die_of (signo);
	} else if (atomic_exchange (&dog.is_requested, 0)) {
		(void) !write (dog.stopped, &n, sizeof n);
		while (read (dog.release, &n, sizeof n) < 0 && errno == EINTR)
			;
	}
	errno = kept;
}

static int
await_count (int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n;
	int r;

	do
		r = poll (&p, 1, timeout_ms);
	while (r < 0 && errno == EINTR);
	return r > 0 && read (fd, &n, sizeof n) == (ssize_t) sizeof n;
}

static void
release_main (void)
{
	uint64_t n = 1;

	(void) !write (dog.release, &n, sizeof n);
}

/* 1: it is stopped.  0: it runs, and will not stop. */
static int
request_stop (void)
{
	atomic_store (&dog.is_requested, 1);
	if (pthread_kill (dog.main, stop_signal ()) == 0
	    && await_count (dog.stopped, STOP_MS))
		return 1;
	return !atomic_exchange (&dog.is_requested, 0)
	       && await_count (dog.stopped, -1);
}

/* 1: it is stopped, and in a callback that has been running for long.  0: it
 * runs. */
static int
stop_main (struct lhk_callback *ret)
{
	if (!request_stop ())
		return 0;
	if (lhk_host_callback (dog.opts.host, ret) && ret->ms >= LONG_MS
	    && !ret->in_host)
		return 1;
	release_main ();
	return 0;
}

/* ---- what is due ---- */

/* Of a run that is not there yet, because its plugin does not open. */
static int
is_start_overdue (int64_t ms)
{
	unsigned int n = signals_count ();
	int64_t age = clock_now_ms () - dog.started_ms;
	uint32_t total_ms = dog.opts.total_ms;

	return n > 1 || (n > 0 && ms >= dog.opts.grace_ms)
	       || (total_ms != 0 && age >= total_ms);
}

/* The main thread is stopped in CALLBACK.  It gets the time to react that it would
 * have had if the callback had returned when it was time. */
static int
is_overdue (const struct lhk_callback *callback)
{
	struct lhk_run *run = dog.opts.run (dog.opts.user);
	int64_t now = clock_now_ms ();
	int is_due = run != NULL ? lhk_run_is_overdue (run)
				 : is_start_overdue (callback->ms);

	if (!is_due)
		dog.due_ms = 0;
	else if (dog.due_ms == 0)
		dog.due_ms = now;
	dog.is_alert |= is_due;
	return is_due && now - dog.due_ms >= LONG_MS;
}

static void
look (void)
{
	struct lhk_callback callback;
	int status = atomic_load (&dog.status);

	if (!lhk_host_callback (dog.opts.host, &callback)
	    || callback.ms < LONG_MS) {
		dog.due_ms = 0;
		return;
	}
	/* Its output is written, and its record has ended. */
	if (status >= 0 && callback.callback == LHK_CALLBACK_CLOSE)
		_exit (status);
	if (!stop_main (&callback))
		return;
	if (is_overdue (&callback))
		dog.opts.abandon (dog.opts.user, &callback);
	release_main ();
}

/* ---- waiting ---- */

static int64_t
sooner (int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Milliseconds until something may be due; -1: only when something happens. */
static int64_t
next_look (void)
{
	const struct watchdog_opts *o = &dog.opts;
	struct lhk_callback callback = { .ms = 0 };
	int64_t left = -1;

	if (dog.is_alert || clock_now_ms () - dog.started_ms < o->start_ms)
		return LOOK_MS;
	if (o->total_ms != 0)
		left = dog.started_ms + o->total_ms - clock_now_ms ();
	if (o->total_ms != 0 && left < 0)
		left = 0;
	if (o->idle_ms != 0) {
		(void) lhk_host_callback (o->host, &callback);
		left = sooner (left, callback.ms < o->idle_ms
					     ? o->idle_ms - callback.ms
					     : LOOK_MS);
	}
	return left;
}

/* Somebody has written to the record what may be a request. */
static int
read_record (void)
{
	char buf[4096];

	return read (dog.record, buf, sizeof buf) > 0;
}

static void
wait_for_event (void)
{
	struct pollfd p[] = {
		{ .fd = dog.wake, .events = POLLIN },
		{ .fd = dog.record, .events = POLLIN },
	};
	int64_t ms = next_look ();
	uint64_t n;
	int r = poll (p, 2, ms > INT_MAX ? INT_MAX : (int) ms);

	if (r > 0 && (p[0].revents & POLLIN) != 0)
		dog.is_alert |= read (dog.wake, &n, sizeof n) > 0;
	if (r > 0 && (p[1].revents & POLLIN) != 0)
		dog.is_alert |= read_record ();
	if (dog.opts.total_ms != 0
	    && clock_now_ms () >= dog.started_ms + dog.opts.total_ms)
		dog.is_alert = 1;
}

static void *
watch (void *user)
{
	while (!atomic_load (&dog.is_ending)) {
		wait_for_event ();
		look ();
	}
	return user;
}

/* ---- the beginning ---- */

static int
open_descriptors (void)
{
	dog.wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
	dog.stopped = eventfd (0, EFD_CLOEXEC);
	dog.release = eventfd (0, EFD_CLOEXEC);
	dog.record = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
	return dog.wake >= 0 && dog.stopped >= 0 && dog.release >= 0;
}

static void
close_descriptors (void)
{
	fd_close (&dog.wake);
	fd_close (&dog.stopped);
	fd_close (&dog.release);
	fd_close (&dog.record);
}

/* Signals go to the main thread alone. */
static int
start_thread (void)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int r;

	if (pthread_attr_init (&attr) != 0)
		return -1;
	pthread_attr_setstacksize (&attr, STACK_SIZE);
	sigfillset (&all);
	pthread_sigmask (SIG_SETMASK, &all, &old);
	r = pthread_create (&dog.thread, &attr, watch, NULL);
	pthread_sigmask (SIG_SETMASK, &old, NULL);
	pthread_attr_destroy (&attr);
	return r == 0 ? 0 : -1;
}

void
watchdog_start (const struct watchdog_opts *opts)
{
	struct sigaction action = { .sa_sigaction = on_stop,
				    .sa_flags = SA_SIGINFO | SA_RESTART };

	dog.opts = *opts;
	dog.main = pthread_self ();
	dog.started_ms = clock_now_ms ();
	atomic_store (&dog.status, -1);
	sigfillset (&action.sa_mask);
	dog.is_started = open_descriptors ()
			 && sigaction (stop_signal (), &action, NULL) == 0
			 && start_thread () == 0;
	if (dog.is_started)
		signals_count_to (dog.wake);
	else
		close_descriptors ();
}

static void
wake (void)
{
	const uint64_t one = 1;

	if (dog.is_started)
		(void) !write (dog.wake, &one, sizeof one);
}

void
watchdog_stop (void)
{
	if (!dog.is_started)
		return;
	signals_count_to (-1);
	atomic_store (&dog.is_ending, 1);
	wake ();
	pthread_join (dog.thread, NULL);
	dog.is_started = 0;
	close_descriptors ();
}

void
watchdog_watch_record (const char *dir, const char *id)
{
	char path[PATH_MAX];
	int n = snprintf (path, sizeof path, "%s/%s", dir, id);

	if (dog.record >= 0 && n > 0 && (size_t) n < sizeof path)
		(void) inotify_add_watch (dog.record, path,
					  IN_CREATE | IN_MOVED_TO);
}

void
watchdog_set_status (int status)
{
	atomic_store (&dog.status, status);
	wake ();
}
