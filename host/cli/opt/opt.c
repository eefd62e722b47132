/* SPDX-License-Identifier: MIT */
/* opt.c - parse a command line by tables of options. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/units.h"

/* Longest name of an option, with its dashes, that sentences show. */
#define SPELLING_MAX 64

/* ---- values ---- */

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
	[OPT_AGE] = { "a time in the past", parse_age },
};

static int
store_number (const struct opt *o, const char *spelling, const char *value,
	      char *at, struct lhk_error *err)
{
	uint64_t n;

	if (!numbers[o->kind].parse (value, &n))
		return error_set (err, LHK_EINVAL, 0,
				  "'%s %.60s': not %s (want %s)", spelling,
				  value, numbers[o->kind].what, o->want);
	if (o->kind != OPT_AGE && (n < o->min || n > o->max))
		return error_set (err, LHK_EINVAL, 0,
				  "'%s %.60s': out of range (want %s)",
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
wanted_value (const struct opt *o, char *buf, size_t cap)
{
	size_t len = 0;
	size_t i;

	if (o->choices == NULL)
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
	char all[120];
	int32_t i;

	for (i = 0; o->choices[i] != NULL; i++)
		if (strcmp (o->choices[i], choice) == 0) {
			*(int32_t *) (void *) at = i;
			return LHK_OK;
		}
	return error_set (err, LHK_EINVAL, 0,
			  "'%s %.60s': no such choice (want %s)", spelling,
			  value, wanted_value (o, all, sizeof all));
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

/* Take VALUE for option O, which the user spelled so, into TARGET.  LHK_OK,
 * LHK_EINVAL or LHK_ENOMEM. */
static int
store_value (const struct opt *o, const char *spelling, const char *value,
	     void *target, struct lhk_error *err)
{
	char *at = (char *) target + o->offset;
	const char *wanted = NULL;

	if (o->kind == OPT_FLAG) {
		*(int32_t *) (void *) at = 1;
		return LHK_OK;
	}
	if (o->choices != NULL)
		return store_choice (o, spelling, value, at, err);
	if (o->kind != OPT_TEXT && o->kind != OPT_LIST)
		return store_number (o, spelling, value, at, err);
	if (o->check != NULL)
		wanted = o->check (value);
	if (wanted != NULL)
		return error_set (err, LHK_EINVAL, 0, "'%s %.60s': %s",
				  spelling, value, wanted);
	if (o->kind == OPT_TEXT) {
		*(const char **) (void *) at = value;
		return LHK_OK;
	}
	if (append_item (value, (struct opt_list *) (void *) at) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	return LHK_OK;
}

const char *
opt_check_path (const char *value)
{
	return *value != '\0' ? NULL : "empty (want a path)";
}

const char *
opt_check_assignment (const char *value)
{
	const char *eq = strchr (value, '=');

	return eq != NULL && eq != value
		       ? NULL
		       : "not an assignment (want NAME=VALUE)";
}

void
opt_list_free (struct opt_list *list)
{
	mem_free (&mem_system, list->items, list->cap * sizeof list->items[0]);
	list->items = NULL;
	list->n = 0;
	list->cap = 0;
}

/* ---- the command line ---- */

struct walk {
	const struct opt_group *groups;
	int argc;
	char **argv;
	int at; /* index of the next word */
	void *target;
	struct opt_operands *operands;
	struct lhk_error *err;
};

static const struct opt *
find_long (const struct walk *w, const char *name, size_t len)
{
	const struct opt_group *g;
	const struct opt *o;

	for (g = w->groups; g->opts != NULL; g++)
		for (o = g->opts; o->name != NULL; o++)
			if (strlen (o->name) == len
			    && memcmp (o->name, name, len) == 0)
				return o;
	return NULL;
}

static const struct opt *
find_letter (const struct walk *w, char letter)
{
	const struct opt_group *g;
	const struct opt *o;

	for (g = w->groups; g->opts != NULL; g++)
		for (o = g->opts; o->name != NULL; o++)
			if (o->letter == letter)
				return o;
	return NULL;
}

static int
no_such_option (const struct walk *w, const char *word)
{
	const struct opt_group *g;
	const struct opt *o;
	const char *near = NULL;
	char name[SPELLING_MAX];

	snprintf (name, sizeof name, "%s", word[1] == '-' ? word + 2 : "");
	name[strcspn (name, "=")] = '\0';
	for (g = w->groups; g->opts != NULL && near == NULL; g++)
		for (o = g->opts; o->name != NULL && near == NULL; o++) {
			const char *const one[] = { o->name, NULL };

			near = opt_nearest (name, one);
		}
	return error_set (w->err, LHK_EINVAL, 0,
			  "'%.60s': no such option%s%s%s (--help lists them)",
			  word, near == NULL ? "" : ", did you mean '--",
			  near == NULL ? "" : near, near == NULL ? "" : "'?");
}

/* Is the next word a number that O, whose value is optional, would take? */
static int
is_value (const struct walk *w, const struct opt *o)
{
	uint64_t ignored;

	return w->at < w->argc && o->kind < ARRAY_SIZE (numbers)
	       && numbers[o->kind].parse != NULL
	       && numbers[o->kind].parse (w->argv[w->at], &ignored);
}

/* The value of O: VALUE, or the next word. */
static int
give_value (struct walk *w, const struct opt *o, const char *spelling,
	    const char *value)
{
	char want[120];

	if (value == NULL && o->without != NULL) {
		value = o->without;
		if (is_value (w, o))
			return error_set (w->err, LHK_EINVAL, 0,
					  "'%s %.60s': its value stands behind"
					  " '=' (want %s=%.60s)",
					  spelling, w->argv[w->at], spelling,
					  w->argv[w->at]);
	}
	if (value == NULL && o->kind != OPT_FLAG) {
		if (w->at >= w->argc)
			return error_set (w->err, LHK_EINVAL, 0,
					  "'%s': a value is "
					  "missing (want %s)",
					  spelling,
					  wanted_value (o, want, sizeof want));
		value = w->argv[w->at++];
	}
	return store_value (o, spelling, value, w->target, w->err);
}

static int
walk_long (struct walk *w, const char *word)
{
	const char *eq = strchr (word, '=');
	size_t len = eq == NULL ? strlen (word + 2) : (size_t) (eq - word) - 2;
	const struct opt *o = find_long (w, word + 2, len);
	char spelling[SPELLING_MAX];

	if (o == NULL && len == 4 && memcmp (word, "--help", 6) == 0)
		return LHK_END;
	if (o == NULL)
		return no_such_option (w, word);
	snprintf (spelling, sizeof spelling, "--%s", o->name);
	if (eq != NULL && o->kind == OPT_FLAG)
		return error_set (w->err, LHK_EINVAL, 0,
				  "'%.60s': takes no value (want '%s')", word,
				  spelling);
	return give_value (w, o, spelling, eq == NULL ? NULL : eq + 1);
}

static int
walk_letters (struct walk *w, const char *word)
{
	const char *p;
	int r = LHK_OK;

	for (p = word + 1; *p != '\0' && r == LHK_OK; p++) {
		const struct opt *o = find_letter (w, *p);
		const char spelling[3] = { '-', *p, '\0' };

		if (o == NULL && *p == 'h')
			return LHK_END;
		if (o == NULL)
			return no_such_option (w, p == word + 1 && p[1] == '\0'
							  ? word
							  : spelling);
		if (o->kind == OPT_FLAG) {
			r = give_value (w, o, spelling, NULL);
			continue;
		}
		return give_value (w, o, spelling, p[1] == '\0' ? NULL : p + 1);
	}
	return r;
}

static int
check_number (unsigned int flags, const struct opt_operands *operands,
	      struct lhk_error *err)
{
	size_t max = (flags & OPT_NO_OPERAND) != 0    ? 0
		     : (flags & OPT_ONE_OPERAND) != 0 ? 1
						      : SIZE_MAX;

	if (operands->n <= max)
		return LHK_OK;
	return error_set (err, LHK_EINVAL, 0,
			  "'%.200s': no %soperand is wanted",
			  operands->items[max], max == 0 ? "" : "second ");
}

int
opt_parse (const struct opt_group *groups, unsigned int flags, int argc,
	   char **argv, void *target, struct opt_operands *ret,
	   struct lhk_error *err)
{
	struct walk w = { groups, argc, argv, 0, target, ret, err };
	int only_operands = 0;
	int r = LHK_OK;

	ret->n = 0;
	ret->items = mem_new (&mem_system,
			      ((size_t) argc + 1) * sizeof ret->items[0]);
	if (ret->items == NULL)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	while (w.at < argc && r == LHK_OK) {
		const char *word = argv[w.at++];

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			ret->items[ret->n++] = word;
			only_operands |= (flags & OPT_MIXED) == 0;
		} else if (strcmp (word, "--") == 0) {
			only_operands = 1;
		} else if (word[1] == '-') {
			r = walk_long (&w, word);
		} else {
			r = walk_letters (&w, word);
		}
	}
	ret->items[ret->n] = NULL;
	return r == LHK_OK ? check_number (flags, ret, err) : r;
}

void
opt_operands_free (struct opt_operands *operands)
{
	/* The system's allocator ignores the size. */
	mem_free (&mem_system, operands->items, 1);
	operands->items = NULL;
	operands->n = 0;
}

/* ---- nearest word ---- */

#define WORD_MAX 24

/* Letters to insert, remove or exchange, or two neighbours to swap, to get
 * from A to B; WORD_MAX if one is too long. */
static size_t
distance (const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t n = strlen (a);
	size_t m = strlen (b);
	size_t i, j;

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= m; j++)
		rows[0][j] = j;
	for (i = 1; i <= n; i++) {
		size_t *now = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];

		now[0] = i;
		for (j = 1; j <= m; j++) {
			size_t d = last[j - 1] + (a[i - 1] != b[j - 1]);

			d = d < last[j] + 1 ? d : last[j] + 1;
			d = d < now[j - 1] + 1 ? d : now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2]
			    && a[i - 2] == b[j - 1]
			    && rows[(i + 1) % 3][j - 2] + 1 < d)
				d = rows[(i + 1) % 3][j - 2] + 1;
			now[j] = d;
		}
	}
	return rows[n % 3][m];
}

const char *
opt_nearest (const char *word, const char *const *names)
{
	const char *best = NULL;
	size_t best_d = strlen (word) < 5 ? 2 : 3;

	if (word[0] == '\0')
		return NULL;
	for (; *names != NULL; names++) {
		size_t d = distance (word, *names);

		if (d < best_d) {
			best_d = d;
			best = *names;
		}
	}
	return best;
}
