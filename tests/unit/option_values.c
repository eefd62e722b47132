/* SPDX-License-Identifier: MIT */
/* option_values.c - words as sizes, times, ages, counts and amounts. */
#include "config.h"

#include "common/clock.h"
#include "common/units.h"
#include "lib/tap.h"

static void
sizes (void)
{
	static const struct {
		const char *text;
		int ok;
		uint64_t value;
	} table[] = {
		{ "0", 1, 0 },
		{ "1", 1, 1 },
		{ "4k", 1, 4096 },
		{ "4K", 1, 4096 },
		{ "10M", 1, 10485760 },
		{ "1G", 1, 1073741824 },
		{ "18446744073709551615", 1, UINT64_MAX },
		{ "18446744073709551616", 0, 0 },
		{ "17179869183G", 1, UINT64_C (17179869183) << 30 },
		{ "17179869184G", 0, 0 },
		{ "", 0, 0 },
		{ "k", 0, 0 },
		{ "4 k", 0, 0 },
		{ " 4", 0, 0 },
		{ "+4", 0, 0 },
		{ "-4", 0, 0 },
		{ "0x10", 0, 0 },
		{ "4m", 0, 0 },
		{ "12B", 1, 12 },
		{ "4KiB", 1, 4096 },
		{ "4kB", 1, 4000 },
		{ "4KB", 1, 4000 },
		{ "3MiB", 1, 3145728 },
		{ "3MB", 1, 3000000 },
		{ "2GiB", 1, UINT64_C (2147483648) },
		{ "2GB", 1, UINT64_C (2000000000) },
		{ "1.5M", 1, 1572864 },
		{ "1.5kB", 1, 1500 },
		{ ".5k", 1, 512 },
		{ "0.0001k", 1, 1 },
		{ "0.000000001G", 1, 2 },
		{ "0.0000000001G", 0, 0 },
		{ "0.5", 0, 0 },
		{ "0.5B", 0, 0 },
		{ "1.M", 0, 0 },
		{ "1.5.5M", 0, 0 },
		{ ".", 0, 0 },
		{ ".k", 0, 0 },
		{ "4kb", 0, 0 },
		{ "4kib", 0, 0 },
		{ "4g", 0, 0 },
		{ "1M500k", 0, 0 },
		{ "18446744073709551GB", 0, 0 },
		{ "17179869183.999999999G", 1, UINT64_MAX },
		{ "banana", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		uint64_t value = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (units_parse_size (table[i].text, &value),
			    table[i].ok);
		TAP_EQ_INT (value, table[i].ok ? table[i].value : 7);
	}
}

static void
times (void)
{
	static const struct {
		const char *text;
		int ok;
		uint64_t ms;
	} table[] = {
		{ "0", 1, 0 },
		{ "20", 1, 20000 },
		{ "20s", 1, 20000 },
		{ "15ms", 1, 15 },
		{ "2m", 1, 120000 },
		{ "3h", 1, 10800000 },
		{ "1d", 1, 86400000 },
		{ "1.5", 1, 1500 },
		{ "1.5h", 1, 5400000 },
		{ "0.25d", 1, 21600000 },
		{ ".5s", 1, 500 },
		{ "0.0001s", 1, 1 },
		{ "1h30m", 1, 5400000 },
		{ "1d2h3m4s5ms", 1, 93784005 },
		{ "1d5ms", 1, 86400005 },
		{ "1m0.5s", 1, 60500 },
		{ "0h0m", 1, 0 },
		{ "213503982334d", 1, UINT64_C (18446744073657600000) },
		{ "213503982334d14h25m51s615ms", 1, UINT64_MAX },
		{ "213503982334d14h25m51s616ms", 0, 0 },
		{ "213503982335d", 0, 0 },
		{ "18446744073709551615", 0, 0 },
		{ "99999999999999999999999999s", 0, 0 },
		{ "ms", 0, 0 },
		{ "h1", 0, 0 },
		{ "1h30", 0, 0 },
		{ "30m1h", 0, 0 },
		{ "1h1h", 0, 0 },
		{ "1.5ms", 0, 0 },
		{ "1.h", 0, 0 },
		{ "1.0000000000h", 0, 0 },
		{ "1h 30m", 0, 0 },
		{ "1h+30m", 0, 0 },
		{ "1h-30m", 0, 0 },
		{ "-1h", 0, 0 },
		{ "+1h", 0, 0 },
		{ " 1h", 0, 0 },
		{ "1h ", 0, 0 },
		{ "20S", 0, 0 },
		{ "2min", 0, 0 },
		{ "2w", 0, 0 },
		{ "1e3", 0, 0 },
		{ "0x10", 0, 0 },
		{ "inf", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		uint64_t ms = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (units_parse_duration (table[i].text, &ms),
			    table[i].ok);
		TAP_EQ_INT (ms, table[i].ok ? table[i].ms : 7);
	}
}

/* 2026-11-29T08:00:00Z. */
#define NOW INT64_C (1795939200000)

static void
ages (void)
{
	static const struct {
		const char *text;
		int ok;
		int64_t at;
	} table[] = {
		{ "0s", 1, NOW },
		{ "1ms", 1, NOW - 1 },
		{ "30d", 1, NOW - INT64_C (2592000000) },
		{ "1.5h", 1, NOW - 5400000 },
		{ "1d12h", 1, NOW - 129600000 },
		{ "100000d", 1, 1 },
		{ "213503982334d", 1, 1 },
		{ "213503982335d", 0, 0 },
		{ "2026-11-29", 1, NOW - 28800000 },
		{ "2026-11-29T08:00:00Z", 1, NOW },
		{ "2026-11-29T07:59:59.5Z", 1, NOW - 500 },
		{ "2026-11-29T08:00:00+01:00", 1, NOW - 3600000 },
		{ "1970-01-01", 1, 1 },
		{ "2026-11-29T08:00:00.001Z", 0, 0 },
		{ "2026-11-29T08:00:00-00:01", 0, 0 },
		{ "2026-11-30", 0, 0 },
		{ "1969-12-31", 0, 0 },
		{ "30", 0, 0 },
		{ "1.5", 0, 0 },
		{ "0", 0, 0 },
		{ "-30d", 0, 0 },
		{ "yesterday", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		int64_t at = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (units_parse_age (table[i].text, NOW, &at),
			    table[i].ok);
		TAP_EQ_INT (at, table[i].ok ? table[i].at : 7);
	}
}

static void
counts (void)
{
	static const struct {
		const char *text;
		int ok;
		uint64_t n;
	} table[] = {
		{ "0", 1, 0 },
		{ "200000", 1, 200000 },
		{ "200k", 1, 200000 },
		{ "200K", 1, 200000 },
		{ "1M", 1, 1000000 },
		{ "1.5M", 1, 1500000 },
		{ "18446744073709551615", 1, UINT64_MAX },
		{ "18446744073709551616", 0, 0 },
		{ "18446744073710M", 0, 0 },
		{ "1.5", 0, 0 },
		{ "1G", 0, 0 },
		{ "1kB", 0, 0 },
		{ "1,000", 0, 0 },
		{ "1_000", 0, 0 },
		{ "-1", 0, 0 },
		{ "k", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		uint64_t n = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (units_parse_count (table[i].text, &n), table[i].ok);
		TAP_EQ_INT (n, table[i].ok ? table[i].n : 7);
	}
}

static void
dates (void)
{
	static const struct {
		const char *text;
		int ok;
		int64_t ms;
	} table[] = {
		{ "1970-01-01", 1, 0 },
		{ "1970-01-01T00:00:00.123456789Z", 1, 123 },
		{ "2000-02-29", 1, INT64_C (951782400000) },
		{ "2024-02-29", 1, INT64_C (1709164800000) },
		{ "2023-02-29", 0, 0 },
		{ "2100-02-29", 0, 0 },
		{ "2026-04-31", 0, 0 },
		{ "2026-13-01", 0, 0 },
		{ "2026-00-01", 0, 0 },
		{ "2026-01-00", 0, 0 },
		{ "2026-01-32", 0, 0 },
		{ "2026-1-1", 0, 0 },
		{ "26-01-01", 0, 0 },
		{ "9999-12-31T23:59:59.999Z", 1, CLOCK_UNIX_MS_MAX },
		{ "2026-11-29t08:00:00z", 1, NOW },
		{ "2026-11-29 08:00:00Z", 1, NOW },
		{ "2016-12-31T23:59:60Z", 1, INT64_C (1483228800000) },
		{ "2026-11-29T10:30:00+02:30", 1, NOW },
		{ "1970-01-01T00:30:00+01:00", 0, 0 },
		{ "2026-11-29T08:00:00", 0, 0 },
		{ "2026-11-29T08:00Z", 0, 0 },
		{ "2026-11-29T24:00:00Z", 0, 0 },
		{ "2026-11-29T08:60:00Z", 0, 0 },
		{ "2026-11-29T08:00:61Z", 0, 0 },
		{ "2026-11-29T08:00:00.Z", 0, 0 },
		{ "2026-11-29T08:00:00+0100", 0, 0 },
		{ "2026-11-29T08:00:00+24:00", 0, 0 },
		{ "2026-11-29T08:00:00Zz", 0, 0 },
		{ "2026-11-29T", 0, 0 },
		{ "2026-11-29x", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		int64_t ms = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (clock_parse_rfc3339 (table[i].text, &ms),
			    table[i].ok);
		TAP_EQ_INT (ms, table[i].ok ? table[i].ms : 7);
	}
}

/* Every day from 1970 to 9999 is parsed as it was printed. */
static void
all_days (void)
{
	int64_t day;
	int bad = 0;

	for (day = 0; day <= CLOCK_UNIX_MS_MAX / 86400000 && !bad; day++) {
		char text[CLOCK_RFC3339_SIZE];
		int64_t found = -1;

		clock_rfc3339 (day * 86400000, text);
		text[10] = '\0';
		bad = !clock_parse_rfc3339 (text, &found)
		      || found != day * 86400000;
		if (bad)
			tap_note ("%s", text);
	}
	CU_ASSERT (!bad);
}

static void
amounts (void)
{
	static const struct {
		const char *text;
		int ok;
		uint64_t nano;
	} table[] = {
		{ "0", 1, 0 },
		{ "1", 1, 1000000000 },
		{ "0.50", 1, 500000000 },
		{ ".5", 1, 500000000 },
		{ "2.", 1, UINT64_C (2000000000) },
		{ "0.000000001", 1, 1 },
		{ "0.0000000001", 0, 0 },
		{ "1e3", 0, 0 },
		{ ".", 0, 0 },
		{ "", 0, 0 },
		{ "-1", 0, 0 },
		{ "1,5", 0, 0 },
		{ "99999999999999999999", 0, 0 },
		{ "9223372036", 0, 0 },
		{ "9223372035.999999999", 1, UINT64_C (9223372035999999999) },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		uint64_t nano = 7;

		tap_note ("'%s'", table[i].text);
		TAP_EQ_INT (units_parse_money (table[i].text, &nano),
			    table[i].ok);
		TAP_EQ_INT (nano, table[i].ok ? table[i].nano : 7);
	}
}

static const struct tap_case cases[] = {
	{ "opt_sizes_take_units_of_1024_and_of_1000", sizes },
	{ "opt_times_take_sums_decimals_and_bare_seconds", times },
	{ "opt_ages_take_units_and_dates_but_no_bare_number", ages },
	{ "opt_counts_take_k_and_m_of_1000", counts },
	{ "opt_dates_are_those_of_rfc_3339", dates },
	{ "opt_every_day_is_parsed_as_it_was_printed", all_days },
	{ "opt_amounts_are_exact_to_nine_digits", amounts },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("option_values", cases);
}
