/* SPDX-License-Identifier: MIT */
/* units.c - durations, sizes, counts and money in words. */
#include "config.h"

#include "common/macros.h"
#include "common/units.h"
#include "lib/tap.h"

static char text[UNITS_SIZE];

static void
durations (void)
{
	static const struct {
		int64_t ms;
		const char *wanted;
	} table[] = {
		{ -1, "0.0 s" },
		{ 0, "0.0 s" },
		{ 99, "0.0 s" },
		{ 4250, "4.2 s" },
		{ 59999, "59.9 s" },
		{ 60000, "1 min 00 s" },
		{ 3599999, "59 min 59 s" },
		{ 3600000, "1 h 00 min 00 s" },
		{ 360000000, "100 h 00 min 00 s" },
		{ INT64_MAX, "2562047788015 h 12 min 55 s" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		units_print_duration (table[i].ms, text);
		TAP_EQ_STR (text, table[i].wanted);
	}
}

static void
whole_seconds (void)
{
	static const struct {
		int64_t s;
		const char *wanted;
	} table[] = {
		{ INT64_MIN, "0 s" },
		{ 0, "0 s" },
		{ 59, "59 s" },
		{ 60, "1 min 00 s" },
		{ 3600, "1 h 00 min 00 s" },
		{ INT64_MAX, "2562047788015215 h 30 min 07 s" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		units_print_seconds (table[i].s, text);
		TAP_EQ_STR (text, table[i].wanted);
	}
}

static void
sizes (void)
{
	static const struct {
		uint64_t bytes;
		const char *wanted;
	} table[] = {
		{ 0, "0 KiB" },
		{ 512, "0.5 KiB" },
		{ 1536, "1.5 KiB" },
		{ 65536, "64 KiB" },
		{ UINT64_C (64) << 20, "64 MiB" },
		{ UINT64_C (3) << 19, "1.5 MiB" },
		{ UINT64_C (20) << 30, "20 GiB" },
		{ UINT64_MAX, "16777216 TiB" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (table); i++) {
		units_print_size (table[i].bytes, text);
		TAP_EQ_STR (text, table[i].wanted);
	}
}

static void
counts (void)
{
	units_print_count (0, text);
	TAP_EQ_STR (text, "0");
	units_print_count (999, text);
	TAP_EQ_STR (text, "999");
	units_print_count (1000, text);
	TAP_EQ_STR (text, "1,000");
	units_print_count (UINT64_MAX, text);
	TAP_EQ_STR (text, "18,446,744,073,709,551,615");
}

static void
money (void)
{
	units_print_money (0, text);
	TAP_EQ_STR (text, "0.00");
	units_print_money (500000000, text);
	TAP_EQ_STR (text, "0.50");
	units_print_money (1234567890, text);
	TAP_EQ_STR (text, "1.23456789");
	units_print_money (-1, text);
	TAP_EQ_STR (text, "-0.000000001");
	units_print_money (INT64_MIN, text);
	TAP_EQ_STR (text, "-9223372036.854775808");
}

/* What a parser refuses, and takes, is in option_values. */
static void
money_round_trip (void)
{
	uint64_t nano = 0;

	units_print_money (INT64_C (12345678901), text);
	CU_ASSERT (units_parse_money (text, &nano));
	TAP_EQ_INT (nano, INT64_C (12345678901));
}

static const struct tap_case cases[] = {
	{ "durations_are_short_and_exact_to_the_second", durations },
	{ "a_clock_shows_whole_seconds", whole_seconds },
	{ "sizes_have_at_most_one_decimal", sizes },
	{ "counts_have_commas_between_thousands", counts },
	{ "money_has_all_its_digits", money },
	{ "money_that_was_printed_is_parsed", money_round_trip },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("units", cases);
}
