/* SPDX-License-Identifier: MIT */
/* data.c - pieces that several kinds of lines are made of. */
#include "config.h"

#include "claude/claude.h"

/* What an error is called in its own object, or in one within. */
static int
words_of_object (const struct lhk_raw *raw, struct lhk_text *ret)
{
	struct claude_small outer, inner;

	memset (&inner, 0, sizeof (inner));
	if (lhk_json_raw_object (raw, claude_table (CLAUDE_SMALL), &outer)
	    != LHK_OK)
		return 0;
	if (outer.error.type == LHK_JSON_OBJECT
	    && lhk_json_raw_object (&outer.error, claude_table (CLAUDE_SMALL),
				    &inner)
		       != LHK_OK)
		memset (&inner, 0, sizeof (inner));
	*ret = outer.message;
	if (text_empty (ret) && !lhk_raw_text (&outer.error, ret))
		*ret = inner.message;
	if (text_empty (ret))
		*ret = inner.type;
	if (text_empty (ret))
		*ret = outer.type;
	return !text_empty (ret);
}

/* Add the words of one error, if it has any. */
static int
add_words (struct claude *c, const struct lhk_raw *raw, struct texts *parts)
{
	struct lhk_text text;
	int found = raw->type == LHK_JSON_OBJECT ? words_of_object (raw, &text)
						 : lhk_raw_text (raw, &text);

	return found && !text_empty (&text) && parts->n < TEXTS_MAX
		       ? texts_add (parts, &c->arena, &text)
		       : 0;
}

static size_t
count_words (const struct lhk_raw *errors)
{
	size_t n = raw_count (errors);

	return n < TEXTS_MAX ? n : TEXTS_MAX;
}

int
claude_words (struct claude *c, const struct lhk_raw *errors,
	      struct lhk_text *ret)
{
	struct texts parts = { NULL, 0, 0 };
	struct lhk_raw raw;
	struct lhk_json j;
	int r = 0;

	memset (ret, 0, sizeof (*ret));
	if (errors->type == LHK_JSON_ARRAY) {
		r = texts_reserve (&parts, &c->arena, count_words (errors));
		lhk_json_begin_raw (&j, errors);
		lhk_json_enter (&j);
		while (r == 0 && lhk_json_element (&j)
		       && lhk_json_raw (&j, &raw))
			r = add_words (c, &raw, &parts);
	} else if (errors->type != LHK_JSON_NONE) {
		r = add_words (c, errors, &parts);
	}
	return r < 0 || parts.n == 0
		       ? r
		       : text_join_by (&c->arena, &parts, "\n", ret);
}

int
claude_error_text (struct claude *c, const struct lhk_raw *error,
		   const struct lhk_raw *status, const struct lhk_raw *type,
		   struct lhk_text *ret)
{
	struct texts parts = { NULL, 0, 0 };
	struct lhk_text text;
	int r = 0;

	memset (ret, 0, sizeof (*ret));
	if (status->type == LHK_JSON_NUMBER) {
		r = texts_add (&parts, &c->arena, &LIT ("API error"));
		text = text_of (status->ptr, status->len);
		if (r == 0)
			r = texts_add (&parts, &c->arena, &text);
	}
	if (r == 0
	    && (lhk_raw_text (error, &text) || lhk_raw_text (type, &text)))
		r = texts_add (&parts, &c->arena, &text);
	return r < 0 || parts.n == 0
		       ? r
		       : text_join_by (&c->arena, &parts, " ", ret);
}

static int
emit_session (struct claude *c, const struct lhk_text *id,
	      const struct lhk_text *model)
{
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = *id,
		.model = *model,
		.resumed = c->resumed,
	};

	id_copy_set (&c->session, id);
	c->session_emitted = !text_empty (id);
	return emit (c->api, &e.ev);
}

static int
is_new_session (const struct claude *c, const struct lhk_text *id)
{
	return !text_empty (id) && !id_copy_is (&c->session, id);
}

void
claude_session_begun (struct claude *c, const struct lhk_text *id)
{
	if (c->session_emitted && is_new_session (c, id))
		claude_totals_anew (c);
	id_copy_set (&c->session, id);
	c->session_emitted = !text_empty (id);
}

int
claude_model (struct claude *c, const struct lhk_text *model)
{
	struct lhk_text id = id_copy_text (&c->session);
	int r;

	if (text_empty (model) || id_copy_is (&c->model, model))
		return 0;
	id_copy_set (&c->model, model);
	r = text_copy (&c->arena, &id, &id);
	return r < 0 ? r : emit_session (c, &id, model);
}

int
claude_session (struct claude *c, const struct lhk_text *id)
{
	static const struct lhk_text absent;

	return is_new_session (c, id) ? emit_session (c, id, &absent) : 0;
}

int
claude_result_session (struct claude *c, const struct claude_result_line *line)
{
	const struct lhk_text *id = &line->head.session_id;
	struct lhk_text model = { NULL, 0, 0, 0 };

	if (c->model.len == 0)
		model = claude_main_model (&line->model_usage);
	if (!text_empty (&model))
		id_copy_set (&c->model, &model);
	if (text_empty (id) || (text_empty (&model) && !is_new_session (c, id)))
		return 0;
	claude_session_begun (c, id);
	return emit_session (c, id, &model);
}
