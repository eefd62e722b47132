/* SPDX-License-Identifier: MIT */
/*
 * number.c - decimals as integers, exactly and without floating point.
 *
 * A number is its digits without the dot, and POINT: how many of them stand
 * before the dot once the exponent is applied.  The integer is the first
 * POINT digits.  Linear in the digits, however large the exponent is.
 */
#include "config.h"

#include <string.h>

#include "json/ops.h"

struct decimal {
	const char *digits; /* may contain one dot */
	const char *end;
	int64_t point;
	int negative;
};

/* Beyond any count of digits, and safe to add to one. */
#define EXPONENT_MAX ((int64_t) 1 << 60)

/* P is at the sign or the first digit of an exponent. */
static int64_t
read_exponent (const char *p, const char *end)
{
	const int negative = *p == '-';
	int64_t e = 0;

	if (*p == '-' || *p == '+')
		p++;
	for (; p < end; p++) {
		if (e < EXPONENT_MAX / 16)
			e = e * 10 + (*p - '0');
	}
	return negative ? -e : e;
}

static void
split_decimal (const char *p, size_t len, struct decimal *d)
{
	const char *end = p + len;
	const char *dot = NULL;

	d->negative = *p == '-';
	if (d->negative)
		p++;
	d->digits = p;
	while (p < end && *p != 'e' && *p != 'E') {
		if (*p == '.')
			dot = p;
		p++;
	}
	d->end = p;
	d->point = (dot ? dot : p) - d->digits;
	if (p < end)
		d->point += read_exponent (p + 1, end);
}

/* Append a digit to *VALUE.  0 if the result would be above MAX, else 1. */
static int
add_digit (uint64_t *value, uint64_t max, int digit)
{
	if (*value > (max - (uint64_t) digit) / 10)
		return 0;
	*value = *value * 10 + (uint64_t) digit;
	return 1;
}

/* The integer of the first POINT digits.  *REST is 1 if other digits than 0
 * are lost, *HALF if what is lost is a half or more.  0 if the integer is
 * above MAX, else 1. */
static int
read_digits (const struct decimal *d, uint64_t max, uint64_t *value, int *rest,
	     int *half)
{
	int64_t left = d->point;
	const char *p;

	*value = 0;
	*rest = 0;
	*half = 0;
	for (p = d->digits; p < d->end; p++) {
		if (*p == '.')
			continue;
		if (left > 0 && !add_digit (value, max, *p - '0'))
			return 0;
		if (left == 0)
			*half = *p >= '5';
		if (left <= 0 && *p != '0')
			*rest = 1;
		left--;
	}
	for (; left > 0 && *value != 0; left--) {
		if (!add_digit (value, max, 0))
			return 0;
	}
	return 1;
}

int
lhk_json_decimal (const char *p, size_t len, int scale, int round, int64_t *ret)
{
	struct decimal d;
	uint64_t max, value;
	int rest, half;

	split_decimal (p, len, &d);
	d.point += scale;
	max = (uint64_t) INT64_MAX + (uint64_t) d.negative;
	if (!read_digits (&d, max, &value, &rest, &half)
	    || (round && half && value == max)) {
		*ret = d.negative ? INT64_MIN : INT64_MAX;
		return DECIMAL_CLAMPED;
	}
	if (round && half)
		value++;
	*ret = (int64_t) (d.negative ? 0 - value : value);
	return rest ? DECIMAL_CUT : DECIMAL_EXACT;
}

void
lhk_json_num (const char *p, size_t len, struct lhk_num *ret)
{
	const size_t sign = *p == '-';
	uint64_t value = 0;
	size_t i;

	ret->reserved = 0;
	for (i = sign; i < len && i < 18 + sign; i++) {
		if ((uint8_t) (p[i] - '0') > 9)
			break;
		value = value * 10 + (uint64_t) (p[i] - '0');
	}
	if (i == len) {
		ret->value = sign ? -(int64_t) value : (int64_t) value;
		ret->has = 1;
		return;
	}
	ret->has = lhk_json_decimal (p, len, 0, 0, &ret->value) == DECIMAL_EXACT
			   ? 1
			   : 2;
}

int
lhk_raw_num (const struct lhk_raw *raw, struct lhk_num *ret)
{
	if (raw == NULL || raw->ptr == NULL || raw->type != LHK_JSON_NUMBER)
		return 0;
	lhk_json_num (raw->ptr, raw->len, ret);
	return 1;
}

int
lhk_raw_nano (const struct lhk_raw *raw, int64_t *ret)
{
	if (raw == NULL || raw->ptr == NULL || raw->type != LHK_JSON_NUMBER)
		return 0;
	lhk_json_decimal (raw->ptr, raw->len, 9, 1, ret);
	return 1;
}
