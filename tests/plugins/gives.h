/* SPDX-License-Identifier: MIT */
/*
 * gives.h - lines in, events out, for the one plugin a program is linked with.
 *
 * The events are written as collect.h prints them.
 */
#ifndef TESTS_GIVES_H
#define TESTS_GIVES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/collect.h"
#include "lib/tap.h"

#ifndef SRCDIR
#define SRCDIR "."
#endif

#define GIVES_WORDS 16 /* at most so many words of a command */

static inline void
gives_with (const char *in, const struct collect_opts *opts, const char *want)
{
	char *found;

	found = collect_text (&linehook_plugin_1, in, strlen (in), opts);
	TAP_EQ_STR (found, want);
	free (found);
}

static inline void
gives (const char *in, const char *want)
{
	gives_with (in, NULL, want);
}

/* The command is known: WORDS, up to a NULL. */
static inline void
gives_of_command (const char *const *words, const char *in, const char *want)
{
	struct lhk_option options[GIVES_WORDS];
	struct collect_opts opts = { .options = options };

	for (; words[opts.n_options] != NULL; opts.n_options++) {
		options[opts.n_options].key = "arg";
		options[opts.n_options].value = words[opts.n_options];
	}
	gives_with (in, &opts, want);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* IN gives WANT with each of the commands.  The words of one are between single
 * spaces, or between bars if there are bars; the list ends with NULL. */
static inline void
resumed_rows (const char *const *commands, const char *in, const char *want)
{
	const char *words[GIVES_WORDS + 1];
	char text[256];
	size_t n;
	char *p;

	for (; *commands != NULL; commands++) {
		snprintf (text, sizeof (text), "%s", *commands);
		n = 0;
		for (p = strtok (text, strchr (text, '|') ? "|" : " ");
		     p != NULL && n < GIVES_WORDS;
		     p = strtok (NULL, strchr (*commands, '|') ? "|" : " "))
			words[n++] = p;
		words[n] = NULL;
		tap_note ("%s", *commands);
		gives_of_command (words, in, want);
	}
}

static inline void
gives_salvaged (const char *in, const char *want)
{
	const struct collect_opts opts = {
		.line_flags = LHK_LINE_SALVAGED,
	};

	gives_with (in, &opts, want);
}

/* The process ended with this exit status. */
static inline void
gives_at_exit (int code, const char *in, const char *want)
{
	const struct lhk_exit how = { .size = sizeof (how), .code = code };
	const struct collect_opts opts = { .how = &how };

	gives_with (in, &opts, want);
}

static inline int
probe (const char *line)
{
	size_t len = strlen (line);
	char *copy = malloc (len + LHK_LINE_PADDING);
	int r;

	if (copy == NULL)
		abort ();
	memcpy (copy, line, len);
	memset (copy + len, 0, LHK_LINE_PADDING);
	copy[len] = '\n';
	r = linehook_plugin_1.probe (copy, len);
	free (copy);
	return r;
}

/* The folder of the transcripts, wherever the program was built.  NAME is that
 * of the plugin, or a path that ends in it. */
static inline const char *
transcripts_of (const char *name)
{
	static char path[4096];
	const char *srcdir = getenv ("srcdir");
	const char *slash = strrchr (name, '/');

	if (slash != NULL)
		name = slash + 1;
	snprintf (path, sizeof (path), "%s/transcripts/%s",
		  srcdir != NULL ? srcdir : "tests", name);
	return path;
}

static inline void
goldens (const char *name, int least)
{
	int bad;
	int n;

	n = collect_golden_dir (&linehook_plugin_1, transcripts_of (name),
				&bad);
	TAP_EQ_INT (bad, 0);
	CU_ASSERT (n >= least);
}

#endif /* TESTS_GIVES_H */
