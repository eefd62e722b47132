/* SPDX-License-Identifier: MIT */
/* system.c - what the program says about itself, and what it asks. */
#include "config.h"

#include "common/stream_json.h"
#include "qwen/qwen.h"

int
qwen_session (struct qwen *q, const struct lhk_text *id,
	      const struct lhk_text *model)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = *id,
		.model = *model,
		.resumed = q->resumed,
	};
	int same = id_copy_is (&q->session, id);

	if (text_empty (id)
	    || (same && (text_empty (model) || id_copy_is (&q->model, model))))
		return 0;
	if (!same && q->session.len)
		qwen_total_anew (q);
	id_copy_set (&q->session, id);
	if (!text_empty (model))
		id_copy_set (&q->model, model);
	return emit (q->api, &e.ev);
}

static int
on_init (struct qwen *q, const struct qwen_line *line)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = line->session_id,
		.model = line->model,
		.cwd = line->cwd,
		.agent_version = line->version,
		.resumed = q->resumed,
	};
	struct texts tools = { NULL, 0, 0 };
	int r = texts_add_list (&tools, &q->arena, &line->tools);

	if (r < 0)
		return r;
	e.ev.parent = line->parent;
	e.tools = tools.list;
	e.n_tools = tools.n;
	if (text_empty (&line->parent)) {
		if (q->session.len && !id_copy_is (&q->session, &e.id))
			qwen_total_anew (q);
		id_copy_set (&q->session, &e.id);
		id_copy_set (&q->model, &e.model);
	}
	return emit (q->api, &e.ev);
}

static const struct lhk_raw *
data_of (const struct qwen_line *line)
{
	return line->data.type == LHK_JSON_OBJECT ? &line->data : NULL;
}

/* Without a number of the attempt the answer was cut, empty or broken, and is
 * asked for again at once. */
static int
on_retry (struct qwen *q, const struct qwen_line *line)
{
	struct lhk_text text = LIT ("the answer of the model was cut or could "
				    "not be used; the request is made again");
	struct qwen_data d;
	int r;

	q->worked = 1;
	qwen_object (&line->data, QWEN_DATA, &d);
	if (d.attempt.has) {
		r = retry_text (&q->arena, &d.attempt, &d.max_retries,
				&d.delay_ms, &text);
		if (r < 0)
			return r;
	}
	r = emit_notice (q->api, LHK_LOG_WARN, LHK_CODE_RETRY, &text,
			 data_of (line));
	return r < 0 || d.preserve_text >= 0 ? r : qwen_withdraw (q);
}

static int
on_fallback (struct qwen *q, const struct qwen_line *line)
{
	return emit_notice (q->api, LHK_LOG_WARN, LHK_CODE_RETRY,
			    &LIT ("the program went on with another model"),
			    data_of (line));
}

static int
emit_task (struct qwen *q, const char *code, int level,
	   const struct lhk_text *text, const struct qwen_data *d)
{
	const struct json_member members[] = {
		{ "id", str_of_raw (&d->task_id) },
		{ "tool", str_of_raw (&d->tool_use_id) },
		{ "type", str_of_raw (&d->subagent_type) },
		{ "status", json_string_of (&d->status) },
		{ "usage", str_of_raw (&d->usage) },
	};
	struct lhk_raw data;
	int r;

	r = json_object_of (&q->arena, members, ARRAY_SIZE (members), &data);
	return r < 0 ? r : emit_notice (q->api, level, code, text, &data);
}

static int
on_task_started (struct qwen *q, const struct qwen_line *line)
{
	struct qwen_data d;

	qwen_object (&line->data, QWEN_DATA, &d);
	if (d.task_id.type != LHK_JSON_STRING)
		return LHK_SKIP;
	if (text_empty (&d.description))
		d.description = LIT ("a task runs in the background");
	return emit_task (q, LHK_CODE_TASK_STARTED, LHK_LOG_INFO,
			  &d.description, &d);
}

/* A task that watches something also notifies while it runs. */
static int
on_task (struct qwen *q, const struct qwen_line *line)
{
	struct lhk_text text = LIT ("a task in the background has ended");
	int level = LHK_LOG_WARN;
	struct qwen_data d;

	qwen_object (&line->data, QWEN_DATA, &d);
	if (d.task_id.type != LHK_JSON_STRING)
		return LHK_SKIP;
	if (LHK_TEXT_IS (&d.status, "running"))
		return LHK_OK;
	if (text_empty (&d.status) || LHK_TEXT_IS (&d.status, "completed"))
		level = LHK_LOG_INFO;
	return emit_task (q, LHK_CODE_TASK_ENDED, level, &text, &d);
}

static int
on_trouble (struct qwen *q, const struct qwen_line *line)
{
	struct qwen_data d;

	qwen_object (&line->data, QWEN_DATA, &d);
	if (text_empty (&d.error))
		d.error =
			LIT ("the program could not go on with its last turn");
	return emit_notice (q->api, LHK_LOG_WARN, LHK_CODE_PROVIDER_ERROR,
			    &d.error, NULL);
}

static const struct {
	const char *subtype;
	int (*fn) (struct qwen *q, const struct qwen_line *line);
} subtypes[] = {
	{ "init", on_init },
	{ "retry", on_retry },
	{ "task_started", on_task_started },
	{ "task_notification", on_task },
	{ "model_fallback", on_fallback },
	{ "continue_turn_failed", on_trouble },
	{ "session_start", qwen_nothing },
	{ "session_end", qwen_nothing },
	{ "worktree_restored", qwen_nothing },
	{ "worktree_started", qwen_nothing },
};

int
qwen_system (struct qwen *q, const struct qwen_line *line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (subtypes); i++)
		if (lhk_text_is (&line->subtype, subtypes[i].subtype,
				 strlen (subtypes[i].subtype)))
			return subtypes[i].fn (q, line);
	return LHK_SKIP;
}

/* A permission that is requested from whoever writes to standard input. */
int
qwen_control_request (struct qwen *q, const struct qwen_line *line)
{
	static const struct lhk_text answers[] = {
		LHK_TEXT_INIT ("allow"),
		LHK_TEXT_INIT ("deny"),
	};
	const struct qwen_request *request = &line->request;
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = line->request_id,
		.tool = request->tool_use_id,
		.options = answers,
		.n_options = ARRAY_SIZE (answers),
	};
	int r;

	if (!LHK_TEXT_IS (&request->subtype, "can_use_tool"))
		return LHK_OK;
	tool_brief_of (&request->input, &e.text);
	if (text_empty (&e.text))
		e.text = request->tool_name;
	r = qwen_tool_update (q, &e.tool, LHK_TOOL_PENDING);
	return r < 0 ? r : emit (q->api, &e.ev);
}
