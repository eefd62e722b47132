/* SPDX-License-Identifier: MIT */
/* json_number.c - numbers as integers, exactly. */
#include "config.h"

#include <stdio.h>

#include "json_case.h"

static struct lhk_raw
raw_of (const char *text, size_t len)
{
	struct lhk_raw raw = { text, len, LHK_JSON_NUMBER, 0 };

	return raw;
}

static void
integers (void)
{
	static const struct {
		const char *text;
		int64_t value;
		int has;
	} list[] = {
		{ "0", 0, 1 },
		{ "-0", 0, 1 },
		{ "7", 7, 1 },
		{ "-7", -7, 1 },
		{ "1.0", 1, 1 },
		{ "1.9", 1, 2 },
		{ "-1.9", -1, 2 },
		{ "0.5", 0, 2 },
		{ "1e3", 1000, 1 },
		{ "1E+00001", 10, 1 },
		{ "12e-1", 1, 2 },
		{ "10e-1", 1, 1 },
		{ "1.5e1", 15, 1 },
		{ "1.25e1", 12, 2 },
		{ "1e-5", 0, 2 },
		{ "0e99", 0, 1 },
		{ "0.000e-9", 0, 1 },
		{ "0.00001e5", 1, 1 },
		{ "9007199254740993", 9007199254740993, 1 },
		{ "999999999999999999", 999999999999999999, 1 },
		{ "9223372036854775807", INT64_MAX, 1 },
		{ "9223372036854775808", INT64_MAX, 2 },
		{ "9223372036854775807.5", INT64_MAX, 2 },
		{ "-9223372036854775808", INT64_MIN, 1 },
		{ "-9223372036854775809", INT64_MIN, 2 },
		{ "18446744073709551616", INT64_MAX, 2 },
		{ "9.223372036854775807e18", INT64_MAX, 1 },
		{ "922337203685477580.8e1", INT64_MAX, 2 },
		{ "1e18", 1000000000000000000, 1 },
		{ "1e19", INT64_MAX, 2 },
		{ "1e999", INT64_MAX, 2 },
		{ "-1e999", INT64_MIN, 2 },
		{ "1e-999", 0, 2 },
		{ "1e99999999999999999999999", INT64_MAX, 2 },
		{ "0e99999999999999999999999", 0, 1 },
		{ "1e-99999999999999999999999", 0, 2 },
	};
	struct lhk_num num;
	struct lhk_raw raw;
	size_t i;

	for (i = 0; i < sizeof (list) / sizeof (list[0]); i++) {
		raw = raw_of (list[i].text, strlen (list[i].text));
		CU_ASSERT (lhk_raw_num (&raw, &num));
		if (!TAP_EQ_INT (num.value, list[i].value)
		    || !TAP_EQ_INT (num.has, list[i].has))
			tap_note ("%s", list[i].text);
	}
}

static void
money (void)
{
	static const struct {
		const char *text;
		int64_t nano;
	} list[] = {
		{ "0", 0 },
		{ "1", 1000000000 },
		{ "-2", -2000000000 },
		{ "0.1", 100000000 },
		{ "0.0123456789", 12345679 },
		{ "0.0000000005", 1 },
		{ "0.00000000049999999999", 0 },
		{ "-0.0000000005", -1 },
		{ "-0.0000000004", 0 },
		{ "1.2345678905", 1234567891 },
		{ "1e-9", 1 },
		{ "5e-10", 1 },
		{ "4.9e-10", 0 },
		{ "1e-10", 0 },
		{ "9e-11", 0 },
		{ "99e-11", 1 },
		{ "1.5e2", 150000000000 },
		{ "0.30000000000000004", 300000000 },
		{ "0.1999999999999", 200000000 },
		{ "9223372036.854775807", INT64_MAX },
		{ "9223372036.8547758065", INT64_MAX },
		{ "9223372036.8547758074", INT64_MAX },
		{ "9223372036.8547758075", INT64_MAX },
		{ "9223372036.8547758064", INT64_MAX - 1 },
		{ "-9223372036.854775808", INT64_MIN },
		{ "-9223372036.8547758085", INT64_MIN },
		{ "9223372037", INT64_MAX },
		{ "-1e99", INT64_MIN },
		{ "0.000e400", 0 },
		{ "1e-400", 0 },
	};
	struct lhk_raw raw;
	int64_t nano;
	size_t i;

	for (i = 0; i < sizeof (list) / sizeof (list[0]); i++) {
		raw = raw_of (list[i].text, strlen (list[i].text));
		CU_ASSERT (lhk_raw_nano (&raw, &nano));
		if (!TAP_EQ_INT (nano, list[i].nano))
			tap_note ("%s", list[i].text);
	}
}

/* Millions of digits that an exponent takes back. */
static void
many_digits (void)
{
	const size_t n = 4000000;
	char *text = malloc (n + 64);
	struct lhk_num num;
	struct lhk_raw raw;
	int64_t nano;
	int len;

	if (text == NULL)
		abort ();
	memset (text, '0', n);
	text[0] = '7';
	len = snprintf (text + n, 64, "e-%zu", n - 1);
	raw = raw_of (text, n + (size_t) len);
	CU_ASSERT (lhk_raw_num (&raw, &num));
	TAP_EQ_INT (num.value, 7);
	TAP_EQ_INT (num.has, 1);
	CU_ASSERT (lhk_raw_nano (&raw, &nano));
	TAP_EQ_INT (nano, 7000000000);
	text[0] = '0';
	text[1] = '.';
	text[n - 1] = '7';
	len = snprintf (text + n, 64, "e+%zu", n - 2);
	raw = raw_of (text, n + (size_t) len);
	CU_ASSERT (lhk_raw_num (&raw, &num));
	TAP_EQ_INT (num.value, 7);
	TAP_EQ_INT (num.has, 1);
	free (text);
}

static void
others_are_no_numbers (void)
{
	const struct lhk_raw absent = { NULL, 0, 0, 0 };
	const struct lhk_raw string = { "\"1\"", 3, LHK_JSON_STRING, 0 };
	struct lhk_num num = { 5, 5, 0 };
	int64_t nano = 5;

	TAP_EQ_INT (lhk_raw_num (&absent, &num), 0);
	TAP_EQ_INT (lhk_raw_num (&string, &num), 0);
	TAP_EQ_INT (lhk_raw_nano (&absent, &nano), 0);
	TAP_EQ_INT (lhk_raw_nano (&string, &nano), 0);
	TAP_EQ_INT (num.value, 5);
	TAP_EQ_INT (nano, 5);
}

/* Against 128 bits: digits, a dot anywhere, an exponent. */
static void
random_decimals (void)
{
	uint64_t state = 4711;
	char digits[20], text[64];
	__int128 wanted, unit;
	struct lhk_raw raw;
	int64_t nano;
	int i, k, n, dot, e;

	for (i = 0; i < 200000; i++) {
		n = (int) json_draw (&state, 18) + 1;
		dot = (int) json_draw (&state, (uint32_t) n);
		e = (int) json_draw (&state, 12) - 6;
		wanted = 0;
		for (k = 0; k < n; k++) {
			digits[k] = (char) ('0' + json_draw (&state, 10));
			wanted = wanted * 10 + (digits[k] - '0');
		}
		snprintf (text, sizeof (text), "%s%.*s%s%.*se%d",
			  dot == 0 ? "0" : "", dot, digits, ".", n - dot,
			  digits + dot, e);
		e += 9 - (n - dot);
		for (unit = 1; e < 0; e++)
			unit *= 10;
		for (; e > 0; e--)
			wanted *= 10;
		wanted = (wanted * 2 + unit) / (unit * 2);
		if (wanted > INT64_MAX)
			wanted = INT64_MAX;
		raw = raw_of (text, strlen (text));
		lhk_raw_nano (&raw, &nano);
		if (nano != (int64_t) wanted
		    && !TAP_EQ_INT (nano, (int64_t) wanted))
			tap_note ("%s", text);
	}
}

static const struct tap_case cases[] = {
	{ "integers_are_exact_cut_or_clamped_and_say_so", integers },
	{ "money_is_rounded_half_away_from_zero", money },
	{ "millions_of_digits_are_read_exactly", many_digits },
	{ "what_is_no_number_gives_none", others_are_no_numbers },
	{ "decimals_equal_those_of_wide_integers", random_decimals },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_number", cases);
}
