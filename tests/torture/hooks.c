/* SPDX-License-Identifier: MIT */
/* hooks.c - what entries do besides the words of the agent: a setup hook
 * changes a job before its start, a turn hook acts after each turn of the
 * loop. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/torture.h"

#define MIB (1 << 20)

/* ---- the end of the agent ---- */

void
setup_exit_code (struct job *j)
{
	int code = (int) prng_below (&j->sandbox->prng, 256);

	snprintf (j->word, sizeof j->word, "%d", code);
	j->argv[j->n_argv++] = j->word;
	j->expected.code = code;
	j->expected.verdict = code == 0 ? LHK_VERDICT_OK : LHK_VERDICT_FAILED;
}

/* 0: the default action is not death, or the C library uses the signal. */
static int
is_deadly (int signo)
{
	static const int not_deadly[] = { SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
					  SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
					  32,	   33 };
	size_t i;

	for (i = 0; i < sizeof not_deadly / sizeof not_deadly[0]; i++)
		if (not_deadly[i] == signo)
			return 0;
	return 1;
}

void
setup_signal (struct job *j)
{
	int signo;

	do
		signo = 1 + (int) prng_below (&j->sandbox->prng, 64);
	while (!is_deadly (signo));
	snprintf (j->word, sizeof j->word, "%d", signo);
	j->argv[j->n_argv++] = j->word;
	j->expected.signal = signo;
}

/* ---- stdin ---- */

static void
setup_input (struct job *j, size_t len)
{
	unsigned char *p = malloc (len);
	size_t i;

	if (p == NULL)
		_exit (88);
	for (i = 0; i < len; i++)
		p[i] = i % 64 == 63 ? '\n' : (unsigned char) ('a' + i % 23);
	j->bytes = p;
	j->opts.stdin_mode = LHK_STDIN_BYTES;
	j->opts.input = (struct lhk_str){ j->bytes, len };
}

void
setup_input_1m (struct job *j)
{
	setup_input (j, MIB);
}

void
setup_input_echo (struct job *j)
{
	setup_input (j, MIB);
	j->expected_hash = hash_more (0, j->bytes, MIB);
}

void
setup_input_large (struct job *j)
{
	setup_input (j, (size_t) (torture_is_long () ? 64 : 8) * MIB);
}

/* ---- limits ---- */

static void
setup_limit (struct job *j, const struct lhk_rlimit *limit)
{
	j->opts.limits = limit;
	j->opts.n_limits = 1;
}

void
setup_limit_output (struct job *j)
{
	j->opts.max_output = MIB;
}

void
setup_line_max (struct job *j)
{
	j->stream.line_max = 65536;
}

void
setup_file_limit (struct job *j)
{
	static const struct lhk_rlimit limit = { RLIMIT_FSIZE, 0, 4096 };

	setup_limit (j, &limit);
}

void
setup_memory_limit (struct job *j)
{
	static const struct lhk_rlimit limit = { RLIMIT_AS, 0, 128 * MIB };

	setup_limit (j, &limit);
}

void
setup_cpu_limit (struct job *j)
{
	static const struct lhk_rlimit limit = { RLIMIT_CPU, 0, 1 };

	setup_limit (j, &limit);
}

void
setup_unscoped (struct job *j)
{
	j->opts.flags |= LHK_RUN_UNSCOPED;
}

/* ---- other programs ---- */

void
setup_shell (struct job *j)
{
	j->argv[0] = "/bin/sh";
	j->argv[1] = "-c";
	j->argv[2] = j->entry->words[0];
	j->n_argv = 3;
}

static const char *
file_of (struct job *j)
{
	snprintf (j->path, sizeof j->path, "%s/%s", j->sandbox->files,
		  j->entry->words[0]);
	return j->path;
}

void
setup_path (struct job *j)
{
	j->argv[0] = file_of (j);
	j->n_argv = 1;
}

void
setup_cwd (struct job *j)
{
	j->opts.cwd = file_of (j);
	j->n_argv = 1;
}

void
setup_long_words (struct job *j)
{
	static char word[200000];

	memset (word, 'w', sizeof word - 1);
	j->argv[j->n_argv++] = word;
}

/* The file "busy" stays open for writing as long as the sandbox lives. */
void
make_files (struct sandbox *s, struct tempdir *p)
{
	static const char foreign[64] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0"
					"\2\0\377\376\1";
	char path[sizeof s->files + 16];
	int fd;

	tempdir_put (p, "plain", NULL, "text\n", 0600);
	tempdir_put (p, "text", NULL, "text\n", 0700);
	tempdir_put (p, "orphan", NULL, "#!/no/such/interpreter\n", 0700);
	tempdir_put (p, "busy", trial_agent (), NULL, 0700);
	tempdir_dir (p, "locked", 0000);
	tempdir_put (p, "foreign", NULL, "", 0700);
	snprintf (path, sizeof path, "%s/foreign", s->files);
	fd = open (path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write (fd, foreign, sizeof foreign) < 0)
		_exit (87);
	close (fd);
	snprintf (path, sizeof path, "%s/busy", s->files);
	if (open (path, O_WRONLY | O_CLOEXEC) < 0)
		_exit (87);
}

/* ---- consumers ---- */

static void
dawdle (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
	sleep_us (2000);
}

void
setup_slow (struct job *j)
{
	j->opts.on_stdout = dawdle;
}

void
setup_pulled (struct job *j)
{
	j->stream.on_event = NULL;
}

/* Pull all events when the run has ended. */
void
turn_pull (struct job *j)
{
	static const char final[] = "\"final\":true";
	struct lhk_str line;

	if (lhk_run_result (j->run) == NULL || j->acted++)
		return;
	while (lhk_run_next_json (j->run, &line) == LHK_OK)
		j->n_final +=
			memmem (line.ptr, line.len, final, sizeof final - 1)
			!= NULL;
}

/* ---- cancellation ---- */

void
turn_cancel (struct job *j)
{
	if (!j->acted++)
		lhk_run_cancel (j->run, 0);
}

void
turn_cancel_late (struct job *j)
{
	if (lhk_run_result (j->run) == NULL || j->acted++)
		return;
	lhk_run_cancel (j->run, 0);
	if (lhk_host_dispatch (j->host, 0) < 0)
		_exit (86);
}

static int
is_up (struct job *j)
{
	return j->ups >= j->entry->ups && !j->acted++;
}

void
turn_cancel_twice (struct job *j)
{
	if (!is_up (j))
		return;
	lhk_run_cancel (j->run, 0);
	lhk_run_cancel (j->run, 0);
}

void
turn_cancel_at_up (struct job *j)
{
	if (is_up (j))
		lhk_run_cancel (j->run, 0);
}

/* The agent waits for a byte of stdin: send it. */
void
turn_go_at_up (struct job *j)
{
	if (is_up (j) && write (j->hold, "g", 1) < 0)
		_exit (85);
}
