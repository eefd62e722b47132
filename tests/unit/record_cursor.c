/* SPDX-License-Identifier: MIT */
/* record_cursor.c - following the events of a recorded run. */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linehook/json.h>

#include "record/layout.h"
#include "lib/record_fixture.h"
#include "lib/tap.h"

struct fixture {
	struct lhk_store *store;
	struct record_writer keeper;
	const char *dir;
	struct failing memory;
};

static void
begin (struct fixture *r)
{
	r->dir = record_fixture_store ();
	record_fixture_begin (&r->keeper, "demo");
	failing_init (&r->memory);
	TAP_EQ_INT (lhk_store_open (r->dir, &r->memory.alloc, &r->store, NULL),
		    LHK_OK);
}

static void
end (struct fixture *r)
{
	lhk_store_free (r->store);
	record_writer_close (&r->keeper);
	CU_ASSERT (failing_clean (&r->memory));
	record_fixture_clear ();
}

static struct lhk_cursor *
open_at (struct fixture *r, const char *id, uint64_t from, int wait_for)
{
	struct lhk_cursor *c = NULL;
	struct lhk_error err = { 0, 0, "" };

	if (lhk_cursor_open (r->store, id, from, wait_for, &c, &err) < 0)
		tap_note ("%s", err.text);
	CU_ASSERT_PTR_NOT_NULL_FATAL (c);
	return c;
}

static uint64_t
seq_of (const struct lhk_str *line)
{
	unsigned long long seq = 0;
	char text[32];

	snprintf (text, sizeof text, "%.*s", (int) line->len, line->ptr);
	return sscanf (text, "{\"seq\":%llu,", &seq) == 1 ? seq : 0;
}

/* Take all that is there: numbers FROM to TO, without a gap. */
static int
takes (struct lhk_cursor *c, uint64_t from, uint64_t to)
{
	struct lhk_str line;
	int r;

	while ((r = lhk_cursor_next (c, &line, NULL)) == LHK_OK) {
		if (seq_of (&line) != from)
			TAP_EQ_INT (seq_of (&line), from);
		from++;
	}
	TAP_EQ_INT (from, to + 1);
	return r;
}

static void
from_any (void)
{
	static const uint64_t froms[] = { 0,	1,    2,    17,	 999,
					  2500, 4999, 5000, 5001 };
	struct lhk_cursor *c;
	struct fixture r;
	size_t i;

	begin (&r);
	record_fixture_events (&r.keeper, 1, 5000);
	for (i = 0; i < sizeof froms / sizeof froms[0]; i++) {
		c = open_at (&r, "demo", froms[i], 0);
		TAP_EQ_INT (takes (c, froms[i] == 0 ? 1 : froms[i],
				   froms[i] > 5000 ? froms[i] - 1 : 5000),
			    LHK_AGAIN);
		lhk_cursor_free (c);
	}
	end (&r);
}

static void
while_it_grows (void)
{
	struct lhk_cursor *c;
	struct fixture r;
	uint64_t n;

	begin (&r);
	c = open_at (&r, "demo", 1, 0);
	TAP_EQ_INT (takes (c, 1, 0), LHK_AGAIN);
	for (n = 1; n < 2000; n += 100) {
		struct pollfd p = { lhk_cursor_fd (c), POLLIN, 0 };

		record_fixture_events (&r.keeper, n, 100);
		TAP_EQ_INT (poll (&p, 1, 5000), 1);
		TAP_EQ_INT (takes (c, n, n + 99), LHK_AGAIN);
	}
	record_fixture_finish (&r.keeper, LHK_VERDICT_OK, 0);
	TAP_EQ_INT (takes (c, 2001, 2000), LHK_END);
	TAP_EQ_INT (takes (c, 2001, 2000), LHK_END);
	lhk_cursor_free (c);
	end (&r);
}

static void *
write_many (void *arg)
{
	struct record_writer *k = arg;
	uint64_t n;

	for (n = 1; n <= 20000; n += 10)
		record_fixture_events (k, n, 10);
	record_fixture_finish (k, LHK_VERDICT_OK, 0);
	return NULL;
}

static void
many_at_once (void)
{
	struct lhk_cursor *c[4];
	uint64_t at[4] = { 1, 1, 1, 1 };
	struct lhk_str line;
	pthread_t thread;
	struct fixture r;
	int i, n, over = 0;

	begin (&r);
	for (i = 0; i < 4; i++)
		c[i] = open_at (&r, "demo", 0, 0);
	TAP_EQ_INT (pthread_create (&thread, NULL, write_many, &r.keeper), 0);
	while (over < 4) {
		struct pollfd p = { lhk_cursor_fd (c[0]), POLLIN, 0 };

		for (i = over = 0; i < 4; i++) {
			while ((n = lhk_cursor_next (c[i], &line, NULL))
			       == LHK_OK) {
				if (seq_of (&line) != at[i])
					TAP_EQ_INT (seq_of (&line), at[i]);
				at[i]++;
			}
			over += n == LHK_END;
		}
		if (over < 4)
			poll (&p, 1, lhk_cursor_pause (c[0]));
	}
	pthread_join (thread, NULL);
	for (i = 0; i < 4; i++) {
		TAP_EQ_INT (at[i], 20001);
		lhk_cursor_free (c[i]);
	}
	end (&r);
}

static void
before_it_is_there (void)
{
	struct lhk_cursor *c = NULL;
	struct lhk_error err;
	struct record_writer other;
	struct pollfd p;
	struct fixture r;

	begin (&r);
	TAP_EQ_INT (lhk_cursor_open (r.store, "later", 0, 0, &c, &err),
		    LHK_ENOTFOUND);
	c = open_at (&r, "later", 0, 1);
	TAP_EQ_INT (takes (c, 1, 0), LHK_AGAIN);
	record_fixture_begin (&other, "later");
	p = (struct pollfd){ lhk_cursor_fd (c), POLLIN, 0 };
	TAP_EQ_INT (poll (&p, 1, 5000), 1);
	record_fixture_events (&other, 1, 3);
	TAP_EQ_INT (takes (c, 1, 3), LHK_AGAIN);
	record_fixture_finish (&other, LHK_VERDICT_OK, 0);
	TAP_EQ_INT (takes (c, 4, 3), LHK_END);
	lhk_cursor_free (c);
	end (&r);
}

static void
torn (void)
{
	static const char half[] = "{\"seq\":4,\"kind\":\"te";
	static const char rest[] = "xt\",\"text\":\"x\"}\n";
	struct lhk_cursor *c;
	struct fixture r;

	begin (&r);
	record_fixture_events (&r.keeper, 1, 3);
	record_fixture_tail (&r.keeper, half, strlen (half));
	c = open_at (&r, "demo", 0, 0);
	TAP_EQ_INT (takes (c, 1, 3), LHK_AGAIN);
	record_fixture_tail (&r.keeper, rest, strlen (rest));
	TAP_EQ_INT (takes (c, 4, 4), LHK_AGAIN);
	record_fixture_tail (&r.keeper, half, strlen (half));
	/* Its host dies in the middle of a line. */
	record_writer_close (&r.keeper);
	TAP_EQ_INT (takes (c, 5, 4), LHK_ESTATE);
	lhk_cursor_free (c);
	end (&r);
}

static void
long_line (void)
{
	size_t len = 3u << 20;
	char *line = malloc (len);
	struct lhk_cursor *c;
	struct lhk_str got;
	struct fixture r;

	begin (&r);
	CU_ASSERT_PTR_NOT_NULL_FATAL (line);
	record_fixture_events (&r.keeper, 1, 1);
	memset (line, 'x', len);
	memcpy (line, "{\"seq\":2,\"x\":\"", 14);
	memcpy (line + len - 3, "\"}\n", 3);
	record_fixture_tail (&r.keeper, line, len);
	record_fixture_events (&r.keeper, 3, 1);
	c = open_at (&r, "demo", 2, 0);
	TAP_EQ_INT (lhk_cursor_next (c, &got, NULL), LHK_OK);
	TAP_EQ_INT (got.len, len - 1);
	TAP_EQ_INT (takes (c, 3, 3), LHK_AGAIN);
	lhk_cursor_free (c);
	free (line);
	end (&r);
}

/* Its digits are not all there: it must not be found as an earlier one. */
static void
torn_number (void)
{
	static char line[200000];
	struct lhk_cursor *c;
	struct fixture r;

	begin (&r);
	record_fixture_events (&r.keeper, 1, 119);
	memset (line, 'x', sizeof line);
	memcpy (line, "{\"seq\":120,\"x\":\"", 16);
	memcpy (line + sizeof line - 3, "\"}\n", 3);
	record_fixture_tail (&r.keeper, line, sizeof line);
	record_fixture_tail (&r.keeper, "{\"seq\":12", 9);
	c = open_at (&r, "demo", 100, 0);
	TAP_EQ_INT (takes (c, 100, 120), LHK_AGAIN);
	lhk_cursor_free (c);
	end (&r);
}

/* Lines that an agent wrote into its record. */
static void
forged_lines (void)
{
	static const char *const lines[] = {
		"{\"seq\":4,\"kind\":\"\033]0;x\007\"}\n",
		"{\"seq\":4,\033[31m}\n",
		"{\"seq\":4,\"kind\":\"\xff\"}\n",
		"{\"seq\":4\n",
		"{\"seq\":4} {\n",
		"{\"seq\":4,\"a\":\"\xc3\"}\n",
	};
	struct lhk_cursor *c;
	struct fixture r;
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		begin (&r);
		record_fixture_events (&r.keeper, 1, 3);
		record_fixture_tail (&r.keeper, lines[i], strlen (lines[i]));
		record_fixture_events (&r.keeper, 4, 2);
		c = open_at (&r, "demo", 0, 0);
		TAP_EQ_INT (takes (c, 1, 5), LHK_AGAIN);
		lhk_cursor_free (c);
		end (&r);
	}
}

/* As deep as the reader goes, and one level more: the event that copies it. */
static void
deep_line (void)
{
	char line[1024];
	struct lhk_cursor *c;
	struct fixture r;
	int n = LHK_JSON_DEPTH;
	int len = snprintf (line, sizeof line, "{\"seq\":1,\"raw\":");

	begin (&r);
	memset (line + len, '[', (size_t) n);
	memset (line + len + n, ']', (size_t) n);
	len += 2 * n;
	memcpy (line + len, "}\n", 2);
	record_fixture_tail (&r.keeper, line, (size_t) len + 2);
	record_fixture_events (&r.keeper, 2, 2);
	c = open_at (&r, "demo", 0, 0);
	TAP_EQ_INT (takes (c, 1, 3), LHK_AGAIN);
	lhk_cursor_free (c);
	end (&r);
}

static void
no_memory (void)
{
	struct lhk_cursor *c = NULL;
	struct lhk_str line;
	struct fixture r;
	uint64_t k;
	int code;

	begin (&r);
	record_fixture_events (&r.keeper, 1, 10);
	for (k = 1;; k++) {
		r.memory.fail_at = r.memory.calls + k;
		c = NULL;
		code = lhk_cursor_open (r.store, "demo", 0, 0, &c, NULL);
		if (code == LHK_OK)
			code = lhk_cursor_next (c, &line, NULL);
		r.memory.fail_at = 0;
		if (code == LHK_OK)
			break;
		TAP_EQ_INT (code, LHK_ENOMEM);
		/* It is only late. */
		if (c != NULL)
			TAP_EQ_INT (takes (c, 1, 10), LHK_AGAIN);
		lhk_cursor_free (c);
	}
	lhk_cursor_free (c);
	CU_ASSERT (k > 2);
	end (&r);
}

/* ---- records that go ---- */

/* The final result as the event of this seq. */
static void
put_final (struct record_writer *k, uint64_t seq, int64_t time_ms)
{
	struct lhk_ev_result ev = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
	};
	struct lhk_meta meta = { .size = sizeof meta,
				 .seq = seq,
				 .time_ms = time_ms };
	struct lhk_result result = { .size = sizeof result,
				     .verdict = LHK_VERDICT_OK };

	result.outcome.size = sizeof result.outcome;
	ev.final = &result;
	record_writer_event (k, &meta, &ev.ev);
}

/* From the first event, the last, and one that is not there. */
static void
final_or_not (void)
{
	static const uint64_t froms[] = { 0, 4, 9 };
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;
	size_t i;
	int whole, code;

	for (whole = 0; whole < 2; whole++) {
		begin (&r);
		record_fixture_events (&r.keeper, 1, 3);
		if (whole)
			put_final (&r.keeper, 4, 12);
		record_fixture_finish (&r.keeper, LHK_VERDICT_OK, 0);
		for (i = 0; i < sizeof froms / sizeof froms[0]; i++) {
			c = open_at (&r, "demo", froms[i], 0);
			while ((code = lhk_cursor_next (c, &line, NULL))
			       == LHK_OK)
				;
			TAP_EQ_INT (code, LHK_END);
			TAP_EQ_INT (lhk_cursor_is_final (c), whole);
			lhk_cursor_free (c);
		}
		end (&r);
	}
	TAP_EQ_INT (lhk_cursor_is_final (NULL), 0);
}

static void
removed_at_end (void)
{
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;
	int wait_for;

	for (wait_for = 0; wait_for < 2; wait_for++) {
		begin (&r);
		record_fixture_events (&r.keeper, 1, 3);
		c = open_at (&r, "demo", 0, wait_for);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		put_final (&r.keeper, 4, wait_for ? 12 : -1);
		record_fixture_finish (&r.keeper, LHK_VERDICT_OK, 0);
		TAP_EQ_INT (lhk_store_remove (r.store, "demo", NULL), LHK_OK);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		TAP_EQ_INT (seq_of (&line), 4);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_END);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_END);
		lhk_cursor_free (c);
		end (&r);
	}
}

static void
check_gone (struct fixture *r, struct lhk_cursor *c)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_str line;

	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
	TAP_EQ_INT (seq_of (&line), 2);
	TAP_EQ_INT (lhk_cursor_next (c, &line, &err), LHK_ENOTFOUND);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "was removed"));
	err.text[0] = '\0';
	TAP_EQ_INT (lhk_cursor_next (c, &line, &err), LHK_ENOTFOUND);
	CU_ASSERT_PTR_NOT_NULL (strstr (err.text, "was removed"));
	lhk_cursor_free (c);
	end (r);
}

/* Another run has its name: its events are not the ones that were asked for. */
static void
replaced (void)
{
	struct record_writer other;
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;
	int wait_for;

	for (wait_for = 0; wait_for < 2; wait_for++) {
		begin (&r);
		record_fixture_events (&r.keeper, 1, 2);
		c = open_at (&r, "demo", 0, wait_for);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		record_writer_close (&r.keeper);
		TAP_EQ_INT (lhk_store_remove (r.store, "demo", NULL), LHK_OK);
		record_fixture_begin (&other, "demo");
		record_fixture_events (&other, 1, 9);
		check_gone (&r, c);
		record_writer_close (&other);
	}
}

static void
store_goes (void)
{
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;
	char path[160];
	int wait_for;

	for (wait_for = 0; wait_for < 2; wait_for++) {
		begin (&r);
		record_fixture_events (&r.keeper, 1, 2);
		c = open_at (&r, "demo", 0, wait_for);
		TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
		record_writer_close (&r.keeper);
		TAP_EQ_INT (lhk_store_remove (r.store, "demo", NULL), LHK_OK);
		snprintf (path, sizeof path, "%s/" RECORD_INDEX, r.dir);
		unlink (path);
		TAP_EQ_INT (rmdir (r.dir), 0);
		check_gone (&r, c);
	}
}

/* A run that is waited for comes in another store of the same path. */
static void
store_comes (void)
{
	struct record_writer other;
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;
	char path[160];

	begin (&r);
	c = open_at (&r, "late", 0, 1);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_AGAIN);
	record_writer_close (&r.keeper);
	snprintf (path, sizeof path, "%s.gone", r.dir);
	TAP_EQ_INT (rename (r.dir, path), 0);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_AGAIN);
	record_fixture_begin (&other, "late");
	record_fixture_events (&other, 1, 1);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_AGAIN);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
	record_writer_close (&other);
	lhk_cursor_free (c);
	end (&r);
}

/* ---- lines that are none of ours ---- */

static void
damaged (void)
{
	static const char bad[] = "{}\nnonsense\n\n\x1b[2J\n[1]\n";
	struct lhk_cursor *c;
	struct fixture r;
	struct lhk_str line;

	begin (&r);
	record_fixture_events (&r.keeper, 1, 1);
	record_fixture_tail (&r.keeper, bad, sizeof bad - 1);
	record_fixture_events (&r.keeper, 2, 1);
	record_fixture_tail (&r.keeper, "\0\0\n{\"seq\":3}\n", 14);
	record_writer_close (&r.keeper);
	c = open_at (&r, "demo", 0, 0);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
	TAP_EQ_INT (seq_of (&line), 1);
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_OK);
	TAP_EQ_INT (seq_of (&line), 2);
	/* A crash leaves zeros: nothing behind them is whole. */
	TAP_EQ_INT (lhk_cursor_next (c, &line, NULL), LHK_ESTATE);
	lhk_cursor_free (c);
	end (&r);
}

static const struct tap_case cases[] = {
	{ "a_record_that_ends_early_has_no_final_event", final_or_not },
	{ "a_cursor_begins_at_any_event_without_a_gap", from_any },
	{ "a_cursor_is_woken_by_each_piece_and_ends_with_the_run",
	  while_it_grows },
	{ "any_number_of_cursors_read_what_is_being_written", many_at_once },
	{ "a_cursor_may_begin_before_the_run", before_it_is_there },
	{ "a_torn_line_is_given_out_when_it_is_whole_or_never", torn },
	{ "a_long_line_comes_whole", long_line },
	{ "a_torn_number_is_not_believed", torn_number },
	{ "lines_that_are_no_json_are_not_given_out", forged_lines },
	{ "an_event_may_be_deeper_than_the_reader_goes", deep_line },
	{ "without_memory_nothing_is_lost", no_memory },
	{ "a_record_that_is_removed_after_its_end_is_followed_to_it",
	  removed_at_end },
	{ "a_record_in_the_place_of_another_is_not_followed", replaced },
	{ "a_store_that_goes_ends_what_follows_a_run_of_it", store_goes },
	{ "a_store_that_comes_has_the_run_that_is_waited_for", store_comes },
	{ "lines_that_are_no_events_are_not_given_out", damaged },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("record_cursor", cases);
}
