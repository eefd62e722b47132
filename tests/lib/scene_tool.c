/* SPDX-License-Identifier: MIT */
/*
 * scene_tool.c - scenes of calls of tools.
 *
 * The kind of a call stands for the verdict of a run: what is not the tool's
 * fault must be said to be ours.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <linehook/tool.h>

#include "lib/scene.h"

#define WAIT_MS 20000

/* Verdicts of kinds that a run has not: none of them is for a fault. */
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
note (void *user, struct lhk_tool *tool)
{
	const struct lhk_outcome *o = lhk_tool_outcome (tool);
	struct json_object *output = lhk_tool_output (tool);
	struct stage_set *w = user;
	struct seen *s = &w->seen;
	const char *text;

	s->n_final++;
	s->has_result = 1;
	s->verdict = verdict_of (tool);
	s->end_reason = o->end_reason;
	s->flags = o->flags;
	s->sys_errno = o->sys_errno;
	strncpy (s->step, o->step == NULL ? "" : o->step, sizeof s->step - 1);
	/* What is not the tool's fault is a notice of its own. */
	s->n_notices += s->verdict == LHK_VERDICT_HOST_ERROR;
	if (s->verdict != LHK_VERDICT_OK && lhk_tool_message (tool)[0] == '\0')
		s->fault = "a call that failed, and no sentence";
	if (output != NULL) {
		text = json_object_to_json_string (output);
		scene_hear (s, text, strlen (text));
	}
	scene_hear (s, o->stderr_head.ptr, o->stderr_head.len);
}

static int
call (struct stage_set *w, struct lhk_tool_opts *o, const char *const *argv)
{
	struct lhk_tool *tool = NULL;
	int r;

	o->id = "tool";
	o->exec_id = "1";
	o->input = (struct lhk_str) LHK_STR_INIT ("{\"n\":9007199254740993}");
	o->on_end = note;
	o->user = w;
	o->argv = argv;
	w->seen.where = "lhk_tool_start";
	r = lhk_tool_start (w->host, o, &tool, &w->seen.err);
	if (r == LHK_OK) {
		w->seen.where = "lhk_tool_wait";
		r = lhk_tool_wait (tool, WAIT_MS);
	}
	w->seen.code = r;
	lhk_tool_free (tool);
	return r;
}

#define AGENT(...)                                                             \
	((const char *const[]){ getenv ("AGENT"), __VA_ARGS__, NULL })

#define ANSWER AGENT ("err", "hello", "put", "{\"result\":", "cat", "put", "}")

int
scene_play_tool (struct stage_set *w)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	return call (w, &o, ANSWER);
}

int
scene_play_tool_file (struct stage_set *w)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	o.flags = LHK_TOOL_STDOUT_FILE;
	return call (w, &o, ANSWER);
}

int
scene_play_tool_timeout (struct stage_set *w)
{
	struct lhk_tool_opts o = LHK_TOOL_OPTS_INIT;

	o.timeout_ms = 10;
	o.grace_ms = 1;
	return call (w, &o, AGENT ("ignoreall", "pause"));
}
