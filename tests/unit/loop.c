/* SPDX-License-Identifier: MIT */
/* loop.c - descriptors, timers and the followed file, without a child. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/trial.h"
#include "io/file_follow.h"
#include "io/loop.h"
#include "io/pipe.h"
#include "common/fd.h"
#include "common/mem.h"

/* ---- what a source took ---- */

struct taken {
	char *bytes;
	size_t len;
	size_t most; /* in one turn */
	size_t turn;
	int ends;
};

static void
take (void *user, const char *data, size_t len)
{
	struct taken *t = user;

	t->bytes = realloc (t->bytes, t->len + len);
	if (t->bytes == NULL)
		exit (99);
	memcpy (t->bytes + t->len, data, len);
	t->len += len;
	t->turn += len;
}

static void
take_end (void *user)
{
	((struct taken *) user)->ends++;
}

static const struct reader_callbacks intake = { take, take_end, NULL, NULL,
						NULL };

static void
turn (struct loop *l, struct taken *t, int timeout_ms)
{
	t->turn = 0;
	TAP_EQ_INT (loop_turn (l, timeout_ms), LHK_OK);
	if (t->turn > t->most)
		t->most = t->turn;
}

static struct loop *
new_loop (void)
{
	struct loop *l = NULL;

	CU_ASSERT_EQUAL_FATAL (loop_new (&mem_system, &l, NULL), LHK_OK);
	return l;
}

/* ---- timers ---- */

static struct loop *firing;
static char fired[16];
static struct timer again;

static void
fire (struct timer *t)
{
	size_t n = strlen (fired);

	fired[n] = (char) ('0' + t->deadline_ms % 10);
	if (t == &again && n < 3)
		loop_arm (firing, t, 0);
}

static void
timers_in_order (void)
{
	struct loop *l = new_loop ();
	struct timer t[3];
	struct pollfd p = { .fd = l->epoll, .events = POLLIN };
	long long start = now_ms ();
	int i;

	memset (t, 0, sizeof t);
	for (i = 0; i < 3; i++)
		t[i].fire = fire;
	fired[0] = '\0';
	memset (fired, 0, sizeof fired);
	loop_arm (l, &t[0], 60);
	loop_arm (l, &t[1], 20);
	loop_arm (l, &t[2], 40);
	loop_disarm (l, &t[2]);
	TAP_EQ_INT (poll (&p, 1, 0), 0);
	while (strlen (fired) < 2) {
		TAP_EQ_INT (poll (&p, 1, 5000), 1);
		TAP_EQ_INT (loop_turn (l, 0), LHK_OK);
	}
	CU_ASSERT (now_ms () - start >= 60);
	CU_ASSERT_FATAL (!t[0].armed && !t[1].armed && !t[2].armed);
	TAP_EQ_INT (poll (&p, 1, 0), 0);
	inotify_watch_free (l, 0);
	loop_free (l);
}

static void
rearmed_in_turn (void)
{
	struct loop *l = new_loop ();
	int turns = 0;

	memset (fired, 0, sizeof fired);
	memset (&again, 0, sizeof again);
	again.fire = fire;
	firing = l;
	loop_arm (l, &again, 0);
	while (strlen (fired) < 4 && turns < 100) {
		size_t before = strlen (fired);

		TAP_EQ_INT (loop_turn (l, 1000), LHK_OK);
		CU_ASSERT (strlen (fired) <= before + 1);
		turns++;
	}
	TAP_EQ_INT (strlen (fired), 4);
	inotify_watch_free (l, 0);
	loop_free (l);
}

/* ---- wake ---- */

static void
bell (void)
{
	struct loop *l = new_loop ();

	loop_wake (l);
	loop_wake (l);
	TAP_EQ_INT (loop_turn (l, -1), LHK_OK);
	TAP_EQ_INT (l->wake_received, 1);
	TAP_EQ_INT (l->post_received, 0);
	loop_post (l);
	TAP_EQ_INT (loop_turn (l, -1), LHK_OK);
	TAP_EQ_INT (l->post_received, 1);
	inotify_watch_free (l, 0);
	loop_free (l);
}

/* ---- sources ---- */

static struct loop_source first, second;
static int calls;

static void
remove_both (struct loop_source *s, uint32_t events)
{
	(void) s;
	(void) events;
	calls++;
	loop_remove (firing, &first);
	loop_remove (firing, &second);
	TAP_EQ_INT (loop_turn (firing, 0), LHK_ESTATE);
}

static void
removed_in_turn (void)
{
	struct loop *l = new_loop ();
	int a[2], b[2];

	if (pipe (a) < 0 || pipe (b) < 0)
		exit (99);
	CU_ASSERT_EQUAL (write (a[1], "x", 1), 1);
	CU_ASSERT_EQUAL (write (b[1], "x", 1), 1);
	first.ready = second.ready = remove_both;
	firing = l;
	calls = 0;
	CU_ASSERT_EQUAL (loop_add (l, &first, a[0], EPOLLIN), 0);
	CU_ASSERT_EQUAL (loop_add (l, &second, b[0], EPOLLIN), 0);
	TAP_EQ_INT (loop_turn (l, 1000), LHK_OK);
	TAP_EQ_INT (loop_turn (l, 0), LHK_OK);
	TAP_EQ_INT (calls, 1);
	close (a[0]);
	close (a[1]);
	close (b[0]);
	close (b[1]);
	inotify_watch_free (l, 0);
	loop_free (l);
}

static void
pipe_in_shares (void)
{
	static char block[65536];
	struct loop *l = new_loop ();
	struct pipe_reader r;
	struct reader_callbacks to = intake;
	struct taken t = { 0 };
	int fds[2], i, size;

	to.user = &t;
	memset (block, 'p', sizeof block);
	CU_ASSERT_EQUAL_FATAL (fd_pipe (fds, 0), 0);
	CU_ASSERT_EQUAL (pipe_start (&r, l, fds[0], &to), 0);
	CU_ASSERT_EQUAL (write (fds[1], block, 100), 100);
	turn (l, &t, 1000);
	TAP_EQ_INT (t.len, 100);
	/* A full pipe makes it larger, where the kernel allows. */
	for (i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL (write (fds[1], block, sizeof block), 65536);
		turn (l, &t, 1000);
	}
	size = fcntl (fds[1], F_GETPIPE_SZ);
	CU_ASSERT (size == 65536 || size == 256 << 10);
	CU_ASSERT (pipe_is_held (&r));
	CU_ASSERT_EQUAL (write (fds[1], "end", 3), 3);
	close (fds[1]);
	CU_ASSERT (!pipe_is_held (&r));
	while (t.ends == 0)
		turn (l, &t, 1000);
	TAP_EQ_INT (t.len, 100 + 2 * 65536 + 3);
	TAP_EQ_INT (t.ends, 1);
	TAP_EQ_INT (r.fd, -1);
	CU_ASSERT (t.most <= LOOP_SHARE);
	free (t.bytes);
	inotify_watch_free (l, 0);
	loop_free (l);
}

/* The last read takes what is there, though others hold the pipe. */
static void
pipe_last_read (void)
{
	struct loop *l = new_loop ();
	struct pipe_reader r;
	struct reader_callbacks to = intake;
	struct taken t = { 0 };
	int fds[2];

	to.user = &t;
	CU_ASSERT_EQUAL_FATAL (fd_pipe (fds, 0), 0);
	CU_ASSERT_EQUAL (pipe_start (&r, l, fds[0], &to), 0);
	CU_ASSERT_EQUAL (write (fds[1], "rest", 4), 4);
	pipe_finish (&r);
	pipe_finish (&r);
	TAP_EQ_MEM (t.bytes, t.len, "rest", 4);
	TAP_EQ_INT (t.ends, 1);
	close (fds[1]);
	free (t.bytes);
	inotify_watch_free (l, 0);
	loop_free (l);
}

/* ---- the followed file ---- */

/* POLLED: as if there were no inotify. */
static void
follow_file (int polled)
{
	static char block[300000];
	struct loop *l = new_loop ();
	struct file_follower f;
	struct reader_callbacks to = intake;
	struct taken t = { 0 };
	struct rlimit old, none;
	struct stat st;
	size_t total = 0;
	int child, fd, full, i;

	to.user = &t;
	memset (block, 'f', sizeof block);
	fd = file_follow_create ("/tmp", &child, &full);
	CU_ASSERT_FATAL (fd >= 0);
	getrlimit (RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = polled ? 0 : old.rlim_cur;
	setrlimit (RLIMIT_NOFILE, &none);
	file_follow_start (&f, l, fd, &to);
	setrlimit (RLIMIT_NOFILE, &old);
	TAP_EQ_INT (f.polled, polled);
	for (i = 0; i < 20; i++) {
		CU_ASSERT_EQUAL (write (child, block, sizeof block), 300000);
		total += sizeof block;
		while (t.len < total)
			turn (l, &t, 5000);
	}
	CU_ASSERT (t.most <= LOOP_SHARE);
	/* 6 MB went through; at most a piece or two is still on disk. */
	CU_ASSERT_EQUAL (fstat (fd, &st), 0);
	TAP_EQ_INT (st.st_size, total);
	if (f.no_punch)
		tap_note ("this file system gives no disk back");
	else
		CU_ASSERT (st.st_blocks * 512 <= 2 * FOLLOW_PUNCH);
	/* No end before somebody says so. */
	TAP_EQ_INT (t.ends, 0);
	CU_ASSERT_EQUAL (write (child, block, sizeof block), 300000);
	CU_ASSERT_EQUAL (write (child, "end\n", 4), 4);
	total += sizeof block + 4;
	close (child);
	file_follow_finish (&f);
	while (t.ends == 0)
		turn (l, &t, 5000);
	TAP_EQ_INT (t.len, total);
	TAP_EQ_MEM (t.bytes + t.len - 4, 4, "end\n", 4);
	TAP_EQ_INT (f.fd, -1);
	file_follow_stop (&f, 0);
	free (t.bytes);
	inotify_watch_free (l, 0);
	loop_free (l);
}

static void
follow_watched (void)
{
	int before = count_fds ();

	follow_file (0);
	TAP_EQ_INT (count_fds (), before);
}

static void
follow_polled (void)
{
	int before = count_fds ();

	follow_file (1);
	TAP_EQ_INT (count_fds (), before);
}

static void
follow_truncated (void)
{
	struct loop *l = new_loop ();
	struct file_follower f;
	struct reader_callbacks to = intake;
	struct taken t = { 0 };
	int child, fd, full;

	to.user = &t;
	fd = file_follow_create ("/tmp", &child, &full);
	CU_ASSERT_FATAL (fd >= 0);
	file_follow_start (&f, l, fd, &to);
	CU_ASSERT_EQUAL (write (child, "before\n", 7), 7);
	while (t.len < 7)
		turn (l, &t, 5000);
	CU_ASSERT_EQUAL (ftruncate (child, 0), 0);
	CU_ASSERT_EQUAL (write (child, "after\n", 6), 6);
	close (child);
	file_follow_finish (&f);
	while (t.ends == 0)
		turn (l, &t, 5000);
	TAP_EQ_MEM (t.bytes, t.len, "before\nafter\n", 13);
	free (t.bytes);
	inotify_watch_free (l, 0);
	loop_free (l);
}

static const struct tap_case cases[] = {
	{ "loop_timers_fire_in_order_and_make_its_descriptor_readable",
	  timers_in_order },
	{ "loop_timer_armed_by_itself_fires_in_the_next_turn",
	  rearmed_in_turn },
	{ "loop_wake_and_ring_end_a_turn", bell },
	{ "loop_source_removed_in_a_turn_is_not_called", removed_in_turn },
	{ "pipe_is_read_in_fair_shares_to_its_end", pipe_in_shares },
	{ "pipe_last_read_takes_what_is_there", pipe_last_read },
	{ "follow_reads_a_growing_file_and_gives_its_disk_back",
	  follow_watched },
	{ "follow_without_inotify_polls", follow_polled },
	{ "follow_survives_a_truncation", follow_truncated },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("loop", cases);
}
