/* SPDX-License-Identifier: MIT */
/* child.c - the child's descriptors, and the helper that gets them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/ulid.h"
#include "run/start.h"
#include "process/environ.h"
#include "common/error.h"
#include "common/fd.h"

#ifndef LHK_MONITOR
#define LHK_MONITOR "/usr/local/libexec/linehook/linehook-exec"
#endif
extern char **environ;

static int
fail_sys (struct lhk_error *err, const char *what)
{
	int error = errno;

	return error_set (err, error == ENOMEM ? LHK_ENOMEM : LHK_ESYS, error,
			  "%s: %s", what, strerror (error));
}

static int
write_all (int fd, const char *p, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = fd_put (fd, p + done, len - done, done);
		if (n <= 0)
			return -1;
		done += (size_t) n;
	}
	return 0;
}

/* The bytes in a file that nobody can change: no pump, no SIGPIPE, and no
 * deadlock with a child that never reads. */
static int
input_file (const struct lhk_run_opts *o)
{
	int fd = fd_memory ("linehook-stdin", o->tmp_dir);

	if (fd < 0)
		return -1;
	if (write_all (fd, o->input.ptr, o->input.len) < 0) {
		fd_close (&fd);
		return -1;
	}
	fd_seal (fd);
	return fd;
}

int
start_stdin (struct start *s)
{
	const struct lhk_run_opts *o = s->opts;

	switch (o->stdin_mode) {
	case LHK_STDIN_BYTES:
		s->run->input_fd = input_file (o);
		s->child[0] =
			s->run->input_fd < 0 ? -1 : fd_dup (s->run->input_fd);
		return s->child[0] < 0 ? fail_sys (s->err, "no room for stdin")
				       : LHK_OK;
	case LHK_STDIN_FD:
		s->child[0] = fd_dup (o->stdin_fd);
		return s->child[0] < 0
			       ? fail_sys (s->err, "stdin_fd cannot be used")
			       : LHK_OK;
	default:
		s->child[0] = fd_open ("/dev/null", O_RDONLY | O_CLOEXEC, 0);
		return s->child[0] < 0 ? fail_sys (s->err, "no null device")
				       : LHK_OK;
	}
}

static int
make_pipe (struct start *s, int which, struct pipe_reader *reader,
	   const struct reader_callbacks *what)
{
	struct reader_callbacks to = *what;
	int fds[2];

	to.user = s->run;
	if (fd_pipe (fds) < 0)
		return fail_sys (s->err, "no pipe for the child's output");
	s->child[which] = fds[1];
	if (pipe_start (reader, s->run->loop, fds[0], &to) < 0)
		return fail_sys (s->err, "no pipe for the child's output");
	return LHK_OK;
}

int
start_stdout (struct start *s)
{
	const struct lhk_plugin *p = lhk_plugin_ref_descriptor (s->plugin);
	int mode = s->opts->stdout_mode;
	struct reader_callbacks to = run_intake_out;
	int fd;

	if (mode == LHK_STDOUT_PIPE
	    || (mode == LHK_STDOUT_AUTO
		&& (p->flags & LHK_PLUGIN_STDOUT_FILE) == 0))
		return make_pipe (s, 1, &s->run->out, &run_intake_out);
	fd = file_follow_create (s->opts->tmp_dir, &s->child[1]);
	if (fd < 0 && mode == LHK_STDOUT_AUTO) {
		s->degraded = errno;
		return make_pipe (s, 1, &s->run->out, &run_intake_out);
	}
	if (fd < 0)
		return error_set (s->err, LHK_ESYS, errno,
				  "no file for stdout in"
				  " '%s': %s",
				  s->opts->tmp_dir, strerror (errno));
	to.user = s->run;
	file_follow_start (&s->run->spool, s->run->loop, fd, &to);
	return LHK_OK;
}

int
start_stderr (struct start *s)
{
	return make_pipe (s, 2, &s->run->err, &run_intake_err);
}

/* What was asked for, or ours; and the mark of this run, which replaces that
 * of a run that we are in ourselves. */
static int
make_environment (struct start *s, struct environ_list *env)
{
	const struct lhk_alloc *alloc = &s->run->host->alloc;
	char *mark = s->run->mark;
	int r;

	memcpy (mark, RUN_MARK "=", sizeof RUN_MARK);
	ulid_make (clock_unix_ms (), mark + sizeof RUN_MARK);
	r = s->opts->envp != NULL
		    ? environ_copy (env, alloc, s->opts->envp)
		    : environ_init (env, alloc, (const char *const *) environ);
	if (r < 0)
		return r;
	environ_unset (env, RUN_MARK);
	return environ_put (env, mark);
}

/* Those whose effect can be told by the end of the agent. */
static void
take_limits (struct start *s)
{
	const struct lhk_rlimit *l = s->opts->limits;
	size_t i;

	s->run->cpu_limit = s->run->file_limit = UINT64_MAX;
	for (i = 0; i < s->opts->n_limits; i++) {
		if (l[i].resource == (int32_t) RLIMIT_CPU)
			s->run->cpu_limit = l[i].value;
		else if (l[i].resource == (int32_t) RLIMIT_FSIZE)
			s->run->file_limit = l[i].value;
	}
}

int
start_monitor (struct start *s)
{
	const struct lhk_alloc *alloc = &s->run->host->alloc;
	struct environ_list env = { 0 };
	struct monitor_client_opts o = {
		.alloc = alloc,
		.path = s->run->host->monitor,
		.cwd = s->opts->cwd,
		.argv = s->opts->argv,
	};
	int r;

	if (o.path == NULL)
		o.path = LHK_MONITOR;
	take_limits (s);
	if (make_environment (s, &env) < 0) {
		environ_free (&env);
		return error_set (s->err, LHK_ENOMEM, 0,
				  "no memory for the environment");
	}
	o.envp = environ_strings (&env);
	memcpy (o.fds, s->child, sizeof o.fds);
	r = monitor_client_spawn (&s->run->helper, &o, s->err);
	environ_free (&env);
	if (r == LHK_ELIMIT) {
		/* The command's own fault, so it is a result. */
		s->run->cause = LHK_END_SPAWN_FAILED;
		s->run->outcome.step = monitor_client_step_name (STEP_EXEC);
		s->run->outcome.sys_errno = E2BIG;
		return LHK_OK;
	}
	if (r == LHK_OK && run_watch_monitor (s->run) < 0)
		r = fail_sys (s->err, "the helper cannot be waited for");
	return r;
}
