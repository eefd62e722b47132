/* SPDX-License-Identifier: MIT */
/*
 * scenario_tool.c - scenarios of tool calls.
 *
 * The error kind of a call is mapped to the verdict of a run, so that one check
 * serves both: a fault that is not the tool's must be reported as ours.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <linehook/tool.h>

#include "lib/scenario.h"

#define WAIT_MS 20000

/* Error kinds without a verdict begin here; no fault may lead to one. */
#define OTHER 100

static int
verdict_of (const struct lhk_tool *tool)
{
	int kind = lhk_tool_error_kind (tool);

	if (kind == LHK_TOOL_ERROR_NONE)
		return LHK_VERDICT_OK;
	if (kind == LHK_TOOL_ERROR_START)
		return LHK_VERDICT_SPAWN_FAILED;
	if (kind == LHK_TOOL_ERROR_TIMEOUT)
		return LHK_VERDICT_TIMEOUT;
	return lhk_tool_exit_status (tool) == 125 ? LHK_VERDICT_HOST_ERROR
						  : OTHER + kind;
}

static void
on_end (void *user, struct lhk_tool *tool)
{
	const struct lhk_outcome *o = lhk_tool_outcome (tool);
	struct json_object *output = lhk_tool_output (tool);
	struct scenario_env *env = user;
	struct observed *s = &env->observed;
	const char *text;

	s->n_final++;
	s->has_result = 1;
	s->verdict = verdict_of (tool);
	s->end_reason = o->end_reason;
	s->flags = o->flags;
	s->sys_errno = o->sys_errno;
	strncpy (s->step, o->step == NULL ? "" : o->step, sizeof s->step - 1);
	/* A call has no notices: count our own fault as one. */
	s->n_notices += s->verdict == LHK_VERDICT_HOST_ERROR;
	if (s->verdict != LHK_VERDICT_OK && lhk_tool_message (tool)[0] == '\0')
		s->complaint = "a call that failed, and no sentence";
	if (output != NULL) {
		text = json_object_to_json_string (output);
		scenario_observe (s, text, strlen (text));
	}
	scenario_observe (s, o->stderr_head.ptr, o->stderr_head.len);
}

static int
call (struct scenario_env *env, struct lhk_tool_opts *o,
      const char *const *argv)
{
	struct lhk_tool *tool = NULL;
	int r;

	o->id = "tool";
	o->exec_id = "1";
	o->input = (struct lhk_str) LHK_STR_INIT ("{\"n\":9007199254740993}");
	o->on_end = on_end;
	o->user = env;
	o->argv = argv;
	env->observed.where = "lhk_tool_start";
	r = lhk_tool_start (env->host, o, &tool, &env->observed.err);
	if (r == LHK_OK) {
		env->observed.where = "lhk_tool_wait";
		r = lhk_tool_wait (tool, WAIT_MS);
	}
	env->observed.code = r;
	lhk_tool_free (tool);
	return r;
}

#define AGENT(...)                                                             \
	((const char *const[]){ getenv ("AGENT"), __VA_ARGS__, NULL })

#define ANSWER AGENT ("err", "hello", "put", "{\"result\":", "cat", "put", "}")

int
scenario_run_tool (struct scenario_env *env)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	return call (env, &o, ANSWER);
}

int
scenario_run_tool_file (struct scenario_env *env)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	o.flags = LHK_TOOL_STDOUT_FILE;
	return call (env, &o, ANSWER);
}

int
scenario_run_tool_timeout (struct scenario_env *env)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	o.timeout_ms = 10;
	o.grace_ms = 1;
	return call (env, &o, AGENT ("ignoreall", "pause"));
}
