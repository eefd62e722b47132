/* SPDX-License-Identifier: MIT */
/*
 * tool.c - one call of a tool: from options to a process, what is heard of it,
 * and its end.
 *
 * A call is one run whose stdout is bytes.  That stdout is a pipe: a tool that
 * writes without end is stopped at the limit to the byte and takes no disk,
 * also while nobody drives the host.  A program that leaves before its pipe is
 * empty can be given a file (LHK_TOOL_STDOUT_FILE).
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "tool/tool_private.h"
#include "common/error.h"
#include "common/ulid.h"
#include "tool/validate.h"
#include "tool/request.h"
#include "common/fd.h"
#include "common/mem.h"

/* A struct of the future is longer; one of garbage longer than that. */
#define OPTS_MAX 4096u

#define FLAGS (LHK_RUN_UNSCOPED | LHK_TOOL_STACK_TRACE | LHK_TOOL_STDOUT_FILE)

static int
copy_opts (const struct lhk_tool_opts *opts, struct lhk_tool_opts *ret,
	   struct lhk_error *err)
{
	struct lhk_tool_opts own = LHK_TOOL_OPTS_INIT;

	if (opts == NULL || opts->size < offsetof (struct lhk_tool_opts, env)
	    || opts->size > OPTS_MAX)
		return error_set (err, LHK_EINVAL, 0,
				  "tool options have %u bytes,"
				  " wanted %zu: begin with LHK_TOOL_OPTS_INIT",
				  opts == NULL ? 0 : opts->size, sizeof own);
	memcpy (&own, opts, opts->size < sizeof own ? opts->size : sizeof own);
	own.size = sizeof own;
	if (own.argv == NULL || own.argv[0] == NULL || own.argv[0][0] == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: argv names no command");
	if (own.flags & ~(uint32_t) FLAGS)
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: flags are 0x%x,"
				  " wanted LHK_TOOL_*, LHK_RUN_UNSCOPED or 0",
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

static void
destroy (struct lhk_tool *t)
{
	const struct lhk_alloc *alloc = &t->host->alloc;

	host_detach (t->host, &t->guest);
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
	mem_free_str (alloc, t->name);
	mem_free_str (alloc, t->trace);
	mem_free_str (alloc, t->when);
	t->magic = 0;
	mem_free (alloc, t, sizeof *t);
}

static void
end_guest (struct host_child *guest)
{
	destroy ((struct lhk_tool *) guest);
}

/* A callback begins; it may free the call. */
static void
enter (struct lhk_tool *t)
{
	t->busy++;
}

/* 1: the call is no more. */
static int
leave (struct lhk_tool *t)
{
	t->busy--;
	if (!t->free_pending || t->busy > 0)
		return 0;
	destroy (t);
	return 1;
}

/* KIND and MESSAGE are known. */
static int
tell_end (struct lhk_tool *t)
{
	enter (t);
	if (t->on_end != NULL)
		t->on_end (t->user, t);
	return leave (t);
}

/* ---- what is heard ---- */

static void
take_out (void *user, const char *data, size_t len)
{
	struct lhk_tool *t = user;
	size_t n = sizeof t->preview - t->n_preview;

	n = n < len ? n : len;
	memcpy (t->preview + t->n_preview, data, n);
	t->n_preview += n;
	t->n_out += len;
	if (t->decode.error != DECODE_FINE)
		return;
	decode_feed (&t->decode, data, len);
	if (t->decode.error == DECODE_FINE)
		return;
	/* What else comes is read, and of no use. */
	decode_free (&t->decode);
	if (t->decode.error == DECODE_LARGE
	    || t->decode.error == DECODE_MEMORY) {
		t->gave_up = 1;
		lhk_run_cancel (t->run, 0);
	}
}

static void
take_err (void *user, const char *data, size_t len)
{
	struct lhk_tool *t = user;

	enter (t);
	stderr_capture_feed (&t->capture, data, len);
	leave (t);
}

static int
end (struct lhk_tool *t, const struct lhk_outcome *outcome)
{
	struct lhk_outcome *o = &t->outcome;

	*o = *outcome;
	enter (t);
	stderr_capture_end (&t->capture);
	if (leave (t))
		return 1;
	if (t->capture.ring.lost)
		o->flags |= LHK_FLAG_DEGRADED;
	head_tail_ends (&t->capture.ring, &o->stderr_head, &o->stderr_tail);
	o->stderr_bytes = t->capture.bytes;
	tool_judge (t);
	decode_free (&t->decode);
	return tell_end (t);
}

static void
take_event (void *user, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	struct lhk_tool *t = user;
	const struct lhk_result *final;

	(void) meta;
	if (event->kind != LHK_EV_RESULT)
		return;
	final = ((const struct lhk_ev_result *) event)->final;
	if (final != NULL && t->kind < 0)
		end (t, &final->outcome);
}

/* ---- from options ---- */

/* Of what the caller said about the request: LHK_OK, LHK_EREFUSED and why, or
 * LHK_ENOMEM. */
static int
validate (const struct lhk_tool *t, const struct lhk_tool_opts *o,
	  struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	int r = tool_check_id (o->id, err);

	if (r == LHK_OK && o->exec_id != NULL)
		r = tool_check_exec_id (o->exec_id, err);
	if (r == LHK_OK)
		r = tool_env_check (o->env, err);
	if (r == LHK_OK)
		r = request_check (alloc, "input", &o->input, err);
	if (r == LHK_OK)
		r = request_check (alloc, "config", &o->config, err);
	return r;
}

static int
no_memory (struct lhk_error *err)
{
	return error_set (err, LHK_ENOMEM, 0, "no memory for a tool call");
}

static uint64_t
tree_most (uint64_t max_output)
{
	return max_output > UINT64_MAX / TOOL_TREE_FACTOR - TOOL_TREE_MIN
		       ? UINT64_MAX
		       : max_output * TOOL_TREE_FACTOR + TOOL_TREE_MIN;
}

static int
make (struct lhk_host *host, const struct lhk_tool_opts *o,
      struct lhk_tool **ret, struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &host->alloc;
	struct lhk_tool *t = mem_zero (alloc, sizeof *t);
	char made_up[ULID_SIZE];

	if (t == NULL)
		return no_memory (err);
	t->guest.end = end_guest;
	t->magic = TOOL_MAGIC;
	t->host = host;
	t->kind = -1;
	t->flags = o->flags;
	t->timeout_ms = o->timeout_ms;
	t->max_output = o->max_output;
	t->on_end = o->on_end;
	t->user = o->user;
	t->outcome.size = sizeof t->outcome;
	decode_init (&t->decode, tree_most (o->max_output));
	host_attach (host, &t->guest);
	ulid_make_now (made_up);
	t->id = mem_strdup (alloc, o->id == NULL ? "" : o->id);
	t->exec_id =
		mem_strdup (alloc, o->exec_id == NULL ? made_up : o->exec_id);
	t->program = mem_strdup (alloc, o->argv[0]);
	*ret = t;
	return t->id == NULL || t->exec_id == NULL || t->program == NULL
		       ? no_memory (err)
		       : LHK_OK;
}

/* The parts that a process needs. */
static int
equip (struct lhk_tool *t, const struct lhk_tool_opts *o,
       const struct envs *envs, struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;

	t->redact = redact_new (alloc, o->redact, o->n_redact, envs->strings);
	if (t->redact == NULL)
		return no_memory (err);
	stderr_capture_init (&t->capture, alloc, t->redact, o->stderr_keep);
	t->capture.on_line = o->on_stderr_line;
	t->capture.user = o->user;
	return LHK_OK;
}

static int
start_run (struct lhk_tool *t, const struct lhk_tool_opts *o,
	   const struct envs *envs, int input, struct lhk_error *err)
{
	struct lhk_stream_opts stream = LHK_STREAM_OPTS_INIT;
	struct lhk_run_opts run = LHK_RUN_OPTS_INIT;

	stream.on_event = take_event;
	stream.user = t;
	run.stream = &stream;
	run.on_stdout = take_out;
	run.on_stderr = take_err;
	run.argv = o->argv;
	run.envp = envs->strings;
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

/* Ended before it began. */
static void
refuse (struct lhk_tool *t, int kind, const char *why)
{
	t->kind = kind;
	snprintf (t->message, sizeof t->message, "%s", why);
}

static int
begin (struct lhk_tool *t, const struct lhk_tool_opts *o, struct lhk_error *err)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	struct request request = { t->id,     t->exec_id, o->input,
				   o->config, o->env,	  o->timeout_ms };
	struct envs envs = { 0 };
	char why[240];
	int input = -1;
	int r = LHK_OK;

	if (tool_env_build (&envs, alloc, o->env, o->inherit_env) < 0)
		return no_memory (err);
	r = equip (t, o, &envs, err);
	if (r == LHK_OK)
		input = request_file (alloc, &request);
	if (r == LHK_OK && input < 0 && errno == ENOMEM) {
		r = no_memory (err);
	} else if (r == LHK_OK && input < 0) {
		snprintf (why, sizeof why,
			  "the request cannot be handed over:"
			  " %s",
			  strerror (errno));
		refuse (t, LHK_TOOL_ERROR_STDIN, why);
	} else if (r == LHK_OK) {
		r = start_run (t, o, &envs, input, err);
	}
	fd_close (&input);
	tool_env_free (&envs, alloc);
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
	r = make (host, &own, &t, err);
	if (r == LHK_OK)
		r = validate (t, &own, &why);
	if (r == LHK_OK)
		r = begin (t, &own, err);
	if (r == LHK_EREFUSED && why.code == LHK_EREFUSED) {
		refuse (t, LHK_TOOL_ERROR_VALIDATE, why.text);
	} else if (r < 0) {
		if (why.code == LHK_ENOMEM)
			no_memory (err);
		if (t != NULL)
			destroy (t);
		return r;
	}
	*ret = t;
	if (t->kind >= 0 && tell_end (t))
		*ret = NULL;
	return LHK_OK;
}

int
lhk_tool_wait (struct lhk_tool *tool, int timeout_ms)
{
	int r;

	if (tool == NULL || tool->magic != TOOL_MAGIC)
		return LHK_EINVAL;
	r = host_check (tool->host);
	if (r < 0 || tool->kind >= 0)
		return r;
	r = lhk_run_wait (tool->run, timeout_ms);
	/* A stream that could not tell its end. */
	if (r == LHK_OK && tool->kind < 0
	    && end (tool, &lhk_run_result (tool->run)->outcome))
		r = LHK_ESTATE;
	return r;
}

void
lhk_tool_free (struct lhk_tool *tool)
{
	if (tool == NULL || tool->magic != TOOL_MAGIC
	    || host_check (tool->host) < 0 || tool->free_pending)
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

static int
check (const struct lhk_tool *tool)
{
	if (tool == NULL || tool->magic != TOOL_MAGIC)
		return LHK_EINVAL;
	return host_check (tool->host);
}

void
lhk_tool_cancel (struct lhk_tool *tool, int signo)
{
	if (check (tool) == LHK_OK && tool->run != NULL)
		lhk_run_cancel (tool->run, signo);
}

int
lhk_tool_error_kind (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->kind : -1;
}

const char *
lhk_tool_message (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->message : "";
}

struct json_object *
lhk_tool_output (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->output : NULL;
}

const struct lhk_outcome *
lhk_tool_outcome (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? &tool->outcome : NULL;
}
