/* SPDX-License-Identifier: MIT */
/*
 * args.c - was the thread resumed?  The stream does not say, the command does.
 *
 * It matters because Codex counts tokens per thread: the totals of a resumed
 * one contain what earlier processes used.
 */
#include "config.h"

#include "codex/codex.h"

/* Options of `codex exec' whose value is the next word. */
static const char *const with_value[] = {
	"--add-dir",
	"--ask-for-approval",
	"--cd",
	"--color",
	"--config",
	"--disable",
	"--enable",
	"--image",
	"--local-provider",
	"--model",
	"--output-last-message",
	"--output-schema",
	"--profile",
	"--sandbox",
	"-C",
	"-a",
	"-c",
	"-i",
	"-m",
	"-o",
	"-p",
	"-s",
};

static int
takes_value (const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (with_value); i++) {
		if (strcmp (word, with_value[i]) == 0)
			return 1;
	}
	return 0;
}

/* The index of the first word from I on that is neither an option nor the
 * value of one; n_options if there is none. */
static size_t
next_word (const struct lhk_option *options, size_t n_options, size_t i)
{
	for (; i < n_options; i++) {
		if (strcmp (options[i].key, "arg") != 0)
			continue;
		if (options[i].value[0] != '-' || options[i].value[1] == '\0')
			break;
		if (takes_value (options[i].value))
			i++;
	}
	return i;
}

static int
is_exec (const char *word)
{
	return strcmp (word, "exec") == 0 || strcmp (word, "e") == 0;
}

int
codex_resumed (const struct lhk_option *options, size_t n_options)
{
	size_t i;

	for (i = 0; i < n_options; i++) {
		if (strcmp (options[i].key, "arg") == 0
		    && is_exec (options[i].value))
			break;
	}
	if (i == n_options)
		return 0;
	i = next_word (options, n_options, i + 1);
	if (i < n_options && strcmp (options[i].value, "resume") == 0)
		return 1;
	return -1;
}
