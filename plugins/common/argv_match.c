/* SPDX-License-Identifier: MIT */
/*
 * argv_match.c - find out from the command whether the session was resumed.
 *
 * Words before the program belong to a shell or a launcher (`sh -c', `npx -r')
 * and mean something else.
 */
#include "config.h"

#include "common/common.h"

/* Are the LEN bytes at PART the last part of one of PROGRAMS, alone or with a
 * version (@2.1) or an ending (.js, .exe)? */
static int
is_name_of (const char *part, size_t len, const char *const *programs)
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

/* Is it one of PROGRAMS by its base name?  For a script the directory counts
 * too, which is that of its package: .../claude-code/cli.js. */
static int
is_program (const char *word, const char *const *programs)
{
	const char *base = strrchr (word, '/');
	const char *folder;

	if (base == NULL)
		return is_name_of (word, strlen (word), programs);
	if (is_name_of (base + 1, strlen (base + 1), programs))
		return 1;
	if (strstr (base, ".js") == NULL)
		return 0;
	for (folder = base; folder > word && folder[-1] != '/'; folder--)
		;
	return is_name_of (folder, (size_t) (base - folder), programs);
}

/* Is WORD one of WORDS?  A long option may have its value in the same word. */
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
