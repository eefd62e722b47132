/* SPDX-License-Identifier: MIT */
/* cgroup_limits.c - limits of a tree are written to the files of its cgroup.
 * Directories of ordinary files stand for cgroups. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tap.h"
#include "lib/tempdir.h"
#include "monitor/monitor.h"

static char top[TEMPDIR_PATH];
static struct monitor m;

static void
put (const char *name, const char *text)
{
	int dir = open (top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = openat (dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			 0600);

	TAP_EQ_INT (write (fd, text, strlen (text)), (int) strlen (text));
	close (fd);
	close (dir);
}

static const char *
get (const char *name)
{
	static char text[128];
	int dir = open (top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = openat (dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read (fd, text, sizeof text - 1);

	text[n < 0 ? 0 : n] = '\0';
	if (fd >= 0)
		close (fd);
	close (dir);
	return text;
}

/* A cgroup whose files are those in NAMES, all empty. */
static void
begin (const char *const *names)
{
	memset (&m, 0, sizeof m);
	tempdir_template (top, "lhk-cgroup");
	if (mkdtemp (top) == NULL)
		exit (99);
	for (; *names != NULL; names++)
		put (*names, "");
	snprintf (m.cgroup.path, sizeof m.cgroup.path, "%s", top);
	m.self = getpid ();
	m.host = getppid ();
	m.view.proc = -1;
	m.cgroup.own = open (top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	m.cgroup.dir = open (top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
end (const char *const *names)
{
	for (; *names != NULL; names++)
		unlinkat (m.cgroup.own, *names, 0);
	close (m.cgroup.own);
	close (m.cgroup.dir);
	TAP_EQ_INT (rmdir (top), 0);
}

static const char *const all[] = {
	"cgroup.subtree_control",
	"memory.max",
	"memory.swap.max",
	"memory.oom.group",
	"pids.max",
	"pids.events",
	"cpu.max",
	NULL,
};

static void
all_three (void)
{
	begin (all);
	put ("cgroup.subtree_control", "cpu memory pids\n");
	m.start.memory_max = UINT64_C (5) << 30;
	m.start.pids_max = 300;
	m.start.cpus_milli = 1500;
	TAP_EQ_INT (cgroup_limits_are_set (&m), 1);
	TAP_EQ_INT (cgroup_limits_prepare (&m), 0);
	TAP_EQ_STR (get ("cgroup.subtree_control"), "cpu memory pids\n");
	TAP_EQ_INT (cgroup_limits_apply (&m), 0);
	TAP_EQ_STR (get ("memory.max"), "5368709120");
	TAP_EQ_STR (get ("memory.swap.max"), "0");
	TAP_EQ_STR (get ("memory.oom.group"), "1");
	TAP_EQ_STR (get ("pids.max"), "300");
	TAP_EQ_STR (get ("cpu.max"), "150000 100000");
	end (all);
}

static void
none (void)
{
	begin (all);
	TAP_EQ_INT (cgroup_limits_are_set (&m), 0);
	TAP_EQ_INT (cgroup_limits_prepare (&m), 0);
	TAP_EQ_INT (cgroup_limits_apply (&m), 0);
	TAP_EQ_STR (get ("cgroup.subtree_control"), "");
	TAP_EQ_STR (get ("memory.max"), "");
	TAP_EQ_STR (get ("pids.max"), "");
	TAP_EQ_STR (get ("cpu.max"), "");
	end (all);
}

static void
handed_down (void)
{
	begin (all);
	put ("cgroup.subtree_control", "cpuset pids\n");
	m.start.cpus_milli = 10;
	TAP_EQ_INT (cgroup_limits_prepare (&m), 0);
	TAP_EQ_STR (get ("cgroup.subtree_control"), "+cpuet pids\n");
	TAP_EQ_INT (cgroup_limits_apply (&m), 0);
	TAP_EQ_STR (get ("cpu.max"), "1000 100000");
	end (all);
}

static void
no_controller (void)
{
	static const char *const few[] = { "pids.max", NULL };

	begin (few);
	m.start.pids_max = 1;
	TAP_EQ_INT (cgroup_limits_prepare (&m), -1);
	TAP_EQ_INT (m.report.step, STEP_CONTAIN);
	CU_ASSERT (strstr (m.report.detail, "pids= cannot be set: ") != NULL);
	end (few);
}

static void
no_file (void)
{
	static const char *const few[] = { "cgroup.subtree_control", NULL };

	begin (few);
	put ("cgroup.subtree_control", "memory");
	m.start.memory_max = 4096;
	TAP_EQ_INT (cgroup_limits_prepare (&m), 0);
	TAP_EQ_INT (cgroup_limits_apply (&m), -1);
	CU_ASSERT (strstr (m.report.detail, "mem= cannot be set: memory.max")
		   != NULL);
	end (few);
}

/* The kernel hands down pids though a process is there, but nothing can then be
 * started below. */
static void
not_alone (void)
{
	static const char *const few[] = { "cgroup.subtree_control",
					   "cgroup.controllers", "cgroup.type",
					   "cgroup.procs", NULL };

	begin (few);
	put ("cgroup.controllers", "cpu memory pids\n");
	put ("cgroup.procs", "1\n");
	m.start.pids_max = 9;
	TAP_EQ_INT (cgroup_limits_prepare (&m), -1);
	TAP_EQ_STR (get ("cgroup.subtree_control"), "");
	CU_ASSERT (strstr (m.report.detail, "holds 1 other process, too")
		   != NULL);
	/* root may have no session in which there is a --user manager. */
	CU_ASSERT (strstr (m.report.detail, geteuid () == 0
						    ? "systemd-run --scope -p"
						    : "systemd-run --user ")
		   != NULL);
	put ("cgroup.procs", "");
	TAP_EQ_INT (cgroup_limits_prepare (&m), 0);
	TAP_EQ_STR (get ("cgroup.subtree_control"), "+pids");
	end (few);
}

static void
refused (void)
{
	begin (all);
	put ("pids.events", "max 17\n");
	TAP_EQ_INT (cgroup_limits_refused (&m), 0);
	m.start.pids_max = 2;
	TAP_EQ_INT (cgroup_limits_refused (&m), 17);
	put ("pids.events", "");
	TAP_EQ_INT (cgroup_limits_refused (&m), 0);
	end (all);
}

static const struct tap_case cases[] = {
	{ "limits_are_written_as_the_kernel_takes_them", all_three },
	{ "without_limits_nothing_is_written", none },
	{ "a_controller_that_is_missing_is_asked_for", handed_down },
	{ "a_limit_without_its_controller_is_an_error", no_controller },
	{ "a_limit_without_its_file_is_an_error", no_file },
	{ "no_controller_is_handed_down_beside_other_processes", not_alone },
	{ "forks_that_failed_are_counted", refused },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cgroup_limits", cases);
}
