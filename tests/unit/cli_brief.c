/* SPDX-License-Identifier: MIT */
/* cli_brief.c - values of a list of runs in as few columns as they can have. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/records/brief.h"
#include "common/macros.h"
#include "common/text.h"
#include "lib/tap.h"

static void
durations (void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ -5, "0ms" },
		{ 0, "0ms" },
		{ 999, "999ms" },
		{ 1000, "1.0s" },
		{ 9999, "9.9s" },
		{ 10000, "10s" },
		{ 59999, "59s" },
		{ 60000, "1m00s" },
		{ 3599999, "59m59s" },
		{ 3600000, "1h00m" },
		{ 86399999, "23h59m" },
		{ 90000000, "1d01h" },
		{ INT64_MAX, "106751991167d07h" },
	};
	char text[BRIEF_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (cases); i++) {
		brief_duration (cases[i].ms, text);
		TAP_EQ_STR (text, cases[i].text);
	}
}

static void
counts (void)
{
	static const struct {
		int64_t n;
		const char *text;
	} cases[] = {
		{ 0, "0" },	     { 999, "999" },	    { 1000, "1.0k" },
		{ 9999, "9.9k" },    { 10000, "10k" },	    { 999999, "999k" },
		{ 1234567, "1.2M" }, { INT64_MAX, "9.2E" },
	};
	char text[BRIEF_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (cases); i++) {
		brief_count (cases[i].n, text);
		TAP_EQ_STR (text, cases[i].text);
	}
}

static void
costs (void)
{
	static const struct {
		int64_t nano;
		const char *text;
	} cases[] = {
		{ 0, "$0.00" },
		{ 1, "<$0.01" },
		{ 4999999, "<$0.01" },
		{ 5000000, "$0.01" },
		{ 1234567890, "$1.23" },
		{ 1235000000, "$1.24" },
		{ INT64_MAX, "$9223372036.85" },
	};
	char text[BRIEF_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (cases); i++) {
		brief_cost (cases[i].nano, text);
		TAP_EQ_STR (text, cases[i].text);
	}
}

static void
times (void)
{
	/* 2026-11-29T14:03:00Z */
	static const int64_t at = INT64_C (1795960980000);
	char text[BRIEF_SIZE];

	setenv ("TZ", "UTC0", 1);
	tzset ();
	brief_time (at, at + 3600000, text);
	TAP_EQ_STR (text, "14:03");
	brief_time (at, at + 86400000, text);
	TAP_EQ_STR (text, "Nov 29");
	brief_time (at, at + INT64_C (86400000) * 60, text);
	TAP_EQ_STR (text, "2026-11");
	setenv ("TZ", "XXX-10", 1);
	tzset ();
	brief_time (at, at, text);
	TAP_EQ_STR (text, "00:03");
}

static void
ids (void)
{
	char text[65];

	brief_id ("01M8QHD4CT4R5VCTKCFVCGYQCB", text, sizeof text);
	TAP_EQ_STR (text, "01M8QHD4CT4R");
	brief_id ("nightly-2026-11-29", text, sizeof text);
	TAP_EQ_STR (text, "nightly-2026-11-29");
	brief_id ("a-name-of-26-characters---", text, sizeof text);
	TAP_EQ_STR (text, "a-name-of-26-characters---");
}

static void
paths (void)
{
	static const struct {
		const char *path, *home;
		size_t max;
		const char *text;
	} cases[] = {
		{ "/srv/app", "/home/u", 20, "/srv/app" },
		{ "/home/u/src", "/home/u", 20, "~/src" },
		{ "/home/u", "/home/u", 20, "~" },
		{ "/home/user", "/home/u", 20, "/home/user" },
		{ "/home/u/src", NULL, 20, "/home/u/src" },
		{ "/srv/app", "/", 20, "/srv/app" },
		{ "/a/long/directory", "/h", 10,
		  "\xe2\x80\xa6"
		  "directory" },
		{ "/home/u/long/directory", "/home/u", 10,
		  "\xe2\x80\xa6"
		  "directory" },
		{ "/\xc3\xa9/\xc3\xa9\xc3\xa9", "", 4,
		  "\xe2\x80\xa6"
		  "/\xc3\xa9\xc3\xa9" },
		{ "/\xc3\xa9/\xc3\xa9", "", 4, "/\xc3\xa9/\xc3\xa9" },
	};
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (cases); i++) {
		brief_path (cases[i].path, cases[i].home, cases[i].max, text,
			    sizeof text);
		TAP_EQ_STR (text, cases[i].text);
	}
}

static void
lines (void)
{
	struct lhk_text from = text_from_cstr ("  fix\n\n\tthe  test\r\n");
	struct lhk_text escaped = { "a\\n\\tb", 6, LHK_TEXT_RAW, 0 };
	char text[64], small[8];

	brief_line (&from, text, sizeof text);
	TAP_EQ_STR (text, "fix the test ");
	brief_line (&escaped, text, sizeof text);
	TAP_EQ_STR (text, "a b");
	from = text_from_cstr ("123456\xc3\xa9");
	brief_line (&from, small, sizeof small);
	TAP_EQ_STR (small, "123456");
}

static const struct tap_case cases[] = {
	{ "durations_have_two_units_at_most", durations },
	{ "counts_have_three_digits_at_most", counts },
	{ "costs_are_in_cents", costs },
	{ "times_are_local_and_as_long_as_they_need", times },
	{ "an_id_that_was_made_is_shown_by_its_beginning", ids },
	{ "a_long_directory_is_shown_by_its_end", paths },
	{ "white_space_is_one_blank", lines },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("cli_brief", cases);
}
