/* SPDX-License-Identifier: MIT */
/* checks.c - the table of checks, and how one is run. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/clock.h"
#include "common/macros.h"

/* Time limits of one probe, and of all together. */
#define PROBE_MS 2000
#define PROBES_MS 4000

#define NO_CGROUP                                                              \
	"--contain cgroup cannot be used; a pause stops only the agent's own " \
	"process group, and kills for lack of memory are not counted for "     \
	"each run"

/*
 * The part of an id before its dot is the group; the groups are in order.  A
 * probe may replace impact and remedy by something more exact.
 */
const struct doctor_check doctor_checks[] = {
	{ "run.monitor", "linehook-exec", probe_monitor, DOCTOR_BAD,
	  DOCTOR_HARMLESS, "no agent can be run",
	  "install linehook completely, or set LINEHOOK_EXEC to the path of "
	  "linehook-exec" },
	{ "run.auto", "test run", probe_auto, DOCTOR_BAD, DOCTOR_IN_PROCESS,
	  "no agent can be run", NULL },
	{ "run.cgroup", "--contain cgroup", probe_contain_cgroup, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS, "runs with this option cannot start", NULL },
	{ "run.pidns", "--contain pidns", probe_contain_pidns, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS, "runs with this option cannot start", NULL },
	{ "run.subreaper", "--contain subreaper", probe_contain_subreaper,
	  DOCTOR_NOTE, DOCTOR_IN_PROCESS, "runs with this option cannot start",
	  NULL },

	{ "plugins.found", "plugins", probe_plugins, DOCTOR_BAD,
	  DOCTOR_IN_PROCESS, "no agent can be run",
	  "install the plugins, or name their directory with --plugin-dir or "
	  "LINEHOOK_PLUGIN_PATH" },
	{ "plugins.raw", "raw", probe_raw, DOCTOR_WEAK, DOCTOR_IN_PROCESS,
	  "a program that no plugin serves cannot be run",
	  "install raw.so beside the other plugins" },

	{ "kernel.release", "kernel version", probe_release, DOCTOR_WEAK,
	  DOCTOR_HARMLESS, "linehook is tested with Linux 5.4 and later",
	  "use a newer kernel" },
	{ "kernel.scope", "signal scope", probe_scope, DOCTOR_WEAK, 0,
	  "an agent can kill its monitor, and processes that it started may "
	  "then be left behind",
	  "use Linux 6.12 or later with Landlock (CONFIG_SECURITY_LANDLOCK, "
	  "and landlock in lsm= on the kernel command line)" },
	{ "kernel.limits", "limit guard", probe_limit_guard, DOCTOR_NOTE, 0,
	  "an agent can lower the limits of its monitor and of linehook: a "
	  "limit of CPU time ends the run with host_error, and a limit of "
	  "memory may end linehook and the run without a result",
	  "use Linux 6.12 or later with Landlock, and allow seccomp in the "
	  "container" },
	{ "kernel.subreaper", "subreaper", probe_subreaper, DOCTOR_BAD, 0,
	  "linehook-exec cannot keep track of a process tree, so it starts "
	  "none",
	  "allow prctl in the container" },
	{ "kernel.pidfd", "pidfd", probe_pidfd, DOCTOR_NOTE, 0,
	  "processes are identified only by their ids, so an embedder must not "
	  "reap the monitor, and only the agent's own group gets SIGTERM "
	  "before it is killed",
	  "use Linux 5.3 or later; allow pidfd_open and pidfd_send_signal in "
	  "the container" },
	{ "kernel.pidfd-group", "pidfd for groups", probe_group_signal,
	  DOCTOR_NOTE, 0,
	  "if a monitor is lost, the agent's group is killed only while the "
	  "agent itself lives",
	  "use Linux 6.9 or later" },
	{ "kernel.peerpidfd", "SO_PEERPIDFD", probe_peer, DOCTOR_NOTE, 0,
	  "if a host forks and then dies, its monitors notice this only when "
	  "the forked child has closed its sockets",
	  "use Linux 6.5 or later" },
	{ "kernel.close-range", "close_range", probe_close_range, DOCTOR_NOTE,
	  0,
	  "each start takes some milliseconds longer, because descriptors are "
	  "closed one by one",
	  "use Linux 5.9 or later; allow close_range in the container" },
	{ "kernel.memfd", "memfd", probe_memfd, DOCTOR_NOTE, 0,
	  "input for an agent waits in a temporary file instead of memory",
	  "allow memfd_create in the container" },

	{ "tree.cgroup", "cgroup v2", probe_cgroup, DOCTOR_NOTE, 0, NO_CGROUP,
	  "mount cgroup2 on /sys/fs/cgroup" },
	{ "tree.leaf", "own cgroups", probe_leaf, DOCTOR_NOTE, 0, NO_CGROUP,
	  NULL },
	{ "tree.limits", "tree limits", probe_tree_limits, DOCTOR_NOTE, 0,
	  "--limit mem=, pids= and cpus= are refused", NULL },
	{ "tree.namespace", "namespaces", probe_namespace, DOCTOR_NOTE, 0,
	  "--contain pidns cannot be used",
	  "allow user namespaces in the container" },
	{ "tree.oom", "memory kills", probe_oom, DOCTOR_WEAK, 0,
	  "an agent that the kernel kills for lack of memory has the verdict "
	  "killed, not oom",
	  "run in a cgroup with the memory controller, or on a kernel that "
	  "counts oom_kill in /proc/vmstat" },

	{ "files.proc", "/proc", probe_proc, DOCTOR_WEAK, 0,
	  "if a monitor is lost, its agent's processes are not found",
	  "mount -t proc proc /proc" },
	{ "files.children", "lists of children", probe_children, DOCTOR_NOTE, 0,
	  "at the end of each run all of /proc is read",
	  "use a kernel with CONFIG_PROC_CHILDREN" },
	{ "files.spool", "temporary files", probe_spool, DOCTOR_WEAK, 0,
	  "agents that need a file as stdout (gemini, opencode, qwen) get a pipe "
	  "and may lose the end of long output",
	  "set TMPDIR to a directory that this user may write to" },
	{ "files.punch", "hole punching", probe_punch, DOCTOR_NOTE, 0,
	  "temporary files keep everything that the agent prints until the run "
	  "ends",
	  "set TMPDIR to a directory on ext4, xfs, btrfs or tmpfs" },
	{ "files.lease", "leases", probe_lease, DOCTOR_NOTE, 0,
	  "the kernel cannot tell whether other processes still write to a "
	  "temporary file, so a run waits for --drain instead",
	  "set TMPDIR to a directory on a local file system" },
	{ "files.space", "free space", probe_space, DOCTOR_WEAK, 0,
	  "if the disk becomes full, output that an agent prints to a file is "
	  "cut off",
	  "set TMPDIR to a directory with more room" },
	{ "files.inotify", "inotify", probe_inotify, DOCTOR_NOTE, 0,
	  "temporary files are read every 20 ms",
	  "raise the sysctl fs.inotify.max_user_instances" },
	{ "files.home", "home directory", probe_home, DOCTOR_NOTE, 0,
	  "most agents keep their login and their sessions there",
	  "set HOME to a directory that this user may write to" },
	{ "files.state", "record directory", probe_state, DOCTOR_NOTE, 0,
	  "runs cannot be kept (--keep)",
	  "set XDG_STATE_HOME to a directory that this user may write to" },

	{ "limits.pipe", "pipes", probe_pipe, DOCTOR_NOTE, DOCTOR_HARMLESS,
	  "an agent that prints a lot waits for linehook more often",
	  "raise the sysctls fs.pipe-max-size and fs.pipe-user-pages-soft" },
	{ "limits.files", "open files", probe_nofile, DOCTOR_WEAK,
	  DOCTOR_HARMLESS, "one process can have only this many runs",
	  "raise the limit with ulimit -n, or LimitNOFILE= of the service" },
	{ "limits.tasks", "processes", probe_tasks, DOCTOR_WEAK,
	  DOCTOR_HARMLESS, "an agent may be unable to start all its threads",
	  "raise the limit with ulimit -u, or TasksMax= of the service" },
	{ "limits.core", "core files", probe_core, DOCTOR_NOTE, DOCTOR_HARMLESS,
	  "an agent that crashes may leave its memory, secrets included, in "
	  "a file",
	  "run agents with --limit core=0" },

	{ "start.secure", "privileges", probe_secure, DOCTOR_BAD,
	  DOCTOR_IN_PROCESS,
	  "linehook loads no plugin into a process that is setuid or has "
	  "file capabilities",
	  "remove the setuid bit or the file capabilities of linehook" },
	{ "start.sigchld", "SIGCHLD", probe_sigchld, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS,
	  "none for runs, because agents do not inherit it; programs started "
	  "in other ways may hang",
	  "start linehook with the default action for SIGCHLD" },
	{ "start.first", "process 1", probe_first, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS,
	  "orphans of other programs in this container become children of "
	  "linehook",
	  "if there are other programs, start an init process first (docker "
	  "run --init)" },
	{ "start.preload", "libraries added", probe_preload, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS, NULL, NULL },
	{ "start.tunables", "C library", probe_tunables, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS, NULL, NULL },
	{ "start.markers", "outer agent", probe_markers, DOCTOR_NOTE,
	  DOCTOR_IN_PROCESS,
	  "an agent does not know that it runs inside another agent",
	  "if an agent must know, set the variable with --env NAME=VALUE" },
};

const size_t doctor_n_checks = ARRAY_SIZE (doctor_checks);

_Static_assert(ARRAY_SIZE (doctor_checks) <= DOCTOR_CHECKS_MAX,
	       "a finding for each check");

struct probe_call {
	const struct doctor_check *check;
	struct finding *finding;
};

static void
run_probe (struct doctor *d, void *arg)
{
	const struct probe_call *call = arg;

	call->check->probe (d, call->finding);
}

static void
run_check (struct doctor *d, const struct doctor_check *c, struct finding *f,
	   int64_t until_ms)
{
	struct probe_call call = { c, d->scratch };
	int64_t left = until_ms - clock_now_ms ();
	char why[DOCTOR_TEXT];
	int r;

	if (c->flags & DOCTOR_IN_PROCESS) {
		c->probe (d, f);
		return;
	}
	if (left <= 0) {
		probe_result (f, DOCTOR_SKIP, "not tried: no time was left");
		return;
	}
	memset (d->scratch, 0, sizeof *d->scratch);
	r = probe_subprocess (d, run_probe, &call,
			      left < PROBE_MS ? (int) left : PROBE_MS, why);
	if (r == 0)
		*f = *d->scratch;
	else if (r == -1)
		probe_missing (f, "%s", why);
	else if (c->flags & DOCTOR_HARMLESS)
		c->probe (d, f);
	else
		probe_result (f, DOCTOR_SKIP, "%s", why);
}

/* What systemd makes when it starts the machine. */
#define SYSTEMD_DIR "/run/systemd/system"

/* Advice that names systemd is of no use where it does not run. */
static void
advise_without_systemd (struct finding *f)
{
	if (strstr (f->remedy, "systemd") == NULL
	    || access (SYSTEMD_DIR, F_OK) == 0)
		return;
	if (strstr (f->remedy, "systemd-run") != NULL)
		probe_remedy (f, "as root, make a cgroup, give it to this user "
				 "(chown -R) and start linehook in it");
	else
		probe_remedy (f, "let the machine use cgroup v2 alone, with "
				 "nothing mounted of cgroup v1");
}

static void
apply_table (const struct doctor_check *c, struct finding *f)
{
	if (f->status == FINDING_BY_TABLE)
		f->status = c->missing;
	if (f->status < DOCTOR_NOTE) {
		f->impact[0] = f->remedy[0] = '\0';
		return;
	}
	if (f->impact[0] == '\0' && c->impact != NULL)
		probe_impact (f, "%s", c->impact);
	if (f->remedy[0] == '\0' && c->remedy != NULL)
		probe_remedy (f, "%s", c->remedy);
	advise_without_systemd (f);
}

void
doctor_run_checks (struct doctor *d)
{
	int64_t until_ms = clock_now_ms () + PROBES_MS;
	size_t i;

	if (until_ms > d->until_ms)
		until_ms = d->until_ms;
	for (i = 0; i < doctor_n_checks; i++) {
		struct finding *f = &d->findings[i];

		memset (f, 0, sizeof *f);
		run_check (d, &doctor_checks[i], f, until_ms);
		apply_table (&doctor_checks[i], f);
	}
}

size_t
doctor_count (const struct doctor *d, int status)
{
	size_t i, n = 0;

	for (i = 0; i < doctor_n_checks; i++)
		n += d->findings[i].status == status;
	for (i = 0; i < d->programs->n; i++)
		n += (d->programs->all[i].was_run
		      || d->programs->all[i].untrusted)
		     && d->programs->all[i].status == status;
	return n;
}
