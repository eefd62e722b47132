/* SPDX-License-Identifier: MIT */
/* record_state.c - the state of a run, whatever there are for events. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "record/layout.h"
#include "record/store.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"

/* Memory of the store and of its answers. */
#define STATE_MEMORY (64u << 20)

static void
check_state (const char *dir, const char *wanted)
{
	struct failing memory;
	struct lhk_store *s = NULL;
	struct lhk_str text;

	failing_init (&memory);
	TAP_EQ_INT (lhk_store_open (dir, &memory.alloc, &s, NULL), LHK_OK);
	TAP_EQ_INT (lhk_store_show (s, "demo", LHK_INCLUDE_STATE, &text, NULL,
				    NULL),
		    LHK_OK);
	CU_ASSERT_PTR_NOT_NULL (strstr (text.ptr, wanted));
	if (memory.peak > STATE_MEMORY)
		TAP_EQ_INT (memory.peak, STATE_MEMORY);
	lhk_store_free (s);
	CU_ASSERT (failing_clean (&memory));
}

/* N events, each made by FORMAT of its number, which it has twice. */
static void
many_events (int n, const char *before, const char *behind)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	char line[256];
	int i, len;

	record_fixture_begin (&k, "demo");
	for (i = 1; i <= n; i++) {
		len = snprintf (line, sizeof line, "{\"seq\":%d,%s%d%s\n", i,
				before, i, behind);
		record_fixture_tail (&k, line, (size_t) len);
	}
	record_writer_close (&k);
	snprintf (line, sizeof line, "\"events\":%d,", n);
	check_state (dir, line);
}

static void
many_calls (void)
{
	many_events (200000, "\"kind\":\"tool\",\"id\":\"i",
		     "\",\"status\":\"in_progress\"}");
	check_state (record_fixture_dir (), "\"tools_left_out\":195904");
	record_fixture_clear ();
}

static void
many_deltas (void)
{
	many_events (100000,
		     "\"kind\":\"text\",\"role\":\"assistant\",\"id\":\"a\","
		     "\"text\":\"",
		     " 0123456789012345678901234567890123456789012345678901234"
		     "\",\"delta\":true}");
	check_state (record_fixture_dir (), "\"truncated\":true");
	record_fixture_clear ();
}

static void
many_codes (void)
{
	many_events (1000, "\"kind\":\"notice\",\"code\":\"c",
		     "\",\"text\":\"x\"}");
	check_state (record_fixture_dir (), "\"other\":937}");
	record_fixture_clear ();
}

/* Calls that have ended make room. */
static void
many_ended (void)
{
	const char *dir = record_fixture_store ();
	struct record_writer k;
	char line[256];
	int i, len;

	record_fixture_begin (&k, "demo");
	for (i = 1; i <= 20000; i++) {
		len = snprintf (line, sizeof line,
				"{\"seq\":%d,\"kind\":\"tool\",\"id\":\"i%d\","
				"\"status\":\"%s\"}\n",
				i, (i + 1) / 2,
				i % 2 ? "in_progress" : "completed");
		record_fixture_tail (&k, line, (size_t) len);
	}
	record_writer_close (&k);
	check_state (dir, "\"tools_open\":[],\"notices\"");
	record_fixture_clear ();
}

static const struct tap_case cases[] = {
	{ "the_state_of_many_open_calls_is_bounded", many_calls },
	{ "the_state_of_a_long_text_is_bounded", many_deltas },
	{ "the_state_of_many_codes_is_bounded", many_codes },
	{ "calls_that_have_ended_make_room_for_others", many_ended },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_state", cases);
}
