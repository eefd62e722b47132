/* SPDX-License-Identifier: MIT */
/* opts.c - what was asked for, looked at before anything is made. */
#include "config.h"

#include <string.h>

#include "run/run.h"
#include "common/error.h"

/* A struct of the future is longer; one of garbage longer than that. */
#define OPTS_MAX 4096u

static int
look (const struct lhk_run_opts *o, struct lhk_error *err)
{
	if (o->argv == NULL || o->argv[0] == NULL || o->argv[0][0] == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "run options: argv names no command");
	if (o->cwd != NULL && o->cwd[0] == '\0')
		return error_set (
			err, LHK_EINVAL, 0,
			"run options: cwd is empty, wanted a directory"
			" or NULL");
	if (o->stdin_mode < LHK_STDIN_NULL || o->stdin_mode > LHK_STDIN_FD)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: stdin_mode is"
				  " %d, wanted one of LHK_STDIN_*",
				  o->stdin_mode);
	if (o->stdin_mode == LHK_STDIN_FD && o->stdin_fd < 0)
		return error_set (
			err, LHK_EINVAL, 0,
			"run options: stdin_fd is %d, wanted a descriptor",
			o->stdin_fd);
	if (o->stdin_mode == LHK_STDIN_BYTES && o->input.ptr == NULL
	    && o->input.len != 0)
		return error_set (
			err, LHK_EINVAL, 0,
			"run options: input has %zu bytes but no pointer",
			o->input.len);
	if (o->stdout_mode < LHK_STDOUT_AUTO
	    || o->stdout_mode > LHK_STDOUT_FILE)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: stdout_mode is"
				  " %d, wanted one of LHK_STDOUT_*",
				  o->stdout_mode);
	if (o->contain < LHK_CONTAIN_AUTO || o->contain > LHK_CONTAIN_SUBREAPER)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: contain is %d,"
				  " wanted one of LHK_CONTAIN_*",
				  o->contain);
	if (o->flags & ~(uint32_t) (LHK_RUN_UNSCOPED | LHK_RUN_BYTES))
		return error_set (err, LHK_EINVAL, 0,
				  "run options: flags are 0x%x,"
				  " wanted LHK_RUN_* or 0",
				  o->flags);
	if (o->n_limits > PROTO_LIMITS_MAX
	    || (o->n_limits && o->limits == NULL))
		return error_set (err, LHK_EINVAL, 0,
				  "run options: %zu limits, wanted at most %u",
				  o->n_limits, PROTO_LIMITS_MAX);
	return LHK_OK;
}

int
run_copy_opts (const struct lhk_run_opts *opts, struct lhk_run_opts *ret,
	       struct lhk_error *err)
{
	struct lhk_run_opts own = LHK_RUN_OPTS_INIT;
	int r;

	if (opts == NULL || opts->size < offsetof (struct lhk_run_opts, envp)
	    || opts->size > OPTS_MAX)
		return error_set (err, LHK_EINVAL, 0,
				  "run options have %u bytes, wanted %zu: begin"
				  " with LHK_RUN_OPTS_INIT",
				  opts == NULL ? 0 : opts->size, sizeof own);
	memcpy (&own, opts, opts->size < sizeof own ? opts->size : sizeof own);
	own.size = sizeof own;
	r = look (&own, err);
	if (r < 0)
		return r;
	if (own.tmp_dir == NULL)
		own.tmp_dir = RUN_TMP_DIR;
	*ret = own;
	return LHK_OK;
}

int
run_copy_stream_opts (const struct lhk_run_opts *opts,
		      struct lhk_stream_opts *ret, struct lhk_error *err)
{
	struct lhk_stream_opts own = LHK_STREAM_OPTS_INIT;
	const struct lhk_stream_opts *given = opts->stream;

	if (given != NULL) {
		if (given->size < offsetof (struct lhk_stream_opts, on_event)
		    || given->size > OPTS_MAX)
			return error_set (
				err, LHK_EINVAL, 0,
				"stream options have %u bytes, wanted"
				" %zu: begin with LHK_STREAM_OPTS_INIT",
				given->size, sizeof own);
		memcpy (&own, given,
			given->size < sizeof own ? given->size : sizeof own);
	}
	own.size = sizeof own;
	*ret = own;
	return LHK_OK;
}
