/* SPDX-License-Identifier: MIT */
/* event_validate.c - events of a plugin become events this host can rely on. */
#include "config.h"

#include <string.h>

#include <linehook/run.h>

#include "event/validate.h"
#include "lib/tap.h"
#include "common/limits.h"
#include "common/macros.h"

/* clang-format off */
#define TEXT(literal) { "" literal, sizeof (literal) - 1, LHK_TEXT_CLEAN, 0 }
/* clang-format on */

static union event_union out;

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
		TAP_EQ_INT (event_validate (&in.ev, &out), LHK_OK);
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
		TAP_EQ_INT (event_validate (&cut.ev, &out), LHK_OK);
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
	TAP_EQ_INT (event_validate (&in.text.ev, &out), LHK_OK);
	TAP_EQ_INT (out.ev.size, sizeof in.text);
	TAP_EQ_INT (out.text.role, LHK_ROLE_USER);
	in.text.ev.size++;
	TAP_EQ_INT (event_validate (&in.text.ev, &out), LHK_EINVAL);
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

	TAP_EQ_INT (event_validate (NULL, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&result.ev, &out), LHK_EUNSUPPORTED);
	memset (&in, 0, sizeof in);
	in.ev.size = sizeof in;
	in.ev.kind = LHK_EV_RUN;
	TAP_EQ_INT (event_validate (&in.ev, &out), LHK_EUNSUPPORTED);
	in.ev.kind = 0;
	TAP_EQ_INT (event_validate (&in.ev, &out), LHK_EUNSUPPORTED);
	in.ev.kind = 4711;
	TAP_EQ_INT (event_validate (&in.ev, &out), LHK_EUNSUPPORTED);
	in.ev.kind = LHK_EV_TEXT;
	for (size = 0; size < sizeof (struct lhk_event); size++) {
		in.ev.size = size;
		TAP_EQ_INT (event_validate (&in.ev, &out), LHK_EINVAL);
	}
	in.ev.size = UINT32_MAX;
	TAP_EQ_INT (event_validate (&in.ev, &out), LHK_EINVAL);
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

	TAP_EQ_INT (event_validate (&session.ev, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&plan.ev, &out), LHK_EINVAL);
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

	TAP_EQ_INT (event_validate (&tool.ev, &out), LHK_EINVAL);
	TAP_EQ_INT (event_validate (&notice.ev, &out), LHK_EINVAL);
}

static void
null_texts (void)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.text = { NULL, 9, 0, 0 },
	};

	TAP_EQ_INT (event_validate (&text.ev, &out), LHK_EINVAL);
	text.text.len = 0;
	text.ev.parent.len = 1;
	TAP_EQ_INT (event_validate (&text.ev, &out), LHK_EINVAL);
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

	TAP_EQ_INT (event_validate (&ask.ev, &out), LHK_OK);
	ask.n_options = 2;
	TAP_EQ_INT (event_validate (&ask.ev, &out), LHK_EINVAL);
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

	TAP_EQ_INT (event_validate (&text.ev, &out), LHK_OK);
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

	TAP_EQ_INT (event_validate (&tool.ev, &out), LHK_OK);
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

	TAP_EQ_INT (event_validate (&session.ev, &out), LHK_OK);
	TAP_EQ_INT (out.session.resumed, -1);
}

static void
notice_out_of_range (void)
{
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = 5,
	};

	TAP_EQ_INT (event_validate (&notice.ev, &out), LHK_OK);
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

	TAP_EQ_INT (event_validate (&result.ev, &out), LHK_OK);
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

	TAP_EQ_INT (event_validate (&usage.ev, &out), LHK_OK);
	TAP_EQ_INT (u->scope, 0);
	TAP_EQ_INT (u->has, LHK_USAGE_CACHE_READ | LHK_USAGE_REASONING);
	TAP_EQ_INT (u->input, 0);
	TAP_EQ_INT (u->output, 0);
	TAP_EQ_INT (u->cache_read, 3);
	TAP_EQ_INT (u->cache_write, 0);
	TAP_EQ_INT (u->reasoning, INT64_MAX);
	TAP_EQ_INT (u->context_used, 0);
	TAP_EQ_INT (u->context_size, 0);
	TAP_EQ_INT (u->cost_nano_usd, 0);
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
	{ "validate_takes_out_negative_counts_and_costs", negative_counts },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("event_validate", cases);
}
