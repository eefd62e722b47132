/* SPDX-License-Identifier: MIT */
/* agent.c - the command line of `run --agent'. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli/run/cmd_run.h"
#include "common/mem.h"
#include "common/path_search.h"
#include "common/shell_words.h"
#include "common/strbuf.h"

/* Bytes of each word that -v shows. */
#define SHOWN_WORD_MAX 200

/* Agents that are named in a sentence. */
#define NAMES_MAX 64

/* ---- what was typed ---- */

static int wrong (const struct run_command *r, const char *fmt, ...)
	LHK_PRINTF (2, 3);

static int
wrong (const struct run_command *r, const char *fmt, ...)
{
	char text[640];
	va_list args;

	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	cli_say (r->session->who, "%s", text);
	return STATUS_USAGE;
}

/* The first option that only --agent gives a meaning, or NULL. */
static const char *
option_without_agent (const struct run_options *o)
{
	return o->model != NULL		? "--model"
	       : o->resume != NULL	? "--resume"
	       : o->permissions != NULL ? "--permissions"
	       : o->agent_args.n > 0	? "--agent-arg"
	       : o->no_deltas		? "--no-deltas"
					: NULL;
}

int
run_agent_check (const char *who, const struct run_options *o,
		 const struct opt_operands *operands)
{
	const char *alone = option_without_agent (o);
	int has_word = operands->n > 0;

	if (o->agent == NULL && alone != NULL) {
		cli_say (who,
			 "%s needs --agent NAME; an option of the command "
			 "itself goes after its name",
			 alone);
		return STATUS_USAGE;
	}
	if (o->agent == NULL && (!has_word || operands->items[0][0] == '\0')) {
		cli_say (who, "a command is missing; write linehook run "
			      "[OPTIONS] -- COMMAND [ARG...]");
		return STATUS_USAGE;
	}
	if (o->agent == NULL)
		return -1;
	if (!has_word
	    && (o->stdin_from == NULL || strcmp (o->stdin_from, "null") == 0)) {
		cli_say (who,
			 "the prompt is missing; write linehook run --agent "
			 "NAME -- PROMPT, or give it with --stdin FILE or "
			 "--stdin -");
		return STATUS_USAGE;
	}
	if (has_word
	    && operands->items[0][strspn (operands->items[0], " \t\r\n")]
		       == '\0') {
		cli_say (who, "the prompt is empty");
		return STATUS_USAGE;
	}
	return -1;
}

/* ---- the agent ---- */

struct agents {
	const char *names[NAMES_MAX + 1];
	size_t n;
	const char *wanted; /* the name that was given */
	const char *reader; /* the agent whose plugin reads that program */
};

/* Is WORD one of the programs whose output a plugin reads? */
static int
reads_program (const struct lhk_plugin_ref *plugin, const char *word)
{
	const char *const *name = lhk_plugin_ref_descriptor (plugin)->programs;

	for (; name != NULL && *name != NULL; name++)
		if (strcmp (*name, word) == 0)
			return 1;
	return 0;
}

static void
note_agent (void *user, const struct lhk_plugin_entry *entry)
{
	struct agents *a = user;

	if (entry->ref == NULL || entry->shadowed || a->n == NAMES_MAX
	    || lhk_plugin_ref_descriptor (entry->ref)->command == NULL)
		return;
	if (reads_program (entry->ref, a->wanted))
		a->reader = lhk_plugin_ref_name (entry->ref);
	a->names[a->n++] = lhk_plugin_ref_name (entry->ref);
}

/* There is no such agent; those that there are. */
static int
unknown_agent (const struct run_command *r, const char *name)
{
	struct agents a = { .wanted = name };
	char list[320] = "";
	const char *near;
	size_t len = 0, i;

	if (lhk_host_list_plugins (r->session->host, note_agent, &a) < 0)
		return STATUS_HOST;
	near = opt_nearest (name, a.names);
	for (i = 0; i < a.n && len + 1 < sizeof list; i++)
		len += (size_t) snprintf (list + len, sizeof list - len, "%s%s",
					  i > 0 ? ", " : "", a.names[i]);
	if (a.n == 0)
		return wrong (
			r,
			"--agent: '%.60s' is unknown, because no plugin of "
			"an agent was found; see linehook plugins",
			name);
	if (near == NULL && a.reader != NULL)
		return wrong (r,
			      "--agent: the plugin '%s' does not say how "
			      "'%.60s' is started, so write the command line "
			      "yourself",
			      a.reader, name);
	return wrong (
		r, "--agent: '%.60s' is not an agent%s%s%s; give one of %s",
		name, near == NULL ? "" : " (did you mean '",
		near == NULL ? "" : near, near == NULL ? "" : "'?)", list);
}

/* The plugin of --agent, which --plugin may name, too. */
static int
find_agent (struct run_command *r)
{
	const char *name = r->opts->agent;
	const char *plugin = session_plugin_name (r->session);
	const struct lhk_plugin_ref *other = NULL;
	struct lhk_error err = { 0, 0, "" };
	int status;

	if (strchr (name, '/') == NULL) {
		int code = lhk_host_plugin (r->session->host, name, &r->plugin,
					    &err);

		if (code == LHK_ENOTFOUND || code == LHK_EINVAL)
			return unknown_agent (r, name);
	}
	status = session_plugin (r->session, name, &r->plugin);
	if (status >= 0 || plugin == NULL)
		return status;
	status = session_plugin (r->session, plugin, &other);
	if (status < 0 && other != r->plugin)
		return wrong (r,
			      "--plugin: '%.60s' is not the plugin of agent "
			      "'%.60s'; leave out --plugin",
			      plugin, name);
	return status;
}

/* The prompt is one word. */
static int
check_words (const struct run_command *r, const char *const *words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	if (n < 2)
		return -1;
	if (reads_program (r->plugin, words[0]))
		return wrong (r,
			      "'%.60s' begins a command line, but --agent "
			      "makes one itself; give the prompt alone, or "
			      "leave out --agent",
			      words[0]);
	return wrong (r,
		      words[1][0] == '-'
			      ? "unexpected argument '%.60s'; options go "
				"before the prompt, and those of the agent "
				"after --agent-arg"
			      : "unexpected argument '%.60s'; put the prompt "
				"in quotes",
		      words[1]);
}

/* ---- its command line ---- */

/* Variables that the agent should have, but those that the user has set or
 * unset. */
static int
add_environ (struct run_command *r)
{
	const char *const *env =
		lhk_plugin_ref_descriptor (r->plugin)->agent_env;
	/* Names alone are those of --unset. */
	const struct opt_list *given = &r->opts->env;
	int code = LHK_OK;
	char name[256];
	size_t i;

	if (r->opts->clear_env)
		return LHK_OK;
	for (; env != NULL && *env != NULL && code == LHK_OK; env++) {
		snprintf (name, sizeof name, "%.*s", (int) strcspn (*env, "="),
			  *env);
		for (i = 0; i < given->n; i++)
			if (strcmp (given->items[i], name) == 0)
				break;
		if (i == given->n
		    && path_search_getenv (environ_strings (&r->env), name)
			       == NULL)
			code = environ_put (&r->env, *env);
	}
	return code;
}

/* With -v. */
static void
show_command (struct run_command *r)
{
	struct outbuf line;
	struct strbuf text;

	strbuf_init (&text, &mem_system);
	outbuf_init (&line, strbuf_write, &text);
	shell_words_put (&line, r->argv, SHOWN_WORD_MAX);
	outbuf_flush (&line);
	log_say (&r->session->log, LHK_LOG_INFO, "command", "%s",
		 strbuf_str (&text));
	strbuf_free (&text);
}

/* ARGS is the list of --agent-arg, with a NULL behind it. */
static int
make_command (struct run_command *r, const char *const *args)
{
	const struct run_options *o = r->opts;
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	struct lhk_error err = { 0, 0, "" };
	int code;

	opts.prompt = r->prompt;
	opts.model = o->model;
	opts.session = o->resume;
	opts.permissions = o->permissions;
	opts.args = args;
	opts.flags = o->no_deltas ? 0 : LHK_COMMAND_DELTAS;
	code = lhk_plugin_command (r->plugin, &opts, &r->command, &err);
	if (code == LHK_OK)
		return -1;
	cli_say (r->session->who, "--agent: %s", err.text);
	return code == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE;
}

static int
make_command_with_args (struct run_command *r)
{
	const struct opt_list *list = &r->opts->agent_args;
	size_t size = (list->n + 1) * sizeof list->items[0];
	const char **args = mem_zero (&mem_system, size);
	int status;

	if (args == NULL) {
		cli_say (r->session->who, "out of memory");
		return STATUS_HOST;
	}
	if (list->n > 0)
		memcpy (args, list->items, list->n * sizeof args[0]);
	status = make_command (r, args);
	mem_free (&mem_system, args, size);
	return status;
}

int
run_agent_command (struct run_command *r, const char *const *words)
{
	int status = find_agent (r);

	if (status < 0)
		status = check_words (r, words);
	r->prompt = words[0];
	if (status < 0)
		status = make_command_with_args (r);
	if (status >= 0)
		return status;
	r->argv = (const char *const *) r->command;
	if (add_environ (r) < 0) {
		cli_say (r->session->who, "out of memory");
		return STATUS_HOST;
	}
	show_command (r);
	return -1;
}
