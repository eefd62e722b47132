/* SPDX-License-Identifier: MIT */
/* json_recover.c - the objects of lines that are not one JSON object. */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "common/macros.h"
#include "json/recover.h"
#include "json_case.h"
#include "lib/guarded_buffer.h"

#define FFFD "\xef\xbf\xbd"
#define CSI "\x1b[0m"
#define R "{\"type\":\"result\"}"

/* A line, and the objects that come of it, a newline behind each. */
struct row {
	const char *line;
	size_t len;
	const char *objects;
	const char *rest; /* NULL: nothing is left */
};

/* clang-format off */
#define ROW(line, objects, rest) { line, sizeof (line) - 1, objects, rest }
#define NONE(line) { line, sizeof (line) - 1, "", NULL }
/* clang-format on */

/* The objects of a line, as one text; malloc. */
static char *
objects_of (struct recover *r, const char *line, size_t len, size_t max)
{
	size_t room = recover_room (line, len, max), n, used = 0;
	char *copy = malloc (room), *all = calloc (1, 2 * len + room + 64);
	struct lhk_str object;
	struct lhk_json j;

	if (copy == NULL || all == NULL)
		abort ();
	CU_ASSERT (room <= max + LHK_LINE_PADDING);
	n = recover_begin (r, line, len, copy, room);
	while (recover_next (r, &object)) {
		n--;
		CU_ASSERT (object.ptr[object.len] == '\n');
		CU_ASSERT (object.ptr + object.len + LHK_LINE_PADDING
			   <= copy + room);
		lhk_json_begin (&j, object.ptr, object.len);
		CU_ASSERT (lhk_json_skip (&j) && lhk_json_end (&j) == LHK_OK);
		memcpy (all + used, object.ptr, object.len);
		used += object.len;
		all[used++] = '\n';
	}
	TAP_EQ_INT (n, 0);
	free (copy);
	return all;
}

static void
check_rows (const struct row *rows, size_t n_rows)
{
	struct guarded_buffer g;
	struct recover r;
	const char *rest;
	char *all;
	size_t i;

	for (i = 0; i < n_rows; i++) {
		guarded_buffer_init (&g, rows[i].line, rows[i].len);
		guarded_buffer_lock (&g);
		all = objects_of (&r, g.data, rows[i].len, 1 << 20);
		rest = r.rest == NULL ? NULL : rows[i].line + (r.rest - g.data);
		if (!TAP_EQ_STR (all, rows[i].objects)
		    || (rows[i].rest == NULL && *all != '\0'
			&& !TAP_EQ_INT (rest != NULL, 0))
		    || (rows[i].rest != NULL
			&& !TAP_EQ_STR (rest, rows[i].rest)))
			tap_note ("line %zu: %.60s", i, rows[i].line);
		free (all);
		guarded_buffer_done (&g);
	}
}

static const struct row bad_bytes[] = {
	NONE (""),
	NONE ("{\"a\":1}"),
	NONE (" {\"\xc3\xa9\":2}\t"),
	NONE ("{\"a\":\"\\u0001\\ud800\"}"),
	NONE ("{\t\"a\"\r:\t1}"),
	ROW ("{\"a\":\"\x01\"}", "{\"a\":\"" FFFD "\"}\n", NULL),
	ROW ("{\"a\":\"x\0y\"}", "{\"a\":\"x" FFFD "y\"}\n", NULL),
	ROW ("{\"a\":\"\t\r\x1f\"}", "{\"a\":\"" FFFD FFFD FFFD "\"}\n", NULL),
	ROW ("{\"\x02\":1}", "{\"" FFFD "\":1}\n", NULL),
	ROW ("{\"a\":\"\xff\"}", "{\"a\":\"" FFFD "\"}\n", NULL),
	ROW ("{\"a\":\"\xe2\x82\"}", "{\"a\":\"" FFFD "\"}\n", NULL),
	ROW ("{\"a\":\"\xe2\x82\\n\"}", "{\"a\":\"" FFFD "\\n\"}\n", NULL),
	ROW ("{\"a\":\"\xf0\x9f\x98x\"}", "{\"a\":\"" FFFD "x\"}\n", NULL),
	ROW ("{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"" FFFD FFFD FFFD "\"}\n",
	     NULL),
	ROW ("{\"a\":\"\xc0\xaf\"}", "{\"a\":\"" FFFD FFFD "\"}\n", NULL),
	ROW ("{\"a\":\"\\\\\x01\"}", "{\"a\":\"\\\\" FFFD "\"}\n", NULL),
	ROW ("{\"a\":\"\\\"\x01\",\"b\":\t1}",
	     "{\"a\":\"\\\"" FFFD "\",\"b\":\t1}\n", NULL),
	ROW ("{\"a\":\"" CSI "\"}", "{\"a\":\"" FFFD "[0m\"}\n", NULL),
	NONE ("{\"a\":\"\\\x01\"}"),
	NONE ("{\"a\":\"\x80"),
	NONE ("\"\xf0\x9f"),
};

static const struct row around[] = {
	ROW (CSI R, R "\n", NULL),
	ROW (R CSI, R "\n", NULL),
	ROW ("\x1b[?25h\x1b]0;done\a" R CSI "\r", R "\n", NULL),
	ROW ("\x1b]0;t\x1b\\" R "\x1b]0;t", R "\n", NULL),
	ROW ("\x9b"
	     "31m" R "\xc2\x9b"
	     "0m",
	     R "\n", NULL),
	ROW ("\x1bP{\"x\":1}\x1b\\" R, R "\n", NULL),
	ROW ("\x1b]0;{\"x\":1}\a" R, R "\n", NULL),
	ROW ("\xef\xbb\xbf" R, R "\n", NULL),
	ROW ("\0\0\0" R "\0", R "\n", NULL),
	ROW ("\x1e" R, R "\n", NULL),
	ROW (R "\x01", R "\n", NULL),
	ROW ("{" CSI "\"a\"" CSI ":" CSI "1" CSI "}", "{\"a\":1}\n", NULL),
	ROW (CSI "{\"a\":\"\xff" CSI "\"}", "{\"a\":\"" FFFD FFFD "[0m\"}\n",
	     NULL),
	ROW ("\x1b]0;title without end " R, R "\n", NULL),
	NONE (CSI),
	NONE (CSI "[SandboxDebug] ok" CSI),
};

static const struct row texts[] = {
	ROW ("data: " R, R "\n", NULL),
	ROW ("2026-01-01 agent | " R " ", R "\n", NULL),
	ROW ("\xc3\xa9t\xc3\xa9: " R, R "\n", NULL),
	ROW ("note {x} " R, R "\n", NULL),
	ROW ("note {\"x\"} " R, R "\n", NULL),
	ROW ("note {} " R, R "\n", NULL),
	ROW ("note {\"x\":NaN} " R, R "\n", NULL),
	ROW ("note {\"x\":1 \"y\":{\"z\":2}} " R, R "\n", NULL),
	ROW ("[log] " R, R "\n", NULL),
	ROW ("{x} " R, R "\n", NULL),
	ROW ("a " R " b " R, R "\n" R "\n", NULL),
	ROW ("agent-1 | [" R "," R "]", R "\n" R "\n", NULL),
	ROW ("out: [ {\"a\":1} , " R " ] " CSI, "{\"a\":1}\n" R "\n", NULL),
	ROW ("[INFO] [{\"a\":1}][" R "]", "{\"a\":1}\n" R "\n", NULL),
	ROW ("," R, R "\n", NULL),
	/* an example in prose is no line */
	NONE ("the line " R " ends a run"),
	NONE ("a " R " b " R " c"),
	NONE ("the array [" R "," R "] is read"),
	NONE ("a [" R "]]"),
	NONE ("\"" R "\""),
	NONE ("say {\"a\":\"" R),
	NONE ("words {} and {} words"),
	NONE ("null"),
	NONE ("123"),
	NONE ("{}{}"),
};

static const struct row several[] = {
	ROW ("{\"a\":1}" R, "{\"a\":1}\n" R "\n", NULL),
	ROW ("{\"a\":1} \r\t" R "{\"c\":[{}]}",
	     "{\"a\":1}\n" R "\n{\"c\":[{}]}\n", NULL),
	ROW ("{\"a\":\"}{\"}{\"b\":\"\\\"}\"}",
	     "{\"a\":\"}{\"}\n{\"b\":\"\\\"}\"}\n", NULL),
	ROW ("{\"a\":1}" CSI R CSI, "{\"a\":1}\n" R "\n", NULL),
	ROW ("{\"a\":1}{}" R, "{\"a\":1}\n" R "\n", NULL),
	ROW ("{\"a\":1},{\"b\":2}", "{\"a\":1}\n{\"b\":2}\n", NULL),
	ROW ("{\"a\":1} and " R, "{\"a\":1}\n" R "\n", NULL),
	ROW ("{\"a\":\"\x01\"}{\"b\":\"\xff\"}",
	     "{\"a\":\"" FFFD "\"}\n{\"b\":\"" FFFD "\"}\n", NULL),
	/* the objects before the first text count, the rest does not */
	ROW (R " and more", R "\n", "and more"),
	ROW (R "{\"b\":", R "\n", "{\"b\":"),
	ROW (R CSI "}", R "\n", "}"),
	ROW (R "{\"a\":1} x " R " y", R "\n{\"a\":1}\n", "x " R " y"),
};

/* An object is torn, and another one begins just there. */
static const struct row torn[] = {
	ROW ("{\"a\":1" R, R "\n", NULL),
	ROW ("{\"a\":{\"b\":[1" R, R "\n", NULL),
	ROW ("{\"a\":\"some te" R, R "\n", NULL),
	ROW ("{\"a\":1,\"ke" R, R "\n", NULL),
	ROW ("{\"ke" R, R "\n", NULL),
	ROW ("{\"a\":1,\"b\":\"x\"" R R, R "\n" R "\n", NULL),
	/* what stands inside of a torn object is no line */
	NONE ("{\"a\":" R),
	NONE ("{\"a\":[" R),
	NONE ("{\"a\":NaN,\"b\":" R),
	NONE ("{\"a\":[1," R ",{\"b\":2}"),
	NONE ("{\"a\":\"b {\\\"type\\\":\\\"result\\\"}"),
	NONE ("{\"a\":1" R "the rest of a\"}"),
	NONE ("{\"a\":tru" R "e}"),
	NONE ("{\"a\":1,"),
	NONE ("{"),
	NONE ("}"),
	NONE ("{\"a\":{}"),
};

static const struct row arrays[] = {
	ROW ("[{\"a\":1},{\"b\":\"]\"}]", "{\"a\":1}\n{\"b\":\"]\"}\n", NULL),
	ROW (" [ {\"a\":1} ] ", "{\"a\":1}\n", NULL),
	ROW (CSI "[{\"a\":\"\x01\"}]" CSI, "{\"a\":\"" FFFD "\"}\n", NULL),
	ROW ("[{\"a\":1},null,[{\"c\":1}],{\"b\":2}]", "{\"a\":1}\n{\"b\":2}\n",
	     NULL),
	NONE ("[]"),
	NONE ("[1,2]"),
	NONE ("[1,{\"a\":1}]"),
	NONE ("[[{\"a\":1}]]"),
	NONE ("[{\"a\":1 \"b\":2}]"),
	/* torn */
	ROW ("[{\"a\":1},{\"b\":2}", "{\"a\":1}\n{\"b\":2}\n", NULL),
	ROW ("[{\"a\":1},{\"b\":2}, ", "{\"a\":1}\n{\"b\":2}\n", NULL),
	ROW ("[{\"a\":1},{\"b\":{\"c\":1}", "{\"a\":1}\n", ",{\"b\":{\"c\":1}"),
	ROW ("[{\"a\":1}] x", "{\"a\":1}\n", "] x"),
};

static void
repairs (void)
{
	check_rows (bad_bytes, ARRAY_SIZE (bad_bytes));
}

static void
terminals (void)
{
	check_rows (around, ARRAY_SIZE (around));
}

static void
prose (void)
{
	check_rows (texts, ARRAY_SIZE (texts));
}

static void
many_objects (void)
{
	check_rows (several, ARRAY_SIZE (several));
}

static void
torn_objects (void)
{
	check_rows (torn, ARRAY_SIZE (torn));
}

static void
array_of_lines (void)
{
	check_rows (arrays, ARRAY_SIZE (arrays));
}

/* The line has all the bytes there may be: a bad one cannot become three. */
static void
no_room (void)
{
	static const char line[] = "{\"a\":\"\x01\x02\xe2\x82\xf0\x9f\x98x\"}";
	const size_t len = sizeof line - 1;
	static const struct {
		size_t more;
		const char *object;
	} rows[] = {
		{ 0, "{\"a\":\"??" FFFD FFFD "x\"}\n" },
		{ 1, "{\"a\":\"??" FFFD FFFD "x\"}\n" },
		{ 2, "{\"a\":\"" FFFD "?" FFFD FFFD "x\"}\n" },
		{ 4, "{\"a\":\"" FFFD FFFD FFFD FFFD "x\"}\n" },
	};
	struct recover r;
	char *all;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (rows); i++) {
		all = objects_of (&r, line, len, len + rows[i].more);
		if (i == 0)
			TAP_EQ_STR (all, "{\"a\":\"???" FFFD "x\"}\n");
		else
			CU_ASSERT (strlen (all) <= len + rows[i].more + 1);
		free (all);
	}
}

/* Processor time to recover a line of LEN bytes. */
static double
seconds_for (const char *line, size_t len)
{
	struct recover r;
	clock_t start = clock ();

	free (objects_of (&r, line, len, 2 * len));
	return (double) (clock () - start) / CLOCKS_PER_SEC;
}

/* Lines whose parts begin again and again: eight times the line takes about
 * eight times as long, not 64 times. */
static void
linear (void)
{
	static const char *const parts[] = {
		"{",	    "{\"",	   "{\"{\"",	    "{\"a\":1",
		"{\"a\":{", "[{",	   "{\"a\"}",	    "{\"a\":1}x",
		"\x1b]",    "\x9d{",	   "{\"a\":\"\\\"", "{}",
		"{\"a\":[", "{\"a\":NaN}", "{\"a\":\"{\"b", "\xc2",
		"\xef\xbb",
	};
	const size_t len = 4 << 20;
	char *line = malloc (len);
	double few, many;
	size_t i, n;

	if (line == NULL)
		abort ();
	for (i = 0; i < ARRAY_SIZE (parts); i++) {
		for (n = 0; n < len; n++)
			line[n] = parts[i][n % strlen (parts[i])];
		few = seconds_for (line, len / 8);
		many = seconds_for (line, len);
		CU_ASSERT (many < 24 * few + 0.5);
		if (many >= 24 * few + 0.5)
			tap_note ("%s: %g s, then %g s", parts[i], few, many);
	}
	free (line);
}

/* Whatever the bytes are: what comes out is JSON, and is found again. */
static void
random_lines (void)
{
	static const char pieces[][12] = {
		"{",	  "}",	      "[",    "]",    "\"",   "\\",
		":",	  ",",	      "a",    "1",    " ",    "\x1b",
		"\x1b[m", "\x9b",     "\xc2", "\xff", "\x01", "{\"a\":1}",
		"\"a\"",  "\xc3\xa9", "null", "\a",
	};
	uint64_t seed = 20260101;
	struct guarded_buffer g;
	struct recover r, again;
	char line[256], *all, *twice;
	size_t i, k, len;

	for (i = 0; i < 20000; i++) {
		len = 0;
		for (k = json_draw (&seed, 24); k > 0; k--)
			len += (size_t) snprintf (
				line + len, sizeof line - len, "%s",
				pieces[json_draw (&seed, ARRAY_SIZE (pieces))]);
		guarded_buffer_init (&g, line, len);
		all = objects_of (&r, g.data, len, 300);
		for (k = 0; all[k] != '\0'; k++)
			if (all[k] == '\n')
				all[k] = ' ';
		twice = objects_of (&again, all, k, 1000);
		CU_ASSERT (r.left > 0 || again.left == 0);
		free (all);
		free (twice);
		guarded_buffer_done (&g);
	}
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "recover_replaces_bad_bytes_in_strings", repairs },
		{ "recover_takes_off_what_a_terminal_does_not_show",
		  terminals },
		{ "recover_finds_the_object_behind_text_and_none_in_prose",
		  prose },
		{ "recover_gives_several_objects_in_turn", many_objects },
		{ "recover_takes_no_object_out_of_a_torn_one", torn_objects },
		{ "recover_gives_the_objects_of_an_array", array_of_lines },
		{ "recover_never_passes_the_cap", no_room },
		{ "recover_is_linear_for_lines_that_begin_again_and_again",
		  linear },
		{ "recover_gives_json_whatever_the_bytes_are", random_lines },
		{ NULL, NULL },
	};

	return tap_run ("json_recover", cases);
}
