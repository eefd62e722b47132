/* SPDX-License-Identifier: MIT */
/* value.c - words become sizes, times, numbers, choices. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/units.h"

static const struct {
	const char *what;
	int (*parse) (const char *text, uint64_t *ret);
} numbers[] = {
	[OPT_SIZE] = { "a size", units_parse_size },
	[OPT_TIME] = { "a time", units_parse_duration },
	[OPT_COUNT] = { "a number", units_parse_count },
	[OPT_MONEY] = { "an amount", units_parse_money },
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
