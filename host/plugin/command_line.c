/* SPDX-License-Identifier: MIT */
/* command_line.c - command lines of agents, made of templates. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "plugin/command_template.h"
#include "plugin/registry.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/versioned.h"

/* ---- a list of words in one block ---- */

/* In front of the words: how they are freed. */
struct block {
	struct lhk_alloc alloc;
	size_t size;
};

/* What the places stand for. */
struct values {
	const char *of[TEMPLATE_PLACES]; /* NULL: it was not given */
	const char *const *args;	 /* NULL: none */
};

/* Words are counted first (BLOCK NULL), then written. */
struct words {
	struct block *block;
	size_t n;
	size_t bytes;
	char **argv;
	char *at;
};

static void
add_bytes (struct words *w, const char *data, size_t len)
{
	w->bytes += len;
	if (w->block == NULL)
		return;
	memcpy (w->at, data, len);
	w->at += len;
}

/* Add WORD, with what stands for its places; VALUES NULL: it has none. */
static void
add_word (struct words *w, const char *word, const struct values *values)
{
	const struct template_place *place;
	const char *value;

	if (w->block != NULL)
		w->argv[w->n] = w->at;
	w->n++;
	while (*word != '\0') {
		place = values != NULL && *word == '{'
				? template_place_at (word)
				: NULL;
		value = place == NULL ? NULL
				      : values->of[place - template_places];
		if (value != NULL) {
			add_bytes (w, value, strlen (value));
			word += place->len;
		} else {
			add_bytes (w, word++, 1);
		}
	}
	add_bytes (w, "", 1);
}

static void
add_template_word (struct words *w, const char *word,
		   const struct values *values)
{
	size_t i;

	if (strcmp (word, "{args}") != 0)
		add_word (w, word, values);
	else
		for (i = 0; values->args != NULL && values->args[i] != NULL;
		     i++)
			add_word (w, values->args[i], NULL);
}

/* Make room for what was counted.  LHK_OK or LHK_ENOMEM. */
static int
words_begin (struct words *w, const struct lhk_alloc *alloc)
{
	size_t size =
		sizeof *w->block + (w->n + 1) * sizeof *w->argv + w->bytes;
	struct block *block = mem_zero (alloc, size);

	if (block == NULL)
		return LHK_ENOMEM;
	block->alloc = *alloc;
	block->size = size;
	w->argv = (char **) (void *) (block + 1);
	w->at = (char *) (w->argv + w->n + 1);
	w->block = block;
	w->n = 0;
	return LHK_OK;
}

void
lhk_command_free (char **argv)
{
	struct lhk_alloc alloc;
	struct block *block;

	if (argv == NULL)
		return;
	block = (struct block *) (void *) argv - 1;
	alloc = block->alloc;
	mem_free (&alloc, block, block->size);
}

/* ---- the command line that starts an agent ---- */

struct request {
	const struct lhk_plugin *plugin;
	const char *permissions;
	struct values values;
	uint32_t with;
};

static int
part_is_there (const struct lhk_command_part *part, const struct request *q)
{
	uint32_t needs = template_part_needs (part) & ~TEMPLATE_WITH_ARGS;

	if ((needs & ~q->with) != 0 || (part->without & q->with) != 0)
		return 0;
	return part->permissions == NULL
	       || (q->permissions != NULL
		   && strcmp (part->permissions, q->permissions) == 0);
}

static void
add_parts (struct words *w, const struct request *q)
{
	const struct lhk_command_part *part;
	size_t i;

	for (part = q->plugin->command->parts; template_part_words (part) > 0;
	     part++)
		if (part_is_there (part, q))
			for (i = 0; i < template_part_words (part); i++)
				add_template_word (w, part->words[i],
						   &q->values);
}

/* Does the template provide for LHK_WITH_* WHAT? */
static int
provides (const struct lhk_command *c, uint32_t what)
{
	const struct lhk_command_part *part;

	for (part = c->parts; template_part_words (part) > 0; part++)
		if ((template_part_needs (part) & what) != 0)
			return 1;
	return 0;
}

/* Is PART the first of the template with its permissions? */
static int
names_permissions (const struct lhk_command *c,
		   const struct lhk_command_part *part)
{
	const struct lhk_command_part *before;

	if (part->permissions == NULL)
		return 0;
	for (before = c->parts; before < part; before++)
		if (before->permissions != NULL
		    && strcmp (before->permissions, part->permissions) == 0)
			return 0;
	return 1;
}

/* The permissions that the template knows, for a sentence: "a, b or c". */
static void
list_permissions (const struct lhk_command *c, char *text, size_t size)
{
	const struct lhk_command_part *part;
	const char *held = NULL;
	size_t len = 0;

	text[0] = '\0';
	for (part = c->parts; template_part_words (part) > 0; part++) {
		if (!names_permissions (c, part))
			continue;
		if (held != NULL && len < size)
			len += (size_t) snprintf (text + len, size - len,
						  "%s%s", len > 0 ? ", " : "",
						  held);
		held = part->permissions;
	}
	if (held != NULL && len < size)
		snprintf (text + len, size - len, "%s%s", len > 0 ? " or " : "",
			  held);
}

static int
check_permissions (const struct request *q, struct lhk_error *err)
{
	const struct lhk_command *c = q->plugin->command;
	const struct lhk_command_part *part;
	char known[120];

	if (q->permissions == NULL)
		return LHK_OK;
	for (part = c->parts; template_part_words (part) > 0; part++)
		if (part->permissions != NULL
		    && strcmp (part->permissions, q->permissions) == 0)
			return LHK_OK;
	list_permissions (c, known, sizeof known);
	if (known[0] == '\0')
		return error_set (err, LHK_EUNSUPPORTED, 0,
				  "the plugin '%s' cannot set permissions",
				  q->plugin->name);
	return error_set (err, LHK_EUNSUPPORTED, 0,
			  "the plugin '%s' has no permissions '%.40s'; give %s",
			  q->plugin->name, q->permissions, known);
}

/* Texts that were given, but are empty, or that the template has no place
 * for. */
static int
check_values (const struct request *q, struct lhk_error *err)
{
	static const char *const names[] = { "prompt", "model", "session" };
	const char *session = q->values.of[TEMPLATE_SESSION];
	size_t i;

	for (i = 0; i < ARRAY_SIZE (names); i++) {
		if (q->values.of[i] == NULL)
			continue;
		if (q->values.of[i][0] == '\0')
			return error_set (err, LHK_EINVAL, 0, "the %s is empty",
					  names[i]);
		if (!provides (q->plugin->command, template_places[i].with))
			return error_set (err, LHK_EUNSUPPORTED, 0,
					  "the command line of '%s' has no "
					  "place for a %s",
					  q->plugin->name, names[i]);
	}
	if (session != NULL && session[0] == '-')
		return error_set (err, LHK_EINVAL, 0,
				  "the session '%.60s' begins with '-'",
				  session);
	return check_permissions (q, err);
}

/* A plugin with a template, and a place for the answer. */
static int
check_plugin (const struct lhk_plugin_ref *plugin, char ***ret,
	      struct lhk_error *err)
{
	if (plugin == NULL || ret == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "cannot make a command line: an argument is "
				  "NULL");
	if (plugin->plugin.command == NULL)
		return error_set (err, LHK_EUNSUPPORTED, 0,
				  "the plugin '%s' does not say how its agent "
				  "is started, so write the command line "
				  "yourself",
				  plugin->plugin.name);
	return LHK_OK;
}

static int
no_memory (const struct lhk_plugin_ref *plugin, struct lhk_error *err)
{
	return error_set (err, LHK_ENOMEM, 0,
			  "no memory for a command line of '%s'",
			  plugin->plugin.name);
}

int
lhk_plugin_command (const struct lhk_plugin_ref *plugin,
		    const struct lhk_command_opts *opts, char ***ret,
		    struct lhk_error *err)
{
	struct lhk_command_opts own = LHK_COMMAND_OPTS_INIT;
	struct request q = { 0 };
	struct words w = { 0 };
	int r = check_plugin (plugin, ret, err);
	size_t i;

	if (r == LHK_OK)
		r = versioned_copy (&own, sizeof own, opts, sizeof own,
				    "command options", "LHK_COMMAND_OPTS_INIT",
				    err);
	if (r < 0)
		return r;
	q.plugin = &plugin->plugin;
	q.permissions = own.permissions;
	q.values.of[TEMPLATE_PROMPT] = own.prompt;
	q.values.of[TEMPLATE_MODEL] = own.model;
	q.values.of[TEMPLATE_SESSION] = own.session;
	q.values.args = own.args;
	for (i = 0; i < TEMPLATE_PLACES; i++)
		if (q.values.of[i] != NULL)
			q.with |= template_places[i].with;
	if ((own.flags & LHK_COMMAND_DELTAS) != 0)
		q.with |= LHK_WITH_DELTAS;
	if (own.permissions != NULL)
		q.with |= LHK_WITH_PERMISSIONS;
	r = check_values (&q, err);
	if (r < 0)
		return r;
	add_parts (&w, &q);
	if (words_begin (&w, plugin->alloc) < 0)
		return no_memory (plugin, err);
	add_parts (&w, &q);
	*ret = w.argv;
	return LHK_OK;
}

/* ---- the one by which a person resumes ---- */

static int
is_plain_session (const char *session)
{
	size_t len = strspn (session, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._:-");

	return session[len] == '\0' && len > 0 && len <= LIMIT_SESSION
	       && session[0] != '-';
}

static void
add_resume (struct words *w, const struct lhk_plugin *plugin,
	    const struct values *values)
{
	const char *const *word;

	for (word = plugin->command->resume; *word != NULL; word++)
		add_word (w, *word, values);
}

int
lhk_plugin_resume_command (const struct lhk_plugin_ref *plugin,
			   const char *session, char ***ret,
			   struct lhk_error *err)
{
	struct values values = { .of = { [TEMPLATE_SESSION] = session } };
	struct words w = { 0 };
	int r = check_plugin (plugin, ret, err);

	if (r < 0)
		return r;
	if (plugin->plugin.command->resume == NULL)
		return error_set (err, LHK_EUNSUPPORTED, 0,
				  "the plugin '%s' does not say how a session "
				  "is resumed",
				  plugin->plugin.name);
	if (session == NULL || !is_plain_session (session))
		return error_set (err, LHK_EINVAL, 0,
				  "this is not the id of a session; give 1 to "
				  "%u letters, digits and '.', '_', ':', '-'",
				  LIMIT_SESSION);
	add_resume (&w, &plugin->plugin, &values);
	if (words_begin (&w, plugin->alloc) < 0)
		return no_memory (plugin, err);
	add_resume (&w, &plugin->plugin, &values);
	*ret = w.argv;
	return LHK_OK;
}
