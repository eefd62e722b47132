/* SPDX-License-Identifier: MIT */
/* run_exit.c - how a run ends by itself, and how it cannot start. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/tempdir.h"
#include "lib/trial.h"

static void
every_exit_code (void)
{
	struct trial t;
	char word[16];
	int i;

	trial_begin (&t, 0);
	for (i = 0; i < 256; i++) {
		snprintf (word, sizeof word, "%d", i);
		if (!trial_run (&t, AGENT ("exit", word)))
			break;
		if (!TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_EXITED)
		    || !TAP_EQ_INT (t.result->outcome.has_exit, 1)
		    || !TAP_EQ_INT (t.result->outcome.exit_code, i)
		    || !TAP_EQ_INT (t.result->verdict,
				    i == 0 ? LHK_VERDICT_OK
					   : LHK_VERDICT_FAILED))
			break;
	}
	TAP_EQ_INT (i, 256);
	trial_end (&t);
}

static void
every_deadly_signal (void)
{
	/* Those whose default is not death, and the two that the C library
	 * keeps for itself. */
	static const int not_deadly[] = { SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
					  SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
					  32,	   33 };
	struct trial t;
	char word[16];
	size_t j;
	int i, n = 0;

	trial_begin (&t, 0);
	for (i = 1; i <= 64; i++) {
		for (j = 0; j < sizeof not_deadly / sizeof *not_deadly; j++)
			if (not_deadly[j] == i)
				break;
		if (j < sizeof not_deadly / sizeof *not_deadly)
			continue;
		snprintf (word, sizeof word, "%d", i);
		if (!trial_run (&t, AGENT ("raise", word)))
			break;
		if (!TAP_EQ_INT (t.result->outcome.end_reason, LHK_END_SIGNALED)
		    || !TAP_EQ_INT (t.result->outcome.has_exit, 0)
		    || !TAP_EQ_INT (t.result->outcome.signal, i)
		    || !TAP_EQ_INT (t.result->verdict, LHK_VERDICT_KILLED))
			break;
		n++;
	}
	TAP_EQ_INT (n, 54);
	trial_end (&t);
}

static void
output_is_whole (void)
{
	struct trial t;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("lines", "3", "err", "oops", "exit", "1"))) {
		TAP_EQ_STR (t.text, "line 1\nline 2\nline 3\n");
		TAP_EQ_INT (t.err_bytes, 5);
		TAP_EQ_MEM (t.result->outcome.stderr_head.ptr,
			    t.result->outcome.stderr_head.len, "oops\n", 5);
		TAP_EQ_INT (t.result->outcome.stderr_tail.len, 0);
		TAP_EQ_INT (t.result->outcome.exit_code, 1);
		TAP_EQ_INT (t.result->outcome.flags, 0);
		CU_ASSERT_PTR_NOT_NULL (t.result->outcome.contain);
	}
	if (trial_run (&t, AGENT ("out", "whole", "bytes", "5")))
		TAP_EQ_STR (t.text, "whole\nxxxxx\n");
	trial_end (&t);
}

/* A start that fails: verdict, step, errno. */
static void
check_failed (struct trial *t, const char *const *argv, const char *step,
	      int error)
{
	if (!trial_run (t, argv))
		return;
	TAP_EQ_INT (t->result->outcome.end_reason, LHK_END_SPAWN_FAILED);
	TAP_EQ_INT (t->result->verdict, LHK_VERDICT_SPAWN_FAILED);
	TAP_EQ_INT (t->result->outcome.has_exit, 0);
	TAP_EQ_INT (t->result->outcome.sys_errno, error);
	CU_ASSERT_PTR_NOT_NULL (t->result->outcome.step);
	if (t->result->outcome.step != NULL)
		TAP_EQ_STR (t->result->outcome.step, step);
	TAP_EQ_INT (t->result->outcome.flags, 0);
}

static void
not_found (void)
{
	struct trial t;

	trial_begin (&t, 0);
	check_failed (&t, WORDS ("no-such-program-at-all"), "exec", ENOENT);
	check_failed (&t, WORDS ("/no/such/program"), "exec", ENOENT);
	check_failed (&t, WORDS ("/dev/null/program"), "exec", ENOENT);
	trial_end (&t);
}

static void
make_file (const char *path, const char *content, mode_t mode)
{
	int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write (fd, content, strlen (content)) < 0
	    || fchmod (fd, mode) < 0)
		exit (99);
	close (fd);
}

static void
not_executable (void)
{
	char dir[TEMPDIR_PATH];
	char path[TEMPDIR_PATH + 8];
	struct trial t;

	tempdir_template (dir, "lhk-exit");
	if (mkdtemp (dir) == NULL)
		exit (99);
	trial_begin (&t, 0);
	snprintf (path, sizeof path, "%s/file", dir);
	check_failed (&t, WORDS (dir), "exec", EACCES);
	make_file (path, "text\n", 0600);
	check_failed (&t, WORDS (path), "exec", EACCES);
	make_file (path, "text\n", 0700);
	check_failed (&t, WORDS (path), "exec", ENOEXEC);
	make_file (path, "#!/no/such/interpreter\n", 0700);
	check_failed (&t, WORDS (path), "interpreter", ENOENT);
	make_file (path, "#!/dev/null\n", 0700);
	check_failed (&t, WORDS (path), "interpreter", EACCES);
	unlink (path);
	rmdir (dir);
	trial_end (&t);
}

static void
bad_directory (void)
{
	struct trial t;

	trial_begin (&t, 0);
	t.opts.cwd = "/no/such/directory";
	check_failed (&t, AGENT ("out", "x"), "chdir", ENOENT);
	t.opts.cwd = "/dev/null";
	check_failed (&t, AGENT ("out", "x"), "chdir", ENOTDIR);
	t.opts.cwd = "/usr";
	if (trial_run (&t, AGENT ("cwd")))
		TAP_EQ_STR (t.text, "/usr\n");
	trial_end (&t);
}

static void
too_long_a_command (void)
{
	size_t len = 4 << 20;
	char *word = malloc (len + 1);
	struct trial t;

	if (word == NULL)
		exit (99);
	memset (word, 'a', len);
	word[len] = '\0';
	trial_begin (&t, 0);
	check_failed (&t, AGENT ("out", word), "exec", E2BIG);
	t.opts.stdout_mode = LHK_STDOUT_FILE;
	check_failed (&t, AGENT ("out", word), "exec", E2BIG);
	trial_end (&t);
	free (word);
}

static void
bad_limit (void)
{
	struct lhk_rlimit limit = { 9999, 0, 1 };
	struct trial t;

	trial_begin (&t, 0);
	t.opts.limits = &limit;
	t.opts.n_limits = 1;
	check_failed (&t, AGENT ("out", "x"), "limit", EINVAL);
	trial_end (&t);
}

static void
words_unchanged (void)
{
	static const char text[] =
		"a b\n'\"`$(id)\\\n\xc3\xa9\xe2\x82\xac\n\n*\n--\n";
	const char *argv[1003] = { NULL };
	struct trial t;
	int i;

	trial_begin (&t, 0);
	if (trial_run (&t, AGENT ("argv", "a b", "'\"`$(id)\\",
				  "\xc3\xa9\xe2\x82\xac", "", "*", "--")))
		TAP_EQ_STR (t.text, text);
	argv[0] = trial_agent ();
	argv[1] = "argv";
	for (i = 2; i < 1002; i++)
		argv[i] = "w";
	if (trial_run (&t, argv))
		TAP_EQ_INT (t.text_len, 2000);
	t.opts.argv = WORDS ("");
	TAP_EQ_INT (trial_start (&t, WORDS ("")), LHK_EINVAL);
	TAP_EQ_INT (trial_start (&t, (const char *const[]){ NULL }),
		    LHK_EINVAL);
	trial_end (&t);
}

static void
helper_missing (void)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_run_opts ro = LHK_RUN_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	struct lhk_host *host;
	struct lhk_run *run = NULL;
	struct trial t;
	int before;

	trial_begin (&t, 0);
	o.monitor = "/no/such/monitor";
	CU_ASSERT_EQUAL_FATAL (lhk_host_new (&o, &host, NULL), LHK_OK);
	CU_ASSERT (lhk_host_fd (host) >= 0);
	before = count_fds ();
	ro.argv = WORDS ("true");
	TAP_EQ_INT (lhk_host_plugin (t.host, "raw", &ro.plugin, NULL), LHK_OK);
	TAP_EQ_INT (lhk_run_start (host, &ro, &run, &err), LHK_ENOTFOUND);
	TAP_EQ_INT (err.sys_errno, ENOENT);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "'/no/such/monitor'"));
	CU_ASSERT_PTR_NULL (run);
	TAP_EQ_INT (count_fds (), before);
	lhk_host_free (host);
	trial_end (&t);
}

/* A program that is not a monitor: it ends without a word. */
static void
helper_wrong (void)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_run_opts ro = LHK_RUN_OPTS_INIT;
	const struct lhk_result *result;
	struct lhk_host *host;
	struct lhk_run *run = NULL;
	struct trial t;

	trial_begin (&t, 0);
	o.monitor = "/bin/true";
	CU_ASSERT_EQUAL_FATAL (lhk_host_new (&o, &host, NULL), LHK_OK);
	ro.argv = WORDS ("true");
	TAP_EQ_INT (lhk_host_plugin (t.host, "raw", &ro.plugin, NULL), LHK_OK);
	TAP_EQ_INT (lhk_run_start (host, &ro, &run, NULL), LHK_OK);
	TAP_EQ_INT (lhk_run_wait (run, 10000), LHK_OK);
	result = lhk_run_result (run);
	CU_ASSERT_PTR_NOT_NULL_FATAL (result);
	TAP_EQ_INT (result->outcome.end_reason, LHK_END_HOST_ERROR);
	TAP_EQ_INT (result->outcome.flags, LHK_FLAG_MONITOR_LOST);
	TAP_EQ_STR (result->outcome.step, "monitor");
	lhk_host_free (host);
	TAP_EQ_INT (count_children (), 0);
	trial_end (&t);
}

static const struct tap_case cases[] = {
	{ "all_256_exit_codes_are_reported_exactly", every_exit_code },
	{ "death_by_each_deadly_signal_is_reported_exactly",
	  every_deadly_signal },
	{ "exit_1_gives_the_code_and_both_outputs", output_is_whole },
	{ "a_missing_program_is_spawn_failed_enoent", not_found },
	{ "a_file_that_cannot_be_executed_has_step_and_errno", not_executable },
	{ "a_bad_directory_fails_in_step_chdir", bad_directory },
	{ "a_command_longer_than_the_kernel_takes_is_spawn_failed_e2big",
	  too_long_a_command },
	{ "a_bad_limit_fails_in_step_limit", bad_limit },
	{ "arguments_reach_the_program_unchanged_and_none_is_an_error",
	  words_unchanged },
	{ "a_missing_monitor_is_an_error_of_start_and_leaves_nothing",
	  helper_missing },
	{ "a_program_that_is_no_monitor_is_host_error_monitor_lost",
	  helper_wrong },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("run_exit", cases);
}
