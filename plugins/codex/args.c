/* SPDX-License-Identifier: MIT */
/*
 * args.c - was the thread resumed?  The stream does not say, the command does:
 * `codex exec resume', behind whatever launcher, or in what a shell is given.
 *
 * It matters because Codex counts tokens per thread: the totals of a resumed
 * one contain what earlier processes used.
 */
#include "config.h"

#include "codex/codex.h"

const char *const codex_programs[] = { "codex", "@openai/codex", NULL };

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
takes_value (const struct lhk_str *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (with_value); i++) {
		if (str_is (word, with_value[i]))
			return 1;
	}
	return 0;
}

static int
is_exec (const struct lhk_str *word)
{
	return str_is (word, "exec") || str_is (word, "e");
}

/* Subcommands whose thread has used tokens before. */
static int
is_resume (const struct lhk_str *word)
{
	return str_is (word, "resume") || str_is (word, "fork");
}

/* What the next word may be. */
enum { ANY, COMMAND, EXEC_COMMAND };

/* The place behind an operand. */
static int
after_operand (const struct lhk_str *word, int place)
{
	if (argv_is_program (word, codex_programs))
		return COMMAND;
	return place == COMMAND && is_exec (word) ? EXEC_COMMAND : ANY;
}

/* 1: the program is there and resumes; -1: it does not; 0: it is not there.
 * The program's name may stand in front of it, as a value of a launcher. */
static int
look (struct argv_words *w)
{
	int place = ANY;
	int found = 0;
	struct lhk_str word;

	while (argv_words_next (w, &word)) {
		if (place != ANY && word.len > 1 && word.ptr[0] == '-') {
			if (takes_value (&word))
				(void) argv_words_next (w, &word);
			/* `npm exec codex -- exec' */
			else if (place == EXEC_COMMAND && str_is (&word, "--"))
				place = ANY;
			continue;
		}
		if (place != ANY && is_resume (&word))
			return 1;
		place = after_operand (&word, place);
		if (place == COMMAND)
			found = -1;
	}
	return found;
}

int
codex_resumed (const struct lhk_option *options, size_t n_options)
{
	struct argv_words w;
	struct lhk_str word;
	int found;

	argv_words_begin (&w, options, n_options, 0);
	found = look (&w);
	if (found < 0) {
		argv_words_of_shells (&w, options, n_options, codex_programs);
		found = look (&w) > 0 ? 1 : -1;
	}
	if (found != 0)
		return found;
	argv_words_begin (&w, options, n_options, 1);
	if (look (&w) > 0)
		return 1;
	/* A script that passes its arguments on. */
	argv_words_begin (&w, options, n_options, 0);
	while (argv_words_next (&w, &word))
		if (is_resume (&word))
			return 1;
	return 0;
}
