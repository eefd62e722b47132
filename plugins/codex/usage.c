/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens, from the running totals of the thread.
 *
 * Only of a new thread are the totals those of this process.  Totals of which
 * one falls are of a counter that began anew; zeros mean that the program does
 * not know, and neither does it with a number that cannot be.
 */
#include "config.h"

#include "codex/codex.h"

void
codex_usage_restart (struct codex *c)
{
	size_t i;

	for (i = 0; i < CODEX_TOTALS; i++) {
		c->base.v[i] = counts_add (c->base.v[i], c->last.v[i]);
		c->last.v[i] = 0;
	}
}

/* The members of a usage event, in the order of the totals. */
static const struct {
	uint32_t bit;
	uint32_t event; /* where the event has it */
	uint32_t line;	/* where the line has it */
} members[CODEX_TOTALS] = {
	{ LHK_USAGE_INPUT, (uint32_t) offsetof (struct lhk_ev_usage, input),
	  (uint32_t) offsetof (struct codex_usage, input_tokens) },
	{ LHK_USAGE_CACHE_READ,
	  (uint32_t) offsetof (struct lhk_ev_usage, cache_read),
	  (uint32_t) offsetof (struct codex_usage, cached_input_tokens) },
	{ LHK_USAGE_CACHE_WRITE,
	  (uint32_t) offsetof (struct lhk_ev_usage, cache_write),
	  (uint32_t) offsetof (struct codex_usage, cache_write_input_tokens) },
	{ LHK_USAGE_OUTPUT, (uint32_t) offsetof (struct lhk_ev_usage, output),
	  (uint32_t) offsetof (struct codex_usage, output_tokens) },
	{ LHK_USAGE_REASONING,
	  (uint32_t) offsetof (struct lhk_ev_usage, reasoning),
	  (uint32_t) offsetof (struct codex_usage, reasoning_output_tokens) },
};

static int64_t *
total_at (struct lhk_ev_usage *e, size_t i)
{
	return (void *) ((char *) e + members[i].event);
}

/* Is it a number that a counter may show? */
static int
is_known (struct lhk_ev_usage *e, size_t i)
{
	int64_t v = *total_at (e, i);

	return (e->has & members[i].bit) != 0 && v >= 0 && v < INT64_MAX;
}

int
codex_usage (struct codex *c, const struct codex_usage *u)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = c->resumed < 0 ? LHK_SCOPE_RUN : LHK_SCOPE_SESSION,
	};
	int fell = 0;
	size_t i;

	for (i = 0; i < CODEX_TOTALS; i++)
		usage_event_set (
			&e, members[i].bit, total_at (&e, i),
			(const void *) ((const char *) u + members[i].line));
	if (!usage_event_is_known (&e))
		return LHK_OK;
	for (i = 0; i < CODEX_TOTALS; i++)
		fell |= is_known (&e, i) && *total_at (&e, i) < c->last.v[i];
	if (fell)
		codex_usage_restart (c);
	for (i = 0; i < CODEX_TOTALS; i++) {
		if (!is_known (&e, i))
			continue;
		c->last.v[i] = *total_at (&e, i);
		*total_at (&e, i) = counts_add (c->last.v[i], c->base.v[i]);
	}
	return emit (c->api, &e.ev);
}
