/* SPDX-License-Identifier: MIT */
/* spill.c - output that waits for slow consumers, and ends with dead ones. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/runs.h"
#include "sink/backlog.h"
#include "sink/queue.h"
#include "sink/spill.h"
#include "util/mem.h"

#define MIB (1 << 20)

static long left;		/* allocations until they fail; -1: never */

static void *
failing_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	(void) ctx;
	(void) old_size;
	if (new_size == 0) {
		free (ptr);
		return NULL;
	}
	if (left == 0)
		return NULL;
	if (left > 0)
		left--;
	return realloc (ptr, new_size);
}

static const struct lhk_alloc failing = { NULL, failing_resize };

/* ---- the backlog ---- */

/* Bytes that tell their place. */
static char
at_place (uint64_t n)
{
	return (char) ('a' + n * 31 % 26 + n / 9973 % 5);
}

static void
push_some (struct backlog *b, uint64_t *at, size_t len)
{
	char *p = malloc (len);
	size_t i;

	if (p == NULL)
		exit (99);
	for (i = 0; i < len; i++)
		p[i] = at_place (*at + i);
	TAP_EQ_INT (backlog_push (b, p, len), LHK_OK);
	*at += len;
	free (p);
}

/* 1: the next LEN bytes are the right ones. */
static int
pop_some (struct backlog *b, uint64_t *at, size_t len)
{
	const char *p = NULL;
	size_t n, i;

	while (len != 0) {
		n = backlog_peek (b, &p);
		if (n == 0)
			return 0;
		if (n > len)
			n = len;
		for (i = 0; i < n; i++)
			if (p[i] != at_place (*at + i))
				return 0;
		backlog_drop (b, n);
		*at += n;
		len -= n;
	}
	return 1;
}

static void
backlog_in_order (void)
{
	struct backlog b;
	uint64_t in = 0, out = 0;
	unsigned int noise = 7;
	size_t n;
	int i, used_file = 0;

	TAP_EQ_INT (backlog_init (&b, &mem_system, "/tmp", 10000), LHK_OK);
	for (i = 0; i < 3000; i++) {
		noise = noise * 1103515245 + 12345;
		n = (noise >> 8) % 5000;
		if ((noise >> 24) % 2 == 0) {
			push_some (&b, &in, n);
		} else {
			if (n > in - out)
				n = (size_t) (in - out);
			CU_ASSERT_FATAL (pop_some (&b, &out, n));
		}
		TAP_EQ_INT (backlog_size (&b), in - out);
		used_file |= b.fd >= 0;
		CU_ASSERT (b.cap <= 131072);
	}
	CU_ASSERT (pop_some (&b, &out, (size_t) (in - out)));
	CU_ASSERT (used_file);
	TAP_EQ_INT (b.fd, -1);
	TAP_EQ_INT (b.lost, 0);
	backlog_free (&b);
}

static void
backlog_without_file (void)
{
	struct backlog b;
	uint64_t in = 0, out = 0;

	TAP_EQ_INT (backlog_init (&b, &mem_system, "/no/such/dir", 1000),
		    LHK_OK);
	push_some (&b, &in, 900);
	push_some (&b, &in, 900);
	push_some (&b, &in, 900000);
	CU_ASSERT (pop_some (&b, &out, 901800));
	TAP_EQ_INT (b.lost, 0);
	backlog_free (&b);
}

/* A disk that fills up in between. */
static void
backlog_disk_full (void)
{
	struct rlimit old, tight;
	struct backlog b;
	uint64_t in = 0, out = 0;

	signal (SIGXFSZ, SIG_IGN);
	getrlimit (RLIMIT_FSIZE, &old);
	tight = old;
	tight.rlim_cur = 50000;
	TAP_EQ_INT (backlog_init (&b, &mem_system, "/tmp", 1000), LHK_OK);
	setrlimit (RLIMIT_FSIZE, &tight);
	push_some (&b, &in, 900);
	push_some (&b, &in, 40000);
	CU_ASSERT (b.fd >= 0);
	push_some (&b, &in, 40000);
	push_some (&b, &in, 40000);
	setrlimit (RLIMIT_FSIZE, &old);
	CU_ASSERT (pop_some (&b, &out, 120900));
	TAP_EQ_INT (b.lost, 0);
	backlog_free (&b);
}

static void
backlog_without_both (void)
{
	struct backlog b;
	uint64_t in = 0, out = 0;

	left = -1;
	TAP_EQ_INT (backlog_init (&b, &failing, "/no/such/dir", 1000), LHK_OK);
	push_some (&b, &in, 900);
	left = 0;
	TAP_EQ_INT (backlog_push (&b, "0123456789", 10), LHK_OK);
	TAP_EQ_INT (backlog_push (&b, "x", 0), LHK_OK);
	{
		static char much[100000];

		TAP_EQ_INT (backlog_push (&b, much, sizeof much), LHK_ENOMEM);
	}
	TAP_EQ_INT (b.lost, 100000);
	CU_ASSERT (pop_some (&b, &out, 900));
	TAP_EQ_INT (backlog_size (&b), 10);
	backlog_free (&b);
	left = -1;
}

/* ---- the queue ---- */

static void
text_event (struct queue *q, char c, size_t len)
{
	struct lhk_meta meta = { .size = sizeof meta, .turn = 1, .seq = 1,
				 .time_ms = -1 };
	struct lhk_ev_text ev = { .ev = LHK_EV (struct lhk_ev_text,
						LHK_EV_TEXT) };
	char *p = malloc (len + 1);

	if (p == NULL)
		exit (99);
	memset (p, c, len + 1);
	ev.role = LHK_ROLE_ASSISTANT;
	ev.text = (struct lhk_text) { p, len, LHK_TEXT_PLAIN, 0 };
	queue_event (q, &meta, &ev.ev, 0);
	free (p);
}

static void
queue_lines (void)
{
	static const size_t sizes[] = { 0, 10, 3 * MIB, 5, 100000, 70000, 1 };
	struct lhk_str line = { NULL, 0 };
	struct queue q;
	size_t i, n;

	TAP_EQ_INT (queue_init (&q, &mem_system, "/tmp"), LHK_OK);
	TAP_EQ_INT (queue_next (&q, &line), LHK_AGAIN);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		text_event (&q, (char) ('a' + i), sizes[i]);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		TAP_EQ_INT (queue_next (&q, &line), LHK_OK);
		CU_ASSERT (line.len > sizes[i] && line.len < sizes[i] + 200);
		TAP_EQ_INT (line.ptr[0], '{');
		TAP_EQ_INT (line.ptr[line.len - 1], '}');
		n = 0;
		while (n < line.len && memcmp (line.ptr + n, "\"text\":\"", 8)
		       != 0)
			n++;
		if (sizes[i] != 0 && n + 8 < line.len)
			TAP_EQ_INT (line.ptr[n + 8], 'a' + (int) i);
	}
	TAP_EQ_INT (queue_next (&q, &line), LHK_AGAIN);
	TAP_EQ_INT (q.lost, 0);
	queue_free (&q);
}

/* ---- the spill ---- */

struct rig {
	struct loop *loop;
	struct spill *spill;
	int fds[2];		/* to read from, to write to */
};

static void
rig_begin (struct rig *r)
{
	TAP_EQ_INT (loop_new (&mem_system, &r->loop, NULL), LHK_OK);
	TAP_EQ_INT (spill_new (&mem_system, r->loop, r->fds[1], "/tmp",
			       &r->spill, NULL), LHK_OK);
}

static void
rig_end (struct rig *r)
{
	spill_free (r->spill);
	loop_free (r->loop, 0);
	if (r->fds[0] >= 0)
		close (r->fds[0]);
	close (r->fds[1]);
}

static void
write_lines (struct rig *r, int n)
{
	char line[128];
	int i, len;

	for (i = 0; i < n; i++) {
		len = snprintf (line, sizeof line, "line %d of %d, with some"
				" more words to make it longer\n", i, n);
		spill_write (r->spill, line, (size_t) len);
	}
}

/* Reads all that comes, turning the loop; 1: it is what was written. */
static int
read_lines (struct rig *r, int n)
{
	char wanted[128], line[128], buf[5000];
	ssize_t got, i;
	size_t len = 0;
	int at = 0;

	fcntl (r->fds[0], F_SETFL, O_NONBLOCK);
	while (at < n) {
		got = read (r->fds[0], buf, sizeof buf);
		if (got < 0 && errno == EAGAIN) {
			if (loop_turn (r->loop, 5000) < 0)
				return 0;
			continue;
		}
		if (got <= 0)
			return 0;
		for (i = 0; i < got; i++) {
			line[len++] = buf[i];
			if (buf[i] != '\n')
				continue;
			line[len] = '\0';
			snprintf (wanted, sizeof wanted, "line %d of %d, with"
				  " some more words to make it longer\n", at++,
				  n);
			if (strcmp (line, wanted) != 0)
				return 0;
			len = 0;
		}
	}
	return 1;
}

static void
slow_pipe (void)
{
	struct rig r;
	int flags;

	if (pipe (r.fds) < 0)
		exit (99);
	rig_begin (&r);
	flags = fcntl (r.fds[1], F_GETFL);
	write_lines (&r, 60000);
	/* Nobody read a byte, and we are here: more than memory may hold. */
	CU_ASSERT (spill_waiting (r.spill) > 2 * MIB);
	TAP_EQ_INT (fcntl (r.fds[1], F_GETFL), flags);
	CU_ASSERT (read_lines (&r, 60000));
	TAP_EQ_INT (spill_waiting (r.spill), 0);
	TAP_EQ_INT (spill_error (r.spill), 0);
	TAP_EQ_INT (spill_finish (r.spill), LHK_OK);
	rig_end (&r);
}

static void
slow_socket (void)
{
	struct rig r;

	if (socketpair (AF_UNIX, SOCK_STREAM, 0, r.fds) < 0)
		exit (99);
	rig_begin (&r);
	write_lines (&r, 20000);
	CU_ASSERT (spill_waiting (r.spill) > 0);
	CU_ASSERT (read_lines (&r, 20000));
	rig_end (&r);
}

static void
dead_consumer (void)
{
	struct rig r;
	int before = count_fds ();

	if (pipe (r.fds) < 0)
		exit (99);
	rig_begin (&r);
	write_lines (&r, 60000);
	close (r.fds[0]);
	r.fds[0] = -1;
	TAP_EQ_INT (loop_turn (r.loop, 5000), LHK_OK);
	TAP_EQ_INT (spill_error (r.spill), EPIPE);
	TAP_EQ_INT (spill_waiting (r.spill), 0);
	write_lines (&r, 10);
	TAP_EQ_INT (spill_waiting (r.spill), 0);
	TAP_EQ_INT (spill_finish (r.spill), LHK_OK);
	rig_end (&r);
	/* Dead from the start. */
	if (pipe (r.fds) < 0)
		exit (99);
	close (r.fds[0]);
	r.fds[0] = -1;
	rig_begin (&r);
	write_lines (&r, 1);
	TAP_EQ_INT (spill_error (r.spill), EPIPE);
	rig_end (&r);
	TAP_EQ_INT (count_fds (), before);
}

static void
full_disk (void)
{
	struct rig r;
	int fd = open ("/dev/full", O_WRONLY);

	if (fd < 0) {
		tap_skip ("no /dev/full");
		return;
	}
	r.fds[0] = -1;
	r.fds[1] = fd;
	rig_begin (&r);
	write_lines (&r, 3);
	TAP_EQ_INT (spill_error (r.spill), ENOSPC);
	TAP_EQ_INT (spill_finish (r.spill), LHK_OK);
	rig_end (&r);
}

static void
regular_file (void)
{
	char path[] = "/tmp/lhk-spill-XXXXXX";
	struct rig r;

	r.fds[1] = mkstemp (path);
	r.fds[0] = open (path, O_RDONLY);
	unlink (path);
	CU_ASSERT_FATAL (r.fds[1] >= 0 && r.fds[0] >= 0);
	rig_begin (&r);
	write_lines (&r, 5000);
	TAP_EQ_INT (spill_waiting (r.spill), 0);
	CU_ASSERT (read_lines (&r, 5000));
	rig_end (&r);
}

/* At the end it waits for a consumer that goes on reading. */
static void
finish (void)
{
	struct rig r;
	char buf[65536];
	ssize_t n, total = 0;
	int status = -1;
	pid_t pid;

	if (pipe (r.fds) < 0)
		exit (99);
	rig_begin (&r);
	write_lines (&r, 30000);
	fflush (stdout);
	pid = fork ();
	if (pid == 0) {
		close (r.fds[1]);
		spill_free (r.spill);
		while ((n = read (r.fds[0], buf, sizeof buf)) > 0)
			total += n;
		_exit (total > 30000 * 40 ? 0 : 1);
	}
	TAP_EQ_INT (spill_finish (r.spill), LHK_OK);
	TAP_EQ_INT (spill_waiting (r.spill), 0);
	TAP_EQ_INT (spill_error (r.spill), 0);
	rig_end (&r);
	waitpid (pid, &status, 0);
	TAP_EQ_INT (status, 0);
}

static void
on_alarm (int signo)
{
	(void) signo;
}

static void
finish_interrupted (void)
{
	struct sigaction act = { .sa_handler = on_alarm };
	struct rig r;

	sigaction (SIGALRM, &act, NULL);
	if (pipe (r.fds) < 0)
		exit (99);
	rig_begin (&r);
	write_lines (&r, 30000);
	alarm (1);
	TAP_EQ_INT (spill_finish (r.spill), LHK_AGAIN);
	CU_ASSERT (spill_waiting (r.spill) > 0);
	rig_end (&r);
}

static const struct tap_case cases[] = {
	{ "backlog_keeps_order_through_memory_and_file", backlog_in_order },
	{ "backlog_without_a_file_stays_in_memory", backlog_without_file },
	{ "backlog_survives_a_disk_that_fills_up", backlog_disk_full },
	{ "backlog_without_memory_and_file_counts_what_is_lost",
	  backlog_without_both },
	{ "queue_gives_lines_of_any_size_in_order", queue_lines },
	{ "spill_to_a_slow_pipe_never_waits_and_loses_nothing", slow_pipe },
	{ "spill_to_a_slow_socket_never_waits_and_loses_nothing",
	  slow_socket },
	{ "spill_notices_a_dead_consumer_once_and_drops_the_rest",
	  dead_consumer },
	{ "spill_notices_a_full_disk_once", full_disk },
	{ "spill_to_a_file_is_direct", regular_file },
	{ "spill_finish_waits_for_a_living_consumer", finish },
	{ "spill_finish_can_be_interrupted", finish_interrupted },
	{ NULL, NULL },
};

int
main (void)
{
	signal (SIGPIPE, SIG_IGN);
	return tap_run ("spill", cases);
}
