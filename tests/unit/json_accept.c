/* SPDX-License-Identifier: MIT */
/* json_accept.c - what is JSON and what is not. */
#include "config.h"

#include "json_case.h"

struct text {
	const char *data;
	size_t len;
	int error;
};

/* clang-format off */
#define GOOD(s) { s, sizeof (s) - 1, LHK_JSON_OK }
/* clang-format on */
/* clang-format off */
#define BAD(s, e) { s, sizeof (s) - 1, LHK_JSON_E##e }
/* clang-format on */

static void
check_texts (const struct text *list, size_t n)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), i, k;
	char *copy;
	int found;

	for (i = 0; i < n; i++) {
		copy = json_pad (list[i].data, list[i].len);
		for (k = 0; k < n_ways; k++) {
			found = json_error_of (ways[k], copy, list[i].len);
			if (!TAP_EQ_INT (found, list[i].error))
				tap_note ("%s: %s", ways[k]->name,
					  list[i].data);
		}
		free (copy);
	}
}

#define CHECK(list) check_texts ((list), sizeof (list) / sizeof ((list)[0]))

static void
structures (void)
{
	static const struct text list[] = {
		GOOD ("[]"),
		GOOD ("{}"),
		GOOD ("[[]   ]"),
		GOOD ("[\"\"]"),
		GOOD ("[1,null,\"x\",{},true,false]"),
		GOOD (" [1] "),
		GOOD ("\t{\t\"a\"\t:\t1\t,\t\"b\"\t:\t2\t}\t"),
		GOOD ("{\"\":0}"),
		GOOD ("[1]\r"),
		GOOD ("{\"a\":[{}]}"),
		GOOD ("{\"a\":1,\"a\":2}"),
		GOOD ("null"),
		GOOD ("-1"),
		GOOD ("\"x\""),
		GOOD (" true "),
		GOOD ("1 "),
	};

	CHECK (list);
}

static void
cut_structures (void)
{
	static const struct text list[] = {
		BAD ("", END),		BAD (" ", END),
		BAD ("[", END),		BAD ("{", END),
		BAD ("[1", END),	BAD ("[1,", END),
		BAD ("{\"a\"", END),	BAD ("{\"a\":", END),
		BAD ("{\"a\":1", END),	BAD ("tru", END),
		BAD ("{\"a\":1,", END),
	};

	CHECK (list);
}

static void
wrong_structures (void)
{
	static const struct text list[] = {
		BAD ("[1,]", SYNTAX),	   BAD ("{\"a\":1,}", SYNTAX),
		BAD ("[,1]", SYNTAX),	   BAD ("[1,,2]", SYNTAX),
		BAD ("[1 2]", SYNTAX),	   BAD ("[1}", SYNTAX),
		BAD ("{\"a\":1]", SYNTAX), BAD ("{\"a\" 1}", SYNTAX),
		BAD ("{a:1}", SYNTAX),	   BAD ("{1:1}", SYNTAX),
		BAD ("{\"a\":}", SYNTAX),  BAD ("{\"a\"::1}", SYNTAX),
		BAD ("{,}", SYNTAX),	   BAD ("]", SYNTAX),
		BAD ("}", SYNTAX),	   BAD (",", SYNTAX),
		BAD (":", SYNTAX),	   BAD ("[\"a\":1]", SYNTAX),
		BAD ("{\"a\",1}", SYNTAX), BAD ("{null:1}", SYNTAX),
	};

	CHECK (list);
}

static void
behind_the_value (void)
{
	static const struct text list[] = {
		BAD ("{} x", TRAILING),	  BAD ("{}{}", TRAILING),
		BAD ("1 2", TRAILING),	  BAD ("[]]", TRAILING),
		BAD ("{},", TRAILING),	  BAD ("{}\0", TRAILING),
		BAD ("truex", TRAILING),  BAD ("\"a\"\"b\"", TRAILING),
		BAD ("null\v", TRAILING), BAD ("[1]/**/", TRAILING),
		BAD ("{}\n", TRAILING),	  BAD ("1\n2", TRAILING),
	};

	CHECK (list);
}

static void
extensions (void)
{
	static const struct text list[] = {
		BAD ("{'a':1}", SYNTAX),	BAD ("['a']", SYNTAX),
		BAD ("[1/*x*/]", SYNTAX),	BAD ("//x", SYNTAX),
		BAD ("[True]", SYNTAX),		BAD ("[NULL]", SYNTAX),
		BAD ("[nul]", SYNTAX),		BAD ("[truth]", SYNTAX),
		BAD ("[falsy]", SYNTAX),	BAD ("[undefined]", SYNTAX),
		BAD ("\xef\xbb\xbf{}", SYNTAX), BAD ("\v[]", SYNTAX),
		BAD ("[\f]", SYNTAX),		BAD ("[\xc2\xa0]", SYNTAX),
		BAD ("[\0]", SYNTAX),		BAD ("\0", SYNTAX),
		BAD ("{\n\"a\":1}", SYNTAX),	BAD ("[`a`]", SYNTAX),
	};

	CHECK (list);
}

static void
numbers (void)
{
	static const struct text list[] = {
		GOOD ("0"),	   GOOD ("-0"),
		GOOD ("10"),	   GOOD ("-1.5"),
		GOOD ("0.0"),	   GOOD ("1e5"),
		GOOD ("1E+00001"), GOOD ("1e-5"),
		GOOD ("-0.0E-0"),  GOOD ("1e999"),
		GOOD ("-1e999"),   GOOD ("123456789012345678901234567890"),
		GOOD ("[0,-0,0]"), GOOD ("9007199254740993"),
	};

	CHECK (list);
}

static void
cut_numbers (void)
{
	static const struct text list[] = {
		BAD ("-", END),
		BAD ("1.", END),
		BAD ("1e", END),
		BAD ("1e-", END),
	};

	CHECK (list);
}

static void
wrong_numbers (void)
{
	static const struct text list[] = {
		BAD ("01", TRAILING),
		BAD ("-01", TRAILING),
		BAD ("[01]", SYNTAX),
		BAD ("[1.]", SYNTAX),
		BAD ("[.5]", SYNTAX),
		BAD ("[+1]", SYNTAX),
		BAD ("[-]", SYNTAX),
		BAD ("[1e]", SYNTAX),
		BAD ("[1e+]", SYNTAX),
		BAD ("[1.e5]", SYNTAX),
		BAD ("[0x1f]", SYNTAX),
		BAD ("[1_000]", SYNTAX),
		BAD ("[NaN]", SYNTAX),
		BAD ("[Infinity]", SYNTAX),
		BAD ("[-Infinity]", SYNTAX),
		BAD ("[1.2.3]", SYNTAX),
		BAD ("[1e5.5]", SYNTAX),
		BAD ("[- 1]", SYNTAX),
		BAD ("[--1]", SYNTAX),
		BAD ("[0e]", SYNTAX),
		BAD ("[\xef\xbc\x91]", SYNTAX),
	};

	CHECK (list);
}

static void
strings (void)
{
	static const struct text list[] = {
		GOOD ("\"\""),
		GOOD ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
		GOOD ("\"\\u0000\""),
		GOOD ("\"\\uabcd\\uABCD\""),
		GOOD ("\"\\ud83d\\ude00\""),
		GOOD ("\"\\ud83d\""),
		GOOD ("\"\\ude00\""),
		GOOD ("\"\\ude00\\ud83d\""),
		GOOD ("\"\\ud83dx\""),
		GOOD ("\"\x7f\""),
	};

	CHECK (list);
}

static void
cut_strings (void)
{
	static const struct text list[] = {
		BAD ("\"", END),
		BAD ("\"a", END),
		BAD ("\"\\", END),
		BAD ("\"\\\"", END),
		BAD ("\"\\u12", END),
		BAD ("[\"", END),
		BAD ("\"\\ud83d\\\"", END),
	};

	CHECK (list);
}

static void
controls_in_strings (void)
{
	static const struct text list[] = {
		BAD ("\"\t\"", STRING),	  BAD ("\"\r\"", STRING),
		BAD ("\"a\0b\"", STRING), BAD ("\"\x1f\"", STRING),
		BAD ("\"\x01\"", STRING), BAD ("\"\n\"", STRING),
		BAD ("\"\\\t\"", STRING), BAD ("{\"\x01\":1}", STRING),
	};

	CHECK (list);
}

static void
unknown_escapes (void)
{
	static const struct text list[] = {
		BAD ("\"\\a\"", STRING),     BAD ("\"\\x41\"", STRING),
		BAD ("\"\\u12g4\"", STRING), BAD ("\"\\u123\"", STRING),
		BAD ("\"\\U0041\"", STRING), BAD ("\"\\'\"", STRING),
		BAD ("\"\\0\"", STRING),     BAD ("\"\\\xc3\xa9\"", STRING),
		BAD ("{\"\\q\":1}", STRING),
	};

	CHECK (list);
}

static void
utf8 (void)
{
	static const struct text list[] = {
		GOOD ("\"\xc2\x80\xdf\xbf\""),
		GOOD ("\"\xe0\xa0\x80\""),
		GOOD ("\"\xed\x9f\xbf\xee\x80\x80\""),
		GOOD ("\"\xef\xbf\xbf\""),
		GOOD ("\"\xf0\x90\x80\x80\""),
		GOOD ("\"\xf4\x8f\xbf\xbf\""),
		GOOD ("\"\xef\xbb\xbf\""),
	};

	CHECK (list);
}

static void
cut_utf8 (void)
{
	static const struct text list[] = {
		BAD ("\"\xc3", END),
	};

	CHECK (list);
}

static void
overlong_utf8 (void)
{
	static const struct text list[] = {
		BAD ("\"\xc0\xaf\"", UTF8),
		BAD ("\"\xc1\xbf\"", UTF8),
		BAD ("\"\xc0\x80\"", UTF8),
		BAD ("\"\xe0\x9f\xbf\"", UTF8),
		BAD ("\"\xe0\x80\xaf\"", UTF8),
		BAD ("\"\xf0\x8f\xbf\xbf\"", UTF8),
		BAD ("\"\xf0\x80\x80\xaf\"", UTF8),
	};

	CHECK (list);
}

static void
surrogates_in_utf8 (void)
{
	static const struct text list[] = {
		BAD ("\"\xed\xa0\x80\"", UTF8),
		BAD ("\"\xed\xbf\xbf\"", UTF8),
		BAD ("\"\xed\xa0\xbd\xed\xb8\x80\"", UTF8),
	};

	CHECK (list);
}

static void
beyond_unicode (void)
{
	static const struct text list[] = {
		BAD ("\"\xf4\x90\x80\x80\"", UTF8),
		BAD ("\"\xf5\x80\x80\x80\"", UTF8),
	};

	CHECK (list);
}

static void
broken_utf8 (void)
{
	static const struct text list[] = {
		BAD ("\"\x80\"", UTF8),		BAD ("\"\xbf\"", UTF8),
		BAD ("\"\xff\"", UTF8),		BAD ("\"\xfe\"", UTF8),
		BAD ("\"\xc3\"", UTF8),		BAD ("\"\xe2\x82\"", UTF8),
		BAD ("\"\xf0\x9f\x98\"", UTF8), BAD ("\"\xc3(\"", UTF8),
		BAD ("\"\xe2(\xac\"", UTF8),	BAD ("\"\xf0\x9f(\x80\"", UTF8),
		BAD ("\"\xc3\xc3\xa9\"", UTF8), BAD ("\"\xc3\\u00a9\"", UTF8),
		BAD ("{\"\xff\":1}", UTF8),	BAD ("\"\xc3\xa9\xa9\"", UTF8),
		BAD ("[\"a\",\"\xf8\"]", UTF8), BAD ("\"\xff\x01\"", STRING),
	};

	CHECK (list);
}

/* N times OPEN, the value, N times CLOSE. */
static char *
nest (const char *open, const char *close, size_t n, size_t *ret_len)
{
	const size_t a = strlen (open), b = strlen (close);
	char *data = malloc (n * (a + b) + 1 + LHK_LINE_PADDING);
	char *p = data;
	size_t i;

	if (data == NULL)
		abort ();
	for (i = 0; i < n; i++, p += a)
		memcpy (p, open, a);
	*p++ = '0';
	for (i = 0; i < n; i++, p += b)
		memcpy (p, close, b);
	*ret_len = (size_t) (p - data);
	memset (p, '\n', LHK_LINE_PADDING);
	return data;
}

static void
depth (void)
{
	static const struct {
		size_t n;
		int error;
	} depths[] = {
		{ 1, LHK_JSON_OK },
		{ 63, LHK_JSON_OK },
		{ 64, LHK_JSON_OK },
		{ 65, LHK_JSON_OK },
		{ 127, LHK_JSON_OK },
		{ LHK_JSON_DEPTH, LHK_JSON_OK },
		{ LHK_JSON_DEPTH + 1, LHK_JSON_EDEPTH },
		{ 100000, LHK_JSON_EDEPTH },
	};
	static const char *const pairs[][2] = {
		{ "[", "]" },
		{ "{\"a\":", "}" },
		{ "[{\"\":", "}]" },
	};
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), i, k, way, n, len;
	char *data;

	for (i = 0; i < sizeof (depths) / sizeof (depths[0]); i++) {
		for (k = 0; k < 3; k++) {
			n = k == 2 ? (depths[i].n + 1) / 2 : depths[i].n;
			data = nest (pairs[k][0], pairs[k][1], n, &len);
			for (way = 0; way < n_ways; way++)
				TAP_EQ_INT (
					json_error_of (ways[way], data, len),
					depths[i].error);
			free (data);
		}
	}
}

/* Brackets of both kinds, 128 deep, one of them wrong. */
static void
wrong_bracket_at_every_depth (void)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), i, way, len;
	char *data = nest ("[{\"\":", "}]", LHK_JSON_DEPTH / 2, &len);
	char right;

	for (i = len - LHK_JSON_DEPTH; i < len; i++) {
		right = data[i];
		data[i] = right == ']' ? '}' : ']';
		for (way = 0; way < n_ways; way++)
			TAP_EQ_INT (json_error_of (ways[way], data, len),
				    LHK_JSON_ESYNTAX);
		data[i] = right;
	}
	free (data);
}

/* Every prefix of a line ends too early and nothing else. */
static void
every_prefix (void)
{
	static const char line[] =
		"{\"a\":[1.5e+3,true,false,null,"
		"\"\\u00e9\\n\xf0\x9f\x98\x80\"],\"bcdefghijklmnopqrstu\":{}}";
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), n, way;
	char *copy;
	int error;

	for (n = 0; n < sizeof (line) - 1; n++) {
		copy = json_pad (line, n);
		for (way = 0; way < n_ways; way++) {
			error = json_error_of (ways[way], copy, n);
			TAP_EQ_INT (error, LHK_JSON_EEND);
		}
		free (copy);
	}
}

static void
a_line_is_an_object (void)
{
	static const char *const lines[] = {
		"[]", "1", "\"x\"", "null", "true", "", "[{}]",
	};
	static const struct lhk_field fields[] = {
		{ "a", 1, LHK_FIELD_INT, 0, 0, 0, NULL },
	};
	LHK_FIELDS (table, struct lhk_num, fields);
	struct lhk_num num;
	char *copy;
	size_t i;

	for (i = 0; i < sizeof (lines) / sizeof (lines[0]); i++) {
		copy = json_pad (lines[i], strlen (lines[i]));
		TAP_EQ_INT (
			lhk_json_line (copy, strlen (lines[i]), &table, &num),
			LHK_EPARSE);
		TAP_EQ_INT (num.has, 0);
		free (copy);
	}
	copy = json_pad ("{\"a\":7}", 7);
	TAP_EQ_INT (lhk_json_line (copy, 7, &table, &num), LHK_OK);
	TAP_EQ_INT (num.value, 7);
	free (copy);
}

static const struct tap_case cases[] = {
	{ "structures_of_rfc_8259_are_accepted", structures },
	{ "a_structure_that_is_cut_ends_too_early", cut_structures },
	{ "misplaced_commas_colons_and_brackets_are_refused",
	  wrong_structures },
	{ "nothing_but_blanks_may_follow_the_value", behind_the_value },
	{ "extensions_of_json_are_refused", extensions },
	{ "numbers_of_rfc_8259_are_accepted", numbers },
	{ "a_number_that_is_cut_ends_too_early", cut_numbers },
	{ "malformed_numbers_are_refused", wrong_numbers },
	{ "strings_with_known_escapes_are_accepted", strings },
	{ "a_string_that_is_cut_ends_too_early", cut_strings },
	{ "control_characters_in_a_string_are_refused", controls_in_strings },
	{ "unknown_escapes_are_refused", unknown_escapes },
	{ "valid_utf8_is_accepted", utf8 },
	{ "a_string_cut_in_a_character_ends_too_early", cut_utf8 },
	{ "overlong_utf8_is_refused", overlong_utf8 },
	{ "surrogates_in_utf8_are_refused", surrogates_in_utf8 },
	{ "code_points_beyond_unicode_are_refused", beyond_unicode },
	{ "broken_sequences_of_utf8_are_refused", broken_utf8 },
	{ "128_levels_are_accepted_and_129_are_not", depth },
	{ "a_wrong_bracket_is_seen_at_every_depth",
	  wrong_bracket_at_every_depth },
	{ "a_line_cut_anywhere_ends_too_early", every_prefix },
	{ "a_line_must_be_an_object", a_line_is_an_object },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_accept", cases);
}
