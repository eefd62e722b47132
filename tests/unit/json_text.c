/* SPDX-License-Identifier: MIT */
/* json_text.c - texts of every form, decoded and compared. */
#include "config.h"

#include "json_case.h"

#define FFFD "\xef\xbf\xbd"

struct text {
	uint32_t form;
	const char *in;
	size_t in_len;
	const char *out;
	size_t out_len;
};

/* clang-format off */
#define TEXT(form, in, out) \
	{ LHK_TEXT_##form, in, sizeof (in) - 1, out, sizeof (out) - 1 }
/* clang-format on */

static const struct text texts[] = {
	TEXT (PLAIN, "", ""),
	TEXT (CLEAN, "", ""),
	TEXT (RAW, "", ""),
	TEXT (PLAIN, "a\\n\xc3\xa9", "a\\n\xc3\xa9"),
	TEXT (CLEAN, "words \xe2\x82\xac", "words \xe2\x82\xac"),
	TEXT (CANONICAL, "\\\"\\\\\\b\\f\\n\\r\\t", "\"\\\b\f\n\r\t"),
	TEXT (CANONICAL, "a\\nb\xc3\xa9\\nc", "a\nb\xc3\xa9\nc"),
	TEXT (RAW, "\\/", "/"),
	TEXT (RAW, "\\u0041", "A"),
	TEXT (RAW, "\\u007f\\u0080", "\x7f\xc2\x80"),
	TEXT (RAW, "\\u07ff\\u0800", "\xdf\xbf\xe0\xa0\x80"),
	TEXT (RAW, "\\uFfFf", "\xef\xbf\xbf"),
	TEXT (RAW, "\\ud83d\\ude00!", "\xf0\x9f\x98\x80!"),
	TEXT (RAW, "\\uD800\\uDC00", "\xf0\x90\x80\x80"),
	TEXT (RAW, "\\udbff\\udfff", "\xf4\x8f\xbf\xbf"),
	TEXT (RAW, "x\\u0000y", "x\0y"),
	TEXT (RAW, "\\ud83d", FFFD),
	TEXT (RAW, "\\ude00", FFFD),
	TEXT (RAW, "\\ude00\\ud83d", FFFD FFFD),
	TEXT (RAW, "\\ud83d\\ud83d\\ude00", FFFD "\xf0\x9f\x98\x80"),
	TEXT (RAW, "\\ud83d\\n", FFFD "\n"),
	TEXT (RAW, "\\ud83d\\u0041", FFFD "A"),
	TEXT (RAW, "\\ud83dx", FFFD "x"),
	TEXT (RAW, "\\ud83d\\\\ude00", FFFD "\\ude00"),
	TEXT (RAW, "\\", FFFD),
	TEXT (RAW, "\\u12", FFFD),
	TEXT (PLAIN, "\xff", FFFD),
	TEXT (PLAIN, "a\x80\x80z", "a" FFFD FFFD "z"),
	TEXT (PLAIN, "\xe2\x82", FFFD),
	TEXT (PLAIN, "\xe2\x82z", FFFD "z"),
	TEXT (PLAIN, "\xf0\x9f\x98", FFFD),
	TEXT (PLAIN, "\xf0\x9f\x98\xc3\xa9", FFFD "\xc3\xa9"),
	TEXT (PLAIN, "\xc0\xaf", FFFD FFFD),
	TEXT (PLAIN, "\xed\xa0\x80", FFFD FFFD FFFD),
	TEXT (PLAIN, "\xe0\x80\xaf", FFFD FFFD FFFD),
	TEXT (PLAIN, "\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD),
	TEXT (PLAIN, "\xf1\x80\xe1\x80\xc2", FFFD FFFD FFFD),
	TEXT (PLAIN, "a\0b", "a\0b"),
};

#define N_TEXTS (sizeof (texts) / sizeof (texts[0]))

/* In memory of its exact size, as ptr[len] must not be read. */
static char *
exact (const struct text *t, struct lhk_text *ret)
{
	char *copy = malloc (t->in_len + 1);

	if (copy == NULL)
		abort ();
	memcpy (copy + 1, t->in, t->in_len);
	ret->ptr = copy + 1;
	ret->len = t->in_len;
	ret->form = t->form;
	ret->reserved = 0;
	return copy;
}

static void
decoded (void)
{
	struct lhk_text text;
	char out[64];
	size_t i, n, need;
	char *copy;

	for (i = 0; i < N_TEXTS; i++) {
		copy = exact (&texts[i], &text);
		n = lhk_text_decode (&text, out, sizeof (out), &need);
		TAP_EQ_MEM (out, n, texts[i].out, texts[i].out_len);
		TAP_EQ_INT (need, texts[i].out_len);
		free (copy);
	}
}

/* Whole characters, as many as fit, for every cap; the need is the same. */
static void
capped (void)
{
	size_t i, cap, n, need, wanted;
	struct lhk_text text;
	char out[64];
	char *copy;

	for (i = 0; i < N_TEXTS; i++) {
		copy = exact (&texts[i], &text);
		for (cap = 0; cap <= texts[i].out_len + 1; cap++) {
			memset (out, '#', sizeof (out));
			n = lhk_text_decode (&text, out, cap, &need);
			wanted =
				cap < texts[i].out_len ? cap : texts[i].out_len;
			while (wanted > 0 && wanted < texts[i].out_len
			       && (texts[i].out[wanted] & 0xc0) == 0x80)
				wanted--;
			TAP_EQ_MEM (out, n, texts[i].out, wanted);
			TAP_EQ_INT (need, texts[i].out_len);
			TAP_EQ_INT (out[cap], '#');
		}
		free (copy);
	}
}

static void
only_the_need (void)
{
	const struct lhk_text text = { "a\\u00e9", 7, LHK_TEXT_RAW, 0 };
	const struct lhk_text absent = { NULL, 0, LHK_TEXT_PLAIN, 0 };
	size_t need = 99;

	TAP_EQ_INT (lhk_text_decode (&text, NULL, 0, &need), 0);
	TAP_EQ_INT (need, 3);
	TAP_EQ_INT (lhk_text_decode (&absent, NULL, 0, &need), 0);
	TAP_EQ_INT (need, 0);
	TAP_EQ_INT (lhk_text_decode (&text, NULL, 0, NULL), 0);
}

static void
compared (void)
{
	struct lhk_text text;
	char *copy, *plain;
	size_t i, n;
	int known;

	for (i = 0; i < N_TEXTS; i++) {
		copy = exact (&texts[i], &text);
		known = texts[i].form != LHK_TEXT_PLAIN
			|| lhk_json_utf8 (text.ptr, text.ptr + text.len);
		n = texts[i].out_len;
		plain = malloc (n + 2);
		if (plain == NULL)
			abort ();
		memcpy (plain, texts[i].out, n);
		memset (plain + n, 'q', 2);
		TAP_EQ_INT (lhk_text_is (&text, plain, n), known);
		TAP_EQ_INT (lhk_text_is (&text, plain, n + 1), 0);
		if (n > 0 && known) {
			TAP_EQ_INT (lhk_text_is (&text, plain, n - 1), 0);
			plain[n - 1] ^= 1;
			TAP_EQ_INT (lhk_text_is (&text, plain, n), 0);
		}
		free (plain);
		free (copy);
	}
}

static void
absent_equals_nothing (void)
{
	const struct lhk_text absent = { NULL, 0, LHK_TEXT_PLAIN, 0 };
	const struct lhk_text empty = LHK_TEXT_INIT ("");

	TAP_EQ_INT (LHK_TEXT_IS (&absent, ""), 0);
	TAP_EQ_INT (LHK_TEXT_IS (&empty, ""), 1);
}

static void
slices_as_texts (void)
{
	static const struct {
		const char *raw;
		int ok;
		uint32_t form;
	} list[] = {
		{ "\"a\"", 1, LHK_TEXT_CLEAN },
		{ "\"\"", 1, LHK_TEXT_CLEAN },
		{ "\"\\n\"", 1, LHK_TEXT_CANONICAL },
		{ "\"\\u0041\"", 1, LHK_TEXT_RAW },
		{ "1", 0, 0 },
		{ "null", 0, 0 },
		{ "[\"a\"]", 0, 0 },
		{ "{}", 0, 0 },
	};
	const struct lhk_raw absent = { NULL, 0, 0, 0 };
	struct lhk_text text;
	struct lhk_json j;
	struct lhk_raw raw;
	char *copy;
	size_t i;

	for (i = 0; i < sizeof (list) / sizeof (list[0]); i++) {
		copy = json_pad (list[i].raw, strlen (list[i].raw));
		lhk_json_begin (&j, copy, strlen (list[i].raw));
		CU_ASSERT (lhk_json_raw (&j, &raw));
		TAP_EQ_INT (lhk_raw_text (&raw, &text), list[i].ok);
		if (list[i].ok) {
			TAP_EQ_INT (text.form, list[i].form);
			TAP_EQ_MEM (text.ptr, text.len, list[i].raw + 1,
				    strlen (list[i].raw) - 2);
			raw.form = 0;
			CU_ASSERT (lhk_raw_text (&raw, &text));
			TAP_EQ_INT (text.form, list[i].form);
		}
		free (copy);
	}
	TAP_EQ_INT (lhk_raw_text (&absent, &text), 0);
}

/* A caller in another language gives what it has. */
static void
null_arguments (void)
{
	const struct lhk_text text = LHK_TEXT_INIT ("abc");
	size_t need = 7;
	struct lhk_text ret;
	char out[4];

	TAP_EQ_INT (lhk_text_decode (NULL, out, sizeof out, &need), 0);
	TAP_EQ_INT (need, 0);
	TAP_EQ_INT (lhk_text_decode (NULL, NULL, 0, NULL), 0);
	TAP_EQ_INT (lhk_text_decode (&text, NULL, 99, &need), 0);
	TAP_EQ_INT (need, 3);
	TAP_EQ_INT (lhk_text_is (NULL, "", 0), 0);
	TAP_EQ_INT (lhk_text_is (&text, NULL, 3), 0);
	TAP_EQ_INT (lhk_raw_text (NULL, &ret), 0);
	TAP_EQ_INT (lhk_raw_num (NULL, NULL), 0);
	TAP_EQ_INT (lhk_raw_nano (NULL, NULL), 0);
}

static const struct tap_case cases[] = {
	{ "every_form_decodes_to_plain_utf8", decoded },
	{ "a_cap_cuts_between_characters_and_the_need_is_exact", capped },
	{ "the_need_can_be_asked_for_alone", only_the_need },
	{ "a_text_equals_what_it_decodes_to", compared },
	{ "an_absent_text_equals_nothing", absent_equals_nothing },
	{ "a_slice_of_a_string_is_a_text", slices_as_texts },
	{ "text_helpers_take_null_for_absent", null_arguments },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_text", cases);
}
