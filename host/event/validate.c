/* SPDX-License-Identifier: MIT */
/*
 * validate.c - events of a plugin become events this host can rely on.
 *
 * The table of members says which are texts, arrays or JSON; the numbers of a
 * kind have a function.
 */
#include "config.h"

#include <string.h>

#include "common/limits.h"
#include "common/macros.h"
#include "event/members.h"
#include "event/validate.h"
#include "json/ascii.h"
#include "json/ops.h"
#include "json/slice.h"
#include "json/text_reader.h"

/* What is wrong with a text that is no JSON body. */
#define BAD_BODY "is not the body of a JSON string and is taken as plain text"

/* Set *VALUE to OTHER unless it is in FIRST..LAST.  1 if it was not. */
static int
bound (int32_t *value, int32_t first, int32_t last, int32_t other)
{
	if (*value >= first && *value <= last)
		return 0;
	*value = other;
	return 1;
}

static int
check_session (union event_union *e)
{
	int32_t r = e->session.resumed;

	e->session.reserved = 0;
	return bound (&e->session.resumed, -1, 1, r > 0 ? 1 : -1);
}

static int
check_text (union event_union *e)
{
	e->text.flags &= LHK_TEXT_SYNTHETIC | LHK_TEXT_SAME_MESSAGE;
	e->text.reserved = 0;
	return bound (&e->text.role, 0, LHK_ROLE_SYSTEM, 0)
	       | bound (&e->text.delta, 0, 1, 1);
}

static int
check_tool (union event_union *e)
{
	e->tool.flags &= LHK_TOOL_HAS_EXIT | LHK_TOOL_TRUNCATED
			 | LHK_TOOL_OUTPUT_JSON | LHK_TOOL_NEXT_MESSAGE;
	return bound (&e->tool.status, 0, LHK_TOOL_DENIED, 0)
	       | bound (&e->tool.type, LHK_TYPE_OTHER, LHK_TYPE_FETCH,
			LHK_TYPE_OTHER);
}

/* A negative count is no count. */
static int
check_usage (union event_union *e)
{
	struct lhk_ev_usage *u = &e->usage;
	const struct {
		uint32_t bit;
		int64_t *value;
	} counts[] = {
		{ LHK_USAGE_INPUT, &u->input },
		{ LHK_USAGE_OUTPUT, &u->output },
		{ LHK_USAGE_CACHE_READ, &u->cache_read },
		{ LHK_USAGE_CACHE_WRITE, &u->cache_write },
		{ LHK_USAGE_REASONING, &u->reasoning },
		{ LHK_USAGE_CONTEXT_USED, &u->context_used },
		{ LHK_USAGE_CONTEXT_SIZE, &u->context_size },
		{ LHK_USAGE_COST, &u->cost_nano_usd },
	};
	int wrong = bound (&u->scope, 0, LHK_SCOPE_SESSION, 0);
	size_t i;

	u->has &= 2u * LHK_USAGE_COST - 1;
	for (i = 0; i < ARRAY_SIZE (counts); i++) {
		if (*counts[i].value >= 0)
			continue;
		wrong |= (u->has & counts[i].bit) != 0;
		u->has &= ~counts[i].bit;
		*counts[i].value = 0;
	}
	return wrong;
}

static int
check_notice (union event_union *e)
{
	e->notice.reserved = 0;
	switch (e->notice.level) {
	case LHK_LOG_ERROR:
	case LHK_LOG_WARN:
	case LHK_LOG_INFO:
	case LHK_LOG_DEBUG:
		return 0;
	default:
		e->notice.level = LHK_LOG_INFO;
		return 1;
	}
}

static int
check_result (union event_union *e)
{
	return bound (&e->result.verdict, 0, LHK_VERDICT_CANCELED, 0)
	       | bound (&e->result.terminal, 0, 1, 1);
}

/* Mend the numbers of an event of a kind; 1 if one was wrong. */
typedef int numbers_fn (union event_union *e);

static numbers_fn *const numbers[] = {
	[LHK_EV_SESSION] = check_session, [LHK_EV_TEXT] = check_text,
	[LHK_EV_TOOL] = check_tool,	  [LHK_EV_USAGE] = check_usage,
	[LHK_EV_NOTICE] = check_notice,	  [LHK_EV_RESULT] = check_result,
};

void
validator_init (struct validator *v, const struct lhk_alloc *alloc)
{
	memset (v, 0, sizeof *v);
	v->alloc = alloc;
	v->ops = lhk_json_ops_here ();
	copies_init (&v->copies, alloc);
}

void
validator_done (struct validator *v)
{
	copies_done (&v->copies);
}

void
validator_begin (struct validator *v, const char *line, size_t len)
{
	v->line = line;
	v->len = line == NULL ? 0 : len;
	v->faults = 0;
	v->lost_usage = 0;
	copies_begin (&v->copies, v->len);
}

void
validator_forget (struct validator *v)
{
	copies_clear (&v->copies);
}

void
validator_fault (struct validator *v, uint32_t kind, const char *member,
		 const char *what)
{
	v->lost_usage |= kind == LHK_EV_USAGE;
	if (v->faults++ > 0)
		return;
	v->kind =
		event_has_members (kind) ? event_members[kind].name : "unknown";
	v->member = member;
	v->what = what;
}

/* Do LEN bytes at P lie in the line? */
static int
in_line (const struct validator *v, const char *p, size_t len)
{
	uintptr_t off = (uintptr_t) p - (uintptr_t) v->line;

	return off <= v->len && len <= v->len - off;
}

/* Copy LEN bytes at *P unless they lie in the line.  MEMBER tells the members of
 * an event apart. */
static inline int
keep (struct validator *v, unsigned int member, const char **p, size_t len)
{
	return *p == NULL || in_line (v, *p, len)
		       ? LHK_OK
		       : copies_add (&v->copies, member, p, len);
}

/* The form that a text has, whatever its plugin says. */
static uint32_t
form_of (const struct validator *v, const struct lhk_text *t)
{
	const char *end = t->ptr + t->len;
	uint32_t form = LHK_TEXT_PLAIN;

	if (!in_line (v, t->ptr, t->len + 1) || *end != '"')
		return json_slice_form (t->ptr, t->len);
	return v->ops->string (t->ptr, &form) == end ? form : LHK_TEXT_PLAIN;
}

/* Give T the form that it has, if it is not the one that it is said to have.
 * 0 if it is said to be a JSON body and is none: then it is PLAIN. */
static inline int
check_form (const struct validator *v, struct lhk_text *t)
{
	const uint32_t said = t->form;

	t->reserved = 0;
	if (said == LHK_TEXT_PLAIN || t->ptr == NULL
	    || (said == LHK_TEXT_CLEAN && in_line (v, t->ptr, t->len)
		&& ascii_is_clean_padded (t->ptr, t->len)))
		return 1;
	t->form = said > LHK_TEXT_RAW ? (uint32_t) LHK_TEXT_PLAIN
				      : form_of (v, t);
	return t->form != LHK_TEXT_PLAIN;
}

static inline int
is_null_with_length (const struct lhk_text *t)
{
	return t->ptr == NULL && t->len != 0;
}

/* What many events of a line have in common is short, or it would be written as
 * many times. */
static inline void
cut_name (struct lhk_text *t, size_t max)
{
	if (t->len > max && t->ptr != NULL)
		t->len = text_reader_prefix (t, max);
}

/* A text with the number MEMBER, of at most MAX bytes (0: of any length).
 * LHK_OK; LHK_EINVAL for one that is NULL with a length; or why there is no copy
 * of it. */
static inline int
check_body (struct validator *v, uint32_t kind, unsigned int member,
	    const char *name, struct lhk_text *t, size_t max)
{
	if (is_null_with_length (t))
		return LHK_EINVAL;
	if (max > 0)
		cut_name (t, max);
	if (!check_form (v, t))
		validator_fault (v, kind, name, BAD_BODY);
	return keep (v, member, &t->ptr, t->len);
}

static int
check_texts (struct validator *v, uint32_t kind, char *base)
{
	const struct event_member *m;
	int r = LHK_OK;

	for (m = event_members[kind].texts; m->name != NULL && r == LHK_OK; m++)
		r = check_body (
			v, kind,
			1 + (unsigned int) (m - event_members[kind].texts),
			m->name,
			(struct lhk_text *) (void *) (base + m->offset),
			m->max);
	return r;
}

/* Is the text of an array, which cannot be mended, what it says it is?  Its
 * readers take an unknown form for PLAIN. */
static int
element_is_valid (const struct validator *v, const struct lhk_text *t)
{
	struct lhk_text own = *t;

	if (own.form > LHK_TEXT_RAW)
		return 1;
	return check_form (v, &own) && own.form <= t->form;
}

/* The numbers of what is no text of the table. */
enum { MEMBER_PARENT = 0, MEMBER_JSON = 7, MEMBER_ELEMENTS = 7 };

/* Copy the array, and what its texts point to outside of the line. */
static int
keep_array (struct validator *v, const struct event_members *k, char *base)
{
	const char **elements =
		(const char **) (void *) (base + k->array.offset);
	struct lhk_text *t;
	struct event_array a;
	size_t i;
	int r;

	memcpy (&a, base + k->array.offset, sizeof a);
	if (a.n == 0)
		return LHK_OK;
	r = copies_add (&v->copies, MEMBER_ELEMENTS, elements,
			a.n * k->element);
	for (i = 0; i < a.n && r == LHK_OK; i++) {
		t = (void *) (uintptr_t) (*elements + i * k->element);
		r = keep (v, MEMBER_ELEMENTS, &t->ptr, t->len);
	}
	return r;
}

/* An array with a bad text is absent, but there is no plan without one. */
static int
check_array (struct validator *v, uint32_t kind, char *base)
{
	const struct event_member *m = &event_members[kind].array;
	const struct lhk_text *t;
	struct event_array a;
	size_t i;
	int bad = 0;

	memcpy (&a, base + m->offset, sizeof a);
	if (a.elements == NULL && a.n > 0)
		return LHK_EINVAL;
	for (i = 0; i < a.n; i++) {
		t = (const void *) ((const char *) a.elements
				    + i * event_members[kind].element);
		if (is_null_with_length (t))
			return LHK_EINVAL;
		bad |= !element_is_valid (v, t);
	}
	if (!bad)
		return keep_array (v, &event_members[kind], base);
	if (kind == LHK_EV_PLAN)
		return LHK_EINVAL;
	validator_fault (v, kind, m->name, BAD_BODY);
	memset (base + m->offset, 0, sizeof a);
	return LHK_OK;
}

/* 1 if it is JSON; else it was reported. */
static int
check_value (struct validator *v, uint32_t kind, const char *name,
	     const char *p, size_t len)
{
	int r = json_slice_is_value (v->alloc, p, len, in_line (v, p, len));

	if (r <= 0)
		validator_fault (v, kind, name,
				 r == 0 ? "is not JSON and is left out"
					: "is left out because memory ran out");
	return r > 0;
}

static int
check_json (struct validator *v, uint32_t kind, char *base)
{
	const struct event_member *m = &event_members[kind].json;
	struct lhk_str s;

	memcpy (&s, base + m->offset, sizeof s);
	if (s.ptr == NULL && s.len > 0)
		return LHK_EINVAL;
	if (s.len > 0 && !check_value (v, kind, m->name, s.ptr, s.len)) {
		memset (base + m->offset, 0, sizeof s);
		return LHK_OK;
	}
	return keep (v, MEMBER_JSON,
		     (const char **) (void *) (base + m->offset), s.len);
}

/* Output that should be JSON and is not is a text. */
static void
check_output (struct validator *v, struct lhk_ev_tool *tool)
{
	struct lhk_text *t = &tool->output;

	if ((tool->flags & LHK_TOOL_OUTPUT_JSON) == 0 || t->ptr == NULL)
		return;
	t->form = LHK_TEXT_PLAIN;
	if (t->len == 0)
		tool->flags &= ~(uint32_t) LHK_TOOL_OUTPUT_JSON;
	else if (json_slice_is_value (v->alloc, t->ptr, t->len,
				      in_line (v, t->ptr, t->len))
		 <= 0) {
		tool->flags &= ~(uint32_t) LHK_TOOL_OUTPUT_JSON;
		validator_fault (v, LHK_EV_TOOL, "output",
				 "is not JSON and is taken as a text");
	}
}

static int
check_members (struct validator *v, uint32_t kind, union event_union *e)
{
	const struct event_members *k = &event_members[kind];
	char *base = (char *) e;
	int r;

	r = check_body (v, kind, MEMBER_PARENT, "parent", &e->ev.parent,
			LIMIT_ID);
	if (r < 0)
		return r;
	if (kind == LHK_EV_TOOL)
		check_output (v, &e->tool);
	r = check_texts (v, kind, base);
	if (r == LHK_OK && k->json.name != NULL)
		r = check_json (v, kind, base);
	if (r == LHK_OK && k->array.name != NULL)
		r = check_array (v, kind, base);
	return r;
}

int
event_validate (struct validator *v, const struct lhk_event *event,
		union event_union *ret)
{
	const struct event_members *k;
	size_t known;
	int r;

	if (event == NULL || event->size < sizeof (struct lhk_event)
	    || event->size > LIMIT_EVENT_SIZE)
		return LHK_EINVAL;
	if (!event_has_members (event->kind))
		return LHK_EUNSUPPORTED;
	k = &event_members[event->kind];
	known = event->size < k->size ? event->size : k->size;
	memcpy (ret, event, known);
	if (known < k->size)
		memset ((char *) ret + known, 0, k->size - known);
	if (event->kind == LHK_EV_RESULT && ret->result.final != NULL)
		return LHK_EUNSUPPORTED;
	ret->ev.size = (uint32_t) k->size;
	r = check_members (v, event->kind, ret);
	if (r < 0)
		return r;
	if (numbers[event->kind] != NULL && numbers[event->kind](ret))
		validator_fault (v, event->kind, NULL,
				 "has a number that is out of range");
	return LHK_OK;
}
