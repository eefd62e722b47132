/* SPDX-License-Identifier: MIT */
/* command_template.c - the templates of command lines in descriptors. */
#include "config.h"

#include <string.h>

#include "plugin/command_template.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/macros.h"

#define WITH_KNOWN                                                             \
	(LHK_WITH_PROMPT | LHK_WITH_MODEL | LHK_WITH_SESSION | LHK_WITH_DELTAS \
	 | LHK_WITH_PERMISSIONS)

#define LOWER "abcdefghijklmnopqrstuvwxyz"

/* ---- the words that stand for something ---- */

const struct template_place template_places[TEMPLATE_PLACES] = {
	[TEMPLATE_PROMPT] = { "{prompt}", 8, LHK_WITH_PROMPT },
	[TEMPLATE_MODEL] = { "{model}", 7, LHK_WITH_MODEL },
	[TEMPLATE_SESSION] = { "{session}", 9, LHK_WITH_SESSION },
	[TEMPLATE_ARGS] = { "{args}", 6, TEMPLATE_WITH_ARGS },
};

const struct template_place *
template_place_at (const char *text)
{
	size_t i;

	for (i = 0; i < TEMPLATE_PLACES; i++)
		if (strncmp (text, template_places[i].text,
			     template_places[i].len)
		    == 0)
			return &template_places[i];
	return NULL;
}

/* What WORD stands for, as a set. */
static uint32_t
word_needs (const char *word)
{
	const struct template_place *place;
	uint32_t needs = 0;

	for (; *word != '\0'; word++) {
		place = *word == '{' ? template_place_at (word) : NULL;
		if (place != NULL)
			needs |= place->with;
	}
	return needs;
}

size_t
template_part_words (const struct lhk_command_part *part)
{
	size_t n = 0;

	while (n < LHK_COMMAND_WORDS && part->words[n] != NULL)
		n++;
	return n;
}

uint32_t
template_part_needs (const struct lhk_command_part *part)
{
	uint32_t needs = part->with;
	size_t i;

	for (i = 0; i < template_part_words (part); i++)
		needs |= word_needs (part->words[i]);
	return needs;
}

/* ---- is a template well-formed? ---- */

/* 1 if TEXT has 1 to MAX bytes, none of them a control character. */
static int
is_short_text (const char *text, size_t max)
{
	size_t len = strnlen (text, max + 1);
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char) text[i] < ' ' || text[i] == '\x7f')
			return 0;
	return len > 0 && len <= max;
}

/* What is wrong with WORD: "{args}" stands alone, and anything else in braces
 * that could be meant for a place is one.  NULL: nothing. */
static const char *
word_fault (const char *word)
{
	const char *at;
	size_t len;

	if (!is_short_text (word, LIMIT_COMMAND_WORD))
		return "a word of its command is empty, too long or has "
		       "control characters";
	if ((word_needs (word) & TEMPLATE_WITH_ARGS) != 0
	    && strcmp (word, "{args}") != 0)
		return "'{args}' in its command is not a word of its own";
	for (at = strchr (word, '{'); at != NULL; at = strchr (at + 1, '{')) {
		len = strspn (at + 1, LOWER);
		if (len > 0 && at[1 + len] == '}'
		    && template_place_at (at) == NULL)
			return "its command has a word in braces that is not "
			       "one of {prompt}, {model}, {session} and "
			       "{args}";
	}
	return NULL;
}

static const char *
part_fault (const struct lhk_command_part *part)
{
	const char *mode = part->permissions;
	const char *fault = NULL;
	size_t i;

	if (((part->with | part->without) & ~(uint32_t) WITH_KNOWN) != 0)
		return "its command has a part with unknown LHK_WITH_* flags";
	if (mode != NULL
	    && (!is_short_text (mode, LIMIT_COMMAND_WORD)
		|| mode[strspn (mode, LOWER "-")] != '\0'))
		return "its command has permissions that are not a word of "
		       "lower case letters and '-'";
	for (i = 0; i < template_part_words (part) && fault == NULL; i++)
		fault = word_fault (part->words[i]);
	return fault;
}

/* The first part: what is always there, the program first. */
static const char *
first_part_fault (const struct lhk_command_part *part)
{
	if (template_part_words (part) == 0 || part->permissions != NULL
	    || (template_part_needs (part) | part->without) != 0)
		return "the first part of its command has a condition or no "
		       "words: begin with the program";
	if (part->words[0][0] == '-')
		return "its command begins with an option: begin with the "
		       "program";
	return NULL;
}

static const char *
parts_fault (const struct lhk_command_part *parts)
{
	const char *fault = first_part_fault (&parts[0]);
	uint32_t needs = 0;
	size_t n_args = 0;
	size_t i, k;

	for (i = 0; fault == NULL && template_part_words (&parts[i]) > 0; i++) {
		if (i == LIMIT_COMMAND_PARTS)
			return "its command has too many parts, or no end: "
			       "the last part has no words";
		fault = part_fault (&parts[i]);
		needs |= template_part_needs (&parts[i]);
		for (k = 0; k < template_part_words (&parts[i]); k++)
			n_args += strcmp (parts[i].words[k], "{args}") == 0;
	}
	if (fault == NULL && n_args != 1)
		return "its command does not have exactly one word '{args}'";
	if (fault == NULL && (needs & LHK_WITH_PROMPT) == 0)
		return "its command has no word with '{prompt}'";
	return fault;
}

static const char *
resume_fault (const char *const *words)
{
	const char *fault = NULL;
	uint32_t needs = 0;
	size_t i;

	for (i = 0; words[i] != NULL && fault == NULL; i++) {
		if (i == LIMIT_COMMAND_PARTS)
			return "the words of its resume have no end";
		fault = word_fault (words[i]);
		needs |= word_needs (words[i]);
	}
	if (fault == NULL && needs != LHK_WITH_SESSION)
		return "its resume has no '{session}', or another word in "
		       "braces";
	return fault;
}

static const char *
env_fault (const char *const *env)
{
	size_t i;

	for (i = 0; env[i] != NULL; i++) {
		if (i == LIMIT_COMMAND_PARTS)
			return "its agent_env has too many members, or no end";
		if (!is_short_text (env[i], LIMIT_COMMAND_WORD)
		    || strchr (env[i], '=') == NULL || env[i][0] == '=')
			return "a member of its agent_env is not NAME=VALUE";
	}
	return NULL;
}

int
command_template_check (const struct lhk_plugin *plugin, const char *where,
			struct lhk_error *err)
{
	const struct lhk_command *c = plugin->command;
	const char *fault = NULL;

	if (c != NULL && c->size < sizeof *c)
		fault = "the size of its command is not sizeof (struct "
			"lhk_command)";
	else if (c != NULL && c->parts == NULL)
		fault = "its command has no parts";
	else if (c != NULL)
		fault = parts_fault (c->parts);
	if (fault == NULL && c != NULL && c->resume != NULL)
		fault = resume_fault (c->resume);
	if (fault == NULL && c != NULL && c->install != NULL
	    && !is_short_text (c->install, LIMIT_COMMAND_WORD))
		fault = "its install is empty, too long or has control "
			"characters";
	if (fault == NULL && plugin->agent_env != NULL)
		fault = env_fault (plugin->agent_env);
	return fault == NULL ? LHK_OK
			     : error_set (err, LHK_EABI, 0, "plugin '%s': %s",
					  where, fault);
}
