/* SPDX-License-Identifier: MIT */
/* json_repair.c - strings that hold what they must not. */
#include "config.h"

#include "json/repair.h"
#include "json_case.h"

#define FFFD "\xef\xbf\xbd"

struct repair {
	const char *in;
	size_t in_len;
	const char *out; /* NULL: nothing to repair */
	size_t out_len;
	int becomes_json;
};

/* clang-format off */
#define REPAIR(in, out, ok) \
	{ in, sizeof (in) - 1, out, sizeof (out) - 1, ok }
/* clang-format on */
/* clang-format off */
#define NOTHING(in) { in, sizeof (in) - 1, NULL, 0, 0 }
/* clang-format on */

static const struct repair repairs[] = {
	NOTHING (""),
	NOTHING ("{\"a\":1}"),
	NOTHING ("{\"\xc3\xa9\":2}"),
	NOTHING ("{\"a\":\"\\u0001\\ud800\"}"),
	NOTHING ("\x01\x80 {}"),
	NOTHING ("\xef\xbb\xbf{\"a\":1}"),
	NOTHING ("{\t\"a\"\r:\t1}"),
	NOTHING ("{\"a\":\"\\\"\",\x01}"),
	NOTHING ("{\"a\\\\\":\t1}"),
	REPAIR ("{\"a\":\"\x01\"}", "{\"a\":\"" FFFD "\"}", 1),
	REPAIR ("{\"a\":\"x\0y\"}", "{\"a\":\"x" FFFD "y\"}", 1),
	REPAIR ("{\"a\":\"\t\r\x1f\"}", "{\"a\":\"" FFFD FFFD FFFD "\"}", 1),
	REPAIR ("{\"\x02\":1}", "{\"" FFFD "\":1}", 1),
	REPAIR ("{\"a\":\"\xff\"}", "{\"a\":\"" FFFD "\"}", 1),
	REPAIR ("{\"a\":\"\xe2\x82\"}", "{\"a\":\"" FFFD "\"}", 1),
	REPAIR ("{\"a\":\"\xe2\x82\\n\"}", "{\"a\":\"" FFFD "\\n\"}", 1),
	REPAIR ("{\"a\":\"\xf0\x9f\x98x\"}", "{\"a\":\"" FFFD "x\"}", 1),
	REPAIR ("{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"" FFFD FFFD FFFD "\"}",
		1),
	REPAIR ("{\"a\":\"\xc0\xaf\"}", "{\"a\":\"" FFFD FFFD "\"}", 1),
	REPAIR ("{\"a\":\"\\\\\x01\"}", "{\"a\":\"\\\\" FFFD "\"}", 1),
	REPAIR ("{\"a\":\"\\\"\x01\",\"b\":\t1}",
		"{\"a\":\"\\\"" FFFD "\",\"b\":\t1}", 1),
	REPAIR ("{\"a\":\"\\\x01\"}", "{\"a\":\"\\" FFFD "\"}", 0),
	REPAIR ("{\"a\":\"\x80", "{\"a\":\"" FFFD, 0),
	REPAIR ("\x01{\"a\":\"\x01\"}\x80", "\x01{\"a\":\"" FFFD "\"}\x80", 0),
	REPAIR ("\"\xf0\x9f", "\"" FFFD, 0),
};

#define N_REPAIRS (sizeof (repairs) / sizeof (repairs[0]))

static void
table (void)
{
	const struct repair *r;
	char *in, *out, *line;
	size_t i, need, n;

	for (i = 0; i < N_REPAIRS; i++) {
		r = &repairs[i];
		in = malloc (r->in_len + 1);
		if (in == NULL)
			abort ();
		memcpy (in + 1, r->in, r->in_len);
		need = repair_size (in + 1, r->in_len);
		TAP_EQ_INT (need, r->out_len);
		out = malloc (need + 1);
		if (out == NULL)
			abort ();
		n = r->out ? repair_line (in + 1, r->in_len, out) : 0;
		if (r->out != NULL)
			TAP_EQ_MEM (out, n, r->out, r->out_len);
		line = json_pad (out, n);
		TAP_EQ_INT (json_error_of (lhk_json_ops_here (), line, n)
				    == LHK_JSON_OK,
			    r->becomes_json);
		free (line);
		free (out);
		free (in);
	}
}

/* A repaired line has nothing to repair. */
static void
once_is_enough (void)
{
	static const char bytes[] = "\"\"\"\\\\ax{}\x01\x80\xc3\xe2\x82\xff";
	char line[40], out[120];
	uint64_t state = 77;
	size_t k, n, need;
	int i, any = 0;

	for (i = 0; i < 20000; i++) {
		n = json_draw (&state, sizeof (line));
		for (k = 0; k < n; k++)
			line[k] = bytes[json_draw (&state, sizeof (bytes) - 1)];
		need = repair_size (line, n);
		CU_ASSERT_FATAL (need <= sizeof (out));
		if (need == 0)
			continue;
		any++;
		CU_ASSERT (repair_line (line, n, out) == need);
		CU_ASSERT (repair_size (out, need) == 0);
	}
	CU_ASSERT (any > 5000);
}

static const struct tap_case cases[] = {
	{ "bytes_that_strings_must_not_hold_are_replaced", table },
	{ "a_repaired_line_has_nothing_to_repair", once_is_enough },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_repair", cases);
}
