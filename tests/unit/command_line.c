/* SPDX-License-Identifier: MIT */
/* command_line.c - templates in descriptors become command lines. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <linehook/host.h>

#include "plugin/load.h"
#include "lib/failing.h"
#include "lib/mock_plugin.h"
#include "lib/tap.h"

/* ---- templates that are well-formed ---- */

/* Something of each kind. */
static const struct lhk_command_part parts[] = {
	{ 0, 0, NULL, { "agent", "run" } },
	{ LHK_WITH_SESSION, 0, NULL, { "resume" } },
	{ LHK_WITH_DELTAS, 0, NULL, { "--deltas" } },
	{ 0, LHK_WITH_DELTAS, NULL, { "--stream=off" } },
	{ 0, 0, NULL, { "-m", "{model}" } },
	{ 0, 0, "read-only", { "--mode=plan" } },
	{ 0, 0, "all", { "--yes" } },
	{ LHK_WITH_PERMISSIONS, 0, NULL, { "--asked" } },
	{ 0, 0, NULL, { "{args}" } },
	{ 0, 0, NULL, { "--session={session}." } },
	{ 0, 0, NULL, { "--", "{prompt}" } },
	{ 0, LHK_WITH_PROMPT, NULL, { "-" } },
	{ 0, 0, NULL, { NULL } },
};
static const char *const resume_words[] = { "agent", "--resume={session}",
					    NULL };
static const char *const agent_env[] = { "AGENT_UPDATE=0", NULL };
static const struct lhk_command command = {
	.size = sizeof command,
	.parts = parts,
	.resume = resume_words,
	.install = "npm install -g agent",
};

/* The least that a template has. */
static const struct lhk_command_part least_parts[] = {
	{ 0, 0, NULL, { "least", "{\"a\":{}}" } },
	{ 0, 0, NULL, { "{args}" } },
	{ 0, 0, NULL, { "{prompt}" } },
	{ 0, 0, NULL, { NULL } },
};
static const struct lhk_command least = { .size = sizeof least,
					  .parts = least_parts };

struct fixture {
	struct failing memory;
	struct lhk_host *host;
	struct lhk_plugin plugin;
	const struct lhk_plugin_ref *ref;
	struct lhk_error err;
};

static void
fixture_init (struct fixture *f, const struct lhk_command *c)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;

	memset (f, 0, sizeof *f);
	failing_init (&f->memory);
	opts.alloc = &f->memory.alloc;
	f->plugin = mock_plugin;
	f->plugin.command = c;
	f->plugin.agent_env = agent_env;
	CU_ASSERT_FATAL (lhk_host_new (&opts, &f->host, NULL) == LHK_OK);
	CU_ASSERT_FATAL (lhk_host_add_plugin (f->host, &f->plugin, &f->err)
			 == LHK_OK);
	CU_ASSERT_FATAL (lhk_host_plugin (f->host, "mock", &f->ref, &f->err)
			 == LHK_OK);
}

static void
fixture_done (struct fixture *f)
{
	lhk_host_free (f->host);
	CU_ASSERT (failing_clean (&f->memory));
}

/* The words of ARGV, each in brackets. */
static const char *
joined (char **argv)
{
	static char text[4096];

	text[0] = '\0';
	for (; argv != NULL && *argv != NULL; argv++) {
		strcat (text, "[");
		strcat (text, *argv);
		strcat (text, "]");
	}
	return text;
}

/* ---- command lines ---- */

static const char *const more[] = { "--x", "a b", "{prompt}", "", NULL };

static const struct {
	struct lhk_command_opts opts;
	const char *words;
} rows[] = {
	{ { .prompt = "hi" }, "[agent][run][--stream=off][--][hi]" },
	{ { .prompt = "hi", .flags = LHK_COMMAND_DELTAS },
	  "[agent][run][--deltas][--][hi]" },
	{ { .prompt = NULL }, "[agent][run][--stream=off][-]" },
	{ { .prompt = "-p {model}\nb '\"", .model = "{session}" },
	  "[agent][run][--stream=off][-m][{session}][--][-p {model}\nb '\"]" },
	{ { .prompt = "hi", .session = "id-1" },
	  "[agent][run][resume][--stream=off][--session=id-1.][--][hi]" },
	{ { .prompt = "hi", .permissions = "read-only" },
	  "[agent][run][--stream=off][--mode=plan][--asked][--][hi]" },
	{ { .prompt = "hi", .permissions = "all" },
	  "[agent][run][--stream=off][--yes][--asked][--][hi]" },
	{ { .prompt = "hi", .args = more },
	  "[agent][run][--stream=off][--x][a b][{prompt}][][--][hi]" },
	{ { .session = "s",
	    .model = "m",
	    .flags = LHK_COMMAND_DELTAS,
	    .permissions = "all",
	    .args = more },
	  "[agent][run][resume][--deltas][-m][m][--yes][--asked][--x][a b]"
	  "[{prompt}][][--session=s.][-]" },
};

static void
each_option_has_its_words (void)
{
	struct lhk_command_opts opts;
	struct fixture f;
	char **argv;
	size_t i;

	fixture_init (&f, &command);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		opts = rows[i].opts;
		opts.size = sizeof opts;
		argv = NULL;
		TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
			    LHK_OK);
		TAP_EQ_STR (joined (argv), rows[i].words);
		lhk_command_free (argv);
	}
	fixture_done (&f);
}

static void
least_template (void)
{
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	struct fixture f;
	char **argv = NULL;

	fixture_init (&f, &least);
	opts.prompt = "hi";
	opts.flags = LHK_COMMAND_DELTAS;
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err), LHK_OK);
	TAP_EQ_STR (joined (argv), "[least][{\"a\":{}}][hi]");
	lhk_command_free (argv);
	opts.model = "m";
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
		    LHK_EUNSUPPORTED);
	TAP_EQ_STR (f.err.text,
		    "the command line of 'mock' has no place for a model");
	opts.model = NULL;
	opts.permissions = "all";
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
		    LHK_EUNSUPPORTED);
	TAP_EQ_STR (f.err.text, "the plugin 'mock' cannot set permissions");
	TAP_EQ_INT (lhk_plugin_resume_command (f.ref, "s", &argv, &f.err),
		    LHK_EUNSUPPORTED);
	fixture_done (&f);
}

static void
a_long_prompt_is_whole (void)
{
	enum { LONG = 1 << 20 };
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	char *prompt = malloc (LONG + 1);
	struct fixture f;
	char **argv = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL (prompt);
	memset (prompt, '-', LONG);
	prompt[LONG] = '\0';
	fixture_init (&f, &command);
	opts.prompt = prompt;
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err), LHK_OK);
	TAP_EQ_STR (argv[4], prompt);
	CU_ASSERT_PTR_NULL (argv[5]);
	lhk_command_free (argv);
	fixture_done (&f);
	free (prompt);
}

static const struct {
	struct lhk_command_opts opts;
	int code;
	const char *text;
} refused[] = {
	{ { .prompt = "" }, LHK_EINVAL, "the prompt is empty" },
	{ { .prompt = "a", .model = "" }, LHK_EINVAL, "the model is empty" },
	{ { .prompt = "a", .session = "-s" },
	  LHK_EINVAL,
	  "the session '-s' begins with '-'" },
	{ { .prompt = "a", .permissions = "edit" },
	  LHK_EUNSUPPORTED,
	  "the plugin 'mock' has no permissions 'edit'; give "
	  "read-only or all" },
};

static void
what_cannot_be_made_is_told (void)
{
	struct lhk_command_opts opts;
	struct fixture f;
	char **argv = NULL;
	size_t i;

	fixture_init (&f, &command);
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		opts = refused[i].opts;
		opts.size = sizeof opts;
		TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
			    refused[i].code);
		TAP_EQ_STR (f.err.text, refused[i].text);
	}
	opts.size = 1;
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_plugin_command (NULL, &opts, &argv, &f.err),
		    LHK_EINVAL);
	fixture_done (&f);
	fixture_init (&f, NULL);
	opts = refused[0].opts;
	opts.size = sizeof opts;
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
		    LHK_EUNSUPPORTED);
	TAP_EQ_STR (
		f.err.text,
		"the plugin 'mock' does not say how its agent is started, so "
		"write the command line yourself");
	CU_ASSERT_PTR_NULL (argv);
	fixture_done (&f);
}

static void
sessions_are_shown_only_if_plain (void)
{
	static const char *const bad[] = { "",	  "-s",	  "a b",      "a;b",
					   "a'b", "a\nb", "\xc3\xa4", NULL };
	struct fixture f;
	char id[130];
	char **argv = NULL;
	size_t i;

	fixture_init (&f, &command);
	TAP_EQ_INT (
		lhk_plugin_resume_command (f.ref, "ses_1.2:3-4", &argv, &f.err),
		LHK_OK);
	TAP_EQ_STR (joined (argv), "[agent][--resume=ses_1.2:3-4]");
	lhk_command_free (argv);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		TAP_EQ_INT (lhk_plugin_resume_command (f.ref, bad[i], &argv,
						       &f.err),
			    LHK_EINVAL);
	memset (id, 'a', sizeof id);
	id[129] = '\0';
	TAP_EQ_INT (lhk_plugin_resume_command (f.ref, id, &argv, &f.err),
		    LHK_EINVAL);
	id[128] = '\0';
	TAP_EQ_INT (lhk_plugin_resume_command (f.ref, id, &argv, &f.err),
		    LHK_OK);
	/* It outlives its host. */
	lhk_host_free (f.host);
	TAP_EQ_INT (strlen (argv[1]), 128 + strlen ("--resume="));
	lhk_command_free (argv);
	lhk_command_free (NULL);
	CU_ASSERT (failing_clean (&f.memory));
}

static void
no_memory_is_an_error (void)
{
	struct lhk_command_opts opts = LHK_COMMAND_OPTS_INIT;
	struct fixture f;
	char **argv = NULL;

	fixture_init (&f, &command);
	opts.prompt = "hi";
	f.memory.fail_at = f.memory.calls + 1;
	f.memory.fail_on = 1;
	TAP_EQ_INT (lhk_plugin_command (f.ref, &opts, &argv, &f.err),
		    LHK_ENOMEM);
	TAP_EQ_INT (lhk_plugin_resume_command (f.ref, "s", &argv, &f.err),
		    LHK_ENOMEM);
	CU_ASSERT_PTR_NULL (argv);
	fixture_done (&f);
}

/* ---- templates that are not well-formed ---- */

#define LONG_WORD                                                              \
	"0123456789012345678901234567890123456789012345678901234567890123"     \
	"0123456789012345678901234567890123456789012345678901234567890123"     \
	"0123456789012345678901234567890123456789012345678901234567890123"     \
	"0123456789012345678901234567890123456789012345678901234567890123"

#define PROMPT                                                                 \
	{                                                                      \
		0, 0, NULL,                                                    \
		{                                                              \
			"{prompt}", "{args}"                                   \
		}                                                              \
	}

/* Parts, of which one is wrong. */
static const struct {
	struct lhk_command_part parts[4];
	const char *text;
} faults[] = {
	{ { { 0, 0, NULL, { NULL } } }, "has a condition or no words" },
	{ { { 0, 0, NULL, { "{prompt}", "{args}" } } },
	  "has a condition or no words" },
	{ { { LHK_WITH_MODEL, 0, NULL, { "a" } }, PROMPT },
	  "has a condition or no words" },
	{ { { 0, LHK_WITH_MODEL, NULL, { "a" } }, PROMPT },
	  "has a condition or no words" },
	{ { { 0, 0, "all", { "a" } }, PROMPT }, "has a condition or no words" },
	{ { { 0, 0, NULL, { "-a" } }, PROMPT }, "begins with an option" },
	{ { { 0, 0, NULL, { "a", "" } }, PROMPT }, "is empty, too long" },
	{ { { 0, 0, NULL, { "a", "b\n" } }, PROMPT }, "is empty, too long" },
	{ { { 0, 0, NULL, { "a", LONG_WORD "0" } }, PROMPT },
	  "is empty, too long" },
	{ { { 0, 0, NULL, { "a", "{promt}" } }, PROMPT }, "in braces" },
	{ { { 0, 0, NULL, { "a" } }, { 0, 0, NULL, { "{args}x" } }, PROMPT },
	  "'{args}' in its command is not a word of its own" },
	{ { { 0, 0, NULL, { "a" } }, { 1u << 30, 0, NULL, { "b" } }, PROMPT },
	  "unknown LHK_WITH_* flags" },
	{ { { 0, 0, NULL, { "a" } }, { 0, 0, "No", { "b" } }, PROMPT },
	  "permissions that are not a word" },
	{ { { 0, 0, NULL, { "a" } }, { 0, 0, NULL, { "{prompt}" } } },
	  "does not have exactly one word '{args}'" },
	{ { { 0, 0, NULL, { "a" } }, PROMPT, PROMPT },
	  "does not have exactly one word '{args}'" },
	{ { { 0, 0, NULL, { "a" } }, { 0, 0, NULL, { "{args}" } } },
	  "no word with '{prompt}'" },
};

/* Load the mock plugin with C and ENV, and compare the sentence. */
static void
expect (const struct lhk_command *c, const char *const *env, const char *text)
{
	struct lhk_plugin plugin = mock_plugin, copy;
	struct lhk_error err = { 0, 0, "" };

	plugin.command = c;
	plugin.agent_env = env;
	TAP_EQ_INT (
		plugin_load_descriptor (&plugin, NULL, NULL, 0, &copy, &err),
		text == NULL ? LHK_OK : LHK_EABI);
	if (text == NULL)
		return;
	if (strstr (err.text, text) == NULL)
		tap_note ("found \"%s\", expected \"%s\" in it", err.text,
			  text);
	CU_ASSERT (strstr (err.text, text) != NULL);
	CU_ASSERT (strncmp (err.text, "plugin 'linked in': its ", 24) == 0
		   || strncmp (err.text, "plugin 'linked in': ", 20) == 0);
}

static void
a_bad_template_is_refused (void)
{
	struct lhk_command_part many[66];
	struct lhk_command bad = command;
	size_t i;

	expect (&command, agent_env, NULL);
	expect (&least, NULL, NULL);
	for (i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		bad.parts = faults[i].parts;
		expect (&bad, NULL, faults[i].text);
	}
	for (i = 0; i < 66; i++)
		many[i] = parts[0];
	bad.parts = many;
	expect (&bad, NULL, "too many parts, or no end");
	bad.parts = NULL;
	expect (&bad, NULL, "its command has no parts");
	bad = command;
	bad.size = sizeof bad - 1;
	expect (&bad, NULL, "the size of its command");
}

static void
bad_words_for_people_are_refused (void)
{
	static const char *const no_session[] = { "agent", NULL };
	static const char *const with_model[] = { "a", "{session}", "{model}",
						  NULL };
	static const char *const no_name[] = { "=1", NULL };
	static const char *const no_value[] = { "A", NULL };
	static const char *const line[] = { "A=\n", NULL };
	const char *endless[66];
	struct lhk_command bad = command;
	size_t i;

	for (i = 0; i < 66; i++)
		endless[i] = "A={session}";
	bad.resume = no_session;
	expect (&bad, NULL, "its resume has no '{session}'");
	bad.resume = with_model;
	expect (&bad, NULL, "its resume has no '{session}'");
	bad.resume = endless;
	expect (&bad, NULL, "have no end");
	bad = command;
	bad.install = "";
	expect (&bad, NULL, "its install is empty");
	bad.install = "a\x1b[2J";
	expect (&bad, NULL, "its install is empty");
	expect (NULL, no_name, "is not NAME=VALUE");
	expect (NULL, no_value, "is not NAME=VALUE");
	expect (NULL, line, "is not NAME=VALUE");
	expect (NULL, endless, "too many members, or no end");
}

static const struct tap_case cases[] = {
	{ "command_line_each_option_has_its_words", each_option_has_its_words },
	{ "command_line_a_template_may_leave_out_what_it_cannot",
	  least_template },
	{ "command_line_a_long_prompt_is_whole", a_long_prompt_is_whole },
	{ "command_line_what_cannot_be_made_is_told",
	  what_cannot_be_made_is_told },
	{ "command_line_a_session_is_shown_only_if_it_is_plain",
	  sessions_are_shown_only_if_plain },
	{ "command_line_no_memory_is_an_error", no_memory_is_an_error },
	{ "command_line_a_bad_template_is_refused", a_bad_template_is_refused },
	{ "command_line_bad_words_for_people_are_refused",
	  bad_words_for_people_are_refused },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("command_line", cases);
}
