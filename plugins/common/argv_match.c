/* SPDX-License-Identifier: MIT */
/*
 * words.c - was the session resumed?  The words of the command tell.
 *
 * Words before the program are those of a shell or a launcher (`sh -c',
 * `npx -r') and mean something else.
 */
#include "config.h"

#include "common/common.h"

/* LEN bytes that are the last part of one of PROGRAMS, or that and a version
 * (@2.1) or an ending (.js, .exe). */
static int
names_one (const char *part, size_t len, const char *const *programs)
{
	const char *name;
	size_t n, i;

	for (i = 0; programs[i] != NULL; i++) {
		name = strrchr (programs[i], '/');
		name = name != NULL ? name + 1 : programs[i];
		n = strlen (name);
		if (n <= len && memcmp (part, name, n) == 0
		    && (n == len || part[n] == '@' || part[n] == '.'))
			return 1;
	}
	return 0;
}

/* The word's base name; of a script also the folder it is in, which is that
 * of its package: .../claude-code/cli.js. */
static int
is_program (const char *word, const char *const *programs)
{
	const char *base = strrchr (word, '/');
	const char *folder;

	if (base == NULL)
		return names_one (word, strlen (word), programs);
	if (names_one (base + 1, strlen (base + 1), programs))
		return 1;
	if (strstr (base, ".js") == NULL)
		return 0;
	for (folder = base; folder > word && folder[-1] != '/'; folder--)
		;
	return names_one (folder, (size_t) (base - folder), programs);
}

/* A long option may have its value in the same word. */
static int
is_one_of (const char *word, const char *const *words)
{
	size_t len, i;

	for (i = 0; words[i] != NULL; i++) {
		len = strlen (words[i]);
		if (strncmp (word, words[i], len) == 0
		    && (word[len] == '\0'
			|| (word[len] == '=' && words[i][1] == '-')))
			return 1;
	}
	return 0;
}

int
argv_match_resume (const struct lhk_option *options, size_t n_options,
		   const char *const *programs, const char *const *words)
{
	int resumed = 0;
	size_t i;

	for (i = 0; i < n_options; i++) {
		if (strcmp (options[i].key, "arg") != 0)
			continue;
		if (resumed == 0 && is_program (options[i].value, programs))
			resumed = -1;
		else if (resumed != 0 && is_one_of (options[i].value, words))
			return 1;
	}
	return resumed;
}
