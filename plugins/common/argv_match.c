/* SPDX-License-Identifier: MIT */
/*
 * argv_match.c - find out from the command whether the session was resumed.
 *
 * Words before the program belong to a shell or a launcher (`sh -c', `npx -r')
 * and mean something else.  The program may also stand in a word that a shell
 * will split, and it may not stand in the command at all.  What looks like the
 * program may be the name of a container or of a machine, in which a command
 * line is run.
 */
#include "config.h"

#include "common/common.h"

/* What a shell splits words at.  Quotes are breaks as well: what stands in them
 * may be a command of its own. */
#define BREAKS " \t\n'\"`;|&()<>"

void
argv_words_begin (struct argv_words *w, const struct lhk_option *options,
		  size_t n_options, int split)
{
	w->options = options;
	w->n_options = n_options;
	w->next = 0;
	w->at = NULL;
	w->split = split;
	w->programs = NULL;
}

void
argv_words_of_shells (struct argv_words *w, const struct lhk_option *options,
		      size_t n_options, const char *const *programs)
{
	argv_words_begin (w, options, n_options, 1);
	w->programs = programs;
}

/* The next part of the word at W->at; 0 at its end. */
static int
next_part (struct argv_words *w, struct lhk_str *ret)
{
	if (w->at == NULL)
		return 0;
	w->at += strspn (w->at, BREAKS);
	ret->ptr = w->at;
	ret->len = strcspn (w->at, BREAKS);
	w->at += ret->len;
	if (ret->len == 0)
		w->at = NULL;
	return ret->len > 0;
}

/* Is WORD, behind the word BEFORE, a command line for a shell: behind "-c" or
 * "-lc", or one of PROGRAMS with arguments? */
static int
is_command_line (const char *before, const char *word,
		 const char *const *programs)
{
	struct lhk_str first = { word, strcspn (word, BREAKS) };
	size_t len = strlen (before);

	if (word[first.len] == '\0')
		return 0;
	return (len >= 2 && before[0] == '-' && before[1] != '-'
		&& before[len - 1] == 'c')
	       || argv_is_program (&first, programs);
}

int
argv_words_next (struct argv_words *w, struct lhk_str *ret)
{
	const char *before = "";
	const struct lhk_option *o;

	while (!next_part (w, ret)) {
		do {
			if (w->next == w->n_options)
				return 0;
			if (w->next > 0)
				before = w->options[w->next - 1].value;
			o = &w->options[w->next++];
		} while (strcmp (o->key, "arg") != 0
			 || (w->programs != NULL
			     && !is_command_line (before, o->value,
						  w->programs)));
		if (w->split) {
			w->at = o->value;
			continue;
		}
		ret->ptr = o->value;
		ret->len = strlen (o->value);
		return 1;
	}
	return 1;
}

int
str_is (const struct lhk_str *s, const char *word)
{
	return strlen (word) == s->len && memcmp (s->ptr, word, s->len) == 0;
}

static int
ends_with (const struct lhk_str *s, const char *end)
{
	size_t n = strlen (end);

	return s->len >= n && memcmp (s->ptr + s->len - n, end, n) == 0;
}

/* Is PART the last part of one of PROGRAMS, alone or with a version (@2.1) or
 * an ending (.js, .exe)? */
static int
is_name_of (const struct lhk_str *part, const char *const *programs)
{
	const char *name;
	size_t n, i;

	for (i = 0; programs[i] != NULL; i++) {
		name = strrchr (programs[i], '/');
		name = name != NULL ? name + 1 : programs[i];
		n = strlen (name);
		if (n <= part->len && memcmp (part->ptr, name, n) == 0
		    && (n == part->len || part->ptr[n] == '@'
			|| part->ptr[n] == '.'))
			return 1;
	}
	return 0;
}

/* The last component of the path PATH, which is shortened by it. */
static struct lhk_str
cut_last (struct lhk_str *path)
{
	struct lhk_str last = { path->ptr, path->len };
	size_t i = path->len;

	while (i > 0 && path->ptr[i - 1] != '/')
		i--;
	last.ptr += i;
	last.len -= i;
	path->len = i > 0 ? i - 1 : 0;
	return last;
}

/* For a script the directory counts too, which is that of its package:
 * .../claude-code/cli.js. */
int
argv_is_program (const struct lhk_str *word, const char *const *programs)
{
	struct lhk_str rest = *word;
	struct lhk_str base = cut_last (&rest);
	struct lhk_str folder;

	if (is_name_of (&base, programs))
		return 1;
	if (!ends_with (&base, "js"))
		return 0;
	folder = cut_last (&rest);
	return folder.len > 0 && is_name_of (&folder, programs);
}

/* Is WORD a cluster of short options, "-pc", with the letter of OPTION behind
 * letters of FLAGS alone? */
static int
in_cluster (const struct lhk_str *word, const char *option, const char *flags)
{
	size_t i;

	if (option[1] == '-' || word->len < 2 || word->ptr[1] == '-')
		return 0;
	for (i = 1; i < word->len; i++) {
		if (word->ptr[i] == option[1])
			return 1;
		if (strchr (flags, word->ptr[i]) == NULL)
			return 0;
	}
	return 0;
}

/* Is WORD one of the options?  A long one may have its value in the same
 * word. */
static int
is_option (const struct lhk_str *word, const struct argv_resume *r, int is_long)
{
	size_t len, i;

	if (word->len == 0 || word->ptr[0] != '-')
		return 0;
	for (i = 0; r->options[i] != NULL; i++) {
		len = strlen (r->options[i]);
		if (r->options[i][1] != '-') {
			if (!is_long
			    && in_cluster (word, r->options[i], r->flags))
				return 1;
			continue;
		}
		if (word->len >= len
		    && memcmp (word->ptr, r->options[i], len) == 0
		    && (word->len == len || word->ptr[len] == '='))
			return 1;
	}
	return 0;
}

/*
 * 1: an option stands behind the program; -1: none does; 0: no program.  Words
 * behind "--" are none, but that right behind the program may be a launcher's
 * (`npm exec claude -- -c'), and where a shell's words end is not known.
 */
static int
look (struct argv_words *w, const struct argv_resume *r)
{
	int at = 0, program = -1;
	struct lhk_str word;

	for (; argv_words_next (w, &word); at++) {
		if (program < 0) {
			if (argv_is_program (&word, r->programs))
				program = at;
		} else if (is_option (&word, r, 0)) {
			return 1;
		} else if (!w->split && str_is (&word, "--")
			   && (program == 0 || at > program + 1)) {
			break;
		}
	}
	return program < 0 ? 0 : -1;
}

int
argv_match_resume (const struct lhk_option *options, size_t n_options,
		   const struct argv_resume *r)
{
	struct argv_words w;
	struct lhk_str word;
	int found;

	argv_words_begin (&w, options, n_options, 0);
	found = look (&w, r);
	if (found < 0) {
		argv_words_of_shells (&w, options, n_options, r->programs);
		found = look (&w, r) > 0 ? 1 : -1;
	}
	if (found != 0)
		return found;
	argv_words_begin (&w, options, n_options, 1);
	if (look (&w, r) > 0)
		return 1;
	/* A script that passes its arguments on: a short option may be its
	 * own. */
	argv_words_begin (&w, options, n_options, 1);
	while (argv_words_next (&w, &word))
		if (is_option (&word, r, 1))
			return 1;
	return 0;
}
