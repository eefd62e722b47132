/* SPDX-License-Identifier: MIT */
/*
 * cgroup_limits.c - limits of memory, processes and CPUs for a whole tree.
 *
 * They are files of the run's cgroup, which are there if the cgroup above it
 * hands their controllers down.  No process may be in a cgroup that does: the
 * kernel refuses to hand down memory then, and with pids or cpu it makes the
 * cgroup a threaded one, below which no other can be entered.  So a host that is
 * alone there with its children is moved into a cgroup below first.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup_control.h"
#include "common/cgroup_path.h"
#include "common/io.h"
#include "common/macros.h"
#include "common/procfs.h"
#include "monitor/monitor.h"

/* Monitors of the same host may start meanwhile. */
#define MAKE_ROOM_TRIES 16

#define PATH_TAIL_MAX 80

/* Microseconds of cpu.max: the period, and those of a thousandth of a CPU. */
#define CPU_PERIOD_US 100000
#define CPU_MILLI_US 100

/* It takes cgroup_control_launcher. */
#define REMEDY "; start linehook in a cgroup of its own: %s linehook .."

static int
wants_memory (const struct proto_start *s)
{
	return s->memory_max != 0;
}

static int
wants_pids (const struct proto_start *s)
{
	return s->pids_max != 0;
}

static int
wants_cpu (const struct proto_start *s)
{
	return s->cpus_milli != 0;
}

static const struct {
	const char *controller;
	const char *option;
	int (*is_wanted) (const struct proto_start *s);
} limits[] = {
	{ "memory", "mem", wants_memory },
	{ "pids", "pids", wants_pids },
	{ "cpu", "cpus", wants_cpu },
};

int
cgroup_limits_are_set (const struct monitor *m)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (limits); i++)
		if (limits[i].is_wanted (&m->start))
			return 1;
	return 0;
}

/* Write TEXT to the file NAME of DIR.  0 or errno. */
static int
put_file (int dir, const char *name, const char *text)
{
	int fd = openat (dir, name, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write (fd, text, strlen (text)) < 0)
		error = errno;
	close (fd);
	return error;
}

/* ---- controllers ---- */

/* The host made room before: the cgroups of runs are beside its own. */
static void
leave_host_cgroup (struct monitor *m)
{
	struct cgroup *g = &m->cgroup;
	int above;

	if (!cgroup_control_is_host (g->path))
		return;
	above = openat (g->own, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (above < 0)
		return;
	close (g->own);
	g->own = above;
	*strrchr (g->path, '/') = '\0';
}

/* Is PID the host, or one of its children, as we are? */
static int
is_of_host (const struct monitor *m, pid_t pid)
{
	struct procfs_stat st;

	return pid == m->self || pid == m->host
	       || (m->view.proc >= 0
		   && procfs_read_stat_at (m->view.proc, pid, &st) == 0
		   && st.parent == m->host);
}

static int
is_other (void *user, pid_t pid)
{
	const struct monitor *m = user;

	return !is_of_host (m, pid);
}

struct move {
	const struct monitor *m;
	int to;
};

/* One that has ended meanwhile need not move. */
static int
move_process (void *user, pid_t pid)
{
	const struct move *move = user;
	char word[24];
	int error;

	if (!is_of_host (move->m, pid))
		return 1;
	snprintf (word, sizeof word, "%d", (int) pid);
	error = put_file (move->to, "cgroup.procs", word);
	if (error == 0 || error == ESRCH)
		return 0;
	errno = error;
	return -1;
}

/* Move the host and its children to a cgroup below ours.  0; the number of
 * other processes that are there; -1 with errno. */
static int
move_host (struct monitor *m)
{
	int own = m->cgroup.own;
	struct move move = { m, -1 };
	int r = cgroup_control_processes (own, is_other, m);
	int error;

	if (r != 0)
		return r;
	if (mkdirat (own, CGROUP_HOST, 0755) < 0 && errno != EEXIST)
		return -1;
	move.to = openat (own, CGROUP_HOST, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (move.to < 0)
		return -1;
	r = cgroup_control_processes (own, move_process, &move);
	error = errno;
	close (move.to);
	errno = error;
	return r;
}

static int
is_any (void *user, pid_t pid)
{
	(void) user;
	(void) pid;
	return 1;
}

/* Until no process is in our cgroup.  Returns what move_host does. */
static int
make_room (struct monitor *m)
{
	int r, i;

	for (i = 0; i < MAKE_ROOM_TRIES; i++) {
		r = cgroup_control_processes (m->cgroup.own, is_any, NULL);
		if (r <= 0)
			return r;
		r = move_host (m);
		if (r != 0)
			return r;
	}
	errno = EBUSY;
	return -1;
}

/* A controller that a version 1 tree uses is not in the version 2 tree. */
static void
report_absent (struct monitor *m, const char *option, const char *controller,
	       int error)
{
	const char *path = cgroup_path_tail (m->cgroup.path, PATH_TAIL_MAX);
	static char v1[PATH_MAX];

	if (cgroup_path_own (controller, v1, sizeof v1) == 0)
		control_report_uncontained (
			m, error,
			"%s= cannot be set: this machine uses the controller "
			"%s in cgroup v1; boot it with "
			"systemd.unified_cgroup_hierarchy=1",
			option, controller);
	else
		control_report_uncontained (
			m, error,
			"%s= cannot be set: the cgroup '%s' does not have the "
			"controller %s" REMEDY,
			option, path, controller, cgroup_control_launcher ());
}

static int
report_refused (struct monitor *m, const char *option, const char *controller,
		int error, int others)
{
	const char *path = cgroup_path_tail (m->cgroup.path, PATH_TAIL_MAX);

	if (others > 0)
		control_report_uncontained (
			m, error,
			"%s= cannot be set: the cgroup '%s' holds %d other "
			"process%s, too" REMEDY,
			option, path, others, others == 1 ? "" : "es",
			cgroup_control_launcher ());
	else if (error == ENOENT || error == EINVAL)
		report_absent (m, option, controller, error);
	else
		control_report_uncontained (
			m, error,
			"%s= cannot be set: the cgroup '%s' cannot hand down "
			"the controller %s: %s" REMEDY,
			option, path, controller, strerror (error),
			cgroup_control_launcher ());
	return -1;
}

/* Make room for cgroups that have the controller, where that is possible at all.
 * 0, or an errno; *RET_OTHERS is the number of other processes in the way. */
static int
prepare_own (struct monitor *m, const char *controller, int *ret_others)
{
	int own = m->cgroup.own;

	*ret_others = 0;
	if (cgroup_control_is_root (own))
		return 0;
	if (!cgroup_control_has (own, "cgroup.controllers", controller))
		return ENOENT;
	if (faccessat (own, "cgroup.subtree_control", W_OK, AT_EACCESS) < 0)
		return errno;
	*ret_others = make_room (m);
	if (*ret_others < 0)
		return errno;
	return *ret_others == 0 ? 0 : EBUSY;
}

static int
enable (struct monitor *m, const char *option, const char *controller)
{
	char word[32];
	int error, others, i;

	snprintf (word, sizeof word, "+%s", controller);
	for (i = 0; i < MAKE_ROOM_TRIES; i++) {
		error = prepare_own (m, controller, &others);
		if (error != 0)
			break;
		error = put_file (m->cgroup.own, "cgroup.subtree_control",
				  word);
		if (error != EBUSY)
			break;
	}
	if (error == 0)
		return 0;
	return report_refused (m, option, controller, error, others);
}

int
cgroup_limits_prepare (struct monitor *m)
{
	size_t i;

	if (!cgroup_limits_are_set (m))
		return 0;
	leave_host_cgroup (m);
	for (i = 0; i < ARRAY_SIZE (limits); i++)
		if (limits[i].is_wanted (&m->start)
		    && !cgroup_control_has (m->cgroup.own,
					    "cgroup.subtree_control",
					    limits[i].controller)
		    && enable (m, limits[i].option, limits[i].controller) < 0)
			return -1;
	return 0;
}

/* ---- limits ---- */

static int
set_limit (struct monitor *m, const char *option, const char *file,
	   const char *text)
{
	int error = put_file (m->cgroup.dir, file, text);

	if (error == 0)
		return 0;
	control_report_uncontained (
		m, error, "%s= cannot be set: %s of the run's cgroup: %s",
		option, file, strerror (error));
	return -1;
}

/* Swap space would only put off the end, and the tree ends as a whole rather
 * than without one of its processes.  Old kernels have neither file. */
static int
set_memory (struct monitor *m)
{
	char text[24];

	snprintf (text, sizeof text, "%" PRIu64, m->start.memory_max);
	if (set_limit (m, "mem", "memory.max", text) < 0)
		return -1;
	(void) put_file (m->cgroup.dir, "memory.swap.max", "0");
	(void) put_file (m->cgroup.dir, "memory.oom.group", "1");
	return 0;
}

int
cgroup_limits_apply (struct monitor *m)
{
	const struct proto_start *s = &m->start;
	char text[48];

	if (s->memory_max != 0 && set_memory (m) < 0)
		return -1;
	snprintf (text, sizeof text, "%u", (unsigned int) s->pids_max);
	if (s->pids_max != 0 && set_limit (m, "pids", "pids.max", text) < 0)
		return -1;
	snprintf (text, sizeof text, "%" PRIu64 " %d",
		  (uint64_t) s->cpus_milli * CPU_MILLI_US, CPU_PERIOD_US);
	if (s->cpus_milli != 0 && set_limit (m, "cpus", "cpu.max", text) < 0)
		return -1;
	return 0;
}

uint32_t
cgroup_limits_refused (const struct monitor *m)
{
	char text[128];
	int dir = m->cgroup.dir;

	if (dir < 0 || m->start.pids_max == 0
	    || io_read_text (openat (dir, "pids.events", O_RDONLY | O_CLOEXEC),
			     text, sizeof text)
		       <= 0
	    || strncmp (text, "max ", 4) != 0)
		return 0;
	return (uint32_t) strtoul (text + 4, NULL, 10);
}
