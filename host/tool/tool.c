/* SPDX-License-Identifier: MIT */
/*
 * tool.c - one call of a tool: from options to a process and to its end.
 *
 * A call is one run whose stdout is bytes.  That stdout is a pipe: a tool that
 * writes without end is stopped at the limit to the byte and takes no disk,
 * also while nobody drives the host.  A program that exits before its pipe is
 * empty can be given a file (LHK_TOOL_STDOUT_FILE).
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "common/error.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/ulid.h"
#include "common/versioned.h"
#include "tool/request.h"
#include "tool/tool_private.h"
#include "tool/validate.h"

extern char **environ;

/* ---- options ---- */

#define FLAGS (LHK_RUN_UNSCOPED | LHK_TOOL_STACK_TRACE | LHK_TOOL_STDOUT_FILE)

/* A copy with the defaults filled in.  LHK_OK, or LHK_EINVAL with a sentence. */
static int
copy_opts (const struct lhk_tool_opts *opts, struct lhk_tool_opts *ret,
	   struct lhk_error *err)
{
	struct lhk_tool_opts own = LHK_TOOL_OPTS_INIT;
	int r = versioned_copy (&own, sizeof own, opts,
				offsetof (struct lhk_tool_opts, env),
				"tool options", "LHK_TOOL_OPTS_INIT", err);

	if (r < 0)
		return r;
	if (own.argv == NULL || own.argv[0] == NULL || own.argv[0][0] == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: argv names no command");
	if (own.flags & ~(uint32_t) FLAGS)
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: flags are 0x%x, expected "
				  "LHK_TOOL_*, LHK_RUN_UNSCOPED or 0",
				  own.flags);
	if ((own.input.ptr == NULL && own.input.len != 0)
	    || (own.config.ptr == NULL && own.config.len != 0)
	    || (own.redact == NULL && own.n_redact != 0))
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: a length"
				  " without a pointer");
	if (own.timeout_ms == 0)
		own.timeout_ms = LHK_TOOL_TIMEOUT_DEFAULT_MS;
	if (own.max_output == 0)
		own.max_output = LHK_TOOL_OUTPUT_DEFAULT;
	if (own.stderr_keep == 0)
		own.stderr_keep = LHK_TOOL_STDERR_DEFAULT;
	*ret = own;
	return LHK_OK;
}

/* What the caller got wrong about the request: LHK_EREFUSED with a sentence;
 * else LHK_OK or LHK_ENOMEM. */
static int
validate (const struct lhk_tool *t, const struct lhk_tool_opts *o,
	  struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	int r = tool_check_id (o->id, err);

	if (r == LHK_OK && o->exec_id != NULL)
		r = tool_check_exec_id (o->exec_id, err);
	if (r == LHK_OK)
		r = tool_check_env (o->env, err);
	if (r == LHK_OK)
		r = request_check (alloc, "input", &o->input, err);
	if (r == LHK_OK)
		r = request_check (alloc, "config", &o->config, err);
	return r;
}

/* ---- the environment of the process ---- */

/* Variables of ours that a tool gets unless it gets all of them. */
static const char *const small_environ[] = {
	"HOME", "LANG", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER",
};

static int
is_in_small_environ (const char *string)
{
	size_t len = strcspn (string, "=");
	size_t i;

	if (string[len] != '=')
		return 0;
	if (strncmp (string, "LC_", 3) == 0)
		return 1;
	for (i = 0; i < ARRAY_SIZE (small_environ); i++)
		if (strncmp (string, small_environ[i], len) == 0
		    && small_environ[i][len] == '\0')
			return 1;
	return 0;
}

int
tool_environ_init (struct environ_list *e, const struct lhk_alloc *alloc,
		   const char *const *env, int inherit)
{
	const char *const *ours = (const char *const *) environ;
	int r;

	r = environ_copy (e, alloc, inherit ? ours : NULL);
	for (; !inherit && r == LHK_OK && ours != NULL && *ours != NULL; ours++)
		if (is_in_small_environ (*ours))
			r = environ_put (e, *ours);
	for (; r == LHK_OK && env != NULL && *env != NULL; env++)
		r = environ_put (e, *env);
	if (r < 0)
		environ_free (e);
	return r;
}

/* ---- memory and callbacks ---- */

static void
destroy (struct lhk_tool *t)
{
	const struct lhk_alloc *alloc = &t->host->alloc;

	host_detach (t->host, &t->child);
	lhk_run_free (t->run);
	decode_free (&t->decode);
	stderr_capture_free (&t->capture);
	redact_free (t->redact);
	json_object_put (t->output);
	json_object_put (t->metadata);
	json_object_put (t->error);
	mem_free_str (alloc, t->id);
	mem_free_str (alloc, t->exec_id);
	mem_free_str (alloc, t->program);
	mem_free_str (alloc, t->error_name);
	mem_free_str (alloc, t->error_stack);
	mem_free_str (alloc, t->error_time);
	t->magic = 0;
	mem_free (alloc, t, sizeof *t);
}

/* The host is freed. */
static void
on_host_end (struct host_child *child)
{
	destroy (container_of (child, struct lhk_tool, child));
}

static const struct host_child_ops child_ops = { .close = on_host_end };

/* A callback of the caller's begins: it may free the call. */
static void
enter_callback (struct lhk_tool *t)
{
	t->busy++;
}

/* Returns 1 if the call was freed. */
static int
leave_callback (struct lhk_tool *t)
{
	t->busy--;
	if (!t->free_pending || t->busy > 0)
		return 0;
	destroy (t);
	return 1;
}

/* The result is known.  Returns 1 if the call was freed. */
static int
call_on_end (struct lhk_tool *t)
{
	enter_callback (t);
	if (t->on_end != NULL)
		t->on_end (t->user, t);
	return leave_callback (t);
}

/* ---- events of the run ---- */

static void
on_stdout (void *user, const char *data, size_t len)
{
	struct lhk_tool *t = user;
	size_t n = sizeof t->preview - t->n_preview;

	n = n < len ? n : len;
	memcpy (t->preview + t->n_preview, data, n);
	t->n_preview += n;
	t->stdout_bytes += len;
	if (t->decode.error != DECODE_OK)
		return;
	decode_feed (&t->decode, data, len);
	if (t->decode.error == DECODE_OK)
		return;
	/* What else comes is read and dropped. */
	decode_free (&t->decode);
	if (t->decode.error == DECODE_LARGE
	    || t->decode.error == DECODE_MEMORY) {
		t->decode_failed = 1;
		lhk_run_cancel (t->run, 0);
	}
}

static void
on_stderr (void *user, const char *data, size_t len)
{
	struct lhk_tool *t = user;

	enter_callback (t);
	stderr_capture_feed (&t->capture, data, len);
	leave_callback (t);
}

/* The process has ended.  Returns 1 if the call was freed. */
static int
end_call (struct lhk_tool *t, const struct lhk_outcome *outcome)
{
	struct lhk_outcome *o = &t->outcome;

	*o = *outcome;
	enter_callback (t);
	stderr_capture_end (&t->capture);
	if (leave_callback (t))
		return 1;
	if (t->capture.ends.lost)
		o->flags |= LHK_FLAG_DEGRADED;
	head_tail_ends (&t->capture.ends, &o->stderr_head, &o->stderr_tail);
	o->stderr_bytes = t->capture.bytes;
	tool_conclude (t);
	decode_free (&t->decode);
	return call_on_end (t);
}

static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct lhk_tool *t = user;
	const struct lhk_result *final;

	(void) meta;
	if (event->kind != LHK_EV_RESULT)
		return;
	final = ((const struct lhk_ev_result *) event)->final;
	if (final != NULL && t->error_kind < 0)
		end_call (t, &final->outcome);
}

/* ---- start ---- */

static int
no_memory (struct lhk_error *err)
{
	return error_set (err, LHK_ENOMEM, 0, "no memory for a tool call");
}

/* Bytes that the decoded tree may take. */
static uint64_t
max_tree (uint64_t max_output)
{
	return max_output > UINT64_MAX / TOOL_TREE_FACTOR - TOOL_TREE_MIN
		       ? UINT64_MAX
		       : max_output * TOOL_TREE_FACTOR + TOOL_TREE_MIN;
}

/* A call that has not started.  *RET is set, for the caller to destroy, also if
 * memory runs out half way. */
static int
new_tool (struct lhk_host *host, const struct lhk_tool_opts *o,
	  struct lhk_tool **ret, struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &host->alloc;
	struct lhk_tool *t = mem_zero (alloc, sizeof *t);
	char new_id[ULID_SIZE];

	if (t == NULL)
		return no_memory (err);
	t->child.ops = &child_ops;
	t->magic = TOOL_MAGIC;
	t->host = host;
	t->error_kind = -1;
	t->flags = o->flags;
	t->timeout_ms = o->timeout_ms;
	t->max_output = o->max_output;
	t->on_end = o->on_end;
	t->user = o->user;
	t->outcome.size = sizeof t->outcome;
	decode_init (&t->decode, max_tree (o->max_output));
	t->decode.skips_front = 1;
	ulid_make_now (new_id);
	t->id = mem_strdup (alloc, o->id == NULL ? "" : o->id);
	t->exec_id =
		mem_strdup (alloc, o->exec_id == NULL ? new_id : o->exec_id);
	t->program = mem_strdup (alloc, o->argv[0]);
	*ret = t;
	return t->id == NULL || t->exec_id == NULL || t->program == NULL
		       ? no_memory (err)
		       : LHK_OK;
}

/* The parts that only a call with a process needs. */
static int
init_stderr (struct lhk_tool *t, const struct lhk_tool_opts *o,
	     const char *const *envp, struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	const struct redact_sources from = { o->redact, o->n_redact, envp,
					     &o->config, &o->input };

	t->redact = redact_new (alloc, &from);
	if (t->redact == NULL)
		return no_memory (err);
	stderr_capture_init (&t->capture, alloc, t->redact, o->stderr_keep);
	t->capture.on_line = o->on_stderr_line;
	t->capture.user = o->user;
	return LHK_OK;
}

static int
start_run (struct lhk_tool *t, const struct lhk_tool_opts *o,
	   const char *const *envp, int input, struct lhk_error *err)
{
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;
	struct lhk_run_opts run = LHK_RUN_OPTS_INIT;

	stream.on_event = on_event;
	stream.user = t;
	run.stream = &stream;
	run.on_stdout = on_stdout;
	run.on_stderr = on_stderr;
	run.argv = o->argv;
	run.envp = envp;
	run.cwd = o->cwd;
	run.stdin_mode = LHK_STDIN_FD;
	run.stdin_fd = input;
	run.stdout_mode = o->flags & LHK_TOOL_STDOUT_FILE ? LHK_STDOUT_FILE
							  : LHK_STDOUT_PIPE;
	run.total_ms = o->timeout_ms;
	run.linger_ms = 0;
	run.grace_ms = o->grace_ms;
	run.drain_ms = TOOL_DRAIN_MS;
	run.stderr_keep = 0;
	run.max_output = o->max_output;
	run.contain = o->contain;
	run.flags = LHK_RUN_BYTES | (o->flags & LHK_RUN_UNSCOPED);
	return lhk_run_start (t->host, &run, &t->run, err);
}

/* A result without a process. */
static void
set_result (struct lhk_tool *t, int kind, const char *message)
{
	t->error_kind = kind;
	snprintf (t->message, sizeof t->message, "%s", message);
}

/* Start the process, or set the result that says why there is none. */
static int
start_call (struct lhk_tool *t, const struct lhk_tool_opts *o,
	    struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	struct request request = { t->id,     t->exec_id, o->input,
				   o->config, o->env,	  o->timeout_ms };
	struct environ_list env;
	char message[240];
	int input = -1;
	int r;

	if (tool_environ_init (&env, alloc, o->env, o->inherit_env) < 0)
		return no_memory (err);
	r = init_stderr (t, o, environ_strings (&env), err);
	if (r == LHK_OK)
		input = request_file (alloc, &request);
	if (r == LHK_OK && input == -ENOMEM) {
		r = no_memory (err);
	} else if (r == LHK_OK && input < 0) {
		snprintf (message, sizeof message,
			  "the request cannot be handed over:"
			  " %s",
			  strerror (-input));
		set_result (t, LHK_TOOL_ERROR_STDIN, message);
	} else if (r == LHK_OK) {
		r = start_run (t, o, environ_strings (&env), input, err);
	}
	fd_close (&input);
	environ_free (&env);
	return r;
}

int
lhk_tool_start (struct lhk_host *host, const struct lhk_tool_opts *opts,
		struct lhk_tool **ret, struct lhk_error *err)
{
	struct lhk_error why = { 0, 0, "" };
	struct lhk_tool_opts own;
	struct lhk_tool *t = NULL;
	int r = host_check (host);

	if (r < 0 || ret == NULL)
		return error_set (err, r < 0 ? r : LHK_EINVAL, 0,
				  "cannot call a tool: %s",
				  lhk_strerror (r < 0 ? r : LHK_EINVAL));
	r = copy_opts (opts, &own, err);
	if (r < 0)
		return r;
	r = new_tool (host, &own, &t, err);
	if (r == LHK_OK)
		r = validate (t, &own, &why);
	if (r == LHK_OK)
		r = start_call (t, &own, err);
	if (r == LHK_EREFUSED && why.code == LHK_EREFUSED) {
		set_result (t, LHK_TOOL_ERROR_VALIDATE, why.text);
	} else if (r < 0) {
		if (why.code == LHK_ENOMEM)
			no_memory (err);
		if (t != NULL)
			destroy (t);
		return r;
	}
	/* Behind its run: the host closes this first. */
	host_attach (host, &t->child);
	*ret = t;
	if (t->error_kind >= 0 && call_on_end (t))
		*ret = NULL;
	return LHK_OK;
}

/* ---- a call that was started ---- */

int
lhk_tool_wait (struct lhk_tool *tool, int timeout_ms)
{
	int r = tool_check (tool);

	if (r < 0 || tool->error_kind >= 0)
		return r;
	r = lhk_run_wait (tool->run, timeout_ms);
	/* The stream had no memory for its final event. */
	if (r == LHK_OK && tool->error_kind < 0
	    && end_call (tool, &lhk_run_result (tool->run)->outcome))
		r = LHK_ESTATE;
	return r;
}

void
lhk_tool_cancel (struct lhk_tool *tool, int signo)
{
	if (tool_check (tool) == LHK_OK && tool->run != NULL)
		lhk_run_cancel (tool->run, signo);
}

void
lhk_tool_free (struct lhk_tool *tool)
{
	if (tool_check (tool) < 0 || tool->free_pending)
		return;
	if (tool->busy == 0) {
		destroy (tool);
		return;
	}
	tool->free_pending = 1;
	tool->on_end = NULL;
	tool->capture.on_line = NULL;
	lhk_run_free (tool->run);
}

int
lhk_tool_error_kind (const struct lhk_tool *tool)
{
	return tool_check (tool) == LHK_OK ? tool->error_kind : -1;
}

const char *
lhk_tool_message (const struct lhk_tool *tool)
{
	return tool_check (tool) == LHK_OK ? tool->message : "";
}

struct json_object *
lhk_tool_output (const struct lhk_tool *tool)
{
	return tool_check (tool) == LHK_OK ? tool->output : NULL;
}

const struct lhk_outcome *
lhk_tool_outcome (const struct lhk_tool *tool)
{
	return tool_check (tool) == LHK_OK ? &tool->outcome : NULL;
}
