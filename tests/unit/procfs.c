/* SPDX-License-Identifier: MIT */
/* procfs.c - what /proc/PID says of a process. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/procfs.h"
#include "lib/tap.h"

static void
names_may_hold_anything (void)
{
	struct procfs_stat st;
	static const char line[] =
		"77 (a) R 1 (b) S 5 6 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 "
		"123456789012 9 9 9\n";

	TAP_EQ_INT (procfs_parse_stat (line, &st), 0);
	TAP_EQ_INT (st.state, 'S');
	TAP_EQ_INT (st.parent, 5);
	TAP_EQ_INT (st.group, 6);
	TAP_EQ_INT (st.session, 7);
	TAP_EQ_INT (st.threads, 3);
	TAP_EQ_INT (st.start, 123456789012);
}

static void
what_is_cut_is_refused (void)
{
	struct procfs_stat st;

	TAP_EQ_INT (procfs_parse_stat ("", &st), -EINVAL);
	TAP_EQ_INT (procfs_parse_stat ("1 (x", &st), -EINVAL);
	TAP_EQ_INT (procfs_parse_stat ("1 (x) S 1 2 3", &st), -EINVAL);
}

static void
this_process_is_read (void)
{
	struct procfs_stat self, same;

	TAP_EQ_INT (procfs_read_stat (0, &self), 0);
	TAP_EQ_INT (procfs_read_stat (getpid (), &same), 0);
	TAP_EQ_INT (self.parent, getppid ());
	TAP_EQ_INT (self.group, getpgrp ());
	TAP_EQ_INT (self.session, getsid (0));
	TAP_EQ_INT (self.state, 'R');
	TAP_EQ_INT (same.start, self.start);
}

static void
a_process_that_is_gone_is_told (void)
{
	struct procfs_stat st;
	pid_t pid = fork ();

	if (pid == 0)
		_exit (0);
	waitpid (pid, NULL, 0);
	TAP_EQ_INT (procfs_read_stat (pid, &st), -ENOENT);
}

static void
a_stopped_process_has_state_T (void)
{
	pid_t pid = fork ();
	siginfo_t info;

	if (pid == 0)
		for (;;)
			pause ();
	kill (pid, SIGSTOP);
	waitid (P_PID, (id_t) pid, &info, WSTOPPED);
	TAP_EQ_INT (procfs_state (pid), 'T');
	kill (pid, SIGKILL);
	waitpid (pid, NULL, 0);
	TAP_EQ_INT (procfs_state (pid), 0);
}

static void
only_digits_are_a_pid (void)
{
	TAP_EQ_INT (procfs_parse_pid ("1"), 1);
	TAP_EQ_INT (procfs_parse_pid ("4194304"), 4194304);
	TAP_EQ_INT (procfs_parse_pid (""), 0);
	TAP_EQ_INT (procfs_parse_pid ("self"), 0);
	TAP_EQ_INT (procfs_parse_pid ("12x"), 0);
	TAP_EQ_INT (procfs_parse_pid ("99999999999999999999"), 0);
}

static void
an_open_proc_is_read (void)
{
	struct procfs_stat self;
	int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	TAP_EQ_INT (procfs_read_stat_at (proc, getpid (), &self), 0);
	TAP_EQ_INT (self.parent, getppid ());
	TAP_EQ_INT (procfs_open_at (-1, getpid (), "stat"), -1);
	close (proc);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "procfs_reads_behind_a_name_of_any_bytes",
		  names_may_hold_anything },
		{ "procfs_refuses_a_line_that_is_cut", what_is_cut_is_refused },
		{ "procfs_reads_its_own_process", this_process_is_read },
		{ "procfs_tells_of_a_process_that_is_gone",
		  a_process_that_is_gone_is_told },
		{ "procfs_state_of_a_stopped_process_is_T",
		  a_stopped_process_has_state_T },
		{ "procfs_takes_only_digits_for_a_pid", only_digits_are_a_pid },
		{ "procfs_reads_below_an_open_directory",
		  an_open_proc_is_read },
		{ NULL, NULL },
	};

	return tap_run ("procfs", cases);
}
