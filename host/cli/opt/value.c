/* SPDX-License-Identifier: MIT */
/* value.c - words become sizes, times, numbers, choices. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "common/error.h"
#include "common/mem.h"

#define NANO UINT64_C (1000000000)

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "k", UINT64_C (1) << 10 },
	{ "K", UINT64_C (1) << 10 },
	{ "M", UINT64_C (1) << 20 },
	{ "G", UINT64_C (1) << 30 },
	{ NULL, 0 },
};

static const struct unit time_units[] = {
	{ "", 1000 },
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ NULL, 0 },
};

static const struct unit count_units[] = {
	{ "", 1 },
	{ NULL, 0 },
};

/* Digits at *AT, which moves behind them. */
static int
take_digits (const char **at, uint64_t *ret)
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
with_unit (const char *text, const struct unit *units, uint64_t *ret)
{
	uint64_t value;

	if (!take_digits (&text, &value))
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
opt_size (const char *text, uint64_t *ret)
{
	return with_unit (text, size_units, ret);
}

int
opt_time (const char *text, uint64_t *ret_ms)
{
	return with_unit (text, time_units, ret_ms);
}

int
opt_count (const char *text, uint64_t *ret)
{
	return with_unit (text, count_units, ret);
}

int
opt_money (const char *text, uint64_t *ret_nano)
{
	uint64_t whole = 0;
	uint64_t part = 0;
	uint64_t scale = NANO;
	int any;

	any = take_digits (&text, &whole);
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

/* ---- into the struct ---- */

static const struct {
	const char *what;
	int (*parse) (const char *text, uint64_t *ret);
} numbers[] = {
	[OPT_SIZE] = { "a size", opt_size },
	[OPT_TIME] = { "a time", opt_time },
	[OPT_COUNT] = { "a number", opt_count },
	[OPT_MONEY] = { "an amount", opt_money },
};

static int
take_number (const struct opt *o, const char *shown, const char *value,
	     char *at, struct lhk_error *err)
{
	uint64_t n;

	if (!numbers[o->kind].parse (value, &n))
		return error_set (err, LHK_EINVAL, 0,
				  "'%s %.60s': not %s (want %s)", shown, value,
				  numbers[o->kind].what, o->want);
	if (n < o->min || n > o->max)
		return error_set (err, LHK_EINVAL, 0,
				  "'%s %.60s': out of range (want %s)", shown,
				  value, o->want);
	if (o->kind == OPT_TIME)
		*(uint32_t *) (void *) at = (uint32_t) n;
	else if (o->kind == OPT_MONEY)
		*(int64_t *) (void *) at = (int64_t) n;
	else
		*(uint64_t *) (void *) at = n;
	return LHK_OK;
}

const char *
opt_wanted (const struct opt *o, char *buf, size_t cap)
{
	size_t len = 0;
	size_t i;

	if (o->kind != OPT_CHOICE)
		return o->want != NULL ? o->want : o->word;
	buf[0] = '\0';
	for (i = 0; o->choices[i] != NULL && len < cap; i++) {
		const char *before = i == 0			 ? ""
				     : o->choices[i + 1] == NULL ? " or "
								 : ", ";

		len += (size_t) snprintf (buf + len, cap - len, "%s%s", before,
					  o->choices[i]);
	}
	return buf;
}

static int
take_choice (const struct opt *o, const char *shown, const char *value,
	     char *at, struct lhk_error *err)
{
	char all[120];
	int32_t i;

	for (i = 0; o->choices[i] != NULL; i++)
		if (strcmp (o->choices[i], value) == 0) {
			*(int32_t *) (void *) at = i;
			return LHK_OK;
		}
	return error_set (err, LHK_EINVAL, 0,
			  "'%s %.60s': no such choice (want %s)", shown, value,
			  opt_wanted (o, all, sizeof all));
}

static int
take_item (const char *value, struct opt_list *list)
{
	void *items = list->items;
	int r;

	r = mem_grow (&mem_system, &items, &list->cap, list->n + 1,
		      sizeof list->items[0]);
	if (r < 0)
		return r;
	list->items = items;
	list->items[list->n++] = value;
	return LHK_OK;
}

int
opt_take (const struct opt *o, const char *shown, const char *value,
	  void *target, struct lhk_error *err)
{
	char *at = (char *) target + o->offset;
	const char *wanted = NULL;

	if (o->kind == OPT_FLAG) {
		*(int32_t *) (void *) at = 1;
		return LHK_OK;
	}
	if (o->kind == OPT_CHOICE)
		return take_choice (o, shown, value, at, err);
	if (o->kind != OPT_TEXT && o->kind != OPT_LIST)
		return take_number (o, shown, value, at, err);
	if (o->check != NULL)
		wanted = o->check (value);
	if (wanted != NULL)
		return error_set (err, LHK_EINVAL, 0, "'%s %.60s': %s", shown,
				  value, wanted);
	if (o->kind == OPT_TEXT) {
		*(const char **) (void *) at = value;
		return LHK_OK;
	}
	if (take_item (value, (struct opt_list *) (void *) at) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	return LHK_OK;
}

void
opt_list_free (struct opt_list *list)
{
	mem_free (&mem_system, list->items, list->cap * sizeof list->items[0]);
	list->items = NULL;
	list->n = 0;
	list->cap = 0;
}
