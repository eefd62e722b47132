/* SPDX-License-Identifier: MIT */
/* value.c - the values of options: words become numbers, choices and lists. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/opt/value.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/units.h"

/* Room for the words of a choice. */
#define WANTED_SIZE 160

static int
parse_age (const char *text, uint64_t *ret_unix_ms)
{
	int64_t at;

	if (!units_parse_age (text, clock_unix_ms (), &at))
		return 0;
	*ret_unix_ms = (uint64_t) at;
	return 1;
}

static const struct {
	const char *what;
	int (*parse) (const char *text, uint64_t *ret);
} numbers[] = {
	[OPT_SIZE] = { "a size", units_parse_size },
	[OPT_TIME] = { "a time", units_parse_duration },
	[OPT_COUNT] = { "a number", units_parse_count },
	[OPT_MONEY] = { "an amount", units_parse_money },
	[OPT_AGE] = { "an age or a date", parse_age },
};

int
opt_value_is_number (const struct opt *o, const char *text)
{
	uint64_t ignored;

	return o->kind < ARRAY_SIZE (numbers) && numbers[o->kind].parse != NULL
	       && numbers[o->kind].parse (text, &ignored);
}

/* Digits behind which a number is taken for too large, not for malformed. */
#define DIGITS_ENOUGH 6

/* Room for a value that may become another. */
#define VALUE_SIZE 64

/* Would VALUE be one of O's kind if its numbers were small? */
static int
is_too_large (const struct opt *o, const char *value)
{
	char small[VALUE_SIZE];
	size_t n = 0, digits;
	uint64_t ignored;

	for (; *value != '\0' && n + 2 < sizeof small; value += digits) {
		digits = strspn (value, "0123456789");
		if (digits > DIGITS_ENOUGH && (n == 0 || small[n - 1] != '.')) {
			small[n++] = '1';
			continue;
		}
		digits = 1;
		small[n++] = *value;
	}
	small[n] = '\0';
	return *value == '\0' && numbers[o->kind].parse (small, &ignored);
}

/* Units that people write, by kind, and ours. */
static const struct {
	uint8_t kind;
	const char *typed; /* in small letters */
	const char *unit;
} units[] = {
	{ OPT_TIME, "seconds", "s" }, { OPT_TIME, "second", "s" },
	{ OPT_TIME, "secs", "s" },    { OPT_TIME, "sec", "s" },
	{ OPT_TIME, "s", "s" },	      { OPT_TIME, "minutes", "m" },
	{ OPT_TIME, "minute", "m" },  { OPT_TIME, "mins", "m" },
	{ OPT_TIME, "min", "m" },     { OPT_TIME, "hours", "h" },
	{ OPT_TIME, "hour", "h" },    { OPT_TIME, "hrs", "h" },
	{ OPT_TIME, "hr", "h" },      { OPT_TIME, "h", "h" },
	{ OPT_TIME, "days", "d" },    { OPT_TIME, "day", "d" },
	{ OPT_TIME, "d", "d" },	      { OPT_SIZE, "b", "B" },
	{ OPT_SIZE, "kb", "kB" },     { OPT_SIZE, "kib", "KiB" },
	{ OPT_SIZE, "m", "M" },	      { OPT_SIZE, "mb", "MB" },
	{ OPT_SIZE, "mib", "MiB" },   { OPT_SIZE, "g", "G" },
	{ OPT_SIZE, "gb", "GB" },     { OPT_SIZE, "gib", "GiB" },
	{ OPT_COUNT, "m", "M" },
};

/* Our unit for the one at TYPED, or NULL.  Ages have those of times. */
static const char *
unit_of (const struct opt *o, const char *typed)
{
	const uint8_t kind = o->kind == OPT_AGE ? OPT_TIME : o->kind;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (units); i++)
		if (units[i].kind == kind
		    && strcasecmp (units[i].typed, typed) == 0)
			return units[i].unit;
	return NULL;
}

/* What VALUE was probably meant to be, in BUF: a blank less, another unit, or
 * the unit that "1h30" leaves out.  1, or 0: nothing is near. */
static int
find_near (const struct opt *o, const char *value, char buf[VALUE_SIZE])
{
	const char *unit;
	size_t n = 0, at;
	uint64_t ignored;

	for (; *value != '\0' && n + 2 < VALUE_SIZE; value++)
		if (*value != ' ')
			buf[n++] = *value;
	buf[n] = '\0';
	if (*value != '\0' || n == 0)
		return 0;
	for (at = n; at > 0 && strchr (".0123456789", buf[at - 1]) == NULL;)
		at--;
	unit = unit_of (o, buf + at);
	if (unit != NULL)
		snprintf (buf + at, VALUE_SIZE - at, "%s", unit);
	else if (at == n && strchr (buf, 'h') != NULL)
		memcpy (buf + n, "m", 2);
	return numbers[o->kind].parse (buf, &ignored);
}

/* What is wrong with VALUE, which is no number of O's kind. */
static int
not_a_number (const struct opt *o, const char *spelling, const char *value,
	      struct lhk_error *err)
{
	char near[VALUE_SIZE];
	int64_t at;

	if (o->kind == OPT_AGE && *value != '\0'
	    && value[strspn (value, ".0123456789")] == '\0'
	    && strchr (value, '.') == strrchr (value, '.'))
		return error_set (err, LHK_EINVAL, 0,
				  "%s: '%.60s' has no unit; give %s", spelling,
				  value, o->want);
	if (o->kind == OPT_AGE && units_parse_age (value, INT64_MAX, &at))
		return error_set (err, LHK_EINVAL, 0,
				  "%s: '%.60s' is in the future; give %s",
				  spelling, value, o->want);
	if (is_too_large (o, value))
		return error_set (err, LHK_EINVAL, 0,
				  "%s: '%.60s' is out of range; give %s",
				  spelling, value, o->want);
	if (find_near (o, value, near))
		return error_set (err, LHK_EINVAL, 0,
				  "%s: '%.60s' is not %s (did you mean '%s'?); "
				  "give %s",
				  spelling, value, numbers[o->kind].what, near,
				  o->want);
	return error_set (err, LHK_EINVAL, 0, "%s: '%.60s' is not %s; give %s",
			  spelling, value, numbers[o->kind].what, o->want);
}

static int
store_number (const struct opt *o, const char *spelling, const char *value,
	      char *at, struct lhk_error *err)
{
	uint64_t n;

	if (!numbers[o->kind].parse (value, &n))
		return not_a_number (o, spelling, value, err);
	if (o->kind != OPT_AGE && (n < o->min || n > o->max))
		return error_set (err, LHK_EINVAL, 0,
				  "%s: '%.60s' is out of range; give %s",
				  spelling, value, o->want);
	if (o->kind == OPT_TIME)
		*(uint32_t *) (void *) at = (uint32_t) n;
	else if (o->kind == OPT_MONEY || o->kind == OPT_AGE)
		*(int64_t *) (void *) at = (int64_t) n;
	else
		*(uint64_t *) (void *) at = n;
	return LHK_OK;
}

/* What O wants, in words; in BUF if need be. */
static const char *
wanted_value (const struct opt *o, char buf[WANTED_SIZE])
{
	size_t len = 0;
	size_t i;

	if (o->choices == NULL)
		return o->want != NULL ? o->want : o->word;
	buf[0] = '\0';
	for (i = 0; o->choices[i] != NULL && len < WANTED_SIZE; i++) {
		const char *before = i == 0			 ? ""
				     : o->choices[i + 1] == NULL ? " or "
								 : ", ";

		len += (size_t) snprintf (buf + len, WANTED_SIZE - len, "%s%s",
					  before, o->choices[i]);
	}
	return buf;
}

/* The choice that an older word means, or the word itself. */
static const char *
choice_of (const struct opt *o, const char *word)
{
	const char *const *pair = o->synonyms;

	for (; pair != NULL && *pair != NULL; pair += 2)
		if (strcmp (pair[0], word) == 0)
			return pair[1];
	return word;
}

static int
store_choice (const struct opt *o, const char *spelling, const char *value,
	      char *at, struct lhk_error *err)
{
	const char *choice = choice_of (o, value);
	char all[WANTED_SIZE];
	const char *near;
	int32_t i;

	for (i = 0; o->choices[i] != NULL; i++)
		if (strcmp (o->choices[i], choice) == 0) {
			*(int32_t *) (void *) at = i;
			return LHK_OK;
		}
	near = opt_nearest (value, o->choices);
	return error_set (err, LHK_EINVAL, 0,
			  "%s: '%.60s' is not a valid value%s%s%s; give %s",
			  spelling, value,
			  near == NULL ? "" : " (did you mean '",
			  near == NULL ? "" : near, near == NULL ? "" : "'?)",
			  wanted_value (o, all));
}

static int
append_item (const char *value, struct opt_list *list)
{
	void *items = list->items;
	int r;

	r = mem_grow (&mem_system, &items, &list->cap, list->n + 2,
		      sizeof list->items[0]);
	if (r < 0)
		return r;
	list->items = items;
	list->items[list->n++] = value;
	list->items[list->n] = NULL;
	return LHK_OK;
}

/* VALUE, a word, into the member AT. */
static int
store_word (const struct opt *o, const char *spelling, const char *value,
	    char *at, struct lhk_error *err)
{
	const char *fault = o->check == NULL ? NULL : o->check (value);
	char all[WANTED_SIZE];

	if (fault != NULL && *value == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "%s: the value is empty; give %s", spelling,
				  wanted_value (o, all));
	if (fault != NULL)
		return error_set (err, LHK_EINVAL, 0, "%s: '%.60s' is %s",
				  spelling, value, fault);
	if (o->kind == OPT_TEXT) {
		*(const char **) (void *) at = value;
		return LHK_OK;
	}
	if (append_item (value, (struct opt_list *) (void *) at) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	return LHK_OK;
}

int
opt_value_store (const struct opt *o, const char *spelling, const char *value,
		 void *target, struct lhk_error *err)
{
	char *at = (char *) target + o->offset;

	if (o->kind != OPT_FLAG && o->choices != NULL)
		return store_choice (o, spelling, value, at, err);
	switch (o->kind) {
	case OPT_FLAG:
		*(int32_t *) (void *) at = 1;
		return LHK_OK;
	case OPT_TEXT:
	case OPT_LIST:
		return store_word (o, spelling, value, at, err);
	default:
		return store_number (o, spelling, value, at, err);
	}
}

int
opt_value_missing (const struct opt *o, const char *spelling, const char *next,
		   struct lhk_error *err)
{
	char all[WANTED_SIZE];
	const char *wanted = wanted_value (o, all);

	if (next == NULL)
		return error_set (err, LHK_EINVAL, 0, "%s needs a value: %s",
				  spelling, wanted);
	return error_set (err, LHK_EINVAL, 0,
			  "%s needs a value before '%.60s': %s", spelling, next,
			  wanted);
}

const char *
opt_check_given (const char *value)
{
	return *value != '\0' ? NULL : "empty";
}

const char *
opt_check_path (const char *value)
{
	return *value != '\0' ? NULL : "not a path";
}

const char *
opt_check_assignment (const char *value)
{
	const char *eq = strchr (value, '=');

	return eq != NULL && eq != value ? NULL
					 : "not an assignment; give NAME=VALUE";
}

void
opt_list_free (struct opt_list *list)
{
	mem_free (&mem_system, list->items, list->cap * sizeof list->items[0]);
	list->items = NULL;
	list->n = 0;
	list->cap = 0;
}
