/* SPDX-License-Identifier: MIT */
/*
 * plan.c - the list of things to do, which is a text with a line for each:
 * "1. [in_progress] Look".
 */
#include "config.h"

#include "common/plan.h"
#include "droid/droid.h"

static const struct {
	const char *mark;
	int status;
} marks[] = {
	{ "[completed]", LHK_PLAN_DONE },
	{ "[in_progress]", LHK_PLAN_RUNNING },
	{ "[pending]", LHK_PLAN_PENDING },
};

/* The next line of *TEXT, plain, which is cut off it: 1; 0 at the end. */
static int
next_line (struct lhk_text *text, struct lhk_text *ret)
{
	const char *end;

	if (text->len == 0)
		return 0;
	end = memchr (text->ptr, '\n', text->len);
	*ret = *text;
	if (end == NULL) {
		text->len = 0;
		return 1;
	}
	ret->len = (size_t) (end - text->ptr);
	text->ptr += ret->len + 1;
	text->len -= ret->len + 1;
	return 1;
}

static void
skip (struct lhk_text *text, const char *bytes)
{
	while (text->len > 0 && *text->ptr != '\0'
	       && strchr (bytes, *text->ptr) != NULL) {
		text->ptr++;
		text->len--;
	}
}

/* The next line that is an entry; others are headings, or empty. */
static int
next_entry (struct lhk_text *text, struct lhk_plan_entry *ret)
{
	struct lhk_text line;
	size_t i, n;

	while (next_line (text, &line)) {
		skip (&line, " \t-*.0123456789");
		for (i = 0; i < ARRAY_SIZE (marks); i++) {
			n = strlen (marks[i].mark);
			if (line.len < n
			    || memcmp (line.ptr, marks[i].mark, n) != 0)
				continue;
			line.ptr += n;
			line.len -= n;
			skip (&line, " \t");
			ret->text = line;
			ret->status = marks[i].status;
			ret->reserved = 0;
			return 1;
		}
	}
	return 0;
}

static int
emit_lines (struct droid *d, const struct lhk_text *todos)
{
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
	};
	struct lhk_plan_entry *entries, entry;
	struct lhk_text all, rest;
	size_t n = 0;

	if (text_decoded (&d->arena, todos, &all) < 0)
		return LHK_ENOMEM;
	for (rest = all; n < PLAN_MAX && next_entry (&rest, &entry);)
		n++;
	entries = arena_alloc (&d->arena, (n + 1) * sizeof (*entries));
	if (entries == NULL)
		return LHK_ENOMEM;
	for (rest = all; e.n_entries < n;)
		next_entry (&rest, &entries[e.n_entries++]);
	e.entries = entries;
	return n == 0 ? LHK_OK : emit (d->api, &e.ev);
}

struct todos {
	struct lhk_raw todos;
};

static const struct lhk_field todos_fields[] = {
	LHK_FIELD ("todos", LHK_FIELD_RAW, struct todos, todos),
};
LHK_FIELDS (todos_table, struct todos, todos_fields);

int
droid_plan (struct droid *d, const struct lhk_raw *input)
{
	struct lhk_text text;
	struct todos t;

	if (input->type != LHK_JSON_OBJECT
	    || lhk_json_raw_object (input, &todos_table, &t) != LHK_OK)
		return LHK_OK;
	if (lhk_raw_text (&t.todos, &text))
		return emit_lines (d, &text);
	return emit_plan (d->api, &d->arena, &t.todos, NULL);
}
