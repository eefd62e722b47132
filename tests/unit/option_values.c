/* SPDX-License-Identifier: MIT */
/* option_values.c - words as sizes, times and amounts. */
#include "config.h"

#include "cli/opt/opt.h"
#include "lib/tap.h"
#include "common/units.h"

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
		{ "4kB", 0, 0 },
		{ "1.5M", 0, 0 },
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
		{ "0", 1, 0 },	   { "20", 1, 20000 },	{ "20s", 1, 20000 },
		{ "15ms", 1, 15 }, { "2m", 1, 120000 }, { "3h", 1, 10800000 },
		{ "1d", 0, 0 },	   { "ms", 0, 0 },	{ "1h30m", 0, 0 },
		{ "20S", 0, 0 },   { "", 0, 0 },
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
	{ "opt_sizes_take_k_m_g_of_1024", sizes },
	{ "opt_times_take_ms_s_m_h_and_bare_seconds", times },
	{ "opt_amounts_are_exact_to_nine_digits", amounts },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("option_values", cases);
}
