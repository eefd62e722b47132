/* SPDX-License-Identifier: MIT */
/* listing.c - a plugin that was found or refused: a JSON object, or a row. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/plugins/listing.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/shell_words.h"
#include "json/writer.h"

/* A path, or an error, and some words. */
#define NOTE_SIZE 4200

static const struct {
	uint32_t flag;
	const char *name;
} flag_names[] = {
	{ LHK_PLUGIN_JSON, "json" },
	{ LHK_PLUGIN_STDOUT_FILE, "stdout-file" },
	{ LHK_PLUGIN_CLAIMS, "claims" },
};

/* A note takes the place of all columns behind the name. */
static const struct table_column columns[] = {
	{ "NAME", 0, 10 },
	{ "PROVIDER", TABLE_WRAP | TABLE_BELOW, 10 },
	{ "VERSION", TABLE_BELOW, 8 },
	{ "ABI", TABLE_BELOW, 0 },
	{ "FLAGS", TABLE_BELOW, 0 },
	{ "PATH", TABLE_BELOW, 0 },
};

const struct table_layout listing_layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.gap = 2,
};

/* With commas between them. */
static void
join_flags (uint32_t flags, char *text, size_t size)
{
	size_t len = 0, i;

	text[0] = '\0';
	for (i = 0; i < ARRAY_SIZE (flag_names); i++)
		if ((flags & flag_names[i].flag) != 0)
			len += (size_t) snprintf (text + len, size - len,
						  "%s%s", len > 0 ? "," : "",
						  flag_names[i].name);
}

static const char *
reason_of (const struct lhk_plugin_entry *e)
{
	return e->err == NULL ? "unknown reason" : e->err->text;
}

void
listing_row (struct table *t, const struct lhk_plugin_entry *e)
{
	const struct lhk_plugin *p =
		e->ref == NULL ? NULL : lhk_plugin_ref_descriptor (e->ref);
	char abi[16], flags[64], note[NOTE_SIZE];
	const char *cells[ARRAY_SIZE (columns)] = { e->name, note };
	size_t n = 2;

	if (e->shadowed) {
		snprintf (note, sizeof note,
			  "not used, because the one above is found first: %s",
			  e->path);
	} else if (p == NULL) {
		snprintf (note, sizeof note, "refused: %s", reason_of (e));
	} else {
		snprintf (abi, sizeof abi, "1.%u", (unsigned) p->abi_minor);
		join_flags (p->flags, flags, sizeof flags);
		cells[1] = p->provider;
		cells[2] = p->version;
		cells[3] = abi;
		cells[4] = flags;
		cells[5] = e->path == NULL ? "(linked in)" : e->path;
		n = ARRAY_SIZE (columns);
	}
	table_add (t, cells, n);
}

/* ---- how the agent is started ---- */

/* The words with PROMPT in the place of the prompt; lhk_command_free's, or
 * NULL. */
static char **
example_command (const struct lhk_plugin_ref *ref)
{
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	char **argv = NULL;

	opts.prompt = "PROMPT";
	opts.flags = LHK_COMMAND_DELTAS;
	(void) !lhk_plugin_command (ref, &opts, &argv, NULL);
	return argv;
}

void
listing_command (struct table *t, const struct lhk_plugin_entry *e)
{
	struct strbuf line;
	char **argv = e->ref == NULL ? NULL : example_command (e->ref);
	struct outbuf out;

	if (argv == NULL)
		return;
	strbuf_init (&line, &mem_system);
	outbuf_init (&out, strbuf_write, &line);
	OUTBUF_LIT (&out, "    ");
	shell_words_put (&out, (const char *const *) argv, 0);
	outbuf_flush (&out);
	table_add_line (t, strbuf_str (&line));
	strbuf_free (&line);
	lhk_command_free (argv);
}

/* ---- JSON ---- */

static void
write_words (struct jw *w, const char *key, const char *const *words)
{
	if (words == NULL)
		return;
	jw_list_begin (w, key);
	for (; *words != NULL; words++)
		jw_str (w, NULL, *words);
	jw_list_end (w);
}

/* The names of permissions that stand in a template, each once. */
static void
write_permissions (struct jw *w, const struct lhk_command_part *parts)
{
	const struct lhk_command_part *part, *before;

	jw_list_begin (w, "permissions");
	for (part = parts; part->words[0] != NULL; part++) {
		if (part->permissions == NULL)
			continue;
		for (before = parts; before < part; before++)
			if (before->permissions != NULL
			    && strcmp (before->permissions, part->permissions)
				       == 0)
				break;
		if (before == part)
			jw_str (w, NULL, part->permissions);
	}
	jw_list_end (w);
}

static void
write_command (struct jw *w, const struct lhk_plugin_ref *ref)
{
	const struct lhk_plugin *p = lhk_plugin_ref_descriptor (ref);
	char **argv = example_command (ref);

	if (argv == NULL)
		return;
	write_words (w, "command", (const char *const *) argv);
	lhk_command_free (argv);
	write_permissions (w, p->command->parts);
	argv = NULL;
	(void) !lhk_plugin_resume_command (ref, "SESSION", &argv, NULL);
	write_words (w, "resume", (const char *const *) argv);
	lhk_command_free (argv);
	jw_str (w, "install", p->command->install);
	write_words (w, "agent_env", p->agent_env);
}

static void
write_descriptor (struct jw *w, const struct lhk_plugin *p)
{
	const char *const *program = p->programs;
	char abi[16];
	size_t i;

	snprintf (abi, sizeof abi, "1.%u", (unsigned) p->abi_minor);
	jw_str (w, "provider", p->provider);
	jw_str (w, "version", p->version);
	jw_str (w, "abi", abi);
	jw_list_begin (w, "flags");
	for (i = 0; i < ARRAY_SIZE (flag_names); i++)
		if ((p->flags & flag_names[i].flag) != 0)
			jw_str (w, NULL, flag_names[i].name);
	jw_list_end (w);
	jw_list_begin (w, "programs");
	for (; program != NULL && *program != NULL; program++)
		jw_str (w, NULL, *program);
	jw_list_end (w);
	jw_str (w, "summary", p->summary);
}

void
listing_json (struct outbuf *o, const struct lhk_plugin_entry *e)
{
	const struct lhk_plugin *p =
		e->ref == NULL ? NULL : lhk_plugin_ref_descriptor (e->ref);
	struct jw w;

	jw_init (&w, o);
	jw_object_begin (&w, NULL);
	jw_str (&w, "name", e->name);
	if (p != NULL) {
		write_descriptor (&w, p);
		write_command (&w, e->ref);
	}
	jw_str (&w, "path", e->path);
	if (e->shadowed)
		jw_bool (&w, "shadowed", 1);
	else if (p == NULL)
		jw_str (&w, "refused", reason_of (e));
	jw_object_end (&w);
}
