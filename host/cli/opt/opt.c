/* SPDX-License-Identifier: MIT */
/* opt.c - parse a command line by tables of options. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "cli/opt/value.h"
#include "common/error.h"
#include "common/mem.h"

/* Longest name of an option, with its dashes, that sentences show. */
#define SPELLING_MAX 64

/* More options than the tables of any subcommand have. */
#define OPTIONS_MAX 128

struct walk {
	const struct opt_group *groups;
	unsigned int flags; /* OPT_* */
	int argc;
	char **argv;
	int at; /* index of the next word */
	void *target;
	struct opt_operands *operands;
	struct lhk_error *err;
	const struct opt *given[OPTIONS_MAX];
	size_t n_given;
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

/* The name of the option that WORD was probably meant to be, or NULL. */
static const char *
nearest_option (const struct walk *w, const char *word)
{
	const char *names[OPTIONS_MAX + 2];
	const struct opt_group *g;
	const struct opt *o;
	size_t n = 0;
	char name[SPELLING_MAX];

	snprintf (name, sizeof name, "%s", word + strspn (word, "-"));
	name[strcspn (name, "=")] = '\0';
	for (g = w->groups; g->opts != NULL; g++)
		for (o = g->opts; o->name != NULL && n < OPTIONS_MAX; o++)
			names[n++] = o->name;
	names[n++] = "help";
	names[n] = NULL;
	return opt_nearest (name, names);
}

static int
no_such_option (const struct walk *w, const char *word)
{
	/* One letter is near to nothing. */
	const char *near = word[1] == '-' || strlen (word) > 2
				   ? nearest_option (w, word)
				   : NULL;

	if (near != NULL)
		return error_set (w->err, LHK_EINVAL, 0,
				  "unknown option '%.60s'; did you mean"
				  " '--%s'?",
				  word, near);
	return error_set (w->err, LHK_EINVAL, 0, "unknown option '%.60s'; %s",
			  word,
			  (w->flags & OPT_COMMAND_LINE) != 0
				  ? "options of the command go after its name"
				    " (--help lists those of linehook)"
				  : "--help lists the options");
}

/* Is WORD an option of the table, or the end of them, and so no value? */
static int
is_option (const struct walk *w, const char *word)
{
	if (word[0] != '-' || word[1] == '\0')
		return 0;
	if (word[1] != '-')
		return word[2] == '\0' && find_letter (w, word[1]) != NULL;
	return word[2] == '\0'
	       || find_long (w, word + 2, strcspn (word + 2, "=")) != NULL;
}

/* Is the next word a number that O, whose value is optional, would take? */
static int
is_value (const struct walk *w, const struct opt *o)
{
	return w->at < w->argc && opt_value_is_number (o, w->argv[w->at]);
}

/* The value of O: VALUE, or the next word. */
static int
give_value (struct walk *w, const struct opt *o, const char *spelling,
	    const char *value)
{
	if (value == NULL && o->without != NULL) {
		value = o->without;
		if (is_value (w, o))
			return error_set (
				w->err, LHK_EINVAL, 0,
				"the value of %s goes after '=': write "
				"%s=%.60s",
				spelling, spelling, w->argv[w->at]);
	}
	if (value == NULL && o->kind != OPT_FLAG) {
		value = w->at < w->argc ? w->argv[w->at] : NULL;
		if (value == NULL || is_option (w, value))
			return opt_value_missing (o, spelling, value, w->err);
		w->at++;
	}
	if (w->n_given < OPTIONS_MAX)
		w->given[w->n_given++] = o;
	return opt_value_store (o, spelling, value, w->target, w->err);
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
				  "%s takes no value, but '%.60s' has one",
				  spelling, word);
	return give_value (w, o, spelling, eq == NULL ? NULL : eq + 1);
}

static int
walk_letters (struct walk *w, const char *word)
{
	const char *p;
	int r = LHK_OK;

	/* -timeout is no cluster of -t, -i and so on. */
	if (word[2] != '\0'
	    && find_long (w, word + 1, strcspn (word + 1, "=")) != NULL)
		return no_such_option (w, word);
	for (p = word + 1; *p != '\0' && r == LHK_OK; p++) {
		const struct opt *o = find_letter (w, *p);
		const char spelling[3] = { '-', *p, '\0' };

		if (o == NULL && *p == 'h')
			return LHK_END;
		if (o == NULL)
			return no_such_option (w,
					       p == word + 1 ? word : spelling);
		if (o->kind == OPT_FLAG) {
			r = give_value (w, o, spelling, NULL);
			continue;
		}
		return give_value (w, o, spelling, p[1] == '\0' ? NULL : p + 1);
	}
	return r;
}

static int
is_given (const struct walk *w, const char *name)
{
	size_t i;

	for (i = 0; i < w->n_given; i++)
		if (strcmp (w->given[i]->name, name) == 0)
			return 1;
	return 0;
}

/* Options that need, or that exclude, another one. */
static int
check_together (const struct walk *w)
{
	size_t i;

	for (i = 0; i < w->n_given; i++) {
		const struct opt *o = w->given[i];

		if (o->needs != NULL && !is_given (w, o->needs))
			return error_set (w->err, LHK_EINVAL, 0,
					  "--%s needs --%s", o->name, o->needs);
		if (o->excludes != NULL && is_given (w, o->excludes))
			return error_set (w->err, LHK_EINVAL, 0,
					  "--%s and --%s exclude each other;"
					  " give one of them",
					  o->name, o->excludes);
	}
	return LHK_OK;
}

static int
check_number (const struct walk *w)
{
	size_t max = (w->flags & OPT_NO_OPERAND) != 0	 ? 0
		     : (w->flags & OPT_ONE_OPERAND) != 0 ? 1
							 : SIZE_MAX;

	if (w->operands->n <= max)
		return LHK_OK;
	return error_set (w->err, LHK_EINVAL, 0, "unexpected argument '%.200s'",
			  w->operands->items[max]);
}

int
opt_parse (const struct opt_group *groups, unsigned int flags, int argc,
	   char **argv, void *target, struct opt_operands *ret,
	   struct lhk_error *err)
{
	struct walk w = { .groups = groups,
			  .flags = flags,
			  .argc = argc,
			  .argv = argv,
			  .target = target,
			  .operands = ret,
			  .err = err };
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
	if (r == LHK_OK)
		r = check_number (&w);
	return r == LHK_OK ? check_together (&w) : r;
}

void
opt_operands_free (struct opt_operands *operands)
{
	/* The system's allocator ignores the size. */
	mem_free (&mem_system, operands->items, 1);
	operands->items = NULL;
	operands->n = 0;
}
