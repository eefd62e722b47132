/* SPDX-License-Identifier: MIT */
/* opts.c - the options of a run: checked and copied. */
#include "config.h"

#include "common/error.h"
#include "common/label.h"
#include "common/monitor_proto.h"
#include "common/versioned.h"
#include "run/opts.h"
#include "run/stream.h"

#define RUN_FLAGS                                                              \
	(LHK_RUN_UNSCOPED | LHK_RUN_BYTES | LHK_RUN_STATUS_CHILD               \
	 | LHK_RUN_STATUS_ZERO | LHK_RUN_DETACHED)

static int
validate_labels (const char *const *labels, struct lhk_error *err)
{
	size_t n;

	for (n = 0; labels != NULL && labels[n] != NULL; n++)
		if (!label_is_valid (labels[n]))
			return error_set (err, LHK_EINVAL, 0,
					  "run options: '%.60s' is not a "
					  "label, expected " LABEL_WANT,
					  labels[n]);
	return n <= LHK_LABELS_MAX
		       ? LHK_OK
		       : error_set (err, LHK_EINVAL, 0,
				    "run options: %zu labels, expected at most "
				    "%u",
				    n, LHK_LABELS_MAX);
}

static int
validate_tree_limits (const struct lhk_run_opts *o, struct lhk_error *err)
{
	if (o->cpus_milli != 0 && o->cpus_milli < LHK_CPUS_MILLI_MIN)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: cpus_milli is %u, expected at "
				  "least %u, or 0",
				  (unsigned int) o->cpus_milli,
				  LHK_CPUS_MILLI_MIN);
	if ((o->memory_max != 0 || o->pids_max != 0 || o->cpus_milli != 0)
	    && o->contain != LHK_CONTAIN_AUTO
	    && o->contain != LHK_CONTAIN_CGROUP)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: limits of the whole run need a "
				  "cgroup, expected contain LHK_CONTAIN_AUTO "
				  "or LHK_CONTAIN_CGROUP");
	return LHK_OK;
}

static int
validate_opts (const struct lhk_run_opts *o, struct lhk_error *err)
{
	if (o->argv == NULL || o->argv[0] == NULL || o->argv[0][0] == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "run options: argv names no command");
	if (o->cwd != NULL && o->cwd[0] == '\0')
		return error_set (
			err, LHK_EINVAL, 0,
			"run options: cwd is empty, expected a directory or "
			"NULL");
	if (o->stdin_mode < LHK_STDIN_NULL || o->stdin_mode > LHK_STDIN_COPY)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: stdin_mode is %d, expected one "
				  "of LHK_STDIN_*",
				  o->stdin_mode);
	if ((o->stdin_mode == LHK_STDIN_FD || o->stdin_mode == LHK_STDIN_COPY)
	    && o->stdin_fd < 0)
		return error_set (
			err, LHK_EINVAL, 0,
			"run options: stdin_fd is %d, expected a descriptor",
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
				  "run options: stdout_mode is %d, expected "
				  "one of LHK_STDOUT_*",
				  o->stdout_mode);
	if (o->contain < LHK_CONTAIN_AUTO || o->contain > LHK_CONTAIN_SUBREAPER)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: contain is %d, expected one of "
				  "LHK_CONTAIN_*",
				  o->contain);
	if (o->flags & ~(uint32_t) RUN_FLAGS)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: flags are 0x%x, expected "
				  "LHK_RUN_* or 0",
				  o->flags);
	if ((o->flags & LHK_RUN_DETACHED) != 0 && o->record_dir == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "run options: LHK_RUN_DETACHED without "
				  "record_dir, expected a store");
	if (validate_labels (o->labels, err) < 0)
		return LHK_EINVAL;
	if (o->n_limits > PROTO_LIMITS_MAX
	    || (o->n_limits && o->limits == NULL))
		return error_set (err, LHK_EINVAL, 0,
				  "run options: %zu limits, expected at most "
				  "%u",
				  o->n_limits, PROTO_LIMITS_MAX);
	return validate_tree_limits (o, err);
}

int
run_opts_copy (const struct lhk_run_opts *opts, struct lhk_run_opts *ret,
	       struct lhk_error *err)
{
	struct lhk_run_opts own = LHK_RUN_OPTS_INIT;
	int r;

	r = versioned_copy (&own, sizeof own, opts,
			    offsetof (struct lhk_run_opts, envp), "run options",
			    "LHK_RUN_OPTS_INIT", err);
	if (r == LHK_OK)
		r = validate_opts (&own, err);
	if (r < 0)
		return r;
	if (own.tmp_dir == NULL)
		own.tmp_dir = RUN_TMP_DIR;
	*ret = own;
	return LHK_OK;
}

int
run_opts_copy_stream (const struct lhk_run_opts *opts,
		      struct lhk_stream_opts *ret, struct lhk_error *err)
{
	struct lhk_stream_opts own = LHK_STREAM_OPTS_INIT;
	int r = opts->stream == NULL
			? LHK_OK
			: stream_opts_copy (&own, opts->stream, err);

	*ret = own;
	return r;
}

void
run_opts_drop_borrowed (struct lhk_run_opts *o)
{
	o->plugin = NULL;
	o->argv = o->envp = NULL;
	o->cwd = o->run_id = o->tmp_dir = o->record_dir = NULL;
	o->input.ptr = NULL;
	o->limits = NULL;
	o->stream = NULL;
	o->labels = NULL;
	o->prompt = NULL;
}
