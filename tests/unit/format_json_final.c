/* SPDX-License-Identifier: MIT */
/* format_json_final.c - the final result, of a run and of a filter. */
#include "config.h"

#include "unit/format_json_fixture.h"

#define COUNTERS                                                               \
	"\"counters\":{\"lines\":1,\"bytes\":2,\"events\":3,\"oversize\":4,"   \
	"\"unparsed\":5,\"repaired\":6,\"skipped\":7,\"plugin_errors\":8,"     \
	"\"buffer_peak\":9,\"forgotten\":14}"

static const int32_t survivors[] = { 12, 345 };

/* clang-format off: a table */
static const struct lhk_usage_total totals[] = {
	{ .model = TEXT ("m"),
	  .has = 255,
	  .input = 1,
	  .output = 2,
	  .cache_read = 3,
	  .cache_write = 4,
	  .reasoning = 5,
	  .cost_nano_usd = 1000000001 },
	{ .has = LHK_USAGE_INPUT | LHK_USAGE_COST,
	  .input = INT64_MAX,
	  .estimated = 1 },
};
/* clang-format on */

static struct lhk_result
a_result (void)
{
	struct lhk_result r = {
		.size = sizeof r,
		.verdict = LHK_VERDICT_OK,
		.usage_scope = LHK_SCOPE_RUN,
		.tools_started = 10,
		.tools_completed = 11,
		.tools_failed = 12,
		.tools_denied = 13,
		.stats = { 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14 },
		.tools_canceled = 15,
		.tools_open = 16,
	};

	return r;
}

static void
result_is (const struct lhk_result *r, const char *members)
{
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_FAILED,
		.text = TEXT ("not this"),
		.final = r,
	};
	struct lhk_meta meta = meta_1;
	size_t len = strlen (members);

	/* it is of no turn */
	meta.turn = 3;
	line_is (&meta, &e.ev, 0, members);
	/* --result is the same without the number */
	got.len = 0;
	format_json_result (&o, r);
	outbuf_flush (&o);
	TAP_EQ_MEM (got.data + 1, got.len - 1, members + 9, len - 9);
}

static void
filter (void)
{
	struct lhk_result r = a_result ();

	r.stop_reason = (struct lhk_text) TEXT ("end_turn");
	result_is (
		&r,
		"{\"seq\":1,\"kind\":\"result\",\"final\":true,"
		"\"verdict\":\"ok\",\"stop_reason\":\"end_turn\","
		"\"flags\":[],\"usage\":[],"
		"\"usage_scope\":\"run\",\"complete_usage\":false,"
		"\"tools\":{\"started\":10,\"completed\":11,"
		"\"failed\":12,\"denied\":13,\"canceled\":15,\"open\":16}," COUNTERS
		"}\n");
}

static void
run (void)
{
	struct lhk_result r = a_result ();
	struct lhk_outcome *how = &r.outcome;

	r.verdict = LHK_VERDICT_FAILED;
	r.text = (struct lhk_text) RAW ("\\u0041");
	r.error = (struct lhk_text) PLAIN ("bad \"x\"");
	r.session_id = (struct lhk_text) TEXT ("s");
	r.model = (struct lhk_text) TEXT ("m");
	r.usage = totals;
	r.n_usage = 2;
	r.usage_scope = LHK_SCOPE_SESSION;
	r.complete_usage = 1;
	r.has_cost = 1;
	r.cost_nano_usd = 1;
	how->end_reason = LHK_END_EXITED;
	how->has_exit = 1;
	how->exit_code = 3;
	how->flags = 63;
	how->survivors = survivors;
	how->n_survivors = 2;
	how->contain = "subreaper";
	how->wall_ms = 1;
	how->user_ms = 2;
	how->sys_ms = 3;
	how->max_rss_kib = 4;
	how->stderr_head = (struct lhk_str) STR ("a\x1b[0m\xff\n");
	how->stderr_tail = (struct lhk_str) STR ("\x80tail");
	how->stderr_bytes = 99;
	result_is (
		&r,
		"{\"seq\":1,\"kind\":\"result\",\"final\":true,"
		"\"verdict\":\"failed\","
		"\"text\":\"A\",\"error\":\"bad \\\"x\\\"\","
		"\"session_id\":\"s\",\"model\":\"m\","
		"\"outcome\":{\"how\":\"exited\",\"exit_code\":3},"
		"\"flags\":[\"stdin_failed\",\"drain_cut\","
		"\"leftover_killed\",\"hung_after_result\","
		"\"monitor_lost\",\"degraded\"],\"usage\":["
		"{\"model\":\"m\",\"input_tokens\":1,\"output_tokens\":2,"
		"\"cache_read_input_tokens\":3,"
		"\"cache_creation_input_tokens\":4,"
		"\"reasoning_output_tokens\":5,\"cost_usd\":1.000000001},"
		"{\"input_tokens\":9223372036854775807,\"cost_usd\":0,"
		"\"cost_source\":\"estimated\"}],"
		"\"usage_scope\":\"session\",\"complete_usage\":true,"
		"\"cost_usd\":0.000000001,\"cost_source\":\"estimated\","
		"\"tools\":{\"started\":10,"
		"\"completed\":11,\"failed\":12,\"denied\":13,\"canceled\":15,\"open\":16},"
		"\"survivors\":[12,345],\"contain\":\"subreaper\","
		"\"rusage\":{\"wall_ms\":1,\"user_ms\":2,\"sys_ms\":3,"
		"\"max_rss_kib\":4},\"stderr\":{\"head\":"
		"\"a\\u001b[0m\xef\xbf\xbd\\n\","
		"\"tail\":\"\xef\xbf\xbdtail\",\"bytes\":99}," COUNTERS "}\n");
}

/* The event names the run alone; a result by itself has all of the header. */
static void
origin (void)
{
	static const struct lhk_text argv[] = { PLAIN ("a"), PLAIN ("\"b\"") };
	const struct lhk_ev_run header = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
		.id = TEXT ("r1"),
		.plugin = TEXT ("p"),
		.provider = TEXT ("q"),
		.started = TEXT ("1970-01-01T00:00:01.000Z"),
		.argv = argv,
		.n_argv = 2,
		.cwd = PLAIN ("/d"),
	};
	struct lhk_result r = a_result ();
	struct lhk_ev_result e = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.final = &r,
	};
	static const char middle[] =
		"\"run\":\"r1\",\"exit_status\":3,\"flags\":[],";
	static const char end[] =
		COUNTERS ",\"plugin\":\"p\",\"provider\":\"q\","
			 "\"started\":\"1970-01-01T00:00:01.000Z\","
			 "\"ended\":\"1970-01-01T00:00:02.500Z\","
			 "\"argv\":[\"a\",\"\\\"b\\\"\"],\"cwd\":\"/d\"}\n";

	r.header = &header;
	r.ended_ms = 2500;
	r.has_status = 1;
	r.exit_status = 3;
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	format_json_event (&o, &meta_1, &e.ev, 0);
	outbuf_flush (&o);
	got.data[got.len] = '\0';
	CU_ASSERT (strstr (got.data, middle) != NULL);
	CU_ASSERT (strstr (got.data, "\"cwd\"") == NULL);
	CU_ASSERT (strstr (got.data, "\"plugin\"") == NULL);
	got.len = 0;
	format_json_result (&o, &r);
	outbuf_flush (&o);
	got.data[got.len] = '\0';
	CU_ASSERT (strstr (got.data, middle) != NULL);
	TAP_EQ_STR (got.data + got.len - strlen (end), end);
}

static void
outcomes (void)
{
	static const struct {
		int end_reason, has_exit, exit_code, signal, sys_errno;
		const char *step;
		const char *wanted;
		const char *detail;
	} table[] = {
		{ LHK_END_EXITED, 1, 0, 0, 0, NULL,
		  "{\"how\":\"exited\",\"exit_code\":0}", NULL },
		{ LHK_END_SIGNALED, 0, 0, 9, 0, NULL,
		  "{\"how\":\"signaled\",\"signal\":9}", NULL },
		{ LHK_END_TIMEOUT, 1, 143, 0, 0, NULL,
		  "{\"how\":\"timeout\",\"exit_code\":143}", NULL },
		{ LHK_END_IDLE, 0, 0, 0, 0, NULL, "{\"how\":\"idle\"}", NULL },
		{ LHK_END_CANCELED, 0, 0, 15, 0, NULL,
		  "{\"how\":\"canceled\",\"signal\":15}", NULL },
		{ LHK_END_LINGER, 0, 0, 0, 0, NULL, "{\"how\":\"linger\"}",
		  NULL },
		{ LHK_END_OUTPUT_LIMIT, 0, 0, 0, 0, NULL,
		  "{\"how\":\"output_limit\"}", NULL },
		{ LHK_END_BUDGET, 0, 0, 0, 0, NULL, "{\"how\":\"budget\"}",
		  NULL },
		{ LHK_END_SPAWN_FAILED, 0, 0, 0, 2, "exec",
		  "{\"how\":\"spawn_failed\",\"step\":\"exec\",\"errno\":2}",
		  NULL },
		{ LHK_END_HOST_ERROR, 0, 0, 0, 12, "memory",
		  "{\"how\":\"host_error\",\"step\":\"memory\","
		  "\"errno\":12}",
		  NULL },
		{ LHK_END_SPAWN_FAILED, 0, 0, 0, 1, "contain",
		  "{\"how\":\"spawn_failed\",\"step\":\"contain\","
		  "\"errno\":1,\"detail\":\"no \\\"x\\\"\"}",
		  "no \"x\"" },
	};
	struct lhk_result r = a_result ();
	const char *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		r.outcome.end_reason = table[i].end_reason;
		r.outcome.has_exit = table[i].has_exit;
		r.outcome.exit_code = table[i].exit_code;
		r.outcome.signal = table[i].signal;
		r.outcome.sys_errno = table[i].sys_errno;
		r.outcome.step = table[i].step;
		r.outcome.detail = table[i].detail;
		got.len = 0;
		outbuf_init (&o, capture_write, &got);
		format_json_result (&o, &r);
		outbuf_flush (&o);
		got.data[got.len] = '\0';
		at = strstr (got.data, "\"outcome\":");
		CU_ASSERT_PTR_NOT_NULL_FATAL (at);
		TAP_EQ_MEM (at + 10, strlen (table[i].wanted), table[i].wanted,
			    strlen (table[i].wanted));
		CU_ASSERT_PTR_NOT_NULL (strstr (got.data, "\"survivors\":[]"));
	}
}

static void
costs (void)
{
	static const struct {
		int64_t nano;
		const char *wanted;
	} table[] = {
		{ 0, "0" },
		{ 1, "0.000000001" },
		{ 10700000, "0.0107" },
		{ 123456789, "0.123456789" },
		{ 1000000000, "1" },
		{ 12500000000, "12.5" },
		{ INT64_MAX, "9223372036.854775807" },
	};
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.has = LHK_USAGE_COST,
	};
	char wanted[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		e.cost_nano_usd = table[i].nano;
		wanted[0] = '\0';
		strncat (wanted,
			 "{\"seq\":1,\"kind\":\"usage\","
			 "\"cost_usd\":",
			 60);
		strncat (wanted, table[i].wanted, 40);
		strncat (wanted, "}\n", 3);
		line_is (&meta_1, &e.ev, 0, wanted);
	}
}

static const struct tap_case cases[] = {
	{ "format_json_final_of_a_filter_knows_no_process", filter },
	{ "format_json_final_of_a_run_has_everything_in_order", run },
	{ "a_result_by_itself_has_what_the_header_has", origin },
	{ "format_json_final_outcome_in_every_way_to_end", outcomes },
	{ "format_json_cost_is_exact_and_without_trailing_zeros", costs },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("format_json_final", cases);
}
