/* SPDX-License-Identifier: MIT */
/* surrogate_join.c - surrogate pairs that were split over two deltas. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "event/surrogate_join.h"
#include "json/text_reader.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "common/macros.h"

#define HI "\\ud83d"
#define LO "\\ude00"
#define FACE "\xf0\x9f\x98\x80"
#define BAD "\xef\xbf\xbd"

/* What came through: `id:text;' a delta, `id=text;' a whole, `tool;'.. */
static char heard[4096];

static void
say (const char *s, size_t n)
{
	size_t at = strlen (heard);

	CU_ASSERT_FATAL (at + n < sizeof heard);
	memcpy (heard + at, s, n);
	heard[at + n] = '\0';
}

static void
hear (void *user, const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;
	struct text_reader r;
	char buf[512];

	CU_ASSERT_PTR_EQUAL (user, heard);
	if (event->kind != LHK_EV_TEXT) {
		say (event->kind == LHK_EV_TOOL ? "tool;" : "other;",
		     event->kind == LHK_EV_TOOL ? 5 : 6);
		return;
	}
	text_reader_init (&r, &event->parent);
	say (buf, text_reader_plain (&r, buf, sizeof buf));
	text_reader_init (&r, &e->id);
	say (buf, text_reader_plain (&r, buf, sizeof buf));
	say (e->delta ? ":" : "=", 1);
	text_reader_init (&r, &e->text);
	say (buf, text_reader_plain (&r, buf, sizeof buf));
	say (";", 1);
}

struct step {
	char kind; /* d delta, w whole, t tool, r result, n notice,
		      p delta of role thought */
	const char *id;
	const char *text;
	const char *parent;
};

static void
put (struct surrogate_join *j, const struct step *s)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = s->kind == 'p' ? LHK_ROLE_THOUGHT : LHK_ROLE_ASSISTANT,
		.delta = s->kind != 'w',
	};
	struct lhk_ev_tool tool = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
	};
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
	};
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
	};
	struct lhk_text parent = { s->parent, 0, LHK_TEXT_CLEAN, 0 };
	struct lhk_event *event = s->kind == 't'   ? &tool.ev
				  : s->kind == 'r' ? &result.ev
				  : s->kind == 'n' ? &notice.ev
						   : &text.ev;

	if (s->parent != NULL)
		parent.len = strlen (s->parent);
	event->parent = parent;
	text.text.ptr = s->text;
	text.text.form = LHK_TEXT_RAW;
	if (s->text != NULL)
		text.text.len = strlen (s->text);
	text.id.ptr = s->id;
	text.id.form = LHK_TEXT_CLEAN;
	if (s->id != NULL)
		text.id.len = strlen (s->id);
	surrogate_join_event (j, event, hear, heard);
}

struct story {
	struct step steps[8];
	const char *wanted;
};

static void
tell (const struct story *stories, size_t n)
{
	struct failing f;
	struct surrogate_join *j;
	size_t i;

	for (; n > 0; n--, stories++) {
		failing_init (&f);
		j = surrogate_join_new (&f.alloc);
		heard[0] = '\0';
		for (i = 0; i < 8 && stories->steps[i].kind != 0; i++)
			put (j, &stories->steps[i]);
		surrogate_join_flush (j, hear, heard);
		TAP_EQ_STR (heard, stories->wanted);
		surrogate_join_free (j);
		CU_ASSERT (failing_clean (&f));
	}
}

static void
pairs (void)
{
	static const struct story s[] = {
		{ { { 'd', "a", "x" HI, NULL }, { 'd', "a", LO "y", NULL } },
		  "a:x;a:" FACE "y;" },
		{ { { 'd', "a", HI, NULL }, { 'd', "a", LO, NULL } },
		  "a:" FACE ";" },
		{ { { 'd', "a", "x" HI, NULL },
		    { 'd', "a", LO HI, NULL },
		    { 'd', "a", LO, NULL } },
		  "a:x;a:" FACE ";a:" FACE ";" },
		{ { { 'd', NULL, "x" HI, NULL }, { 'd', NULL, LO, NULL } },
		  ":x;:" FACE ";" },
		{ { { 'd', "a", "\\uD83D", NULL },
		    { 'd', "a", "\\uDE00", NULL } },
		  "a:" FACE ";" },
		/* an empty delta between them is nothing */
		{ { { 'd', "a", HI, NULL },
		    { 'd', "a", "", NULL },
		    { 'd', "a", LO, NULL } },
		  "a:;a:" FACE ";" },
		/* nor is a notice */
		{ { { 'd', "a", HI, NULL },
		    { 'n', NULL, NULL, NULL },
		    { 'd', "a", LO, NULL } },
		  "other;a:" FACE ";" },
	};

	tell (s, ARRAY_SIZE (s));
}

static void
keys (void)
{
	static const struct story s[] = {
		{ { { 'd', "a", HI, NULL },
		    { 'd', "b", HI, NULL },
		    { 'd', "b", LO, NULL },
		    { 'd', "a", LO, NULL } },
		  "b:" FACE ";a:" FACE ";" },
		{ { { 'd', "a", HI, "P" },
		    { 'd', "a", LO, NULL },
		    { 'd', "a", LO, "P" } },
		  "a:" BAD ";Pa:" FACE ";" },
		{ { { 'd', "a", HI, NULL },
		    { 'p', "a", LO, NULL },
		    { 'd', "a", LO, NULL } },
		  "a:" BAD ";a:" FACE ";" },
	};

	tell (s, ARRAY_SIZE (s));
}

static void
lone_halves (void)
{
	static const struct story s[] = {
		{ { { 'd', "a", "x" HI, NULL }, { 'd', "a", "y", NULL } },
		  "a:x;a:" BAD ";a:y;" },
		{ { { 'd', "a", "x" HI, NULL } }, "a:x;a:" BAD ";" },
		{ { { 'd', "a", "x" HI, NULL }, { 'w', "a", "xy", NULL } },
		  "a:x;a:" BAD ";a=xy;" },
		{ { { 'd', "a", "x" HI, NULL },
		    { 'r', NULL, NULL, NULL },
		    { 'd', "a", "y", NULL } },
		  "a:x;a:" BAD ";other;a:y;" },
		{ { { 'd', "a", HI, NULL },
		    { 'd', "b", HI, "P" },
		    { 't', NULL, NULL, NULL },
		    { 'd', "b", LO, "P" } },
		  "a:" BAD ";tool;Pb:" FACE ";" },
		{ { { 'd', "a", HI HI, NULL } }, "a:" BAD ";a:" BAD ";" },
		{ { { 'd', "a", LO "x", NULL } }, "a:" BAD "x;" },
	};

	tell (s, ARRAY_SIZE (s));
}

static void
untouched (void)
{
	static const struct story s[] = {
		/* a backslash that is itself escaped */
		{ { { 'd', "a", "x\\" HI, NULL }, { 'd', "a", LO, NULL } },
		  "a:x\\ud83d;a:" BAD ";" },
		{ { { 'd', "a", "x\\\\" HI, NULL }, { 'd', "a", LO, NULL } },
		  "a:x\\;a:" FACE ";" },
		{ { { 'w', "a", "x" HI, NULL }, { 'd', "a", LO, NULL } },
		  "a=x" BAD ";a:" BAD ";" },
		{ { { 'd', "a", HI LO, NULL }, { 'd', "a", "y", NULL } },
		  "a:" FACE ";a:y;" },
		{ { { 'd', "a", "", NULL }, { 'w', "a", "", NULL } },
		  "a:;a=;" },
	};

	tell (s, ARRAY_SIZE (s));
}

/* The same bytes in another form are not an escape. */
static void
other_forms (void)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = 1,
		.text = { "x" HI, 7, LHK_TEXT_PLAIN, 0 },
	};
	struct failing f;
	struct surrogate_join *j;

	failing_init (&f);
	j = surrogate_join_new (&f.alloc);
	heard[0] = '\0';
	surrogate_join_event (j, &e.ev, hear, heard);
	TAP_EQ_STR (heard, ":x\\ud83d;");
	TAP_EQ_INT (f.calls, 1);
	surrogate_join_free (j);
}

static void
oldest_goes_first (void)
{
	struct failing f;
	struct surrogate_join *j;
	char id[16], wanted[512] = "";
	int i;

	failing_init (&f);
	j = surrogate_join_new (&f.alloc);
	heard[0] = '\0';
	for (i = 0; i < SURROGATE_JOIN_MAX + 2; i++) {
		struct step s = { 'd', id, HI, NULL };

		snprintf (id, sizeof id, "%d", i);
		put (j, &s);
	}
	TAP_EQ_STR (heard, "0:" BAD ";1:" BAD ";");
	heard[0] = '\0';
	for (i = SURROGATE_JOIN_MAX + 1; i >= 2; i--) {
		struct step s = { 'd', id, LO, NULL };

		snprintf (id, sizeof id, "%d", i);
		put (j, &s);
		snprintf (wanted + strlen (wanted),
			  sizeof wanted - strlen (wanted), "%d:%s;", i, FACE);
	}
	TAP_EQ_STR (heard, wanted);
	surrogate_join_free (j);
	CU_ASSERT (failing_clean (&f));
}

static size_t total;

static void
count (void *user, const struct lhk_event *event)
{
	(void) user;
	total += ((const struct lhk_ev_text *) event)->text.len;
}

/* Nine megabytes behind a half are not copied. */
static void
long_delta (void)
{
	static char big[9 << 20];
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.delta = 1,
		.text = { HI, 6, LHK_TEXT_RAW, 0 },
	};
	struct failing f;
	struct surrogate_join *j;

	memset (big, 'x', sizeof big);
	memcpy (big, LO, 6);
	failing_init (&f);
	j = surrogate_join_new (&f.alloc);
	total = 0;
	surrogate_join_event (j, &e.ev, count, NULL);
	TAP_EQ_INT (total, 0);
	e.text.ptr = big;
	e.text.len = sizeof big;
	surrogate_join_event (j, &e.ev, count, NULL);
	TAP_EQ_INT (total, sizeof big + 6);
	CU_ASSERT (f.peak < 16384);
	surrogate_join_free (j);
	CU_ASSERT (failing_clean (&f));
}

static void
no_memory_at_first (void)
{
	static const struct step plain = { 'd', "a", "x", NULL };
	struct failing f;
	struct surrogate_join *j;
	int i;

	failing_init (&f);
	j = surrogate_join_new (&f.alloc);
	for (i = 0; i < 100; i++) {
		heard[0] = '\0';
		put (j, &plain);
	}
	TAP_EQ_INT (f.calls, 1);
	surrogate_join_free (j);
}

/* Whichever allocation fails: nothing but halves is lost. */
static void
memory_fails (void)
{
	static const struct step steps[] = {
		{ 'd', "a", "x" HI, "P" },
		{ 'd', "a", LO "y", "P" },
		{ 'd', "a", "z", "P" },
	};
	static const char *const good[] = {
		"Pa:x;Pa:" FACE "y;Pa:z;",
		"Pa:x;Pa:" FACE ";Pa:y;Pa:z;",
		"Pa:x" BAD ";Pa:" BAD "y;Pa:z;",
	};
	struct failing f;
	struct surrogate_join *j;
	uint64_t at;
	size_t i;

	for (at = 1;; at++) {
		failing_init (&f);
		f.fail_at = at;
		heard[0] = '\0';
		j = surrogate_join_new (&f.alloc);
		if (j == NULL)
			continue;
		for (i = 0; i < ARRAY_SIZE (steps); i++)
			put (j, &steps[i]);
		surrogate_join_flush (j, hear, heard);
		surrogate_join_free (j);
		CU_ASSERT (failing_clean (&f));
		for (i = 0; i < ARRAY_SIZE (good); i++)
			if (strcmp (heard, good[i]) == 0)
				break;
		CU_ASSERT (i < ARRAY_SIZE (good));
		if (f.failed == 0)
			break;
	}
	TAP_EQ_STR (heard, good[0]);
	CU_ASSERT (at > 3);
}

static const struct tap_case cases[] = {
	{ "surrogate_join_puts_the_halves_of_a_pair_together", pairs },
	{ "surrogate_join_tells_texts_apart_by_id_role_and_parent", keys },
	{ "surrogate_join_delivers_a_lone_half_as_a_replacement_in_its_place",
	  lone_halves },
	{ "surrogate_join_leaves_everything_else_as_it_is", untouched },
	{ "surrogate_join_does_not_look_for_escapes_in_plain_text",
	  other_forms },
	{ "surrogate_join_gives_up_the_oldest_half_when_there_are_too_many",
	  oldest_goes_first },
	{ "surrogate_join_does_not_copy_a_long_delta", long_delta },
	{ "surrogate_join_takes_no_memory_before_it_meets_a_half",
	  no_memory_at_first },
	{ "surrogate_join_loses_nothing_when_memory_fails", memory_fails },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("surrogate_join", cases);
}
