/* SPDX-License-Identifier: MIT */
/* record_wait.c - waiting for the end of a run: how often it looks, at what
 * cost. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/macros.h"
#include "record/layout.h"
#include "record/remove.h"
#include "record/store.h"
#include "record/wait.h"
#include "lib/clock.h"
#include "lib/record_fixture.h"
#include "lib/alloc_counter.h"
#include "lib/tap.h"

/* The clock and poll of the library; faked, a wait takes no time. */
int __real_poll (struct pollfd *p, nfds_t n, int ms);
int __wrap_poll (struct pollfd *p, nfds_t n, int ms);
int __real_clock_gettime (clockid_t id, struct timespec *ts);
int __wrap_clock_gettime (clockid_t id, struct timespec *ts);
int __real_fstatat (int dir, const char *path, struct stat *st, int flags);
int __wrap_fstatat (int dir, const char *path, struct stat *st, int flags);
int __real_openat (int dir, const char *path, int flags, ...);
int __wrap_openat (int dir, const char *path, int flags, ...);

/* What happens to the record in poll number HAPPENS_AT. */
static void (*happens) (void);

static struct {
	int faked;
	int64_t now_ns;
	int polls;
	int slow;	/* the clock goes at half the speed of poll's */
	int waits[128]; /* milliseconds of each poll */
	int end_at;	/* the poll in which the run ends; 0: never */
	int happens_at; /* the poll in which something else happens */
	struct record_writer *keeper;
	struct lhk_store *store;
	const char *dir; /* of the store */
	struct failing *memory;
	uint64_t calls_at_first;
	uint64_t allocations_at_first, allocations_at_last;
	int look_errno; /* of the look after poll number LOOK_AT */
	int look_at;
	pthread_t waiter; /* whose opens are noted */
	int opens;
	char opened[512];
} fake;

int
__wrap_poll (struct pollfd *p, nfds_t n, int ms)
{
	if (!fake.faked)
		return __real_poll (p, n, ms);
	if (fake.memory != NULL && fake.polls == 0)
		fake.calls_at_first = fake.memory->calls;
	if (fake.polls == 0)
		fake.allocations_at_first = n_allocations;
	fake.allocations_at_last = n_allocations;
	if (fake.polls < 128)
		fake.waits[fake.polls] = ms;
	fake.polls++;
	fake.now_ns += (int64_t) ms * 1000000 / (fake.slow ? 2 : 1);
	if (fake.polls == fake.end_at)
		record_fixture_finish (fake.keeper, LHK_VERDICT_OK, 0);
	if (fake.polls == fake.happens_at)
		happens ();
	return 0;
}

int
__wrap_clock_gettime (clockid_t id, struct timespec *ts)
{
	if (!fake.faked || id != CLOCK_MONOTONIC)
		return __real_clock_gettime (id, ts);
	ts->tv_sec = (time_t) (fake.now_ns / 1000000000);
	ts->tv_nsec = (long) (fake.now_ns % 1000000000);
	return 0;
}

int
__wrap_fstatat (int dir, const char *path, struct stat *st, int flags)
{
	if (fake.look_errno != 0 && fake.polls == fake.look_at) {
		errno = fake.look_errno;
		return -1;
	}
	return __real_fstatat (dir, path, st, flags);
}

int
__wrap_openat (int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	size_t len;

	va_start (args, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg (args, mode_t) : 0;
	va_end (args);
	if (!pthread_equal (fake.waiter, pthread_self ()))
		return __real_openat (dir, path, flags, mode);
	len = strlen (fake.opened);
	fake.opens++;
	if (len + strlen (path) + 2 < sizeof fake.opened) {
		strcpy (fake.opened + len, path);
		strcat (fake.opened, " ");
	}
	return __real_openat (dir, path, flags, mode);
}

static void
begin (struct lhk_store **s, struct record_writer *k,
       const struct lhk_alloc *alloc)
{
	const char *dir = record_fixture_store ();

	memset (&fake, 0, sizeof fake);
	fake.waiter = pthread_self ();
	record_fixture_begin (k, "demo");
	TAP_EQ_INT (lhk_store_open (dir, alloc, s, NULL), LHK_OK);
	fake.keeper = k;
	fake.dir = dir;
	fake.opens = 0;
	fake.opened[0] = '\0';
}

static void
end (struct lhk_store *s, struct record_writer *k)
{
	fake.faked = 0;
	record_writer_close (k);
	lhk_store_free (s);
	record_fixture_clear ();
}

static void
jitter (void)
{
	int64_t base, wait;
	uint64_t attempt;

	/* Computed by the formula elsewhere. */
	TAP_EQ_INT (record_wait_jitter ("abc", 1, 200), 206);
	TAP_EQ_INT (record_wait_jitter ("abc", 2, 400), 426);
	TAP_EQ_INT (record_wait_jitter ("abc", 12, 5000), 4805);
	TAP_EQ_INT (record_wait_jitter ("01M3RUN", 1, 200), 198);
	TAP_EQ_INT (record_wait_jitter ("abc", 1, 0), 0);
	for (base = 200; base <= 5000; base += 100)
		for (attempt = 1; attempt < 40; attempt++) {
			wait = record_wait_jitter ("some-run", attempt, base);
			if (wait < base - base / 10 || wait > base + base / 10)
				TAP_EQ_INT (wait, base);
		}
}

static void
backoff (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	int64_t base = 200;
	int status, i;

	begin (&s, &k, NULL);
	fake.faked = 1;
	o.polled = 1;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_ETIMEOUT);
	TAP_EQ_INT (status, LHK_RECORD_RUNNING);
	TAP_EQ_INT (fake.now_ns / 1000000, LHK_WAIT_DEFAULT_MS);
	for (i = 0; i < fake.polls - 1; i++) {
		TAP_EQ_INT (
			fake.waits[i],
			record_wait_jitter ("demo", (uint64_t) i + 1, base));
		base = base * 2 > 5000 ? 5000 : base * 2;
	}
	CU_ASSERT (fake.polls > 10 && fake.polls < 25);
	end (s, &k);
}

/* One loop of more polls than fit into 300 s: its clock is slow. */
static void
hundred_polls (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct failing memory;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	uint64_t polls = 0;
	int status;

	failing_init (&memory);
	begin (&s, &k, &memory.alloc);
	fake.faked = fake.slow = 1;
	fake.memory = &memory;
	fake.end_at = 101;
	o.polled = 1;
	o.timeout_ms = LHK_WAIT_MAX_MS;
	o.polls = &polls;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_ENDED);
	TAP_EQ_INT (fake.polls, 101);
	TAP_EQ_INT (polls, 102);
	/* Between the first and the last of them. */
	TAP_EQ_INT (fake.allocations_at_last - fake.allocations_at_first, 0);
	/* After it: the answer's own memory, and one file. */
	TAP_EQ_INT (memory.calls - fake.calls_at_first, 1);
	tap_note ("opened: %s", fake.opened);
	CU_ASSERT (fake.opens < 10);
	end (s, &k);
	CU_ASSERT (failing_clean (&memory));
}

static void
limits (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_error err;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;

	begin (&s, &k, NULL);
	fake.faked = 1;
	o.timeout_ms = -2;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, &err),
		    LHK_EINVAL);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "-2"));
	o.timeout_ms = 0;
	o.start_ms = -1;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, &err),
		    LHK_EINVAL);
	o.start_ms = 0;
	o.include = 64;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, &err),
		    LHK_EINVAL);
	TAP_EQ_INT (fake.polls, 0);
	end (s, &k);
}

/* Longer than the default, and than a caller of HTTP may ask for. */
static void
long_waits (void)
{
	static const int64_t times[] = { LHK_WAIT_FOREVER, INT64_MAX, 3600000 };
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	size_t i;
	int status;

	for (i = 0; i < ARRAY_SIZE (times); i++) {
		begin (&s, &k, NULL);
		fake.faked = 1;
		fake.end_at = 120;
		o.polled = 1;
		o.timeout_ms = times[i];
		TAP_EQ_INT (
			lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
			LHK_OK);
		TAP_EQ_INT (status, LHK_RECORD_ENDED);
		CU_ASSERT (fake.now_ns / 1000000 > LHK_WAIT_MAX_MS);
		end (s, &k);
	}
}

static void
transient (void)
{
	static const int stops[] = { EACCES, EIO, ELOOP };
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	size_t i;

	o.polled = 1;
	begin (&s, &k, NULL);
	fake.faked = 1;
	fake.look_errno = ESTALE;
	fake.look_at = 2;
	fake.end_at = 3;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, NULL),
		    LHK_OK);
	end (s, &k);
	for (i = 0; i < 3; i++) {
		begin (&s, &k, NULL);
		fake.faked = 1;
		fake.look_errno = stops[i];
		fake.look_at = 2;
		TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, NULL),
			    LHK_ESYS);
		TAP_EQ_INT (fake.polls, 2);
		end (s, &k);
	}
}

static void
canceled (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	int fds[2], status;

	begin (&s, &k, NULL);
	TAP_EQ_INT (pipe (fds), 0);
	TAP_EQ_INT (write (fds[1], "", 1), 1);
	o.cancel_fd = fds[0];
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_ECANCELED);
	TAP_EQ_INT (status, LHK_RECORD_RUNNING);
	close (fds[0]);
	close (fds[1]);
	end (s, &k);
}

static void *
finish_soon (void *arg)
{
	sleep_us (20000);
	record_fixture_finish (arg, LHK_VERDICT_FAILED, 1);
	return NULL;
}

static void
woken (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	uint64_t polls = 0;
	pthread_t thread;
	int status;

	begin (&s, &k, NULL);
	o.polls = &polls;
	TAP_EQ_INT (pthread_create (&thread, NULL, finish_soon, &k), 0);
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_OK);
	pthread_join (thread, NULL);
	TAP_EQ_INT (status, LHK_RECORD_ENDED);
	TAP_EQ_INT (lhk_store_status (s), 1);
	tap_note ("%llu looks", (unsigned long long) polls);
	end (s, &k);
}

static void
host_dies (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	int status;

	begin (&s, &k, NULL);
	record_writer_close (&k);
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_LOST);
	TAP_EQ_INT (lhk_store_status (s), 125);
	end (s, &k);
}

static void
unknown (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_error err;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;

	begin (&s, &k, NULL);
	TAP_EQ_INT (lhk_store_wait (s, "other", NULL, &answer, NULL, &err),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (lhk_store_wait (s, "../demo", NULL, &answer, NULL, &err),
		    LHK_EINVAL);
	fake.faked = 1;
	o.for_start = 1;
	TAP_EQ_INT (lhk_store_wait (s, "other", &o, &answer, NULL, &err),
		    LHK_ETIMEOUT);
	fake.now_ns = 0;
	o.start_ms = 5000;
	o.timeout_ms = LHK_WAIT_FOREVER;
	TAP_EQ_INT (lhk_store_wait (s, "other", &o, &answer, NULL, &err),
		    LHK_ENOTFOUND);
	TAP_EQ_INT (fake.now_ns / 1000000, 5000);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "none has started"));
	/* A run that is there has all the time there is. */
	fake.now_ns = 0;
	fake.end_at = fake.polls + 50;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, &err),
		    LHK_OK);
	CU_ASSERT (fake.now_ns / 1000000 > 5000);
	end (s, &k);
}

static void
remove_it (void)
{
	record_writer_close (fake.keeper);
	TAP_EQ_INT (lhk_store_remove (fake.store, "demo", NULL), LHK_OK);
}

/* By somebody who asks nobody. */
static void
remove_files (void)
{
	TAP_EQ_INT (record_remove (fake.store->fd, "demo"), 0);
}

static void
rename_it (void)
{
	TAP_EQ_INT (renameat (fake.store->fd, "demo", fake.store->fd, "other"),
		    0);
}

static void
replace_it (void)
{
	static struct record_writer other;

	remove_it ();
	record_fixture_begin (&other, "demo");
	record_fixture_finish (&other, LHK_VERDICT_OK, 0);
}

static void
remove_store (void)
{
	remove_files ();
	unlinkat (fake.store->fd, RECORD_INDEX, 0);
	TAP_EQ_INT (rmdir (fake.dir), 0);
}

static void
removed (void)
{
	static void (*const events[]) (void) = { remove_it, remove_files,
						 rename_it, replace_it,
						 remove_store };
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_error err;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	size_t i;

	for (i = 0; i < 2 * sizeof events / sizeof *events; i++) {
		begin (&s, &k, NULL);
		fake.faked = 1;
		fake.store = s;
		happens = events[i / 2];
		fake.happens_at = 2;
		o.for_start = i % 2;
		err.text[0] = '\0';
		TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, NULL, &err),
			    LHK_ENOTFOUND);
		CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "was removed"));
		TAP_EQ_INT (fake.polls, 2);
		end (s, &k);
	}
}

/* The store that was there when the wait began goes, and another one comes with
 * the run. */
static void
new_store (void)
{
	static struct record_writer other;

	unlinkat (fake.store->fd, RECORD_INDEX, 0);
	remove_files ();
	TAP_EQ_INT (rmdir (fake.dir), 0);
	record_fixture_begin (&other, "late");
	record_fixture_finish (&other, LHK_VERDICT_FAILED, 1);
}

static void
renewed (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	int status = 0;

	begin (&s, &k, NULL);
	fake.faked = 1;
	fake.store = s;
	happens = new_store;
	fake.happens_at = 2;
	o.for_start = 1;
	TAP_EQ_INT (lhk_store_wait (s, "late", &o, &answer, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_ENDED);
	TAP_EQ_INT (lhk_store_status (s), 1);
	end (s, &k);
}

static void
remove_lock (void)
{
	char path[160];

	snprintf (path, sizeof path, "%s/demo/" RECORD_LOCK, fake.dir);
	TAP_EQ_INT (unlink (path), 0);
}

static void
lock_goes (void)
{
	struct lhk_wait_opts o = LHK_WAIT_OPTS_INIT;
	struct lhk_store *s;
	struct record_writer k;
	struct lhk_str answer;
	int status = 0;

	begin (&s, &k, NULL);
	fake.faked = 1;
	fake.happens_at = 2;
	fake.end_at = 4;
	happens = remove_lock;
	o.polled = 1;
	TAP_EQ_INT (lhk_store_wait (s, "demo", &o, &answer, &status, NULL),
		    LHK_OK);
	TAP_EQ_INT (status, LHK_RECORD_ENDED);
	TAP_EQ_INT (fake.polls, 4);
	end (s, &k);
}

static const struct tap_case cases[] = {
	{ "the_jitter_follows_the_formula", jitter },
	{ "polls_back_off_to_five_seconds_within_the_time", backoff },
	{ "a_hundred_polls_allocate_nothing_and_format_nothing",
	  hundred_polls },
	{ "less_time_than_none_is_refused", limits },
	{ "a_wait_is_as_long_as_it_is_told_or_without_limit", long_waits },
	{ "a_stale_name_is_looked_at_again_and_another_error_stops",
	  transient },
	{ "a_cancel_is_no_time_out", canceled },
	{ "the_end_of_the_run_wakes_the_waiter", woken },
	{ "a_dead_host_ends_the_wait", host_dies },
	{ "an_unknown_run_is_waited_for_only_if_asked", unknown },
	{ "a_record_that_goes_while_it_is_waited_for_ends_the_wait", removed },
	{ "a_lock_that_goes_while_its_host_lives_ends_no_wait", lock_goes },
	{ "a_store_that_comes_in_place_of_another_is_found", renewed },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_wait", cases);
}
