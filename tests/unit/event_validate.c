/* SPDX-License-Identifier: MIT */
/* event_validate.c - events of a plugin become events this host can rely on. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/run.h>

#include "event/validate.h"
#include "lib/guarded_buffer.h"
#include "lib/tap.h"
#include "common/limits.h"
#include "common/mem.h"
#include "common/macros.h"

/* clang-format off */
#define TEXT(literal) { "" literal, sizeof (literal) - 1, LHK_TEXT_CLEAN, 0 }
/* clang-format on */

static union event_union out;
static struct validator validator;

static const struct {
	uint32_t kind;
	uint32_t size;
} kinds[] = {
	{ LHK_EV_SESSION, sizeof (struct lhk_ev_session) },
	{ LHK_EV_TEXT, sizeof (struct lhk_ev_text) },
	{ LHK_EV_TOOL, sizeof (struct lhk_ev_tool) },
	{ LHK_EV_PLAN, sizeof (struct lhk_ev_plan) },
	{ LHK_EV_ASK, sizeof (struct lhk_ev_ask) },
	{ LHK_EV_USAGE, sizeof (struct lhk_ev_usage) },
	{ LHK_EV_NOTICE, sizeof (struct lhk_ev_notice) },
	{ LHK_EV_RESULT, sizeof (struct lhk_ev_result) },
};

static void
whole_events (void)
{
	union event_union in;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (kinds); i++) {
		memset (&in, 0, sizeof in);
		memset (&out, 0xee, sizeof out);
		in.ev.kind = kinds[i].kind;
		in.ev.size = kinds[i].size;
		TAP_EQ_INT (event_validate (&validator, &in.ev, &out), LHK_OK);
		if (kinds[i].kind == LHK_EV_NOTICE)
			in.notice.level = LHK_LOG_INFO;
		TAP_EQ_MEM (&out, kinds[i].size, &in, kinds[i].size);
	}
}

/* An older writer: what it did not know is zero. */
static void
short_events (void)
{
	static const struct lhk_ev_tool in = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_DONE,
		.id = TEXT ("t1"),
		.name = TEXT ("Bash"),
		.output = TEXT ("never seen"),
	};
	struct lhk_ev_tool cut = in;
	uint32_t size;

	for (size = sizeof (struct lhk_event); size < sizeof in; size++) {
		cut.ev.size = size;
		TAP_EQ_INT (event_validate (&validator, &cut.ev, &out), LHK_OK);
		TAP_EQ_INT (out.ev.size, sizeof in);
		if (size <= offsetof (struct lhk_ev_tool, output))
			CU_ASSERT_PTR_NULL (out.tool.output.ptr);
		if (size >= offsetof (struct lhk_ev_tool, name))
			TAP_EQ_MEM (out.tool.id.ptr, out.tool.id.len, "t1", 2);
	}
}

/* A newer writer: what we do not know is not read. */
static void
long_events (void)
{
	struct {
		struct lhk_ev_text text;
		char more[LIMIT_EVENT_SIZE];
	} in;

	memset (&in, 0xff, sizeof in);
	memset (&in.text, 0, sizeof in.text);
	in.text.ev.kind = LHK_EV_TEXT;
	in.text.ev.size = LIMIT_EVENT_SIZE;
	in.text.role = LHK_ROLE_USER;
	TAP_EQ_INT (event_validate (&validator, &in.text.ev, &out), LHK_OK);
	TAP_EQ_INT (out.ev.size, sizeof in.text);
	TAP_EQ_INT (out.text.role, LHK_ROLE_USER);
	in.text.ev.size++;
	TAP_EQ_INT (event_validate (&validator, &in.text.ev, &out), LHK_EINVAL);
}

static void
impossible (void)
{
	static const struct lhk_result final;
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.final = &final,
	};
	union event_union in;
	uint32_t size;

	TAP_EQ_INT (event_validate (&validator, NULL, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&validator, &result.ev, &out),
		    LHK_EUNSUPPORTED);
	memset (&in, 0, sizeof in);
	in.ev.size = sizeof in;
	in.ev.kind = LHK_EV_RUN;
	TAP_EQ_INT (event_validate (&validator, &in.ev, &out),
		    LHK_EUNSUPPORTED);
	in.ev.kind = 0;
	TAP_EQ_INT (event_validate (&validator, &in.ev, &out),
		    LHK_EUNSUPPORTED);
	in.ev.kind = 4711;
	TAP_EQ_INT (event_validate (&validator, &in.ev, &out),
		    LHK_EUNSUPPORTED);
	in.ev.kind = LHK_EV_TEXT;
	for (size = 0; size < sizeof (struct lhk_event); size++) {
		in.ev.size = size;
		TAP_EQ_INT (event_validate (&validator, &in.ev, &out),
			    LHK_EINVAL);
	}
	in.ev.size = UINT32_MAX;
	TAP_EQ_INT (event_validate (&validator, &in.ev, &out), LHK_EINVAL);
}

static void
null_arrays (void)
{
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.n_tools = 1,
	};
	struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.n_entries = 1,
	};

	TAP_EQ_INT (event_validate (&validator, &session.ev, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&validator, &plan.ev, &out), LHK_EINVAL);
}

static void
null_json (void)
{
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.input = { NULL, 2 },
	};
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.data = { NULL, 2 },
	};

	TAP_EQ_INT (event_validate (&validator, &tool.ev, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&validator, &notice.ev, &out), LHK_EINVAL);
}

static void
null_texts (void)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.text = { NULL, 9, 0, 0 },
	};

	TAP_EQ_INT (event_validate (&validator, &text.ev, &out), LHK_EINVAL);
	text.text.len = 0;
	text.ev.parent.len = 1;
	TAP_EQ_INT (event_validate (&validator, &text.ev, &out), LHK_EINVAL);
}

static void
null_text_in_a_list (void)
{
	static const struct lhk_text bad_list[] = {
		TEXT ("good"),
		{ NULL, 3, 0, 0 },
	};
	struct lhk_ev_ask ask = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.options = bad_list,
		.n_options = 1,
	};

	TAP_EQ_INT (event_validate (&validator, &ask.ev, &out), LHK_OK);
	ask.n_options = 2;
	TAP_EQ_INT (event_validate (&validator, &ask.ev, &out), LHK_EINVAL);
}

static void
text_out_of_range (void)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = 99,
		.delta = -5,
		.flags = UINT32_MAX,
		.reserved = 7,
		.text = { "\\n", 2, 44, 3 },
	};

	TAP_EQ_INT (event_validate (&validator, &text.ev, &out), LHK_OK);
	TAP_EQ_INT (out.text.role, 0);
	TAP_EQ_INT (out.text.delta, 1);
	TAP_EQ_INT (out.text.flags, LHK_TEXT_SYNTHETIC | LHK_TEXT_SAME_MESSAGE);
	TAP_EQ_INT (out.text.reserved, 0);
	TAP_EQ_INT (out.text.text.form, LHK_TEXT_PLAIN);
}

static void
tool_out_of_range (void)
{
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_DENIED + 1,
		.type = -1,
		.flags = UINT32_MAX,
	};

	TAP_EQ_INT (event_validate (&validator, &tool.ev, &out), LHK_OK);
	TAP_EQ_INT (out.tool.status, 0);
	TAP_EQ_INT (out.tool.type, LHK_TYPE_OTHER);
	TAP_EQ_INT (out.tool.flags, 15);
}

static void
session_out_of_range (void)
{
	struct lhk_ev_session session = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.resumed = -77,
	};

	TAP_EQ_INT (event_validate (&validator, &session.ev, &out), LHK_OK);
	TAP_EQ_INT (out.session.resumed, -1);
}

static void
notice_out_of_range (void)
{
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = 5,
	};

	TAP_EQ_INT (event_validate (&validator, &notice.ev, &out), LHK_OK);
	TAP_EQ_INT (out.notice.level, LHK_LOG_INFO);
}

static void
result_out_of_range (void)
{
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_TIMEOUT,
		.terminal = 3,
	};

	TAP_EQ_INT (event_validate (&validator, &result.ev, &out), LHK_OK);
	TAP_EQ_INT (out.result.verdict, 0);
	TAP_EQ_INT (out.result.terminal, 1);
}

static void
negative_counts (void)
{
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = 5,
		.has = UINT32_MAX,
		.input = -1,
		.output = INT64_MIN,
		.cache_read = 3,
		.cache_write = -3,
		.reasoning = INT64_MAX,
		.context_used = -1,
		.context_size = -1,
		.cost_nano_usd = -1,
	};
	const struct lhk_ev_usage *u = &out.usage;

	validator_begin (&validator, NULL, 0);
	TAP_EQ_INT (event_validate (&validator, &usage.ev, &out), LHK_OK);
	TAP_EQ_INT (u->scope, 0);
	TAP_EQ_INT (u->has, LHK_USAGE_CACHE_READ | LHK_USAGE_REASONING);
	TAP_EQ_INT (validator.faults, 1);
	TAP_EQ_INT (validator.lost_usage, 1);
	TAP_EQ_INT (u->input, 0);
	TAP_EQ_INT (u->output, 0);
	TAP_EQ_INT (u->cache_read, 3);
	TAP_EQ_INT (u->cache_write, 0);
	TAP_EQ_INT (u->reasoning, INT64_MAX);
	TAP_EQ_INT (u->context_used, 0);
	TAP_EQ_INT (u->context_size, 0);
	TAP_EQ_INT (u->cost_nano_usd, 0);
}

/* ---- forms and JSON ---- */

/* A line whose parts are what events are made of. */
static const char line[] = "{\"a\":\"clean \xc3\xa9\",\"b\":\"tab\\t\","
			   "\"c\":\"sl\\/ash\",\"d\":\"sep\xe2\x80\xa8\","
			   "\"e\":[1,{\"x\":2}]}"
			   "\n................................"
			   "................................";

#define LINE_LEN (strchr (line, '\n') - line)

/* The text WORDS of the line, or with OUTSIDE a copy without anything behind
 * it, that is said to have FORM. */
static struct lhk_text
part (const char *words, uint32_t form, int outside)
{
	struct lhk_text t = { strstr (line, words), strlen (words), form, 0 };

	if (outside)
		t.ptr = memcpy (malloc (t.len), words, t.len);
	return t;
}

static void
forms_that_promise_too_much (void)
{
	static const struct {
		const char *words;
		uint32_t said, is;
		size_t faults;
	} rows[] = {
		{ "clean \xc3\xa9", LHK_TEXT_CLEAN, LHK_TEXT_CLEAN, 0 },
		{ "clean \xc3\xa9", LHK_TEXT_PLAIN, LHK_TEXT_PLAIN, 0 },
		{ "tab\\t", LHK_TEXT_CLEAN, LHK_TEXT_CANONICAL, 0 },
		{ "sl\\/ash", LHK_TEXT_CLEAN, LHK_TEXT_RAW, 0 },
		{ "sl\\/ash", LHK_TEXT_CANONICAL, LHK_TEXT_RAW, 0 },
		{ "sep\xe2\x80\xa8", LHK_TEXT_CLEAN, LHK_TEXT_RAW, 0 },
		/* cut in an escape, over a quote, in a character */
		{ "tab\\", LHK_TEXT_RAW, LHK_TEXT_PLAIN, 1 },
		{ "\",\"b", LHK_TEXT_CLEAN, LHK_TEXT_PLAIN, 1 },
		{ "clean \xc3", LHK_TEXT_CLEAN, LHK_TEXT_PLAIN, 1 },
		{ "lean", LHK_TEXT_CLEAN, LHK_TEXT_CLEAN, 0 },
	};
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
	};
	size_t i;
	int outside;

	for (i = 0; i < 2 * ARRAY_SIZE (rows); i++) {
		outside = i % 2;
		text.text = part (rows[i / 2].words, rows[i / 2].said, outside);
		validator_begin (&validator, line, LINE_LEN);
		TAP_EQ_INT (event_validate (&validator, &text.ev, &out),
			    LHK_OK);
		if (!TAP_EQ_INT (out.text.text.form, rows[i / 2].is))
			tap_note ("row %zu, outside %d", i / 2, outside);
		TAP_EQ_INT (validator.faults, rows[i / 2].faults);
		if (outside)
			free ((char *) (uintptr_t) text.text.ptr);
	}
}

static void
parents_and_texts_of_lists (void)
{
	struct lhk_text bad = part ("tab\\", LHK_TEXT_RAW, 0);
	struct lhk_plan_entry entry = { bad, LHK_PLAN_DONE, 0 };
	struct lhk_ev_plan plan = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = &entry,
		.n_entries = 1,
	};
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.paths = &bad,
		.n_paths = 1,
	};

	validator_begin (&validator, line, LINE_LEN);
	TAP_EQ_INT (event_validate (&validator, &plan.ev, &out), LHK_EINVAL);
	TAP_EQ_INT (validator.faults, 0);
	tool.ev.parent = bad;
	TAP_EQ_INT (event_validate (&validator, &tool.ev, &out), LHK_OK);
	TAP_EQ_INT (out.ev.parent.form, LHK_TEXT_PLAIN);
	CU_ASSERT_PTR_NULL (out.tool.paths);
	TAP_EQ_INT (out.tool.n_paths, 0);
	TAP_EQ_INT (validator.faults, 2);
	TAP_EQ_STR (validator.kind, "tool");
	TAP_EQ_STR (validator.member, "parent");
}

/* What stands in many events of a line is cut, at a character. */
static void
long_names (void)
{
	char name[3 * 400 + 1];
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.id = { name, sizeof name - 1, LHK_TEXT_PLAIN, 0 },
		.text = { name, sizeof name - 1, LHK_TEXT_PLAIN, 0 },
	};
	size_t i;

	for (i = 0; i + 3 < sizeof name; i += 3)
		memcpy (name + i, "\xe2\x82\xac", 3);
	text.ev.parent = text.id;
	validator_begin (&validator, NULL, 0);
	TAP_EQ_INT (event_validate (&validator, &text.ev, &out), LHK_OK);
	TAP_EQ_INT (out.text.id.len, LIMIT_ID - LIMIT_ID % 3);
	TAP_EQ_INT (out.ev.parent.len, LIMIT_ID - LIMIT_ID % 3);
	TAP_EQ_INT (out.text.text.len, sizeof name - 1);
	TAP_EQ_INT (validator.faults, 0);
}

static const struct {
	const char *json;
	int good;
} values[] = {
	{ "[1,{\"x\":2}]", 1 },	   { " {\"x\" : 2 } ", 1 },
	{ "{\n \"x\": 2\n}", 1 },  { "\"\xe2\x80\xa8\"", 1 },
	{ "{\"x\":2", 0 },	   { "{\"x\":\"a\x1b[31m\"}", 0 },
	{ "{\"x\":\"\xff\"}", 0 }, { "{\"x\":1}{", 0 },
	{ "{\"x\":NaN}", 0 },	   { "nul", 0 },
};

/* VALUE as the data of a notice; it lies behind all memory there is. */
static void
give_data (const char *value, size_t len, int good)
{
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_INFO,
		.data = { value, len },
	};

	validator_begin (&validator, NULL, 0);
	TAP_EQ_INT (event_validate (&validator, &notice.ev, &out), LHK_OK);
	if (!TAP_EQ_INT (out.notice.data.ptr != NULL
				 && memcmp (out.notice.data.ptr, value, len)
					    == 0,
			 good))
		tap_note ("data \"%.*s\"", (int) len, value);
	TAP_EQ_INT (validator.faults, !good);
	if (!good)
		TAP_EQ_STR (validator.member, "data");
}

static void
json_that_is_none (void)
{
	struct guarded_buffer g;
	char large[8192];
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE (values); i++) {
		n = strlen (values[i].json);
		guarded_buffer_init (&g, values[i].json, n);
		give_data (g.data, n, values[i].good);
		guarded_buffer_done (&g);
		memset (large, ' ', sizeof large);
		memcpy (large + sizeof large - n, values[i].json, n);
		guarded_buffer_init (&g, large, sizeof large);
		give_data (g.data, sizeof large, values[i].good);
		guarded_buffer_done (&g);
	}
}

static void
slices_of_the_line (void)
{
	const char *value = strstr (line, "[1,");
	size_t len = strlen ("[1,{\"x\":2}]"), n;
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
	};

	for (n = 1; n <= len; n++) {
		tool.input.ptr = value;
		tool.input.len = n;
		validator_begin (&validator, line, LINE_LEN);
		TAP_EQ_INT (event_validate (&validator, &tool.ev, &out),
			    LHK_OK);
		TAP_EQ_INT (out.tool.input.ptr != NULL, n == len);
		TAP_EQ_INT (validator.faults, n != len);
	}
}

static void
output_that_is_no_json (void)
{
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.flags = LHK_TOOL_OUTPUT_JSON | LHK_TOOL_TRUNCATED,
		.output = { "{\"a\"", 4, LHK_TEXT_CLEAN, 0 },
	};

	validator_begin (&validator, NULL, 0);
	TAP_EQ_INT (event_validate (&validator, &tool.ev, &out), LHK_OK);
	TAP_EQ_INT (out.tool.flags, LHK_TOOL_TRUNCATED);
	TAP_EQ_INT (out.tool.output.form, LHK_TEXT_PLAIN);
	TAP_EQ_MEM (out.tool.output.ptr, out.tool.output.len, "{\"a\"", 4);
	TAP_EQ_INT (validator.faults, 1);
	tool.output = (struct lhk_text) TEXT ("{\"a\":1}");
	validator_begin (&validator, NULL, 0);
	TAP_EQ_INT (event_validate (&validator, &tool.ev, &out), LHK_OK);
	TAP_EQ_INT (out.tool.flags, LHK_TOOL_OUTPUT_JSON | LHK_TOOL_TRUNCATED);
	TAP_EQ_INT (validator.faults, 0);
}

static const struct tap_case cases[] = {
	{ "validate_passes_whole_events_of_every_kind_unchanged",
	  whole_events },
	{ "validate_zeroes_what_a_shorter_struct_does_not_have", short_events },
	{ "validate_does_not_read_what_a_longer_struct_adds", long_events },
	{ "validate_refuses_unknown_kinds_final_results_and_bad_sizes",
	  impossible },
	{ "validate_refuses_a_null_array_with_a_count", null_arrays },
	{ "validate_refuses_null_json_with_a_length", null_json },
	{ "validate_refuses_a_null_text_with_a_length", null_texts },
	{ "validate_refuses_a_null_text_within_a_list", null_text_in_a_list },
	{ "validate_turns_unknown_values_of_a_text_into_unset",
	  text_out_of_range },
	{ "validate_turns_unknown_values_of_a_tool_into_unset",
	  tool_out_of_range },
	{ "validate_turns_an_unknown_resumed_into_not_known",
	  session_out_of_range },
	{ "validate_turns_an_unknown_level_into_info", notice_out_of_range },
	{ "validate_turns_an_unknown_verdict_into_none", result_out_of_range },
	{ "validate_gives_a_text_the_form_that_it_has",
	  forms_that_promise_too_much },
	{ "validate_makes_a_list_with_a_bad_text_absent",
	  parents_and_texts_of_lists },
	{ "validate_cuts_ids_and_names", long_names },
	{ "validate_makes_json_that_is_none_absent", json_that_is_none },
	{ "validate_takes_whole_values_of_the_line_only", slices_of_the_line },
	{ "validate_makes_output_that_is_no_json_a_text",
	  output_that_is_no_json },
	{ "validate_makes_negative_counts_and_costs_absent", negative_counts },
	{ NULL, NULL },
};

int
main (void)
{
	int r;

	validator_init (&validator, &mem_system);
	r = tap_run ("event_validate", cases);
	validator_done (&validator);
	return r;
}
