/* SPDX-License-Identifier: MIT */
/* limit_options.c - the values of `run --limit'. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "cli/run/limit_options.h"
#include "common/macros.h"
#include "common/units.h"

#define WANT_LIMIT                                                             \
	"nofile=, nproc=, as=, core=, fsize= or cpu= of each process, or "     \
	"mem=, pids= or cpus= of the whole run, e.g. nofile=1024,mem=4G"

#define WANT_NUMBER "a number, e.g. 1024"
#define WANT_SIZE "a size, e.g. 4G"

/* Not limits of setrlimit(2), which begin with 0. */
enum { TREE_MEMORY = -1, TREE_PIDS = -2, TREE_CPUS = -3 };

#define NANO_PER_MILLI 1000000

/* "1.5": the parser of money takes decimals. */
static int
parse_cpus (const char *text, uint64_t *ret)
{
	return units_parse_money (text, ret) && *ret / NANO_PER_MILLI != 0;
}

static const struct {
	const char *name;
	int32_t resource; /* RLIMIT_*, or TREE_* */
	int (*parse) (const char *text, uint64_t *ret);
	uint64_t unit;	   /* of what parse gives, in those of the limit */
	uint64_t min, max; /* 0: none */
	const char *want;
} kinds[] = {
	{ "nofile", RLIMIT_NOFILE, units_parse_count, 1, 0, 0, WANT_NUMBER },
	{ "as", RLIMIT_AS, units_parse_size, 1, 0, 0, WANT_SIZE },
	{ "cpu", RLIMIT_CPU, units_parse_duration, 1000, 0, 0,
	  "a time, e.g. 90s" },
	{ "core", RLIMIT_CORE, units_parse_size, 1, 0, 0, WANT_SIZE },
	{ "fsize", RLIMIT_FSIZE, units_parse_size, 1, 0, 0, WANT_SIZE },
	{ "nproc", RLIMIT_NPROC, units_parse_count, 1, 0, 0, WANT_NUMBER },
	{ "mem", TREE_MEMORY, units_parse_size, 1, 1, INT64_MAX, WANT_SIZE },
	{ "pids", TREE_PIDS, units_parse_count, 1, 1, INT32_MAX, WANT_NUMBER },
	{ "cpus", TREE_CPUS, parse_cpus, NANO_PER_MILLI, LHK_CPUS_MILLI_MIN,
	  UINT32_MAX / 1000, "a number of processors, e.g. 1.5" },
};

struct limit {
	size_t kind;
	uint64_t value; /* UINT64_MAX: no limit */
};

/* 1, or 0: it is no value of this kind. */
static int
parse_value (const char *text, struct limit *ret)
{
	const size_t k = ret->kind;
	uint64_t n;

	if (strcmp (text, "unlimited") == 0) {
		ret->value = UINT64_MAX;
		return 1;
	}
	if (!kinds[k].parse (text, &n))
		return 0;
	n = n / kinds[k].unit + (n % kinds[k].unit != 0);
	if (n < kinds[k].min || (kinds[k].max != 0 && n > kinds[k].max))
		return 0;
	ret->value = n;
	return 1;
}

/* Room for NAME=VALUE; more is none. */
#define WORD_SIZE 48

/* The kind of this name, or the number of kinds. */
static size_t
find_kind (const char *name)
{
	size_t k;

	for (k = 0; k < ARRAY_SIZE (kinds); k++)
		if (strcmp (kinds[k].name, name) == 0)
			break;
	return k;
}

/* The next NAME=VALUE of a list with commas: 1 and *AT behind it, 0 at the
 * end, -1 if it is none; then RET->kind is that of its name, if there is one. */
static int
next_limit (const char **at, struct limit *ret)
{
	char word[WORD_SIZE];
	size_t len = strcspn (*at, ",");
	char *value;

	ret->kind = ARRAY_SIZE (kinds);
	if (**at == '\0')
		return 0;
	if (len >= sizeof word)
		return -1;
	memcpy (word, *at, len);
	word[len] = '\0';
	value = strchr (word, '=');
	if (value != NULL)
		*value++ = '\0';
	ret->kind = find_kind (word);
	if (ret->kind == ARRAY_SIZE (kinds) || value == NULL
	    || !parse_value (value, ret))
		return -1;
	*at += len + ((*at)[len] == ',');
	return 1;
}

/* The name that the one at TYPED was probably meant to be, or NULL. */
static const char *
nearest_name (const char *typed)
{
	const char *names[ARRAY_SIZE (kinds) + 1];
	char name[WORD_SIZE];
	size_t k;

	for (k = 0; k < ARRAY_SIZE (kinds); k++)
		names[k] = kinds[k].name;
	names[k] = NULL;
	snprintf (name, sizeof name, "%.*s", (int) strcspn (typed, "=,"),
		  typed);
	return opt_nearest (name, names);
}

/* What is wrong with the item at AT of LIST, whose kind is K if it has one. */
static const char *
explain_item (const char *list, const char *at, size_t k)
{
	static char text[320];
	const int len = (int) strcspn (at, ",");
	const char *near = nearest_name (at);
	char item[WORD_SIZE + 32] = "";

	/* The sentence begins with the whole list. */
	if (list[len] != '\0')
		snprintf (item, sizeof item, "wrong at '%.*s', which is ",
			  len < WORD_SIZE ? len : WORD_SIZE, at);
	if (k < ARRAY_SIZE (kinds) && memchr (at, '=', (size_t) len) == NULL)
		snprintf (text, sizeof text,
			  "%sa limit without a value; give %s= and %s, or "
			  "unlimited",
			  item, kinds[k].name, kinds[k].want);
	else if (k < ARRAY_SIZE (kinds))
		snprintf (text, sizeof text,
			  "%snot a value for %s; give %s, or unlimited", item,
			  kinds[k].name, kinds[k].want);
	else
		snprintf (text, sizeof text,
			  "%snot a limit%s%s%s; give " WANT_LIMIT, item,
			  near == NULL ? "" : " (did you mean '",
			  near == NULL ? "" : near, near == NULL ? "" : "='?)");
	return text;
}

const char *
limit_options_check (const char *value)
{
	struct limit limit;
	const char *at = value;
	int r;

	do
		r = next_limit (&at, &limit);
	while (r > 0);
	return r < 0 || *value == '\0' ? explain_item (value, at, limit.kind)
				       : NULL;
}

static void
set_rlimit (const struct limit *one, struct lhk_rlimit *rlimits, size_t *n)
{
	size_t k;

	for (k = 0; k < *n; k++)
		if (rlimits[k].resource == kinds[one->kind].resource)
			break;
	rlimits[k].resource = kinds[one->kind].resource;
	rlimits[k].reserved = 0;
	rlimits[k].value = one->value;
	*n += k == *n;
}

void
limit_options_apply (const struct opt_list *list,
		     struct lhk_rlimit rlimits[LIMIT_OPTIONS_MAX],
		     struct lhk_run_opts *opts)
{
	struct limit one;
	size_t i;

	opts->limits = rlimits;
	for (i = 0; i < list->n; i++) {
		const char *at = list->items[i];

		while (next_limit (&at, &one) > 0) {
			const uint64_t tree =
				one.value == UINT64_MAX ? 0 : one.value;

			switch (kinds[one.kind].resource) {
			case TREE_MEMORY:
				opts->memory_max = tree;
				break;
			case TREE_PIDS:
				opts->pids_max = (uint32_t) tree;
				break;
			case TREE_CPUS:
				opts->cpus_milli = (uint32_t) tree;
				break;
			default:
				set_rlimit (&one, rlimits, &opts->n_limits);
				break;
			}
		}
	}
}

const char *
limit_options_need_cgroup (const struct opt_list *list)
{
	const char *name = NULL;
	struct limit one;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const char *at = list->items[i];

		while (next_limit (&at, &one) > 0)
			if (kinds[one.kind].resource < 0
			    && one.value != UINT64_MAX)
				name = kinds[one.kind].name;
	}
	return name;
}

const char *
limit_options_over_hard (const struct lhk_run_opts *opts, uint64_t *ret_hard)
{
	struct rlimit own;
	size_t i, k;

	for (i = 0; i < opts->n_limits; i++)
		for (k = 0; k < ARRAY_SIZE (kinds); k++) {
			if (kinds[k].resource != opts->limits[i].resource
			    || getrlimit (kinds[k].resource, &own) < 0
			    || opts->limits[i].value <= own.rlim_max)
				continue;
			*ret_hard = own.rlim_max;
			return kinds[k].name;
		}
	return NULL;
}
