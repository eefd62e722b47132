/* SPDX-License-Identifier: MIT */
/* units.c - durations, sizes, counts and money, as people write and read them. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/macros.h"
#include "common/units.h"

#define NANO UINT64_C (1000000000)

/* ---- in ---- */

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "k", UINT64_C (1) << 10 },
	{ "K", UINT64_C (1) << 10 },
	{ "M", UINT64_C (1) << 20 },
	{ "G", UINT64_C (1) << 30 },
	{ NULL, 0 },
};

static const struct unit durations[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ NULL, 0 },
};

static const struct unit counts[] = {
	{ "", 1 },
	{ NULL, 0 },
};

/* Digits at *AT, which moves behind them. */
static int
parse_digits (const char **at, uint64_t *ret)
{
	const char *p = *at;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return 0;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned int digit = (unsigned int) (*p - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return 0;
		value = value * 10 + digit;
	}
	*at = p;
	*ret = value;
	return 1;
}

static int
parse_with_unit (const char *text, const struct unit *units, uint64_t *ret)
{
	uint64_t value;

	if (!parse_digits (&text, &value))
		return 0;
	for (; units->name != NULL; units++)
		if (strcmp (units->name, text) == 0)
			break;
	if (units->name == NULL || value > UINT64_MAX / units->factor)
		return 0;
	*ret = value * units->factor;
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
	return parse_with_unit (text, durations, ret_ms);
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
		for (; *text >= '0' && *text <= '9' && scale > 1; text++) {
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
