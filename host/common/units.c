/* SPDX-License-Identifier: MIT */
/* units.c - times, ages, sizes, counts and money, as people write them. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/macros.h"
#include "common/units.h"

#define NANO UINT64_C (1000000000)

/* ---- in ---- */

/* Decimals that a number may have: their value stays below NANO. */
#define DECIMALS_MAX 9

struct unit {
	const char *name;
	uint64_t factor;
};

/* Times are sums, in which each unit must be smaller than the one before. */
static const struct unit durations[] = {
	{ "d", 24 * 60 * 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ "m", 60 * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
	{ NULL, 0 },
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "k", UINT64_C (1) << 10 },
	{ "K", UINT64_C (1) << 10 },
	{ "KiB", UINT64_C (1) << 10 },
	{ "kB", 1000 },
	{ "KB", 1000 },
	{ "M", UINT64_C (1) << 20 },
	{ "MiB", UINT64_C (1) << 20 },
	{ "MB", 1000 * 1000 },
	{ "G", UINT64_C (1) << 30 },
	{ "GiB", UINT64_C (1) << 30 },
	{ "GB", 1000 * 1000 * 1000 },
	{ NULL, 0 },
};

static const struct unit counts[] = {
	{ "", 1 },   { "k", 1000 }, { "K", 1000 }, { "M", 1000 * 1000 },
	{ NULL, 0 },
};

/* What was written, before its unit is known. */
struct number {
	uint64_t whole;
	uint64_t nano;	 /* the decimals, in units of 10^-9 */
	int is_fraction; /* there is a point */
};

static int
is_digit (char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at *AT, which moves behind them. */
static int
parse_digits (const char **at, uint64_t *ret)
{
	const char *p = *at;
	uint64_t value = 0;

	if (!is_digit (*p))
		return 0;
	for (; is_digit (*p); p++) {
		unsigned int digit = (unsigned int) (*p - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	*at = p;
	*ret = value;
	return 1;
}

/* "12", "1.5" or ".5" at *AT, which moves behind it. */
static int
parse_number (const char **at, struct number *ret)
{
	const struct number none = { 0, 0, 0 };
	const char *p = *at;
	uint64_t scale = NANO;

	*ret = none;
	if (*p != '.' && !parse_digits (&p, &ret->whole))
		return 0;
	if (*p == '.') {
		const char *first = ++p;

		for (; is_digit (*p); p++) {
			if (p - first == DECIMALS_MAX)
				return 0;
			scale /= 10;
			ret->nano += (uint64_t) (*p - '0') * scale;
		}
		if (p == first)
			return 0;
		ret->is_fraction = 1;
	}
	*at = p;
	return 1;
}

/*
 * N units of FACTOR.  Parts of the smallest unit are refused where they are
 * written (1.5ms), and rounded up where they are left over (0.0001s): a limit
 * that was given never becomes 0, which means none.
 */
static int
multiply (const struct number *n, uint64_t factor, uint64_t *ret)
{
	uint64_t part = (n->nano * factor + NANO - 1) / NANO;

	if ((n->is_fraction && factor == 1)
	    || n->whole > (UINT64_MAX - part) / factor)
		return 0;
	*ret = n->whole * factor + part;
	return 1;
}

/* The unit whose name is the LEN bytes at NAME, or NULL. */
static const struct unit *
find_unit (const struct unit *units, const char *name, size_t len)
{
	for (; units->name != NULL; units++)
		if (strlen (units->name) == len
		    && memcmp (units->name, name, len) == 0)
			return units;
	return NULL;
}

static int
parse_with_unit (const char *text, const struct unit *units, uint64_t *ret)
{
	struct number n;
	const struct unit *unit;

	if (!parse_number (&text, &n))
		return 0;
	unit = find_unit (units, text, strlen (text));
	return unit != NULL && multiply (&n, unit->factor, ret);
}

/* "1h30m": numbers with units, each smaller than the one before. */
static int
parse_sum (const char *text, uint64_t *ret_ms)
{
	const struct unit *left = durations;
	uint64_t sum = 0;
	struct number n;

	do {
		uint64_t term;
		size_t len;

		if (!parse_number (&text, &n))
			return 0;
		len = strcspn (text, ".0123456789");
		left = find_unit (left, text, len);
		if (left == NULL || !multiply (&n, left->factor, &term)
		    || term > UINT64_MAX - sum)
			return 0;
		sum += term;
		text += len;
		left++;
	} while (*text != '\0');
	*ret_ms = sum;
	return 1;
}

int
units_parse_size (const char *text, uint64_t *ret)
{
	return parse_with_unit (text, sizes, ret);
}

int
units_parse_duration (const char *text, uint64_t *ret_ms)
{
	const char *end = text;
	struct number seconds;

	if (parse_number (&end, &seconds) && *end == '\0')
		return multiply (&seconds, 1000, ret_ms);
	return parse_sum (text, ret_ms);
}

int
units_parse_age (const char *text, int64_t now_ms, int64_t *ret_unix_ms)
{
	uint64_t ago;
	int64_t at;

	if (parse_sum (text, &ago))
		at = now_ms < 1 || ago >= (uint64_t) now_ms
			     ? 1
			     : now_ms - (int64_t) ago;
	else if (!clock_parse_rfc3339 (text, &at) || at > now_ms)
		return 0;
	*ret_unix_ms = at < 1 ? 1 : at;
	return 1;
}

int
units_parse_count (const char *text, uint64_t *ret)
{
	return parse_with_unit (text, counts, ret);
}

int
units_parse_money (const char *text, uint64_t *ret_nano)
{
	uint64_t whole = 0;
	uint64_t part = 0;
	uint64_t scale = NANO;
	int any;

	any = parse_digits (&text, &whole);
	if (*text == '.') {
		text++;
		for (; is_digit (*text) && scale > 1; text++) {
			scale /= 10;
			part += (uint64_t) (*text - '0') * scale;
			any = 1;
		}
	}
	if (!any || *text != '\0' || whole > INT64_MAX / NANO - 1)
		return 0;
	*ret_nano = whole * NANO + part;
	return 1;
}

/* ---- out ---- */

void
units_print_seconds (int64_t s, char text[UNITS_SIZE])
{
	if (s < 60)
		snprintf (text, UNITS_SIZE, "%d s", s < 0 ? 0 : (int) s);
	else if (s < 3600)
		snprintf (text, UNITS_SIZE, "%d min %02d s", (int) (s / 60),
			  (int) (s % 60));
	else
		snprintf (text, UNITS_SIZE, "%" PRId64 " h %02d min %02d s",
			  s / 3600, (int) (s / 60 % 60), (int) (s % 60));
}

void
units_print_duration (int64_t ms, char text[UNITS_SIZE])
{
	int tenths = ms < 0 ? 0 : (int) (ms % 60000 / 100);

	if (ms >= 60000)
		units_print_seconds (ms / 1000, text);
	else
		snprintf (text, UNITS_SIZE, "%d.%d s", tenths / 10,
			  tenths % 10);
}

void
units_print_size (uint64_t bytes, char text[UNITS_SIZE])
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = (double) bytes / 1024;
	size_t i;

	for (i = 0; size >= 1024 && i + 1 < ARRAY_SIZE (names); i++)
		size /= 1024;
	snprintf (text, UNITS_SIZE,
		  size < 10 && size != (double) (int) size ? "%.1f %s"
							   : "%.0f %s",
		  size, names[i]);
}

void
units_print_count (uint64_t n, char text[UNITS_SIZE])
{
	char digits[24];
	int len = snprintf (digits, sizeof digits, "%" PRIu64, n);
	int i;

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*text++ = ',';
		*text++ = digits[i];
	}
	*text = '\0';
}

void
units_print_money (int64_t nano, char text[UNITS_SIZE])
{
	uint64_t n = nano < 0 ? 0 - (uint64_t) nano : (uint64_t) nano;
	int len = snprintf (text, UNITS_SIZE, "%s%" PRIu64 ".%09" PRIu64,
			    nano < 0 ? "-" : "", n / NANO, n % NANO);

	while (len > 3 && text[len - 1] == '0' && text[len - 3] != '.')
		text[--len] = '\0';
}
