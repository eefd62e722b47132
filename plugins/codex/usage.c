/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens, from the running totals of the thread.
 *
 * Only of a new thread are the totals those of this process.  Totals that fall
 * are of a counter that began anew; zeros mean that the program does not know.
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

int
codex_usage (struct codex *c, const struct codex_usage *u)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = c->resumed < 0 ? LHK_SCOPE_RUN : LHK_SCOPE_SESSION,
	};
	int64_t *const members[CODEX_TOTALS] = {
		&e.input,  &e.cache_read, &e.cache_write,
		&e.output, &e.reasoning,
	};
	size_t i;
	int fell = 0;

	usage_event_set (&e, LHK_USAGE_INPUT, &e.input, &u->input_tokens);
	usage_event_set (&e, LHK_USAGE_CACHE_READ, &e.cache_read,
			 &u->cached_input_tokens);
	usage_event_set (&e, LHK_USAGE_CACHE_WRITE, &e.cache_write,
			 &u->cache_write_input_tokens);
	usage_event_set (&e, LHK_USAGE_OUTPUT, &e.output, &u->output_tokens);
	usage_event_set (&e, LHK_USAGE_REASONING, &e.reasoning,
			 &u->reasoning_output_tokens);
	if (!usage_event_is_known (&e))
		return LHK_OK;
	if ((e.has & LHK_USAGE_INPUT) && e.input >= 0)
		fell = e.input < c->last.v[0];
	if (fell)
		codex_usage_restart (c);
	for (i = 0; i < CODEX_TOTALS; i++) {
		if (*members[i] < 0)
			continue;
		c->last.v[i] = *members[i];
		*members[i] = counts_add (*members[i], c->base.v[i]);
	}
	return emit (c->api, &e.ev);
}
