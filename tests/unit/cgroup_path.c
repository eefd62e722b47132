/* SPDX-License-Identifier: MIT */
/* cgroup_path.c - our own cgroup is found in every layout. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/tap.h"
#include "common/cgroup_path.h"

#define V2(root, at)                                                           \
	"41 31 0:38 " root " " at " rw,relatime shared:7 - cgroup2 cgroup2 rw"
#define V1(root, at, options)                                                  \
	"35 31 0:32 " root " " at " rw,relatime - cgroup cgroup " options

/* DIR is where mount LINE shows CGROUP; NULL: it does not. */
static const struct {
	const char *name;
	const char *line;
	const char *controller;
	const char *cgroup;
	const char *dir;
} mounts[] = {
	{ "whole tree", V2 ("/", "/sys/fs/cgroup"), NULL, "/user.slice/a.scope",
	  "/sys/fs/cgroup/user.slice/a.scope" },
	{ "hybrid", V2 ("/", "/sys/fs/cgroup/unified"), NULL, "/a",
	  "/sys/fs/cgroup/unified/a" },
	{ "at the root", V2 ("/", "/sys/fs/cgroup"), NULL, "/",
	  "/sys/fs/cgroup" },
	{ "part of the tree, ours", V2 ("/docker/x", "/sys/fs/cgroup"), NULL,
	  "/docker/x", "/sys/fs/cgroup" },
	{ "part of the tree, below", V2 ("/docker/x", "/sys/fs/cgroup"), NULL,
	  "/docker/x/y", "/sys/fs/cgroup/y" },
	{ "part of the tree, not ours", V2 ("/docker/x", "/sys/fs/cgroup"),
	  NULL, "/docker/xy", NULL },
	{ "part of the tree, above us", V2 ("/docker/x", "/sys/fs/cgroup"),
	  NULL, "/docker", NULL },
	{ "mount of another namespace", V2 ("/../..", "/sys/fs/cgroup"), NULL,
	  "/", NULL },
	{ "we are outside of our namespace", V2 ("/", "/sys/fs/cgroup"), NULL,
	  "/../other", NULL },
	{ "mount from outside, and we", V2 ("/..", "/sys/fs/cgroup"), NULL,
	  "/../other", "/sys/fs/cgroup/other" },
	{ "a name that begins with dots", V2 ("/", "/c"), NULL, "/..x",
	  "/c/..x" },
	{ "escapes", V2 ("/a\\040b", "/mnt/c\\134g\\011x"), NULL, "/a b/c",
	  "/mnt/c\\g\tx/c" },
	{ "no escape", V2 ("/", "/mnt/a\\04"), NULL, "/c", "/mnt/a\\04/c" },
	{ "version 1 is not wanted", V1 ("/", "/cg", "rw,memory"), NULL, "/a",
	  NULL },
	{ "controller", V1 ("/", "/cg/memory", "rw,memory"), "memory", "/a",
	  "/cg/memory/a" },
	{ "controllers together", V1 ("/", "/cg/both", "rw,cpu,cpuacct"),
	  "cpuacct", "/a", "/cg/both/a" },
	{ "another controller", V1 ("/", "/cg/cpu", "rw,cpuacct"), "cpu", "/a",
	  NULL },
	{ "version 2 is not wanted", V2 ("/", "/sys/fs/cgroup"), "memory", "/a",
	  NULL },
	{ "another file system", "1 2 0:3 / /a rw - tmpfs cgroup2 rw", NULL,
	  "/", NULL },
	{ "empty", "", NULL, "/", NULL },
	{ "no separator", "41 31 0:38 / /sys rw cgroup2", NULL, "/", NULL },
	{ "too short", "41 - cgroup2 cgroup2 rw", NULL, "/", NULL },
	{ "ends early", "41 31 0:38 / /sys rw - cgroup memory", "memory", "/",
	  NULL },
};

static void
lines_of_mountinfo (void)
{
	char dir[256];
	size_t i;
	int found;

	for (i = 0; i < sizeof mounts / sizeof mounts[0]; i++) {
		found = cgroup_path_mount (mounts[i].line, mounts[i].controller,
					   mounts[i].cgroup, dir, sizeof dir);
		if (!TAP_EQ_INT (found, mounts[i].dir != NULL))
			tap_note ("%s", mounts[i].name);
		else if (found && !TAP_EQ_STR (dir, mounts[i].dir))
			tap_note ("%s", mounts[i].name);
	}
}

static void
no_room (void)
{
	char dir[16];

	TAP_EQ_INT (cgroup_path_mount (V2 ("/", "/sys/fs/cgroup"), NULL, "/",
				       dir, 15),
		    1);
	TAP_EQ_INT (cgroup_path_mount (V2 ("/", "/sys/fs/cgroup"), NULL, "/",
				       dir, 14),
		    0);
	TAP_EQ_INT (cgroup_path_mount (V2 ("/", "/sys/fs/cgroup"), NULL, "/a",
				       dir, sizeof dir),
		    0);
}

static const struct {
	const char *line;
	const char *controller;
	const char *cgroup;
} cgroups[] = {
	{ "0::/user.slice", NULL, "/user.slice" },
	{ "0::/", NULL, "/" },
	{ "0::/a:b", NULL, "/a:b" },
	{ "4:memory:/x", NULL, NULL },
	{ "9:name=systemd:/x", NULL, NULL },
	{ "4:memory:/x", "memory", "/x" },
	{ "4:cpu,cpuacct:/x", "cpuacct", "/x" },
	{ "4:cpuset:/x", "cpu", NULL },
	{ "0::/x", "memory", NULL },
	{ "10::/x", NULL, NULL },
	{ "0::", NULL, NULL },
	{ "0:", NULL, NULL },
	{ "", NULL, NULL },
};

static void
lines_of_cgroup (void)
{
	const char *found;
	size_t i;

	for (i = 0; i < sizeof cgroups / sizeof cgroups[0]; i++) {
		found = cgroup_path_cgroup (cgroups[i].line,
					    cgroups[i].controller);
		TAP_EQ_STR (found == NULL ? "(none)" : found,
			    cgroups[i].cgroup == NULL ? "(none)"
						      : cgroups[i].cgroup);
	}
}

static void
of_this_machine (void)
{
	struct stat st;
	char dir[4096];

	/* Without such a controller the error is ENOENT. */
	if (cgroup_path_own (NULL, dir, sizeof dir) < 0)
		TAP_EQ_INT (errno, ENOENT);
	else
		TAP_EQ_INT (stat (dir, &st), 0);
	TAP_EQ_INT (cgroup_path_own ("no such", dir, sizeof dir), -1);
	TAP_EQ_INT (errno, ENOENT);
}

static void
a_long_path_is_its_end (void)
{
	static const char path[] = "/a/bc";

	TAP_EQ_STR (cgroup_path_tail (path, 5), "/a/bc");
	TAP_EQ_STR (cgroup_path_tail (path, 4), "a/bc");
	TAP_EQ_STR (cgroup_path_tail (path, 0), "");
	TAP_EQ_STR (cgroup_path_tail ("", 4), "");
}

static const struct tap_case cases[] = {
	{ "cgroup_path_finds_the_directory_in_a_mount", lines_of_mountinfo },
	{ "cgroup_path_refuses_a_path_that_does_not_fit", no_room },
	{ "cgroup_path_finds_the_cgroup_of_a_tree", lines_of_cgroup },
	{ "cgroup_path_names_a_directory_that_is_there", of_this_machine },
	{ "cgroup_path_tail_is_the_end_of_a_long_path",
	  a_long_path_is_its_end },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cgroup_path", cases);
}
