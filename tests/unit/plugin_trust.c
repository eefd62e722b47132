/* SPDX-License-Identifier: MIT */
/* plugin_trust.c - only files that others cannot change are loaded. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file_owner.h"
#include "plugin/load.h"
#include "lib/tempdir.h"
#include "lib/tap.h"

#define ME 1000u

static void
owner_and_mode (void)
{
	static const struct {
		uid_t uid;
		mode_t mode;
		const char *fault;
	} rows[] = {
		{ ME, 0644, NULL },
		{ 0, 0755, NULL },
		{ ME, 0400, NULL },
		{ ME, 04755, NULL },
		{ 1001, 0644, "belongs to another user" },
		{ ME, 0664, "is writable by its group" },
		{ ME, 0646, "is writable by everybody" },
		{ 0, 0777, "is writable by everybody" },
		{ 0, 01777, "is writable by everybody" },
		{ 0, 01770, "is writable by its group" },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stat st;
		const char *fault;

		memset (&st, 0, sizeof st);
		st.st_uid = rows[i].uid;
		st.st_mode = rows[i].mode;
		fault = file_owner_fault (&st, ME);
		TAP_EQ_STR (fault != NULL ? fault : "none",
			    rows[i].fault != NULL ? rows[i].fault : "none");
	}
}

/* What plugin_trust_open says of NAME in P; "" when it opens it. */
static const char *
verdict (struct tempdir *p, const char *name, int wanted)
{
	static char text[240];
	struct lhk_error err = { 0 };
	int fd = -1;
	int r = plugin_trust_open (tempdir_path (p, name), &fd, &err);

	snprintf (text, sizeof text, "%s", err.text);
	TAP_EQ_INT (r, wanted);
	TAP_EQ_INT (err.code, wanted);
	TAP_EQ_INT (fd >= 0, wanted == LHK_OK);
	if (fd >= 0) {
		TAP_EQ_INT (fcntl (fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		close (fd);
	}
	return text;
}

static void
says (const char *text, const char *part)
{
	if (strstr (text, part) == NULL)
		tap_note ("found \"%s\", wanted \"%s\" in it", text, part);
	CU_ASSERT (strstr (text, part) != NULL);
}

static void
regular_file (void)
{
	struct tempdir p;

	tempdir_init (&p);
	tempdir_put (&p, "a.so", NULL, "x", 0644);
	TAP_EQ_STR (verdict (&p, "a.so", LHK_OK), "");
	tempdir_done (&p);
}

static void
refused_files (void)
{
	struct tempdir p;
	char target[512];

	tempdir_init (&p);
	snprintf (target, sizeof target, "%s",
		  tempdir_put (&p, "a.so", NULL, "x", 0644));
	tempdir_put (&p, "group.so", NULL, "x", 0664);
	tempdir_put (&p, "all.so", NULL, "x", 0646);
	tempdir_dir (&p, "dir.so", 0755);
	CU_ASSERT (symlink (target, tempdir_path (&p, "link.so")) == 0);
	CU_ASSERT (mkfifo (tempdir_path (&p, "fifo.so"), 0600) == 0);
	says (verdict (&p, "group.so", LHK_EREFUSED),
	      "the file is writable by its group (uid ");
	says (verdict (&p, "all.so", LHK_EREFUSED), "mode 0646");
	says (verdict (&p, "dir.so", LHK_EREFUSED), "is a directory");
	says (verdict (&p, "link.so", LHK_EREFUSED), "is a symbolic link");
	says (verdict (&p, "fifo.so", LHK_EREFUSED), "is not a regular file");
	says (verdict (&p, "none.so", LHK_ENOTFOUND), "no such file");
	says (verdict (&p, "nodir/none.so", LHK_ENOTFOUND), "its directory");
	says (verdict (&p, "a.so/none.so", LHK_ESYS), "Not a directory");
	tempdir_done (&p);
}

static void
refused_directories (void)
{
	static const mode_t modes[] = { 0775, 0757, 01777 };
	struct tempdir p;
	size_t i;

	tempdir_init (&p);
	tempdir_dir (&p, "d", 0755);
	tempdir_put (&p, "d/a.so", NULL, "x", 0644);
	TAP_EQ_STR (verdict (&p, "d/a.so", LHK_OK), "");
	for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		CU_ASSERT (chmod (tempdir_path (&p, "d"), modes[i]) == 0);
		says (verdict (&p, "d/a.so", LHK_EREFUSED),
		      "its directory is writable by");
	}
	tempdir_done (&p);
}

static size_t
open_descriptors (void)
{
	DIR *d = opendir ("/proc/self/fd");
	size_t n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL (d);
	while (readdir (d) != NULL)
		n++;
	closedir (d);
	return n;
}

static void
no_leak (void)
{
	struct tempdir p;
	size_t before = open_descriptors ();

	tempdir_init (&p);
	tempdir_put (&p, "a.so", NULL, "x", 0644);
	tempdir_put (&p, "group.so", NULL, "x", 0664);
	tempdir_dir (&p, "dir.so", 0755);
	verdict (&p, "a.so", LHK_OK);
	verdict (&p, "group.so", LHK_EREFUSED);
	verdict (&p, "dir.so", LHK_EREFUSED);
	verdict (&p, "none.so", LHK_ENOTFOUND);
	TAP_EQ_INT (open_descriptors (), before);
	tempdir_done (&p);
}

static void
long_path (void)
{
	char path[300];

	memset (path, 'a', sizeof path);
	path[sizeof path - 1] = '\0';
	TAP_EQ_INT (strlen (plugin_path_tail (path)), 96);
	path[250] = '/';
	TAP_EQ_INT (strlen (plugin_path_tail (path)), 48);
	TAP_EQ_STR (plugin_path_tail ("short/x.so"), "short/x.so");
}

static const struct tap_case cases[] = {
	{ "trust_wants_root_or_me_and_nobody_else_to_write", owner_and_mode },
	{ "trust_opens_a_regular_file_close_on_exec", regular_file },
	{ "trust_refuses_what_is_no_safe_regular_file", refused_files },
	{ "trust_refuses_a_directory_that_others_can_write_to",
	  refused_directories },
	{ "trust_leaks_no_descriptor_whatever_its_answer", no_leak },
	{ "trust_shows_the_end_of_a_long_path", long_path },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("plugin_trust", cases);
}
