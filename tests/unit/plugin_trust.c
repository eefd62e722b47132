/* SPDX-License-Identifier: MIT */
/* plugin_trust.c - only files that others cannot change are loaded. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file_owner.h"
#include "common/trusted_path.h"
#include "plugin/load.h"
#include "lib/child.h"
#include "lib/machine.h"
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
		{ ME, 0664, "can be written by its group" },
		{ ME, 0646, "can be written by other users" },
		{ 0, 0777, "can be written by other users" },
		{ 0, 01777, "can be written by other users" },
		{ 0, 01770, "can be written by its group" },
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
		tap_note ("found \"%s\", expected \"%s\" in it", text, part);
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
	      "the file can be written by its group; use a copy of your own");
	says (verdict (&p, "all.so", LHK_EREFUSED),
	      "can be written by other users");
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
		      "its directory can be written by");
	}
	tempdir_done (&p);
}

/* A directory above that of the file. */
static void
directories_above (void)
{
	static const struct {
		mode_t mode;
		int wanted;
	} rows[] = {
		{ 0755, LHK_OK },
		{ 0711, LHK_OK },
		{ 0775, LHK_EREFUSED },
		{ 0757, LHK_EREFUSED },
		{ 0777, LHK_EREFUSED },
		/* Nobody can exchange what I have put there. */
		{ 01777, LHK_OK },
		{ 01775, LHK_OK },
	};
	struct tempdir p;
	size_t i;

	tempdir_init (&p);
	tempdir_dir (&p, "above", 0755);
	tempdir_dir (&p, "above/d", 0755);
	tempdir_put (&p, "above/d/a.so", NULL, "x", 0644);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CU_ASSERT (chmod (tempdir_path (&p, "above"), rows[i].mode)
			   == 0);
		if (rows[i].wanted == LHK_OK)
			TAP_EQ_STR (verdict (&p, "above/d/a.so", LHK_OK), "");
		else
			says (verdict (&p, "above/d/a.so", LHK_EREFUSED),
			      "the directory 'above' can be written by");
	}
	tempdir_done (&p);
}

static void
links_on_the_way (void)
{
	struct tempdir p;

	tempdir_init (&p);
	tempdir_dir (&p, "d", 0755);
	tempdir_dir (&p, "e", 0755);
	tempdir_put (&p, "d/a.so", NULL, "x", 0644);
	CU_ASSERT (symlink ("d", tempdir_path (&p, "rel")) == 0);
	CU_ASSERT (symlink ("../e/../rel", tempdir_path (&p, "e/up")) == 0);
	CU_ASSERT (symlink ("loop", tempdir_path (&p, "loop")) == 0);
	TAP_EQ_STR (verdict (&p, "rel/a.so", LHK_OK), "");
	TAP_EQ_STR (verdict (&p, "e/up/a.so", LHK_OK), "");
	TAP_EQ_STR (verdict (&p, "e/..//./d/a.so", LHK_OK), "");
	verdict (&p, "loop/a.so", LHK_ESYS);
	/* The way of the link is checked, too. */
	CU_ASSERT (chmod (tempdir_path (&p, "e"), 0777) == 0);
	says (verdict (&p, "e/up/a.so", LHK_EREFUSED),
	      "the directory 'e' can be written by");
	tempdir_done (&p);
}

static void
relative_path (void)
{
	struct lhk_error err = { 0 };
	int fd;

	TAP_EQ_INT (plugin_trust_open ("./a.so", &fd, &err), LHK_EREFUSED);
	says (err.text, "the path is relative");
	TAP_EQ_INT (plugin_trust_open ("a.so", &fd, &err), LHK_EREFUSED);
}

/* What another user owns on the way, be it a link or a directory. */
static void
other_user (void)
{
	struct tempdir p;

	if (!machine_has_root ())
		return;
	tempdir_init (&p);
	tempdir_dir (&p, "mine", 0755);
	tempdir_put (&p, "mine/a.so", NULL, "x", 0644);
	tempdir_dir (&p, "open", 01777);
	CU_ASSERT (symlink ("../mine", tempdir_path (&p, "open/link")) == 0);
	TAP_EQ_STR (verdict (&p, "open/link/a.so", LHK_OK), "");
	CU_ASSERT (lchown (tempdir_path (&p, "open/link"), NOBODY, NOBODY)
		   == 0);
	says (verdict (&p, "open/link/a.so", LHK_EREFUSED),
	      "the symbolic link 'link' belongs to another user");
	tempdir_dir (&p, "theirs", 0755);
	tempdir_dir (&p, "theirs/d", 0755);
	tempdir_put (&p, "theirs/d/a.so", NULL, "x", 0644);
	CU_ASSERT (chown (tempdir_path (&p, "theirs"), NOBODY, NOBODY) == 0);
	says (verdict (&p, "theirs/d/a.so", LHK_EREFUSED),
	      "the directory 'theirs' belongs to another user");
	tempdir_done (&p);
}

/* ---- a user namespace that does not map root ---- */

static int
try_open (const char *path, const char *installed)
{
	struct lhk_error err = { 0 };
	int fd = -1;
	int r = trusted_path_open ("plugin", path, installed, O_RDONLY, 0, &fd,
				   &err);

	if (fd >= 0)
		close (fd);
	return r;
}

static int
map_myself (uid_t uid)
{
	char map[40];
	int fd, n;

	if (unshare (CLONE_NEWUSER) < 0)
		return -1;
	fd = open ("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	n = snprintf (map, sizeof map, "0 %u 1", (unsigned int) uid);
	n = (int) write (fd, map, (size_t) n);
	close (fd);
	return n > 0 ? 0 : -1;
}

static void
in_namespace (int arg)
{
	const char *dir = getenv ("PLUGIN_DIR");
	char path[512], own[512];
	struct tempdir p;

	(void) arg;
	snprintf (path, sizeof path, "%s/raw.so", dir);
	tempdir_init (&p);
	CU_ASSERT (chmod (p.dir, 0755) == 0);
	snprintf (own, sizeof own, "%s",
		  tempdir_put (&p, "own.so", NULL, "x", 0644));
	CU_ASSERT_EQUAL_FATAL (map_myself (geteuid ()), 0);
	/* Root's directories are those of nobody now. */
	TAP_EQ_INT (try_open (path, dir), LHK_OK);
	TAP_EQ_INT (try_open (path, NULL), LHK_EREFUSED);
	TAP_EQ_INT (try_open (path, "/usr/lib"), LHK_EREFUSED);
	TAP_EQ_INT (try_open (own, NULL), LHK_OK);
	tempdir_done (&p);
}

static void
hidden_root (void)
{
	if (!machine_has_root ())
		return;
	if (machine_has_user_namespaces (NOBODY))
		child_run_as (in_namespace, 0, NOBODY, NULL);
	else
		tap_skip ("user namespaces are not permitted");
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
	TAP_EQ_INT (strlen (trusted_path_tail (path)), 96);
	path[250] = '/';
	TAP_EQ_INT (strlen (trusted_path_tail (path)), 48);
	TAP_EQ_STR (trusted_path_tail ("short/x.so"), "short/x.so");
}

static const struct tap_case cases[] = {
	{ "trust_wants_root_or_me_and_nobody_else_to_write", owner_and_mode },
	{ "trust_opens_a_regular_file_close_on_exec", regular_file },
	{ "trust_refuses_what_is_no_safe_regular_file", refused_files },
	{ "trust_refuses_a_directory_that_others_can_write_to",
	  refused_directories },
	{ "trust_refuses_a_directory_above_unless_it_is_sticky",
	  directories_above },
	{ "trust_follows_links_of_mine_and_checks_their_way",
	  links_on_the_way },
	{ "trust_refuses_a_relative_path", relative_path },
	{ "trust_refuses_links_and_directories_of_another_user", other_user },
	{ "trust_takes_what_was_installed_where_root_has_no_name",
	  hidden_root },
	{ "trust_leaks_no_descriptor_whatever_its_answer", no_leak },
	{ "trust_shows_the_end_of_a_long_path", long_path },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("plugin_trust", cases);
}
