/* SPDX-License-Identifier: MIT */
/*
 * file_follow.c - a followed file, and what its writer can do to it: holes, cuts,
 * full disks.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/child.h"
#include "lib/clock.h"
#include "lib/small_disk.h"
#include "lib/tap.h"
#include "io/file_follow.h"
#include "io/loop.h"
#include "common/fd.h"
#include "common/mem.h"

/* Far more than a case takes, far less than reading a hole. */
#define SOON_MS 10000

struct following {
	struct loop *loop;
	struct file_follower f;
	int child; /* the writer's descriptor */
	char *bytes;
	size_t len;
	int ends;
	uint64_t troubles[READER_TROUBLES]; /* how many */
	uint64_t last[READER_TROUBLES];	    /* N of the last one */
};

static void
on_data (void *user, const char *data, size_t len)
{
	struct following *g = user;

	g->bytes = realloc (g->bytes, g->len + len);
	if (g->bytes == NULL)
		exit (99);
	memcpy (g->bytes + g->len, data, len);
	g->len += len;
}

static void
on_end (void *user)
{
	((struct following *) user)->ends++;
}

static void
on_trouble (void *user, enum reader_trouble what, uint64_t n)
{
	struct following *g = user;

	g->troubles[what]++;
	g->last[what] = n;
}

static void
begin_in (struct following *g, const char *dir)
{
	const struct reader_callbacks to = { on_data, on_end, NULL, g,
					     on_trouble };
	int fd, error;

	memset (g, 0, sizeof *g);
	CU_ASSERT_EQUAL_FATAL (loop_new (&mem_system, &g->loop, NULL), LHK_OK);
	fd = file_follow_create (dir, &g->child, &error);
	CU_ASSERT_FATAL (fd >= 0);
	file_follow_start (&g->f, g->loop, fd, &to);
}

static void
begin (struct following *g)
{
	begin_in (g, "/tmp");
}

static void
put (struct following *g, const char *text)
{
	TAP_EQ_INT (write (g->child, text, strlen (text)), strlen (text));
}

/* Turn the loop until there are LEN bytes. */
static void
await_bytes (struct following *g, size_t len)
{
	int64_t until = now_ms () + SOON_MS;

	while (g->len < len && now_ms () < until)
		TAP_EQ_INT (loop_turn (g->loop, 100), LHK_OK);
	TAP_EQ_INT (g->len, len);
}

/* Take the rest: it is there soon, whatever the file's size. */
static void
finish (struct following *g)
{
	int64_t until = now_ms () + SOON_MS;

	fd_close (&g->child);
	file_follow_finish (&g->f);
	while (g->ends == 0 && now_ms () < until)
		TAP_EQ_INT (loop_turn (g->loop, 100), LHK_OK);
	TAP_EQ_INT (g->ends, 1);
}

static void
end (struct following *g)
{
	file_follow_stop (&g->f, 0);
	fd_close (&g->child);
	free (g->bytes);
	inotify_watch_free (g->loop, 0);
	loop_free (g->loop);
}

/* ---- holes ---- */

/* The zeros before a hole: of the block in which it begins, and of what the file
 * system gives out as written because it was reserved. */
#define ZEROS_MAX (FOLLOW_RESERVE + 65536)

/* Is all between FROM and TO a zero? */
static int
is_zero (const struct following *g, size_t from, size_t to)
{
	for (; from < to; from++)
		if (g->bytes[from] != '\0')
			return 0;
	return 1;
}

static void
hole_at_end (void)
{
	static const off_t sizes[] = { 1 << 20, (off_t) 20 << 30, INT64_MAX };
	struct following g;
	size_t i;

	for (i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
		begin_in (&g, i % 2 == 1 && access ("/dev/shm", W_OK) == 0
				      ? "/dev/shm"
				      : "/tmp");
		put (&g, "hello\n");
		/* Not every file system has files of the last size. */
		if (ftruncate (g.child, sizes[i / 2]) == 0) {
			finish (&g);
			CU_ASSERT_FATAL (g.len >= 6);
			TAP_EQ_MEM (g.bytes, 6, "hello\n", 6);
			CU_ASSERT (g.len < 6 + ZEROS_MAX);
			CU_ASSERT (is_zero (&g, 6, g.len - 1));
			TAP_EQ_INT (g.troubles[READER_HOLE], 1);
			CU_ASSERT (g.last[READER_HOLE]
				   > (uint64_t) sizes[i / 2] - ZEROS_MAX);
		}
		end (&g);
	}
}

static void
hole_between (void)
{
	struct following g;

	begin (&g);
	put (&g, "one\n");
	TAP_EQ_INT (ftruncate (g.child, (off_t) 1 << 40), 0);
	put (&g, "two\n");
	finish (&g);
	CU_ASSERT_FATAL (g.len >= 8 && g.len < ZEROS_MAX);
	TAP_EQ_MEM (g.bytes, 4, "one\n", 4);
	TAP_EQ_MEM (g.bytes + g.len - 4, 4, "two\n", 4);
	TAP_EQ_INT (g.troubles[READER_HOLE], 1);
	end (&g);
}

/* A line that was begun ends before a hole. */
static void
hole_in_line (void)
{
	struct following g;

	begin (&g);
	put (&g, "one");
	await_bytes (&g, 3);
	TAP_EQ_INT (ftruncate (g.child, (off_t) 1 << 30), 0);
	put (&g, "two\n");
	finish (&g);
	CU_ASSERT_FATAL (g.len > 8);
	TAP_EQ_MEM (g.bytes, 3, "one", 3);
	TAP_EQ_MEM (g.bytes + g.len - 5, 5, "\ntwo\n", 5);
	end (&g);
}

/* Zeros that were written are no hole. */
static void
written_zeros (void)
{
	static char zeros[600000];
	struct following g;

	begin (&g);
	TAP_EQ_INT (write (g.child, zeros, sizeof zeros), sizeof zeros);
	finish (&g);
	TAP_EQ_INT (g.len, sizeof zeros);
	TAP_EQ_INT (g.troubles[READER_HOLE], 0);
	end (&g);
}

/* ---- a file that is cut ---- */

static void
cut_and_read (void)
{
	struct following g;

	begin (&g);
	put (&g, "before\n");
	await_bytes (&g, 7);
	TAP_EQ_INT (ftruncate (g.child, 0), 0);
	put (&g, "new\n");
	/* It is read when it comes, not at the end. */
	await_bytes (&g, 11);
	put (&g, "more\n");
	finish (&g);
	TAP_EQ_MEM (g.bytes, g.len, "before\nnew\nmore\n", 16);
	TAP_EQ_INT (g.troubles[READER_SHRUNK], 1);
	TAP_EQ_INT (g.last[READER_SHRUNK], 7);
	end (&g);
}

/* Nothing is seen of a file between two looks but its size. */
static void
cut_and_as_long (void)
{
	struct following g;

	begin (&g);
	put (&g, "before\n");
	await_bytes (&g, 7);
	TAP_EQ_INT (ftruncate (g.child, 0), 0);
	put (&g, "another line\n");
	finish (&g);
	TAP_EQ_MEM (g.bytes, g.len, "before\nanother line\n", 20);
	TAP_EQ_INT (g.troubles[READER_SHRUNK], 1);
	end (&g);
}

/* The same behind more than a piece that was given back. */
static void
cut_large (void)
{
	static char block[3 << 20];
	struct following g;

	memset (block, 'x', sizeof block);
	begin (&g);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	await_bytes (&g, sizeof block);
	TAP_EQ_INT (ftruncate (g.child, 0), 0);
	memset (block, 'y', sizeof block);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	put (&g, "\n");
	finish (&g);
	/* The line that was begun is ended. */
	TAP_EQ_INT (g.len, 2 * sizeof block + 2);
	TAP_EQ_INT (g.bytes[sizeof block], '\n');
	TAP_EQ_INT (g.bytes[sizeof block + 1], 'y');
	end (&g);
}

/* ---- ends ---- */

static void
discarded (void)
{
	static char block[3 << 20];
	struct following g;
	struct stat st;

	memset (block, 'x', sizeof block);
	begin (&g);
	put (&g, "taken\n");
	await_bytes (&g, 6);
	file_follow_discard (&g.f);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	TAP_EQ_INT (loop_turn (g.loop, 1000), LHK_OK);
	TAP_EQ_INT (loop_turn (g.loop, 100), LHK_OK);
	TAP_EQ_INT (fstat (g.child, &st), 0);
	if (!g.f.no_punch)
		CU_ASSERT (st.st_blocks * 512 < (1 << 20));
	TAP_EQ_INT (ftruncate (g.child, (off_t) 1 << 40), 0);
	finish (&g);
	TAP_EQ_INT (g.len, 6);
	TAP_EQ_INT (g.troubles[READER_HOLE], 0);
	end (&g);
}

static void
cut_short (void)
{
	static char block[3 << 20];
	struct following g;

	memset (block, 'x', sizeof block);
	begin (&g);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	file_follow_finish (&g.f);
	TAP_EQ_INT (g.ends, 0);
	file_follow_cut (&g.f);
	TAP_EQ_INT (g.ends, 1);
	TAP_EQ_INT (g.troubles[READER_CUT], 1);
	TAP_EQ_INT (g.len + g.last[READER_CUT], sizeof block);
	end (&g);
}

/* ---- full disks ---- */

/* A file that takes all that is left. */
static int
fill (const char *dir, int leave_kib)
{
	static const char block[1024];
	char path[96];
	int fd, i;

	snprintf (path, sizeof path, "%s/other", dir);
	fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write (fd, block, sizeof block) == sizeof block)
		;
	for (i = 0; i < leave_kib; i += 4)
		(void) !ftruncate (fd, lseek (fd, -4096, SEEK_CUR));
	return fd;
}

/* More than the disk has goes through, piece by piece. */
static void
fills_while_running (int arg)
{
	static char line[4096];
	struct following g;
	char dir[SMALL_DISK_PATH];
	int i, other;

	(void) arg;
	CU_ASSERT_EQUAL_FATAL (small_disk_mount (dir, "size=80m"), 0);
	memset (line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	begin_in (&g, dir);
	put (&g, "first\n");
	await_bytes (&g, 6);
	other = fill (dir, 0);
	for (i = 1; i <= 512; i++) {
		if (write (g.child, line, sizeof line) != sizeof line)
			break;
		await_bytes (&g, 6 + (size_t) i * sizeof line);
	}
	TAP_EQ_INT (i, 513);
	TAP_EQ_INT (g.troubles[READER_DISK_FULL], 1);
	TAP_EQ_INT (g.last[READER_DISK_FULL], ENOSPC);
	finish (&g);
	end (&g);
	close (other);
	small_disk_unmount (dir);
}

static void
little_room (int arg)
{
	static char block[4 << 20];
	struct following g;
	char dir[SMALL_DISK_PATH];
	int fd, child, error, other;

	(void) arg;
	CU_ASSERT_EQUAL_FATAL (small_disk_mount (dir, "size=1m"), 0);
	begin_in (&g, dir);
	memset (block, 'x', sizeof block);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	finish (&g);
	TAP_EQ_INT (g.len, sizeof block);
	TAP_EQ_INT (g.troubles[READER_DISK_FULL], 0);
	end (&g);
	other = fill (dir, 0);
	fd = file_follow_create (dir, &child, &error);
	CU_ASSERT (fd >= 0);
	TAP_EQ_INT (error, ENOSPC);
	fd_close (&fd);
	fd_close (&child);
	close (other);
	small_disk_unmount (dir);
}

/* A second open of its file by name. */
static void
lacks_proc (int arg)
{
	char dir[SMALL_DISK_PATH];
	struct following g;

	(void) arg;
	CU_ASSERT_EQUAL_FATAL (small_disk_mount (dir, "size=128m"), 0);
	CU_ASSERT_EQUAL_FATAL (mount ("none", "/proc", "tmpfs", 0, NULL), 0);
	begin_in (&g, dir);
	put (&g, "one\n");
	await_bytes (&g, 4);
	put (&g, "two\n");
	finish (&g);
	TAP_EQ_INT (g.len, 8);
	end (&g);
	umount2 ("/proc", MNT_DETACH);
	small_disk_unmount (dir);
}

static void
on_small_disk (void (*fn) (int arg))
{
	if (small_disk_or_skip ())
		child_run_as (fn, 0, 0, NULL);
}

static void
full_later (void)
{
	on_small_disk (fills_while_running);
}

static void
full_at_start (void)
{
	on_small_disk (little_room);
}

static void
without_proc (void)
{
	on_small_disk (lacks_proc);
}

/* The limit is the writer's too, so it cannot go on. */
static void
at_file_limit (int arg)
{
	static char block[1 << 20];
	const struct rlimit limit = { sizeof block, sizeof block };
	struct following g;

	(void) arg;
	memset (block, 'x', sizeof block);
	begin (&g);
	setrlimit (RLIMIT_FSIZE, &limit);
	TAP_EQ_INT (write (g.child, block, sizeof block), sizeof block);
	await_bytes (&g, sizeof block);
	TAP_EQ_INT (g.troubles[READER_DISK_FULL], 1);
	TAP_EQ_INT (g.last[READER_DISK_FULL], EFBIG);
	finish (&g);
	end (&g);
}

static void
file_limit (void)
{
	child_run_as (at_file_limit, 0, 0, NULL);
}

static const struct tap_case cases[] = {
	{ "a_hole_of_any_size_is_skipped_and_told", hole_at_end },
	{ "what_comes_behind_a_hole_is_read", hole_between },
	{ "a_hole_ends_the_line_before_it", hole_in_line },
	{ "zeros_that_were_written_are_no_hole", written_zeros },
	{ "a_file_that_was_cut_is_read_from_its_beginning", cut_and_read },
	{ "a_file_that_was_cut_and_is_longer_by_now_is_recognized",
	  cut_and_as_long },
	{ "a_file_that_was_cut_behind_what_was_given_back_is_recognized",
	  cut_large },
	{ "what_nobody_wants_takes_no_room", discarded },
	{ "a_reader_that_is_cut_tells_what_it_has_not_read", cut_short },
	{ "a_disk_that_fills_up_is_told_and_its_writer_goes_on", full_later },
	{ "a_file_on_a_small_disk_lies_in_memory", full_at_start },
	{ "a_file_is_followed_without_proc", without_proc },
	{ "a_limit_of_file_sizes_is_told", file_limit },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("file_follow", cases);
}
