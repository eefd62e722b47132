/* SPDX-License-Identifier: MIT */
/* tempdir.c - a directory of a test's own, with files of known modes. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/tempdir.h"

static void
give_up (const char *what, const char *object)
{
	fprintf (stderr, "tempdir: %s '%s': %s\n", what, object,
		 strerror (errno));
	abort ();
}

void
tempdir_template (char path[TEMPDIR_PATH], const char *name)
{
	const char *tmp = getenv ("TMPDIR");

	snprintf (path, TEMPDIR_PATH, "%s/%.40s-XXXXXX",
		  tmp != NULL && strlen (tmp) < 128 ? tmp : "/tmp", name);
}

void
tempdir_init (struct tempdir *p)
{
	tempdir_template (p->dir, "linehook-test");
	if (mkdtemp (p->dir) == NULL)
		give_up ("cannot make", p->dir);
}

const char *
tempdir_path (struct tempdir *p, const char *name)
{
	snprintf (p->path, sizeof p->path, "%s/%s", p->dir, name);
	return p->path;
}

static void
write_all (int fd, const char *data, size_t len, const char *path)
{
	ssize_t n;

	for (; len > 0; data += n, len -= (size_t) n) {
		n = write (fd, data, len);
		if (n <= 0)
			give_up ("cannot write", path);
	}
}

const char *
tempdir_put (struct tempdir *p, const char *name, const char *from,
	     const char *text, mode_t mode)
{
	const char *path = tempdir_path (p, name);
	int out = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char data[65536];
	ssize_t n;
	int in;

	if (out < 0)
		give_up ("cannot make", path);
	if (from != NULL) {
		in = open (from, O_RDONLY | O_CLOEXEC);
		if (in < 0)
			give_up ("cannot open", from);
		while ((n = read (in, data, sizeof data)) > 0)
			write_all (out, data, (size_t) n, path);
		close (in);
	} else {
		write_all (out, text, strlen (text), path);
	}
	if (fchmod (out, mode) < 0)
		give_up ("cannot change mode of", path);
	close (out);
	return path;
}

const char *
tempdir_dir (struct tempdir *p, const char *name, mode_t mode)
{
	const char *path = tempdir_path (p, name);

	if (mkdir (path, 0700) < 0 || chmod (path, mode) < 0)
		give_up ("cannot make", path);
	return path;
}

static int
remove_one (const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void) st;
	(void) type;
	(void) ftw;
	return remove (path);
}

void
tempdir_remove (struct tempdir *p, const char *name)
{
	const char *path = tempdir_path (p, name);

	if (access (path, F_OK) == 0
	    && nftw (path, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		give_up ("cannot remove", path);
}

void
tempdir_done (struct tempdir *p)
{
	int tries = 0;

	/* A process that is being killed may still make a file in it. */
	while (nftw (p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		if (tries++ == 200)
			give_up ("cannot remove", p->dir);
		else
			sleep_us (10000);
}

const char *
bad_plugin_path (const char *name)
{
	static char path[512];
	const char *dir = getenv ("LINEHOOK_TEST_BAD");

	snprintf (path, sizeof path, "%s/%s",
		  dir != NULL ? dir : "plugins/bad/.libs", name);
	return path;
}
