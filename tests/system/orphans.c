/* SPDX-License-Identifier: MIT */
/*
 * orphans.c - which processes count as those of a run.
 *
 * The tests are in a pid namespace: a mistake would kill processes of others.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/pidfd.h"
#include "lib/child.h"
#include "lib/tempdir.h"
#include "lib/trial.h"
#include "lib/pidns.h"
#include "lib/tap.h"
#include "process/orphans.h"

#define MARK "LINEHOOK_TREE=01HF0000000000000000000000"

/* A file with DATA, to be read from its beginning. */
static int
file_of (const char *data, size_t len)
{
	int fd = memfd_create ("environ", MFD_CLOEXEC);

	CU_ASSERT_EQUAL_FATAL (write (fd, data, len), (ssize_t) len);
	lseek (fd, 0, SEEK_SET);
	return fd;
}

static int
has_mark (const char *data, size_t len)
{
	int fd = file_of (data, len);
	int r = orphans_has_mark (fd, MARK);

	close (fd);
	return r;
}

/* The mark lies at every offset around the border of two pieces. */
static void
mark_anywhere (void)
{
	static char data[16384];
	size_t at, bad = 0;

	for (at = 1; at<9400; at += at> 4000 && at < 4700 ? 1 : 7) {
		memset (data, 'x', sizeof data);
		data[at - 1] = '\0';
		memcpy (data + at, MARK, sizeof MARK);
		bad += !has_mark (data, sizeof data);
		bad += !has_mark (data, at + sizeof MARK);
	}
	TAP_EQ_INT (bad, 0);
	CU_ASSERT (has_mark (MARK, sizeof MARK));
}

static void
mark_whole (void)
{
	CU_ASSERT (!has_mark ("", 0));
	CU_ASSERT (!has_mark ("A=1", 4));
	CU_ASSERT (!has_mark (MARK, sizeof MARK - 1));
	CU_ASSERT (!has_mark (MARK "X", sizeof MARK + 1));
	CU_ASSERT (!has_mark ("X" MARK, sizeof MARK + 1));
	CU_ASSERT (!has_mark ("A=" MARK, sizeof MARK + 2));
	CU_ASSERT (has_mark ("A=\0" MARK, sizeof MARK + 3));
}

/* ---- real processes ---- */

static int64_t
boot_ms (void)
{
	struct timespec ts;

	clock_gettime (CLOCK_BOOTTIME, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The leader of a session, by pid and pidfd, and a child of it that lives
 * on. */
struct session {
	pid_t leader;
	pid_t child;
	int pidfd;
};

/* With LEADER_STAYS 0 the leader has exited and was reaped. */
static struct session
make_session (int leader_stays)
{
	struct session s;
	int fds[2];

	CU_ASSERT_EQUAL_FATAL (pipe2 (fds, O_CLOEXEC), 0);
	s.leader = fork ();
	if (s.leader == 0) {
		setsid ();
		s.child = fork ();
		if (s.child == 0) {
			setpgid (0, 0);
			s.child = getpid ();
			if (write (fds[1], &s.child, sizeof s.child) < 0)
				_exit (1);
			for (;;)
				pause ();
		}
		while (leader_stays)
			pause ();
		_exit (0);
	}
	s.pidfd = pidfd_get (s.leader);
	CU_ASSERT_EQUAL (read (fds[0], &s.child, sizeof s.child),
			 (ssize_t) sizeof s.child);
	close (fds[0]);
	close (fds[1]);
	if (!leader_stays)
		waitpid (s.leader, NULL, 0);
	return s;
}

static void
end_session (struct session *s)
{
	kill (s->child, SIGKILL);
	kill (s->leader, SIGKILL);
	waitpid (s->leader, NULL, 0);
	close (s->pidfd);
}

/* Without pidfds nothing proves whose a pid is. */
static int
has_pidfds (void)
{
	int fd = pidfd_get (getpid ());

	if (fd < 0)
		tap_skip ("no pidfds: an old kernel");
	else
		close (fd);
	return fd >= 0;
}

/* How many processes one whole pass finds. */
static uint32_t
found_by (struct orphans *o)
{
	int r;

	while ((r = orphans_step (o)) > 0)
		;
	TAP_EQ_INT (r, 0);
	TAP_EQ_INT (o->proc, -1);
	return o->n_found;
}

static void
by_pid (void)
{
	struct orphans o = ORPHANS_INIT;
	struct session s;

	/* Nothing proves that the pid is still the agent's. */
	s = make_session (0);
	o.agent = s.leader;
	TAP_EQ_INT (found_by (&o), 0);
	/* The pidfd does not either: agent and group have gone. */
	o.agent_fd = s.pidfd;
	TAP_EQ_INT (found_by (&o), 0);
	/* The agent lived, but before the process was born. */
	o.lived_ms = 1;
	TAP_EQ_INT (found_by (&o), 0);
	TAP_EQ_INT (kill (s.child, 0), 0);
	/* The agent lived when the process existed. */
	o.lived_ms = boot_ms () + 1000;
	TAP_EQ_INT (found_by (&o), 1);
	TAP_EQ_INT (o.found[0], s.child);
	end_session (&s);
}

static void
by_living_agent (void)
{
	struct orphans o = ORPHANS_INIT;
	struct session s;

	if (!has_pidfds ())
		return;
	s = make_session (1);
	o.agent = s.leader;
	o.agent_fd = s.pidfd;
	TAP_EQ_INT (found_by (&o), 2);
	end_session (&s);
}

static void
counted_once (void)
{
	struct orphans o = ORPHANS_INIT;
	struct session s;
	int i;

	if (!has_pidfds ())
		return;
	s = make_session (1);
	o.agent = s.leader;
	o.agent_fd = s.pidfd;
	found_by (&o);
	for (i = 0; i < 100 && found_by (&o) != 0; i++)
		poll (NULL, 0, 10);
	TAP_EQ_INT (o.n_found, 0);
	TAP_EQ_INT (o.n_all, 2);
	end_session (&s);
}

static void
not_itself (void)
{
	struct orphans o = ORPHANS_INIT;

	/* We are the only process of this session. */
	o.agent = getsid (0);
	o.agent_fd = pidfd_get (o.agent);
	o.lived_ms = boot_ms () + 1000;
	TAP_EQ_INT (found_by (&o), 0);
	close (o.agent_fd);
}

static void
pid_of_pidfd (void)
{
	struct session s;
	int fd;

	if (!has_pidfds ())
		return;
	fd = pidfd_get (getpid ());
	s = make_session (0);
	TAP_EQ_INT (pidfd_pid (fd), getpid ());
	TAP_EQ_INT (pidfd_pid (s.pidfd), 0);
	TAP_EQ_INT (pidfd_pid (-1), 0);
	end_session (&s);
	close (fd);
}

static int
in_another_namespace (int arg)
{
	struct orphans o = ORPHANS_INIT;
	int status;
	pid_t pid;

	(void) arg;
	if (unshare (CLONE_NEWPID) < 0)
		return 1;
	pid = fork ();
	if (pid == 0)
		_exit (orphans_step (&o) < 0 && errno != 0 && o.proc == -1 ? 0
									   : 2);
	waitpid (pid, &status, 0);
	return WIFEXITED (status) ? WEXITSTATUS (status) : 3;
}

static void
proc_of_another_namespace (void)
{
	child_run (in_another_namespace, 0);
}

static void
cgroup_dir (void)
{
	char dir[TEMPDIR_PATH];

	tempdir_template (dir, "lhk-cgroup");
	CU_ASSERT_PTR_NOT_NULL_FATAL (mkdtemp (dir));
	TAP_EQ_INT (orphans_kill_cgroup (dir), 0);
	TAP_EQ_INT (orphans_kill_cgroup (dir), 0);
	TAP_EQ_INT (orphans_kill_cgroup ("/proc/self"), -1);
}

static const struct tap_case cases[] = {
	{ "the_mark_is_found_wherever_it_lies", mark_anywhere },
	{ "the_mark_counts_as_a_whole_string_only", mark_whole },
	{ "a_pid_counts_while_it_is_provably_the_agents", by_pid },
	{ "a_living_agent_and_its_session_are_found", by_living_agent },
	{ "a_process_found_twice_is_counted_once", counted_once },
	{ "the_scan_never_finds_its_own_process", not_itself },
	{ "a_pidfd_has_a_pid_until_its_process_is_reaped", pid_of_pidfd },
	{ "a_proc_of_another_pid_namespace_is_refused",
	  proc_of_another_namespace },
	{ "killing_a_cgroup_twice_is_no_error", cgroup_dir },
	{ NULL, NULL },
};

static int
tests (void)
{
	return tap_run ("orphans", cases);
}

int
main (void)
{
	return pidns_run (tests);
}
