/* SPDX-License-Identifier: MIT */
/*
 * message.c - the model's words, as they come and as a whole, and what answers
 * them.
 *
 * A line has blocks of one kind, under an id of its own, and nothing ties the
 * lines of one model call together.  A text that has streamed comes as a whole
 * right after its deltas, so that the order alone says which one it is; its id is
 * then that of its first delta.  A call is over with the line that has tokens.
 */
#include "config.h"

#include <stdio.h>

#include "qwen/qwen.h"

struct qwen_thread *
qwen_thread (struct qwen *q, const struct lhk_text *parent)
{
	struct qwen_thread *t = &q->threads[q->now];
	uint32_t i;

	if (t->used && id_copy_is (&t->parent, parent))
		return t;
	for (i = 0; i < QWEN_THREADS; i++) {
		t = &q->threads[i];
		if (!t->used || !id_copy_is (&t->parent, parent))
			continue;
		q->now = i;
		return t;
	}
	t = &q->threads[q->next];
	memset (t, 0, sizeof (*t));
	t->used = 1;
	id_copy_set (&t->parent, parent);
	q->now = q->next;
	q->next = (q->next + 1) % QWEN_THREADS;
	return t;
}

static void
forget_said (struct qwen_thread *t)
{
	t->said[0].len = 0;
	t->said[1].len = 0;
}

/* A message of the model begins, or goes on. */
static void
begin_words (struct qwen *q, struct qwen_thread *t)
{
	q->worked = 1;
	if (t->over) {
		t->has_call = 0;
		forget_said (t);
	}
	t->over = 0;
}

static void
note_said (struct qwen_thread *t, int role, const struct lhk_text *id)
{
	if (role != LHK_ROLE_USER)
		id_copy_set (&t->said[role == LHK_ROLE_THOUGHT], id);
}

void
qwen_message_over (struct qwen *q)
{
	static const struct lhk_text absent;
	struct qwen_thread *t = qwen_thread (q, &absent);

	forget_said (t);
	t->over = 1;
}

int
qwen_withdraw (struct qwen *q)
{
	static const int roles[] = { LHK_ROLE_ASSISTANT, LHK_ROLE_THOUGHT };
	static const struct lhk_text absent;
	struct qwen_thread *t = qwen_thread (q, &absent);
	struct lhk_text id;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < ARRAY_SIZE (roles); i++) {
		id = id_copy_text (&t->said[i]);
		if (!text_empty (&id))
			r = emit_text (q->api, roles[i], 0, &id, &LIT (""),
				       NULL);
	}
	t->role = 0;
	qwen_message_over (q);
	return r;
}

/* ---- deltas ---- */

static int
on_delta (struct qwen *q, const struct qwen_line *line)
{
	const struct qwen_delta *d = &line->event.delta;
	struct qwen_thread *t = qwen_thread (q, &line->parent);
	const struct lhk_text *text = &d->text;
	int role = LHK_ROLE_ASSISTANT;
	struct lhk_text id;

	if (LHK_TEXT_IS (&d->type, "thinking_delta")) {
		text = &d->thinking;
		role = LHK_ROLE_THOUGHT;
	}
	if (text_empty (text))
		return LHK_OK;
	begin_words (q, t);
	if (t->role != role) {
		id_copy_set (&t->text, &line->uuid);
		note_said (t, role, &line->uuid);
	}
	t->role = role;
	id = id_copy_text (&t->text);
	return emit_message_text (q->api, role, 1, &id, text, &line->parent,
				  t->has_call);
}

static int
on_block_start (struct qwen *q, const struct qwen_line *line)
{
	qwen_thread (q, &line->parent)->role = 0;
	return LHK_OK;
}

static int
on_message_stop (struct qwen *q, const struct qwen_line *line)
{
	qwen_thread (q, &line->parent)->over = 1;
	return LHK_OK;
}

/* A tool of a server says what it does; a command only that it runs. */
static int
on_progress (struct qwen *q, const struct qwen_line *line)
{
	struct qwen_small progress;

	qwen_object (&line->event.content, QWEN_SMALL, &progress);
	if (!LHK_TEXT_IS (&progress.type, "mcp_tool_progress"))
		return LHK_HEARTBEAT;
	return qwen_tool_update (q, &line->event.tool_use_id, LHK_TOOL_RUNNING);
}

static const struct {
	const char *type;
	int (*fn) (struct qwen *q, const struct qwen_line *line);
} events[] = {
	{ "content_block_delta", on_delta },
	{ "content_block_start", on_block_start },
	{ "content_block_stop", qwen_nothing },
	{ "message_start", on_block_start },
	{ "message_stop", on_message_stop },
	{ "tool_progress", on_progress },
	{ "goal_state", qwen_nothing },
	{ "active_goal", qwen_nothing },
};

int
qwen_stream (struct qwen *q, const struct qwen_line *line)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (events); i++)
		if (lhk_text_is (&line->event.type, events[i].type,
				 strlen (events[i].type)))
			return events[i].fn (q, line);
	return LHK_SKIP;
}

/* ---- whole lines ---- */

struct walk {
	const struct qwen_line *line;
	struct qwen_thread *thread;
	struct lhk_text base; /* of the ids of texts */
	int role;
	int synthetic;
	uint32_t n_texts;
	int n_events; /* blocks that gave an event */
};

/* The id of a text: BASE for the first of a line, then "BASE:1" and so on; absent
 * if that is too long.  0 or LHK_ENOMEM. */
static int
text_id (struct qwen *q, struct walk *w, struct lhk_text *ret)
{
	struct lhk_text base;
	char *p;
	int n;

	*ret = w->base;
	if (w->n_texts++ == 0 || text_empty (&w->base))
		return 0;
	if (w->base.len > ID_COPY_MAX) {
		memset (ret, 0, sizeof (*ret));
		return 0;
	}
	base = w->base;
	p = arena_alloc (&q->arena, base.len + 16);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, base.ptr, base.len);
	n = snprintf (p + base.len, 16, ":%u", (unsigned int) w->n_texts - 1);
	ret->ptr = p;
	ret->len += (size_t) n;
	return 0;
}

static int
on_text (struct qwen *q, struct walk *w, int role, const struct lhk_text *text)
{
	struct qwen_thread *t = w->thread;
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = role,
		.text = *text,
	};
	int r = 0;

	if (text_empty (text))
		return 0;
	e.ev.parent = w->line->parent;
	if (w->synthetic)
		e.flags |= LHK_TEXT_SYNTHETIC;
	if (role == LHK_ROLE_USER)
		forget_said (t);
	else if (t->has_call)
		e.flags |= LHK_TEXT_SAME_MESSAGE;
	if (t->role == role) {
		e.id = id_copy_text (&t->text);
		t->role = 0;
	} else {
		r = text_id (q, w, &e.id);
		note_said (t, role, &e.id);
	}
	return r < 0 ? r : emit (q->api, &e.ev);
}

/* The model gets the result, and goes on; but one of a call that did not run comes
 * before the request is made again. */
static int
on_tool_result (struct qwen *q, struct walk *w, const struct qwen_block *b)
{
	const struct tool_entry *call;
	int r = qwen_tool_result (q, b, &w->line->parent);

	call = tool_table_find (&q->tools, &b->tool_use_id);
	if (call == NULL || call->status != LHK_TOOL_CANCELED)
		forget_said (w->thread);
	w->thread->over = 1;
	return r;
}

static int
on_block (struct qwen *q, struct walk *w, const struct qwen_block *b)
{
	struct qwen_thread *t = w->thread;
	int first;

	w->n_events++;
	if (LHK_TEXT_IS (&b->type, "text"))
		return on_text (q, w, w->role, &b->text);
	if (LHK_TEXT_IS (&b->type, "thinking"))
		return on_text (q, w, LHK_ROLE_THOUGHT, &b->thinking);
	if (LHK_TEXT_IS (&b->type, "tool_use")) {
		first = !t->has_call;
		t->has_call = 1;
		return qwen_tool_use (q, b, &w->line->parent, first);
	}
	if (LHK_TEXT_IS (&b->type, "tool_result"))
		return on_tool_result (q, w, b);
	w->n_events--;
	return 0;
}

static int
walk_blocks (struct qwen *q, struct walk *w)
{
	const struct lhk_raw *content = &w->line->message.content;
	struct qwen_block b;
	struct lhk_text text;
	struct lhk_json j;
	int r = 0;

	if (lhk_raw_text (content, &text)) {
		w->n_events++;
		return on_text (q, w, w->role, &text);
	}
	if (content->type != LHK_JSON_ARRAY)
		return 0;
	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	while (r == 0 && qwen_next (&j, QWEN_BLOCK, &b))
		r = on_block (q, w, &b);
	return r;
}

/* The first text of a line that the program wrote, because the model could not
 * answer; absent otherwise. */
static void
api_error_of (const struct qwen_line *line, struct lhk_text *ret)
{
	struct qwen_block b;
	struct lhk_json j;

	memset (ret, 0, sizeof (*ret));
	if (line->message.content.type != LHK_JSON_ARRAY
	    || !qwen_usage_is_zero (&line->message.usage))
		return;
	lhk_json_begin_raw (&j, &line->message.content);
	lhk_json_enter (&j);
	if (qwen_next (&j, QWEN_BLOCK, &b)
	    && text_begins (&b.text, "[API Error: "))
		*ret = b.text;
}

int
qwen_assistant (struct qwen *q, const struct qwen_line *line)
{
	struct walk w = {
		.line = line,
		.thread = qwen_thread (q, &line->parent),
		.base = line->message.id,
		.role = LHK_ROLE_ASSISTANT,
	};
	struct lhk_text error;
	int r = 0;

	api_error_of (line, &error);
	w.synthetic = error.ptr != NULL;
	begin_words (q, w.thread);
	if (text_empty (&line->parent))
		r = qwen_session (q, &line->session_id, &line->message.model);
	if (r == 0)
		r = walk_blocks (q, &w);
	if (r == 0 && w.synthetic)
		r = emit_notice (q->api, LHK_LOG_ERROR, LHK_CODE_PROVIDER_ERROR,
				 &error, NULL);
	if (r < 0 || qwen_usage_is_zero (&line->message.usage))
		return r < 0 || w.n_events ? r : LHK_SKIP;
	w.thread->over = 1;
	return qwen_call_usage (q, line);
}

/* The prompt is not repeated: what is no result of a tool is the prompt of a
 * subagent, or comes from the program. */
int
qwen_user (struct qwen *q, const struct qwen_line *line)
{
	struct walk w = {
		.line = line,
		.thread = qwen_thread (q, &line->parent),
		.base = line->uuid,
		.role = LHK_ROLE_USER,
		.synthetic = text_empty (&line->parent),
	};
	int r;

	q->worked = 1;
	r = walk_blocks (q, &w);
	return r < 0 || w.n_events ? r : LHK_SKIP;
}
