/* SPDX-License-Identifier: MIT */
/* json_salvage.c - what is kept of an endless line. */
#include "config.h"

#include <stdio.h>

#include "json/salvage.h"
#include "lib/salvage_pieces.h"
#include "json_case.h"

/* The one object of a line, fed in pieces of CHUNK bytes from memory of its exact
 * size. */
static struct lhk_str
save (struct salvage *s, const char *data, size_t len, size_t chunk)
{
	struct lhk_str saved[SALVAGE_OBJECTS] = { { NULL, 0 } };

	salvage_feed_pieces (s, data, len, chunk);
	CU_ASSERT (salvage_end (s, saved) <= 1);
	return saved[0];
}

static void
is_line (const struct lhk_str *saved, const char *wanted)
{
	size_t i;

	TAP_EQ_MEM (saved->ptr, saved->len, wanted, strlen (wanted));
	TAP_EQ_INT (
		json_error_of (lhk_json_ops_here (), saved->ptr, saved->len),
		LHK_JSON_OK);
	for (i = 0; i < LHK_LINE_PADDING; i++)
		CU_ASSERT (saved->ptr[saved->len + i] == '\n');
}

/* What comes out is the same for every way to cut, valid, and padded. */
static void
gives_two (const char *data, size_t len, const char *first, const char *last)
{
	const char *const wanted[SALVAGE_OBJECTS] = { first, last };
	struct lhk_str saved[SALVAGE_OBJECTS];
	struct salvage s;
	size_t chunk, i, n;

	for (chunk = 1; chunk <= len + 1; chunk += chunk < 70 ? 1 : 997) {
		salvage_feed_pieces (&s, data, len, chunk);
		n = salvage_end (&s, saved);
		if (!TAP_EQ_INT (n, (*first != '\0') + (last != NULL)))
			tap_note ("%.70s", data);
		for (i = 0; i < n; i++)
			is_line (&saved[i], wanted[i]);
	}
}

static void
gives (const char *data, size_t len, const char *wanted)
{
	gives_two (data, len, wanted, NULL);
}

#define GIVES(line, wanted) gives (line, sizeof (line) - 1, wanted)
#define GIVES_TWO(line, first, last)                                           \
	gives_two (line, sizeof (line) - 1, first, last)

static void
small_members (void)
{
	GIVES ("{\"a\":1}", "{\"a\":1}");
	GIVES (" { \"a\" : 1 , \"b\" : [ 1, {} ] } ",
	       "{\"a\":1,\"b\":[ 1, {} ]}");
	GIVES ("{\"a\":\"\\\"}\\\\\",\"b\":{\"c\":\"]\"}}",
	       "{\"a\":\"\\\"}\\\\\",\"b\":{\"c\":\"]\"}}");
	GIVES ("{\"a\":true,\"b\":null,\"c\":-1.5e3,\"d\":\"\"}\r",
	       "{\"a\":true,\"b\":null,\"c\":-1.5e3,\"d\":\"\"}");
	GIVES ("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}");
	GIVES ("{\"a\":[]\t,\"b\":7\r}", "{\"a\":[],\"b\":7}");
}

static void
not_objects (void)
{
	GIVES ("", "");
	GIVES ("{}", "");
	GIVES ("[1,{}]", "");
	GIVES ("plain {text} {\"a\":1} and more", "");
	GIVES ("\"{\\\"a\\\":1}\"", "");
	GIVES ("\"{\"a\":1}\"", "");
	GIVES ("{\"a\"}", "");
	GIVES ("{a:1}", "");
	GIVES ("{\"a\" 1}", "");
}

static void
cut_lines (void)
{
	GIVES ("{\"a\":1,\"b\":2", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":\"xy", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":\"xy\"", "{\"a\":1,\"b\":\"xy\"}");
	GIVES ("{\"a\":1,\"b\":\"x\\\"", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":{\"c\":1}", "{\"a\":1,\"b\":{\"c\":1}}");
	GIVES ("{\"a\":1,\"b\":{\"c\":1", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\"", "{\"a\":1}");
	GIVES ("{\"a\":1,", "{\"a\":1}");
	GIVES ("{\"a\":tru", "");
}

static void
broken_lines (void)
{
	GIVES ("{\"a\":1,\"b\":\"\\x\",\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":[1},\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":{]},\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1}},\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\"{\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,,\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":,\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1,\"b\":},\"c\":2}", "{\"a\":1}");
	GIVES ("{\"a\":1]", "{\"a\":1}");
}

/* What the reader refuses is left out; the structure is clear, so that the
 * others stay. */
static void
invalid_members (void)
{
	GIVES ("{\"a\":01,\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":tru,\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":NaN,\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":[1{\"c\":3}],\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":[1,],\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":\"\\u12\",\"b\":2}", "{\"b\":2}");
	GIVES ("{\"a\":1 2,\"b\":2}", "{\"a\":1}");
}

#define FFFD "\xef\xbf\xbd"
#define CSI "\x1b[0m"

static void
repaired_members (void)
{
	GIVES ("{\"a\":\"\x01\t\",\"b\":2}",
	       "{\"a\":\"" FFFD FFFD "\",\"b\":2}");
	GIVES ("{\"a\":\"\xff\",\"b\":2}", "{\"a\":\"" FFFD "\",\"b\":2}");
	GIVES ("{\"\xff\":1,\"b\":2}", "{\"" FFFD "\":1,\"b\":2}");
	GIVES (CSI "{" CSI "\"a\"" CSI ":" CSI "1" CSI "," CSI "\"b\":[" CSI
		   "2]" CSI "}" CSI,
	       "{\"a\":1,\"b\":[ 2]}");
}

static void
around_an_object (void)
{
	GIVES ("\xef\xbb\xbf{\"a\":1}", "{\"a\":1}");
	GIVES ("\0\0{\"a\":1}\0", "{\"a\":1}");
	GIVES ("\x1b]0;t\a{\"a\":1}\r\n", "{\"a\":1}");
	GIVES ("\x1b]0;t {\"a\":1}", "{\"a\":1}");
	GIVES ("agent-1 | {\"a\":1}" CSI, "{\"a\":1}");
	GIVES ("note {x} {} {{\"a\":1}", "{\"a\":1}");
	GIVES ("{\"a\":1} done", "{\"a\":1}");
}

/* The first and the last. */
static void
several_objects (void)
{
	GIVES_TWO ("{\"a\":1}{\"b\":2}", "{\"a\":1}", "{\"b\":2}");
	GIVES_TWO ("{\"a\":1} {\"b\":2}\r{\"c\":3}", "{\"a\":1}", "{\"c\":3}");
	GIVES_TWO ("{\"a\":1}{\"b\":2}{\"c\":", "{\"a\":1}", NULL);
	GIVES_TWO ("[{\"a\":1},{\"b\":2}, {\"c\":3}]", "{\"a\":1}",
		   "{\"c\":3}");
	GIVES_TWO ("x [{\"a\":1},{\"b\":2}]", "{\"a\":1}", "{\"b\":2}");
	GIVES_TWO ("x {\"a\":1} y {\"b\":2}", "{\"a\":1}", "{\"b\":2}");
	GIVES_TWO ("{\"a\":1} y {\"b\":2} z", "{\"a\":1}", NULL);
	GIVES ("{\"a\":tru}{\"b\":2}", "{\"b\":2}");
}

/* They share the room: of the first, what is in one half stays. */
static void
room_of_two (void)
{
	struct lhk_str saved[SALVAGE_OBJECTS];
	struct salvage s;
	char line[16384];
	size_t n = 0, i, k;

	for (i = 0; i < 2; i++) {
		for (k = 0; k < 5; k++) {
			n += (size_t) snprintf (line + n, sizeof line - n,
						"%c\"%zu\":\"", k ? ',' : '{',
						k);
			memset (line + n, 'x', 800);
			n += 800;
			line[n++] = '"';
		}
		line[n++] = '}';
	}
	salvage_feed_pieces (&s, line, n, 777);
	TAP_EQ_INT (salvage_end (&s, saved), 2);
	TAP_EQ_INT (saved[0].len, 2 * 807 + 1);
	TAP_EQ_INT (saved[1].len, 2 * 807 + 1);
	CU_ASSERT (saved[0].len + saved[1].len <= LIMIT_SALVAGE_TOTAL);
}

static int
whole (const char *line)
{
	struct salvage s;

	salvage_feed_pieces (&s, line, strlen (line), 5);
	return salvage_is_whole (&s);
}

static void
whole_lines (void)
{
	CU_ASSERT (whole ("x {\"a\":1,\"b\":\"\x01\"} "));
	CU_ASSERT (!whole ("{\"a\":1,\"b\":NaN}"));
	CU_ASSERT (!whole ("{\"a\":1,\"b\":2"));
	CU_ASSERT (!whole ("{\"a\":1} x"));
	CU_ASSERT (whole (" \x01\x02\r {\"a\":1}\x01 \x1b[1m "));
	CU_ASSERT (!whole ("{\"a\":1} \x1b ]x"));
	CU_ASSERT (!whole ("{\"a\":1}{\"b\":1}"));
	CU_ASSERT (!whole ("text"));
}

/* A string of N bytes as a value, behind FRONT and before BACK. */
static char *
with_string (const char *front, size_t n, const char *back, size_t *ret_len)
{
	const size_t a = strlen (front), b = strlen (back);
	char *data = malloc (a + n + b + 1);

	if (data == NULL)
		abort ();
	memcpy (data, front, a);
	memset (data + a, 'x', n);
	memcpy (data + a + n, back, b);
	*ret_len = a + n + b;
	return data;
}

static void
large_members (void)
{
	static const char *const fronts[] = {
		"{\"a\":1,\"big\":\"",
		"{\"a\":1,\"big\":[\"",
		"{\"a\":1,\"big\":{\"k\":\"",
	};
	static const char *const backs[] = {
		"\",\"z\":2}",
		"\"],\"z\":2}",
		"\"},\"z\":2}",
	};
	char *data;
	size_t i, len;

	for (i = 0; i < 3; i++) {
		data = with_string (fronts[i], 5000, backs[i], &len);
		gives (data, len, "{\"a\":1,\"z\":2}");
		free (data);
	}
	data = with_string ("{\"", 5000, "\":1,\"z\":2}", &len);
	gives (data, len, "{\"z\":2}");
	free (data);
	data = with_string ("{\"a\":0.", 5000, ",\"z\":2}", &len);
	gives (data, len, "{\"z\":2}");
	free (data);
}

/* A value of exactly the limit is kept, one byte more is not. */
static void
limit_of_a_member (void)
{
	struct lhk_str saved;
	struct salvage s;
	char *data;
	size_t len;

	data = with_string ("{\"a\":\"", LIMIT_SALVAGE_MEMBER - 2, "\"}", &len);
	saved = save (&s, data, len, 100);
	TAP_EQ_MEM (saved.ptr, saved.len, data, len);
	free (data);
	data = with_string ("{\"a\":\"", LIMIT_SALVAGE_MEMBER - 1, "\"}", &len);
	saved = save (&s, data, len, 100);
	TAP_EQ_INT (saved.len, 0);
	free (data);
}

/* Members of 1000 bytes: three fit, the fourth does not, a small one does. */
static void
limit_of_all (void)
{
	char line[8192];
	struct lhk_str saved;
	struct salvage s;
	size_t n = 1;
	int i;

	line[0] = '{';
	for (i = 0; i < 5; i++) {
		n += (size_t) snprintf (line + n, sizeof (line) - n,
					"\"%d\":\"", i);
		memset (line + n, 'x', 1000);
		n += 1000;
		n += (size_t) snprintf (line + n, sizeof (line) - n, "\",");
	}
	n += (size_t) snprintf (line + n, sizeof (line) - n, "\"s\":1}");
	saved = save (&s, line, n, 777);
	TAP_EQ_INT (saved.len, 1 + 3 * 1007 + 5 + 1);
	CU_ASSERT (saved.len <= LIMIT_SALVAGE_TOTAL);
	TAP_EQ_MEM (saved.ptr + saved.len - 6, 6, "\"s\":1}", 6);
	TAP_EQ_INT (json_error_of (lhk_json_ops_here (), saved.ptr, saved.len),
		    LHK_JSON_OK);
}

/* Nothing of LIMIT_SALVAGE_TOTAL is lost and none more is taken. */
static void
filled_to_the_last_byte (void)
{
	struct lhk_str saved;
	struct salvage s;
	char line[8192];
	size_t n, fill, i;
	int more;

	for (more = 0; more < 2; more++) {
		n = 0;
		for (i = 0; i < 4; i++) {
			fill = i < 3 ? 1000
				     : LIMIT_SALVAGE_TOTAL - n - 8
					       + (size_t) more;
			n += (size_t) snprintf (line + n, sizeof (line) - n,
						"%s\"%zu\":\"", i ? "," : "{",
						i);
			memset (line + n, 'x', fill);
			n += fill;
			line[n++] = '"';
		}
		line[n++] = '}';
		TAP_EQ_INT (n, LIMIT_SALVAGE_TOTAL + more);
		saved = save (&s, line, n, 64);
		if (more) {
			CU_ASSERT (saved.len < 3100);
		} else {
			TAP_EQ_MEM (saved.ptr, saved.len, line, n);
		}
	}
}

static void
depth (void)
{
	char line[1024], *p;
	unsigned int n;

	for (n = LHK_JSON_DEPTH - 2; n <= LHK_JSON_DEPTH + 70; n++) {
		p = line + snprintf (line, 64, "{\"a\":1,\"b\":");
		memset (p, '[', n);
		memset (p + n, ']', n);
		p += 2 * n;
		p += snprintf (p, 64, ",\"c\":2}");
		if (n >= LHK_JSON_DEPTH)
			gives (line, (size_t) (p - line), "{\"a\":1,\"c\":2}");
		else
			gives (line, (size_t) (p - line), line);
	}
}

/* The last line of a recorded run, with 12 MB in its text. */
static void
recorded_result (void)
{
	static const char *const kept[] = {
		"\"type\":\"result\"", "\"subtype\":\"success\"",
		"\"session_id\":",     "\"usage\":{",
		"\"modelUsage\":{",    "\"total_cost_usd\":",
		"\"is_error\":false",
	};
	const char *srcdir = getenv ("srcdir");
	struct lhk_str saved[SALVAGE_OBJECTS] = { { NULL, 0 } };
	char path[4096], line[65536];
	struct salvage s;
	const char *text;
	char *fill;
	size_t i, n;
	FILE *f;

	snprintf (path, sizeof (path), "%s/streams/claude/plain.ndjson",
		  srcdir ? srcdir : "tests");
	f = fopen (path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL (f);
	fill = malloc (1 << 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL (fill);
	memset (fill, 'x', 1 << 20);
	while (fgets (line, sizeof (line), f) != NULL) {
		text = strstr (line, "\"result\":\"");
		if (text == NULL)
			continue;
		text += 10;
		n = strlen (text) - 1;
		salvage_init (&s);
		salvage_feed (&s, line, (size_t) (text - line));
		for (i = 0; i < 12; i++)
			salvage_feed (&s, fill, 1 << 20);
		salvage_feed (&s, text, n);
		TAP_EQ_INT (salvage_end (&s, saved), 1);
	}
	for (i = 0; i < sizeof (kept) / sizeof (kept[0]); i++) {
		if (saved[0].ptr == NULL
		    || memmem (saved[0].ptr, saved[0].len, kept[i],
			       strlen (kept[i]))
			       == NULL) {
			tap_note ("%s is lost", kept[i]);
			CU_FAIL ("a member is lost");
		}
	}
	CU_ASSERT (saved[0].ptr == NULL
		   || memmem (saved[0].ptr, saved[0].len, "\"result\":\"", 10)
			      == NULL);
	fclose (f);
	free (fill);
}

static const struct tap_case cases[] = {
	{ "small_members_are_kept_as_written", small_members },
	{ "what_is_no_object_gives_nothing", not_objects },
	{ "a_cut_line_gives_the_members_that_are_whole", cut_lines },
	{ "a_broken_line_gives_what_stands_before", broken_lines },
	{ "an_invalid_member_is_left_out", invalid_members },
	{ "bad_bytes_and_colours_are_repaired", repaired_members },
	{ "an_object_may_stand_in_text", around_an_object },
	{ "of_several_objects_the_first_and_the_last_are_kept",
	  several_objects },
	{ "two_objects_share_the_room", room_of_two },
	{ "it_is_known_whether_only_size_and_depth_cost_a_member",
	  whole_lines },
	{ "a_large_member_is_left_out_and_later_ones_are_kept", large_members },
	{ "a_value_of_1024_bytes_is_kept", limit_of_a_member },
	{ "all_together_fit_the_limit", limit_of_all },
	{ "the_limit_of_all_is_exact", filled_to_the_last_byte },
	{ "a_member_of_more_than_128_levels_is_left_out", depth },
	{ "a_recorded_result_of_12_megabytes_keeps_its_usage",
	  recorded_result },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_salvage", cases);
}
