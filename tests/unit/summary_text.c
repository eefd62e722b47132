/* SPDX-License-Identifier: MIT */
/* summary_text.c - which text is the answer, and what it costs to keep it. */
#include "config.h"

#include "event/final_text.h"
#include "unit/summary_fixture.h"

static void
final_text_of_deltas (void)
{
	begin (MIB);
	text_is (NULL);
	delta ("Hel");
	delta ("lo");
	text_is ("Hello");
	finish ();
}

static void
delta_of (const char *id, const char *s)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = 1,
		.id = clean_text (id),
		.text = clean_text (s),
	};

	summary_event (t, &e.ev);
}

static void
final_text_of_the_last_id (void)
{
	char a[FINAL_TEXT_ID + 2], b[FINAL_TEXT_ID + 3];

	memset (a, 'x', sizeof a);
	memset (b, 'x', sizeof b);
	a[sizeof a - 1] = b[sizeof b - 1] = '\0';
	begin (MIB);
	delta_of ("m1", "Hello");
	text_is ("Hello");
	delta_of ("m2", "");
	text_is ("Hello");
	delta_of ("m2", "by");
	delta_of ("m2", "e");
	delta ("!");
	text_is ("bye!");
	delta_of (a, "long");
	delta_of (a, " id");
	text_is ("long id");
	delta_of (b, "longer");
	text_is ("longer");
	finish ();
}

static void
texts_that_are_no_answer (void)
{
	begin (MIB);
	delta ("Hello");
	text (LHK_ROLE_ASSISTANT, 1, "sub", "toolu_1");
	text (LHK_ROLE_ASSISTANT, 0, "sub", "toolu_1");
	text (LHK_ROLE_USER, 0, "user", NULL);
	text (LHK_ROLE_THOUGHT, 1, "thought", NULL);
	text (LHK_ROLE_SYSTEM, 0, "system", NULL);
	text (0, 0, "nobody", NULL);
	text_is ("Hello");
	finish ();
}

static void
tool_calls_between_deltas (void)
{
	begin (MIB);
	delta ("Hello");
	tool ("s", LHK_TOOL_RUNNING, "toolu_1");
	text_is ("Hello");
	tool ("a", LHK_TOOL_RUNNING, NULL);
	text_is ("Hello");
	delta ("after");
	text_is ("after");
	tool ("a", LHK_TOOL_DONE, NULL);
	delta ("the end");
	text_is ("the end");
	finish ();
}

static void
final_text_of_whole (void)
{
	begin (MIB);
	delta ("the end");
	whole ("whole");
	delta ("preview of the next");
	text_is ("whole");
	tool ("b", LHK_TOOL_DONE, NULL);
	text_is ("whole");
	whole ("second");
	text_is ("second");
	finish ();
}

static void
final_text_of_claim (void)
{
	begin (MIB);
	whole ("second");
	claim (LHK_VERDICT_OK, "claimed", 1);
	text_is ("claimed");
	claim (LHK_VERDICT_OK, NULL, 1);
	text_is ("claimed");
	claim (LHK_VERDICT_OK, "", 1);
	text_is ("claimed");
	whole ("");
	text_is ("claimed");
	finish ();
	begin (MIB);
	claim (LHK_VERDICT_OK, "", 1);
	text_is ("");
	finish ();
}

/* White space says as little as nothing does. */
static void
blank_texts (void)
{
	static const char body[] = "\\n\\t \\r\\u0020";
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = { body, sizeof body - 1, LHK_TEXT_RAW, 0 },
	};

	begin (MIB);
	whole ("answer");
	whole (" ");
	summary_event (t, &e.ev);
	claim (LHK_VERDICT_OK, "  ", 1);
	e.delta = 1;
	summary_event (t, &e.ev);
	text_is ("answer");
	delta ("next");
	text_is ("next");
	finish ();
	begin (MIB);
	claim (LHK_VERDICT_OK, " ", 1);
	text_is (" ");
	delta ("a");
	delta (" ");
	text_is ("a ");
	finish ();
}

static void
synthetic_text (void)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.flags = LHK_TEXT_SYNTHETIC,
		.text = clean_text ("summary"),
	};

	begin (MIB);
	whole ("answer");
	summary_event (t, &e.ev);
	e.delta = 1;
	summary_event (t, &e.ev);
	text_is ("answer");
	finish ();
}

/* The answer of an earlier turn never passes for that of a later one. */
static void
turn_cut_short (void)
{
	begin (MIB);
	whole ("one");
	claim (LHK_VERDICT_OK, "one", 1);
	text_is ("one");
	delta ("tw");
	text_is ("tw");
	whole ("two");
	text_is ("two");
	claim (LHK_VERDICT_FAILED, NULL, 1);
	text_is ("two");
	finish ();
	begin (MIB);
	delta ("one");
	claim (LHK_VERDICT_OK, NULL, 1);
	tool ("a", LHK_TOOL_RUNNING, NULL);
	text_is ("one");
	delta ("two");
	text_is ("two");
	finish ();
}

static void
forms_of_deltas (void)
{
	static const struct lhk_text parts[] = {
		{ "a", 1, LHK_TEXT_CLEAN, 0 },
		{ "\"b\\\n", 4, LHK_TEXT_PLAIN, 0 },
		{ "c\\n", 3, LHK_TEXT_CANONICAL, 0 },
		{ "\\u0041\\/", 8, LHK_TEXT_RAW, 0 },
		{ "\x01\xff", 2, LHK_TEXT_PLAIN, 0 },
		{ "d", 1, LHK_TEXT_CLEAN, 0 },
		{ "e", 1, 99, 0 },
	};
	static const struct {
		size_t n;
		uint32_t form;
		const char *wanted;
	} steps[] = {
		{ 1, LHK_TEXT_CLEAN, "a" },
		{ 2, LHK_TEXT_RAW, "a\\\"b\\\\\\n" },
		{ 4, LHK_TEXT_RAW, "a\\\"b\\\\\\nc\\n\\u0041\\/" },
		{ 7, LHK_TEXT_RAW,
		  "a\\\"b\\\\\\nc\\n\\u0041\\/\\u0001"
		  "\xef\xbf\xbd"
		  "de" },
	};
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = 1,
	};
	size_t i, k;

	for (k = 0; k < ARRAY_SIZE (steps); k++) {
		begin (MIB);
		for (i = 0; i < steps[k].n; i++) {
			e.text = parts[i];
			summary_event (t, &e.ev);
		}
		text_is (steps[k].wanted);
		TAP_EQ_INT (summary_text (t).form, steps[k].form);
		finish ();
	}
	begin (MIB);
	e.delta = 0;
	e.text = parts[1];
	summary_event (t, &e.ev);
	TAP_EQ_MEM (summary_text (t).ptr, summary_text (t).len, parts[1].ptr,
		    parts[1].len);
	TAP_EQ_INT (summary_text (t).form, LHK_TEXT_PLAIN);
	finish ();
}

static void
text_over_its_limit (void)
{
	static char big[3000];
	struct lhk_text now;
	int i;

	memset (big, 'x', sizeof big - 1);
	begin (4096);
	whole (big);
	make_result ();
	TAP_EQ_INT (result.outcome.flags, 0);
	for (i = 0; i < 3; i++) {
		claim (LHK_VERDICT_OK, NULL, 1);
		delta (big);
		make_result ();
		TAP_EQ_INT (result.outcome.flags, 0);
		delta (big);
		delta ("lost too");
		now = summary_text (t);
		TAP_EQ_INT (now.len, 4096);
		make_result ();
		TAP_EQ_INT (result.outcome.flags, LHK_FLAG_DEGRADED);
		TAP_EQ_INT (result.verdict, LHK_VERDICT_OK);
	}
	CU_ASSERT (f.peak < 20000);
	/* the next answer is whole again */
	whole ("short");
	make_result ();
	TAP_EQ_INT (result.outcome.flags, 0);
	finish ();
	begin (7);
	whole ("abcdef\xc3\xa9");
	text_is ("abcdef");
	finish ();
}

static void
no_second_copy (void)
{
	static char big[10 * MIB];
	size_t before;

	memset (big, 'x', sizeof big - 1);
	begin (10 * MIB);
	before = f.held;
	whole ("small");
	whole (big);
	claim (LHK_VERDICT_OK, big, 1);
	whole (big);
	claim (LHK_VERDICT_OK, big, 1);
	CU_ASSERT (f.peak - before <= 10 * MIB);
	TAP_EQ_INT (summary_text (t).len, 10 * MIB - 1);
	finish ();
}

static const struct tap_case cases[] = {
	{ "summary_final_text_is_of_the_deltas", final_text_of_deltas },
	{ "summary_final_text_has_no_text_of_others",
	  texts_that_are_no_answer },
	{ "summary_final_text_is_of_the_last_id_of_deltas",
	  final_text_of_the_last_id },
	{ "summary_a_tool_call_begins_the_deltas_anew",
	  tool_calls_between_deltas },
	{ "summary_a_whole_text_replaces_deltas", final_text_of_whole },
	{ "summary_a_claimed_text_replaces_all_others", final_text_of_claim },
	{ "summary_white_space_takes_the_place_of_no_answer", blank_texts },
	{ "summary_never_takes_a_synthetic_text_for_the_answer",
	  synthetic_text },
	{ "summary_text_after_a_claim_begins_a_new_answer", turn_cut_short },
	{ "summary_joins_deltas_of_every_form_to_one_body", forms_of_deltas },
	{ "summary_keeps_the_head_of_a_long_text_and_is_degraded",
	  text_over_its_limit },
	{ "summary_never_holds_a_long_text_twice", no_second_copy },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("summary_text", cases);
}
