/* SPDX-License-Identifier: MIT */
/* show_usage.c - rows of what a run used. */
#include "config.h"

#include "cli/records/show_rows.h"
#include "common/macros.h"
#include "format/summary_text.h"

/* "4,580 tokens in (2,000 cached), 156 out", and the cost of this model if there
 * are others. */
static void
put_total (struct outbuf *o, const struct lhk_usage_total *t)
{
	if ((t->has & LHK_USAGE_INPUT) != 0) {
		show_put_count (o, (uint64_t) t->input);
		OUTBUF_LIT (o, " tokens in");
	}
	if ((t->has & LHK_USAGE_CACHE_READ) != 0 && t->cache_read > 0) {
		OUTBUF_LIT (o, " (");
		show_put_count (o, (uint64_t) t->cache_read);
		OUTBUF_LIT (o, " cached)");
	}
	if ((t->has & LHK_USAGE_OUTPUT) != 0) {
		show_put_comma (o);
		show_put_count (o, (uint64_t) t->output);
		OUTBUF_LIT (o, " out");
	}
}

static void
put_dollars (struct outbuf *o, int64_t nano, int is_estimated)
{
	const struct lhk_result cost = { .has_cost = 1, .cost_nano_usd = nano };

	format_cost (o, &cost);
	if (is_estimated)
		OUTBUF_LIT (o, " (estimated)");
}

void
show_add_usage (struct show_rows *r)
{
	const struct lhk_result *result = r->info->result;
	const char *label = "Usage";
	size_t i;

	for (i = 0; i < result->n_usage; i++) {
		const struct lhk_usage_total *t = &result->usage[i];

		put_total (&r->out, t);
		if (result->n_usage > 1 && (t->has & LHK_USAGE_COST) != 0) {
			show_put_comma (&r->out);
			put_dollars (&r->out, t->cost_nano_usd,
				     t->estimated != 0);
		}
		if (result->n_usage > 1 && r->out.len > 0 && t->model.len > 0) {
			OUTBUF_LIT (&r->out, " (");
			show_put_text (&r->out, &t->model);
			OUTBUF_LIT (&r->out, ")");
		}
		if (r->out.len == 0)
			continue;
		show_add_row (r, label);
		label = " ";
	}
}

void
show_put_cost (struct show_rows *r, struct outbuf *o)
{
	const struct lhk_result *result = r->info->result;
	int estimated = 0;
	size_t i;

	for (i = 0; i < result->n_usage; i++)
		estimated |= result->usage[i].estimated != 0;
	if (result->has_cost)
		put_dollars (o, result->cost_nano_usd, estimated);
	if (r->info->status == LHK_RECORD_ENDED && !result->complete_usage
	    && (result->n_usage > 0 || result->has_cost)) {
		show_put_comma (o);
		OUTBUF_LIT (o, "some of the usage was not reported");
	}
}

/* "6, 1 failed" */
void
show_put_tools (struct show_rows *r, struct outbuf *o)
{
	const struct lhk_result *result = r->info->result;
	const struct {
		uint64_t n;
		const char *what;
	} ends[] = {
		{ result->tools_failed, " failed" },
		{ result->tools_denied, " denied" },
		{ result->tools_canceled, " canceled" },
		{ result->tools_open, " without an end" },
	};
	size_t i;

	if (result->tools_started == 0)
		return;
	show_put_count (o, result->tools_started);
	for (i = 0; i < ARRAY_SIZE (ends); i++) {
		if (ends[i].n == 0)
			continue;
		show_put_comma (o);
		show_put_count (o, ends[i].n);
		outbuf_str (o, ends[i].what);
	}
}
