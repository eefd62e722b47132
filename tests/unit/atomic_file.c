/* SPDX-License-Identifier: MIT */
/* atomic_file.c - a file that others see whole or not at all. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/atomic_file.h"
#include "common/fd.h"
#include "lib/tap.h"
#include "lib/tempdir.h"

static char dir_name[TEMPDIR_PATH];
static int dir = -1;
static struct outbuf out;

static void
put (const char *name, const char *text)
{
	int fd = openat (dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			 0600);

	CU_ASSERT_FATAL (fd >= 0);
	TAP_EQ_INT (write (fd, text, strlen (text)), (int) strlen (text));
	close (fd);
}

static const char *
content (const char *name)
{
	static char buf[256];
	int fd = openat (dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read (fd, buf, sizeof buf - 1);

	if (fd >= 0)
		close (fd);
	if (n < 0)
		return "(missing)";
	buf[n] = '\0';
	return buf;
}

static void
the_old_file_is_seen_until_the_commit (void)
{
	struct atomic_file f;

	put ("file", "old");
	CU_ASSERT_FATAL (atomic_file_open (&f, dir, "file", 0600, &out) == 0);
	outbuf_str (&out, "new");
	outbuf_flush (&out);
	TAP_EQ_STR (content ("file"), "old");
	TAP_EQ_INT (atomic_file_commit (&f), 0);
	TAP_EQ_STR (content ("file"), "new");
	TAP_EQ_STR (content (f.temp), "(missing)");
}

static void
after_an_error_the_old_file_stays (void)
{
	struct atomic_file f;

	put ("file", "old");
	CU_ASSERT_FATAL (atomic_file_open (&f, dir, "file", 0600, &out) == 0);
	outbuf_str (&out, "new");
	atomic_file_fail (&f, -EIO);
	atomic_file_fail (&f, -ENOSPC);
	TAP_EQ_INT (atomic_file_commit (&f), -EIO);
	TAP_EQ_STR (content ("file"), "old");
	TAP_EQ_STR (content (f.temp), "(missing)");
}

static void
a_file_that_a_dead_process_left_is_passed_over (void)
{
	struct atomic_file f;
	char left[64];

	snprintf (left, sizeof left, "file.%ld.0", (long) getpid ());
	put (left, "left");
	CU_ASSERT_FATAL (atomic_file_open (&f, dir, "file", 0600, &out) == 0);
	outbuf_str (&out, "new");
	TAP_EQ_INT (atomic_file_commit (&f), 0);
	TAP_EQ_STR (content ("file"), "new");
	TAP_EQ_STR (content (left), "left");
	unlinkat (dir, left, 0);
}

static void
a_missing_directory_is_an_error (void)
{
	struct atomic_file f;

	TAP_EQ_INT (atomic_file_open (&f, dir, "none/file", 0600, &out),
		    -ENOENT);
}

static void
an_adopted_file_is_open_until_it_is_in_its_place (void)
{
	int fd = fd_openat (dir, "draft", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct atomic_file f;

	CU_ASSERT_FATAL (fd >= 0);
	atomic_file_adopt (&f, dir, fd, "draft", "file", &out);
	outbuf_str (&out, "adopted");
	TAP_EQ_INT (atomic_file_commit (&f), 0);
	TAP_EQ_STR (content ("file"), "adopted");
	TAP_EQ_STR (content ("draft"), "(missing)");
	TAP_EQ_INT (fcntl (fd, F_GETFD), -1);
}

static const struct tap_case cases[] = {
	{ "the_old_file_is_seen_until_the_commit",
	  the_old_file_is_seen_until_the_commit },
	{ "after_an_error_the_old_file_stays",
	  after_an_error_the_old_file_stays },
	{ "a_file_that_a_dead_process_left_is_passed_over",
	  a_file_that_a_dead_process_left_is_passed_over },
	{ "a_missing_directory_is_an_error", a_missing_directory_is_an_error },
	{ "an_adopted_file_is_open_until_it_is_in_its_place",
	  an_adopted_file_is_open_until_it_is_in_its_place },
	{ NULL, NULL },
};

int
main (void)
{
	int r;

	tempdir_template (dir_name, "linehook-atomic");
	if (mkdtemp (dir_name) == NULL)
		return 99;
	dir = open (dir_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = tap_run ("atomic_file", cases);
	unlinkat (dir, "file", 0);
	close (dir);
	rmdir (dir_name);
	return r;
}
