/* SPDX-License-Identifier: MIT */
/* stream_end.c - tests of lhk_stream_*: header, order of the end, result. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "run/host.h"
#include "lib/stream_fixture.h"
#include "lib/tap.h"

static void
header_alone (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	TAP_EQ_STR (r.events.text, "run mock\n");
	TAP_EQ_INT (r.events.n, 1);
	stream_fixture_done (&r);
}

struct seen {
	struct lhk_ev_run run;
	char plugin[32], provider[32];
};

static void
see_header (void *user, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	struct seen *seen = user;

	if (event->kind != LHK_EV_RUN)
		return;
	TAP_EQ_INT (meta->seq, 1);
	TAP_EQ_INT (meta->turn, 1);
	TAP_EQ_INT (meta->line_no, 0);
	seen->run = *(const struct lhk_ev_run *) (const void *) event;
	snprintf (seen->plugin, sizeof seen->plugin, "%.*s",
		  (int) seen->run.plugin.len, seen->run.plugin.ptr);
	snprintf (seen->provider, sizeof seen->provider, "%.*s",
		  (int) seen->run.provider.len, seen->run.provider.ptr);
}

static void
header_given (void)
{
	struct lhk_ev_run given = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.id = LHK_TEXT_INIT ("01J"),
		.n_argv = 0,
	};
	struct seen seen = { .plugin = "" };
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.on_event = see_header;
	r.opts.user = &seen;
	r.opts.header = &given;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	TAP_EQ_INT (seen.run.v, 1);
	TAP_EQ_INT (seen.run.ev.size, sizeof seen.run);
	TAP_EQ_MEM (seen.run.id.ptr, seen.run.id.len, "01J", 3);
	TAP_EQ_STR (seen.plugin, "mock");
	TAP_EQ_STR (seen.provider, "tests");
	stream_fixture_done (&r);
}

static void
order_of_the_end (void)
{
	struct lhk_outcome how = {
		.size = sizeof how,
		.end_reason = LHK_END_EXITED,
		.has_exit = 1,
		.exit_code = 7,
	};
	const struct lhk_result *result = NULL;
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "h\nr\ntrest");
	TAP_EQ_INT (lhk_stream_finish (r.stream, &how, &result), LHK_OK);
	TAP_EQ_STR (r.events.text,
		    "run mock\nresult ok\ntext rest\n"
		    "text flushed\ntext exit 7 0\nfinal failed\n");
	TAP_EQ_INT (result->verdict, LHK_VERDICT_FAILED);
	TAP_EQ_INT (result->outcome.exit_code, 7);
	TAP_EQ_INT (result->stats.events, 6);
	TAP_EQ_INT (result->stats.lines, 3);
	TAP_EQ_INT (stream_fixture_stats (&r).events, 6);
	TAP_EQ_INT (result->size, sizeof *result);
	stream_fixture_done (&r);
}

/* What exited is told, by what is known. */
static void
exit_words (void)
{
	static const struct {
		struct lhk_outcome how;
		int given;
		const char *text;
	} rows[] = {
		{ { .end_reason = 0 }, 0, "text exit 0 0\n" },
		{ { .end_reason = 0 }, 1, "text exit 0 0\n" },
		{ { .end_reason = LHK_END_EXITED,
		    .has_exit = 1,
		    .exit_code = 3 },
		  1,
		  "text exit 3 0\n" },
		{ { .end_reason = LHK_END_SIGNALED, .signal = 9 },
		  1,
		  "text exit -1 9\n" },
		{ { .end_reason = LHK_END_SPAWN_FAILED },
		  1,
		  "text exit -1 0\n" },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct lhk_result *result;
		struct stream_fixture r;

		stream_fixture_open (&r, "mock");
		stream_fixture_write (&r, "h\n");
		TAP_EQ_INT (
			lhk_stream_finish (r.stream,
					   rows[i].given ? &rows[i].how : NULL,
					   &result),
			LHK_OK);
		TAP_EQ_INT (event_log_count (&r.events, rows[i].text), 1);
		stream_fixture_done (&r);
	}
}

static void
verdicts (void)
{
	static const struct {
		const char *plugin;
		const char *in;
		int verdict;
	} rows[] = {
		{ "mock", "tx\nr\n", LHK_VERDICT_OK },
		{ "mock", "tx\nx\n", LHK_VERDICT_FAILED },
		{ "mock", "tx\n", LHK_VERDICT_TRUNCATED },
		{ "mock", "r\nx\n", LHK_VERDICT_FAILED },
		{ "plain", "anything\n", LHK_VERDICT_OK },
		{ "mock", "r\n?bad\n", LHK_VERDICT_OK },
		{ "mock", "f\nr\n", LHK_VERDICT_OK },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stream_fixture r;

		stream_fixture_open (&r, rows[i].plugin);
		stream_fixture_write (&r, rows[i].in);
		if (stream_fixture_finish (&r)->verdict != rows[i].verdict)
			tap_note ("%s", rows[i].in);
		TAP_EQ_INT (r.events.final, 1);
		TAP_EQ_STR (
			strstr (r.events.text, "final ") + 6
				+ strlen (lhk_verdict_name (rows[i].verdict)),
			"\n");
		stream_fixture_done (&r);
	}
}

static void
degraded (void)
{
	static const struct {
		const char *in;
		int degraded;
	} rows[] = {
		{ "tx\nr\n", 0 }, { "k\nr\n", 0 },	{ "\n \nr\n", 0 },
		{ "?\nr\n", 1 },  { "f\nr\n", 1 },	{ "w\nr\n", 1 },
		{ "b\nr\n", 1 },  { "n70000\nr\n", 1 },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct lhk_result *result;
		struct stream_fixture r;

		stream_fixture_open (&r, "mock");
		stream_fixture_write (&r, rows[i].in);
		result = stream_fixture_finish (&r);
		if (!!(result->outcome.flags & LHK_FLAG_DEGRADED)
		    != rows[i].degraded)
			tap_note ("%s", rows[i].in);
		TAP_EQ_INT (!!(result->outcome.flags & LHK_FLAG_DEGRADED),
			    rows[i].degraded);
		TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
		stream_fixture_done (&r);
	}
}

static void
state_after_end (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_OK);
	TAP_EQ_INT (lhk_stream_write (r.stream, "x", 1), LHK_ESTATE);
	TAP_EQ_INT (lhk_stream_notice (r.stream, LHK_LOG_WARN, "host", "w"),
		    LHK_OK);
	stream_fixture_finish (&r);
	TAP_EQ_STR (r.events.text, "run mock\nnotice host\nfinal truncated\n");
	stream_fixture_done (&r);
}

static void
state_after_finish (void)
{
	const struct lhk_result *result;
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_finish (&r);
	TAP_EQ_INT (lhk_stream_finish (r.stream, NULL, &result), LHK_ESTATE);
	TAP_EQ_INT (lhk_stream_end (r.stream), LHK_ESTATE);
	TAP_EQ_INT (lhk_stream_notice (r.stream, LHK_LOG_WARN, "host", "w"),
		    LHK_ESTATE);
	stream_fixture_done (&r);
}

static void
null_arguments (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	TAP_EQ_INT (lhk_stream_write (r.stream, NULL, 1), LHK_EINVAL);
	TAP_EQ_INT (lhk_stream_write (r.stream, NULL, 0), LHK_OK);
	TAP_EQ_INT (lhk_stream_notice (r.stream, LHK_LOG_WARN, NULL, "w"),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_stream_write (NULL, "x", 1), LHK_EINVAL);
	lhk_stream_free (NULL);
	stream_fixture_done (&r);
}

static void
options_checked (void)
{
	static const struct {
		uint32_t size;
		int32_t oversize;
		size_t line_max;
		const char *part;
	} rows[] = {
		{ 4, 0, 0, "stream options have 4 bytes" },
		{ 5000, 0, 0, "stream options have 5000 bytes" },
		{ 0, 3, 0, "oversize is 3" },
		{ 0, -1, 0, "oversize is -1" },
		{ 0, 0, 4095, "line_max is 4095, expected 4096 to 1073741824" },
		{ 0, 0, LHK_LINE_MAX_MAX + 1u, "line_max is 1073741825" },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct stream_fixture r;

		stream_fixture_init (&r, 0);
		if (rows[i].size != 0)
			r.opts.size = rows[i].size;
		r.opts.oversize = rows[i].oversize;
		r.opts.line_max = rows[i].line_max;
		TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_EINVAL);
		if (strstr (r.err.text, rows[i].part) == NULL)
			tap_note ("%s", r.err.text);
		CU_ASSERT (strstr (r.err.text, rows[i].part) != NULL);
		CU_ASSERT_PTR_NULL (r.stream);
		TAP_EQ_INT (r.events.n, 0);
		stream_fixture_done (&r);
	}
}

static void
plugin_refuses (void)
{
	const struct lhk_option no = { "refuse", "service" };
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.options = &no;
	r.opts.n_options = 1;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_EREFUSED);
	TAP_EQ_STR (r.err.text,
		    "plugin 'mock' did not open: no service today?");
	TAP_EQ_INT (r.events.n, 0);
	stream_fixture_done (&r);
}

static void
times (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.clock_ms = stream_fixture_clock;
	r.now_ms = 5;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	TAP_EQ_INT (r.events.last_ms, 5);
	r.now_ms = 70;
	stream_fixture_write (&r, "ta\n");
	TAP_EQ_INT (r.events.last_ms, 70);
	r.now_ms = 80;
	stream_fixture_finish (&r);
	TAP_EQ_INT (r.events.last_ms, 80);
	stream_fixture_done (&r);
	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "ta\n");
	TAP_EQ_INT (r.events.last_ms, -1);
	stream_fixture_done (&r);
}

static void
sources (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.flags = LHK_STREAM_RAW_LINES;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_fixture_write (&r, "\xef\xbb\xbfta\r\n\ntb\n");
	TAP_EQ_INT (r.events.meta.line_no, 3);
	TAP_EQ_INT (r.events.meta.line_off, 8);
	TAP_EQ_INT (r.events.meta.line_len, 2);
	TAP_EQ_STR (r.events.raw, "tb");
	TAP_EQ_INT (stream_fixture_stats (&r).lines, 3);
	stream_fixture_done (&r);
}

static void
turns (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "ta\nr\n");
	TAP_EQ_INT (r.events.meta.turn, 1);
	CU_ASSERT (lhk_stream_has_claim (r.stream));
	stream_fixture_write (&r, "tb\n");
	TAP_EQ_INT (r.events.meta.turn, 2);
	CU_ASSERT (!lhk_stream_has_claim (r.stream));
	stream_fixture_done (&r);
}

static void
budget_sum (void)
{
	int64_t tokens = 0;
	int64_t cost = 0;
	int has_cost = 0;
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "u10\nu5\n");
	stream_sum (r.stream, &tokens, &cost, &has_cost);
	TAP_EQ_INT (tokens, 30);
	TAP_EQ_INT (has_cost, 0);
	stream_fixture_done (&r);
}

/* A turn that failed before the model did anything has used nothing; but who never
 * tells tokens does not say that either. */
static void
usage_that_is_never_told (void)
{
	struct lhk_plugin silent = mock_plugin;
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "x\n");
	TAP_EQ_INT (stream_fixture_finish (&r)->complete_usage, 1);
	stream_fixture_done (&r);

	silent.name = "silent";
	silent.flags |= LHK_PLUGIN_NO_TOKENS;
	stream_fixture_init (&r, 0);
	TAP_EQ_INT (lhk_host_add_plugin (r.host, &silent, NULL), LHK_OK);
	TAP_EQ_INT (stream_fixture_start (&r, "silent"), LHK_OK);
	stream_fixture_write (&r, "x\n");
	TAP_EQ_INT (stream_fixture_finish (&r)->complete_usage, 0);
	stream_fixture_done (&r);
}

static const struct tap_case cases[] = {
	{ "stream_header_is_the_first_event", header_alone },
	{ "stream_header_of_the_caller_is_completed", header_given },
	{ "stream_end_is_rest_flush_exited_result", order_of_the_end },
	{ "stream_tells_the_plugin_how_the_child_ended", exit_words },
	{ "stream_result_has_the_verdict_of_the_last_claim", verdicts },
	{ "stream_lost_lines_degrade_and_never_change_the_verdict", degraded },
	{ "stream_after_end_takes_notices_and_no_data", state_after_end },
	{ "stream_after_finish_takes_nothing", state_after_finish },
	{ "stream_refuses_null_arguments", null_arguments },
	{ "stream_options_out_of_range_are_refused_with_both_values",
	  options_checked },
	{ "stream_is_not_made_when_the_plugin_refuses", plugin_refuses },
	{ "stream_asks_the_clock_once_per_call", times },
	{ "stream_events_name_their_line_and_its_place", sources },
	{ "stream_turn_goes_on_after_a_claim", turns },
	{ "stream_sum_is_that_of_the_ledger", budget_sum },
	{ "stream_usage_that_is_never_told_is_not_complete",
	  usage_that_is_never_told },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_end", cases);
}
