/* SPDX-License-Identifier: MIT */
/* text_reader.c - texts of any form are read in pieces and copied. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "json/text_reader.h"
#include "json/utf8.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "common/macros.h"

#define S(literal) "" literal, sizeof (literal) - 1
#define BAD "\xef\xbf\xbd"

static const struct {
	uint32_t form;
	const char *in;
	size_t in_len;
	const char *plain;
	size_t plain_len;
	const char *body;
	size_t body_len;
} texts[] = {
	{ LHK_TEXT_PLAIN, S (""), S (""), S ("") },
	{ LHK_TEXT_PLAIN, S ("a\"b\\c/"), S ("a\"b\\c/"), S ("a\\\"b\\\\c/") },
	{ LHK_TEXT_PLAIN, S ("\b\f\n\r\t\x01\x1f\x7f"),
	  S ("\b\f\n\r\t\x01\x1f\x7f"),
	  S ("\\b\\f\\n\\r\\t\\u0001\\u001f\x7f") },
	{ LHK_TEXT_PLAIN, S ("a\0b"), S ("a\0b"), S ("a\\u0000b") },
	{ LHK_TEXT_PLAIN, S ("sixteen bytes ..\"and more behind it \xc3\xa9"),
	  S ("sixteen bytes ..\"and more behind it \xc3\xa9"),
	  S ("sixteen bytes ..\\\"and more behind it \xc3\xa9") },
	/* not UTF-8 */
	{ LHK_TEXT_PLAIN, S ("a\x80z"), S ("a" BAD "z"), S ("a" BAD "z") },
	{ LHK_TEXT_PLAIN, S ("\xc0\xaf"), S (BAD BAD), S (BAD BAD) },
	{ LHK_TEXT_PLAIN, S ("\xe2\x82"), S (BAD), S (BAD) },
	{ LHK_TEXT_PLAIN, S ("\xf0\x9f\x98z"), S (BAD "z"), S (BAD "z") },
	{ LHK_TEXT_PLAIN, S ("\xed\xa0\x80"), S (BAD BAD BAD),
	  S (BAD BAD BAD) },
	{ LHK_TEXT_PLAIN, S ("\xf4\x90\x80\x80"), S (BAD BAD BAD BAD),
	  S (BAD BAD BAD BAD) },
	{ LHK_TEXT_PLAIN, S ("\xff\xfe"), S (BAD BAD), S (BAD BAD) },
	{ LHK_TEXT_PLAIN, S ("\xf4\x8f\xbf\xbf"), S ("\xf4\x8f\xbf\xbf"),
	  S ("\xf4\x8f\xbf\xbf") },
	/* bodies */
	{ LHK_TEXT_CLEAN, S ("h\xc3\xa9llo"), S ("h\xc3\xa9llo"),
	  S ("h\xc3\xa9llo") },
	{ LHK_TEXT_CANONICAL, S ("a\\nb\\\\n\\\"\\t"), S ("a\nb\\n\"\t"),
	  S ("a\\nb\\\\n\\\"\\t") },
	{ LHK_TEXT_RAW, S ("a\\/b\\u0041\\u00e9\\u000A"), S ("a/bA\xc3\xa9\n"),
	  S ("a/bA\xc3\xa9\\n") },
	{ LHK_TEXT_RAW, S ("\\ud83d\\ude00"), S ("\xf0\x9f\x98\x80"),
	  S ("\xf0\x9f\x98\x80") },
	{ LHK_TEXT_RAW, S ("\\uD83D\\uDE00\\u2028\\uffff"),
	  S ("\xf0\x9f\x98\x80\xe2\x80\xa8\xef\xbf\xbf"),
	  S ("\xf0\x9f\x98\x80\\u2028\xef\xbf\xbf") },
	/* line separators, and what is next to them */
	{ LHK_TEXT_PLAIN, S ("a\xe2\x80\xa8\xe2\x80\xa9\xc2\x85z"),
	  S ("a\xe2\x80\xa8\xe2\x80\xa9\xc2\x85z"),
	  S ("a\\u2028\\u2029\\u0085z") },
	{ LHK_TEXT_RAW, S ("\\/\xe2\x80\xa8\xe2\x80\xa9\\n\xc2\x85\\u0085"),
	  S ("/\xe2\x80\xa8\xe2\x80\xa9\n\xc2\x85\xc2\x85"),
	  S ("/\\u2028\\u2029\\n\\u0085\\u0085") },
	{ LHK_TEXT_CLEAN, S ("\xe2\x80\xa7\xe2\x80\xaa\xe2\x82\xa8\xc2\x84"),
	  S ("\xe2\x80\xa7\xe2\x80\xaa\xe2\x82\xa8\xc2\x84"),
	  S ("\xe2\x80\xa7\xe2\x80\xaa\xe2\x82\xa8\xc2\x84") },
	{ LHK_TEXT_PLAIN, S ("\xe2\x80"), S (BAD), S (BAD) },
	{ LHK_TEXT_RAW, S ("\\ud83dx"), S (BAD "x"), S (BAD "x") },
	{ LHK_TEXT_RAW, S ("\\ude00\\ud83d"), S (BAD BAD), S (BAD BAD) },
	{ LHK_TEXT_RAW, S ("\\ud83d\\ud83d\\ude00"), S (BAD "\xf0\x9f\x98\x80"),
	  S (BAD "\xf0\x9f\x98\x80") },
	{ LHK_TEXT_RAW, S ("\\u0000\\u001b\\u007f"), S ("\0\x1b\x7f"),
	  S ("\\u0000\\u001b\x7f") },
	{ LHK_TEXT_RAW, S ("\\\\u0041"), S ("\\u0041"), S ("\\\\u0041") },
	/* a form that does not exist is read as it stands */
	{ 77, S ("\\n"), S ("\\n"), S ("\\\\n") },
	/* who vouched was wrong: no harm */
	{ LHK_TEXT_RAW, S ("a\\"), S ("a" BAD), S ("a" BAD) },
	{ LHK_TEXT_RAW, S ("a\\u12"), S ("a" BAD "12"), S ("a" BAD "12") },
};

typedef size_t convert_fn (struct text_reader *r, char *out, size_t cap);

/* All of a text in pieces of at most CAP; NULL for a piece that is broken. */
static size_t
in_pieces (const struct lhk_text *t, convert_fn *fn, size_t cap, char *out)
{
	struct text_reader r;
	size_t n, all = 0;

	text_reader_init (&r, t);
	while ((n = fn (&r, out + all, cap)) > 0)
		all += n;
	CU_ASSERT_PTR_EQUAL (r.at, r.end);
	return all;
}

static void
every_form (void)
{
	char out[256];
	size_t i, cap, n;

	for (i = 0; i < ARRAY_SIZE (texts); i++) {
		struct lhk_text t = { texts[i].in, texts[i].in_len,
				      texts[i].form, 0 };

		for (cap = TEXT_CHAR_MAX; cap <= 64; cap++) {
			n = in_pieces (&t, text_reader_plain, cap, out);
			TAP_EQ_MEM (out, n, texts[i].plain, texts[i].plain_len);
			n = in_pieces (&t, text_reader_body, cap, out);
			TAP_EQ_MEM (out, n, texts[i].body, texts[i].body_len);
		}
	}
}

static void
no_half_characters (void)
{
	static const struct lhk_text t = { S ("ab\xe2\x82\xac"), 0, 0 };
	struct text_reader r;
	char out[8];

	text_reader_init (&r, &t);
	TAP_EQ_INT (text_reader_plain (&r, out, 4), 2);
	TAP_EQ_INT (text_reader_plain (&r, out, 2), 0);
	TAP_EQ_INT (text_reader_plain (&r, out, 3), 3);
	TAP_EQ_INT (text_reader_plain (&r, out, 8), 0);
}

static void
absent_is_empty (void)
{
	static const struct lhk_text t = { NULL, 0, LHK_TEXT_RAW, 0 };
	struct text_reader r;
	char out[8];

	text_reader_init (&r, &t);
	TAP_EQ_INT (text_reader_body (&r, out, sizeof out), 0);
}

/* Whatever MAX is: the head is at most that long, at most 11 bytes shorter,
 * and decodes to a head of the whole. */
static void
cut_anywhere (void)
{
	char whole[256], head[256];
	size_t i, max, n, all;

	for (i = 0; i < ARRAY_SIZE (texts); i++) {
		struct lhk_text t = { texts[i].in, texts[i].in_len,
				      texts[i].form, 0 };
		struct lhk_text h = t;

		if (texts[i].form > LHK_TEXT_RAW || i >= ARRAY_SIZE (texts) - 2)
			continue;
		all = in_pieces (&t, text_reader_plain, 64, whole);
		for (max = 0; max <= t.len; max++) {
			h.len = text_reader_prefix (&t, max);
			CU_ASSERT (h.len <= max && max - h.len < 12);
			n = in_pieces (&h, text_reader_plain, 64, head);
			if (texts[i].form == LHK_TEXT_PLAIN)
				continue;
			CU_ASSERT (n <= all);
			TAP_EQ_MEM (head, n, whole, n);
		}
	}
}

static void
cut_table (void)
{
	static const struct {
		uint32_t form;
		const char *in;
		size_t in_len, max, wanted;
	} cases[] = {
		{ LHK_TEXT_CLEAN, S ("a\xc3\xa9z"), 2, 1 },
		{ LHK_TEXT_PLAIN, S ("a\xc3\xa9z"), 3, 3 },
		{ LHK_TEXT_CANONICAL, S ("ab\\nc"), 3, 2 },
		{ LHK_TEXT_CANONICAL, S ("ab\\nc"), 4, 4 },
		{ LHK_TEXT_CANONICAL, S ("a\\\\\\nc"), 4, 3 },
		{ LHK_TEXT_CANONICAL, S ("a\\\\\\\\nc"), 3, 3 },
		{ LHK_TEXT_RAW, S ("a\\u00e9z"), 6, 1 },
		{ LHK_TEXT_RAW, S ("a\\u00e9z"), 7, 7 },
		{ LHK_TEXT_RAW, S ("\\ud83d\\ude00"), 6, 0 },
		{ LHK_TEXT_RAW, S ("\\ud83d\\ude00"), 11, 0 },
		{ LHK_TEXT_RAW, S ("\\ud83d\\ude00z"), 12, 12 },
		{ LHK_TEXT_RAW, S ("\\\\ud83dzz"), 7, 7 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (cases); i++) {
		struct lhk_text t = { cases[i].in, cases[i].in_len,
				      cases[i].form, 0 };

		TAP_EQ_INT (text_reader_prefix (&t, cases[i].max),
			    cases[i].wanted);
	}
}

static void
random_round_trip (void)
{
	unsigned char in[64];
	char body[64 * 6], plain[64 * 3], again[64 * 3];
	size_t i, k, len, n, m;

	srand (7);
	for (i = 0; i < 20000; i++) {
		struct lhk_text t = { (char *) in, 0, LHK_TEXT_PLAIN, 0 };
		struct lhk_text b = { body, 0, LHK_TEXT_RAW, 0 };

		len = (size_t) rand () % sizeof in;
		for (k = 0; k < len; k++)
			in[k] = (unsigned char) (i % 2 ? rand ()
						       : "\xe2\x82\xac\xf0\x9f\x98\x80\\\"\n a"
								 [rand ()
								  % 12]);
		t.len = len;
		b.len = in_pieces (&t, text_reader_body, 7 + i % 50, body);
		n = in_pieces (&t, text_reader_plain, 6 + i % 50, plain);
		m = in_pieces (&b, text_reader_plain, 6 + i % 31, again);
		TAP_EQ_MEM (again, m, plain, n);
		for (k = 0; k < n; k += m) {
			m = lhk_json_utf8_len (plain + k, plain + n);
			CU_ASSERT_FATAL (m > 0);
		}
	}
}

static const struct lhk_text three_accents = { S ("\\u00e9\\u00e9\\u00e9"),
					       LHK_TEXT_RAW, 0 };
static const struct lhk_text bad_byte = { S ("b\xff"), LHK_TEXT_PLAIN, 0 };

static void
copy_is_cut (void)
{
	struct text_copy k;
	struct lhk_text t;
	struct failing f;

	failing_init (&f);
	memset (&k, 0, sizeof k);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &three_accents, 5), LHK_OK);
	t = text_copy_get (&k);
	TAP_EQ_MEM (t.ptr, t.len, "\xc3\xa9\xc3\xa9", 4);
	text_copy_free (&f.alloc, &k);
	CU_ASSERT (failing_clean (&f));
}

static void
copy_reuses_memory (void)
{
	struct text_copy k;
	struct lhk_text t;
	struct failing f;

	failing_init (&f);
	memset (&k, 0, sizeof k);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &three_accents, 5), LHK_OK);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &bad_byte, 5), LHK_OK);
	t = text_copy_get (&k);
	TAP_EQ_MEM (t.ptr, t.len, "b" BAD, 4);
	TAP_EQ_INT (f.calls, 1);
	text_copy_free (&f.alloc, &k);
	CU_ASSERT (failing_clean (&f));
}

static void
copy_of_empty_and_absent (void)
{
	static const struct lhk_text empty = { S (""), LHK_TEXT_CLEAN, 0 };
	static const struct lhk_text none = { NULL, 0, 0, 0 };
	struct text_copy k;
	struct lhk_text t;
	struct failing f;

	failing_init (&f);
	memset (&k, 0, sizeof k);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &empty, 5), LHK_OK);
	t = text_copy_get (&k);
	CU_ASSERT (t.ptr != NULL && t.len == 0);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &none, 5), LHK_OK);
	CU_ASSERT_PTR_NULL (text_copy_get (&k).ptr);
	text_copy_free (&f.alloc, &k);
	CU_ASSERT (failing_clean (&f));
}

static void
copy_without_memory (void)
{
	struct text_copy k;
	struct failing f;

	failing_init (&f);
	memset (&k, 0, sizeof k);
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &bad_byte, 5), LHK_OK);
	f.fail_at = f.calls + 1;
	TAP_EQ_INT (text_copy_set (&f.alloc, &k, &three_accents, 100),
		    LHK_ENOMEM);
	CU_ASSERT_PTR_NULL (text_copy_get (&k).ptr);
	text_copy_free (&f.alloc, &k);
	CU_ASSERT (failing_clean (&f));
}

/* lhk_text_decode is written apart from this: they must say the same. */
static void
same_as_decode (void)
{
	char in[64], here[64 * 3], there[64 * 3];
	size_t i, k, n, m;

	srand (17);
	for (i = 0; i < 20000; i++) {
		struct lhk_text t = { in, 0, LHK_TEXT_PLAIN, 0 };

		t.len = (size_t) rand () % sizeof in;
		for (k = 0; k < t.len; k++)
			in[k] = (char) (i % 2 ? rand ()
					      : "\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\xc3 a"
							[rand () % 12]);
		n = in_pieces (&t, text_reader_plain, sizeof here, here);
		m = lhk_text_decode (&t, there, sizeof there, NULL);
		TAP_EQ_MEM (here, n, there, m);
	}
	for (i = 0; i < ARRAY_SIZE (texts) - 3; i++) {
		struct lhk_text t = { texts[i].in, texts[i].in_len,
				      texts[i].form, 0 };

		m = lhk_text_decode (&t, there, sizeof there, NULL);
		TAP_EQ_MEM (there, m, texts[i].plain, texts[i].plain_len);
	}
}

static const struct tap_case cases[] = {
	{ "text_of_every_form_is_read_in_pieces_of_any_size", every_form },
	{ "text_pieces_never_hold_half_a_character", no_half_characters },
	{ "text_that_is_absent_is_empty", absent_is_empty },
	{ "text_cut_anywhere_decodes_to_a_head_of_the_whole", cut_anywhere },
	{ "text_cut_keeps_escapes_and_pairs_whole", cut_table },
	{ "text_random_bytes_survive_escaping_and_decoding",
	  random_round_trip },
	{ "text_in_pieces_is_what_the_public_decoder_gives", same_as_decode },
	{ "text_copy_is_cut_at_a_character", copy_is_cut },
	{ "text_copy_reuses_its_memory", copy_reuses_memory },
	{ "text_copy_tells_empty_from_absent", copy_of_empty_and_absent },
	{ "text_copy_without_memory_is_absent", copy_without_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("text_reader", cases);
}
