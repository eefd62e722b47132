/* SPDX-License-Identifier: MIT */
/* cmd_completion.c - `linehook completion': the script for a shell. */
#include "config.h"

#include <string.h>

#include "cli/completion/completion.h"
#include "cli/output/stdout.h"
#include "common/macros.h"

static const struct {
	const char *name;
	void (*write) (struct outbuf *o);
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

void
completion_each_command (struct outbuf *o,
			 void (*fn) (struct outbuf *o,
				     const struct cli_command *c))
{
	const struct commands_group *g;
	const struct cli_command *const *c;

	for (g = commands_groups; g->title != NULL; g++)
		for (c = g->commands; *c != NULL; c++)
			fn (o, *c);
}

void
completion_each_option (struct outbuf *o, const struct cli_command *c,
			void (*fn) (struct outbuf *o,
				    const struct cli_command *c,
				    const struct opt *opt))
{
	static const struct opt help = { .name = "help",
					 .letter = 'h',
					 .kind = OPT_FLAG,
					 .help = "print the options" };
	const struct opt_group *g;
	const struct opt *opt;

	for (g = c->groups; g->opts != NULL; g++)
		for (opt = g->opts; opt->name != NULL; opt++)
			fn (o, c, opt);
	fn (o, c, &help);
}

void
completion_write_offers (struct outbuf *o, const struct opt *opt)
{
	const char *word = opt->word == NULL ? "" : opt->word;
	size_t i;

	if (opt->offers != NULL) {
		outbuf_str (o, opt->offers);
	} else if (opt->kind == OPT_CHOICE) {
		for (i = 0; opt->choices[i] != NULL; i++) {
			if (i > 0)
				outbuf_byte (o, ' ');
			outbuf_str (o, opt->choices[i]);
		}
	} else if (opt->kind != OPT_FLAG && strcmp (word, "FILE") == 0) {
		outbuf_str (o, OPT_FILES);
	} else if (opt->kind != OPT_FLAG && strcmp (word, "DIR") == 0) {
		outbuf_str (o, OPT_DIRS);
	}
}

const char *
completion_operands (const struct cli_command *c)
{
	if ((c->flags & OPT_COMMAND_LINE) != 0)
		return OPT_COMMAND;
	return c->offers == NULL ? "" : c->offers;
}

void
completion_write_quoted (struct outbuf *o, const char *text,
			 const char *special, const char *quote)
{
	outbuf_byte (o, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			outbuf_str (o, quote);
			continue;
		}
		if (strchr (special, *text) != NULL)
			outbuf_byte (o, '\\');
		outbuf_byte (o, *text);
	}
	outbuf_byte (o, '\'');
}

void
completion_write_lines (struct outbuf *o, const char *const *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		outbuf_str (o, lines[i]);
		outbuf_byte (o, '\n');
	}
}

void
completion_write_words (struct outbuf *o)
{
	static const char *const functions[] = {
		"_linehook_plugins () {",
		"	linehook plugins --json 2>/dev/null |",
		"		sed -n '/\"refused\":/d; /\"shadowed\":/d",
		"			s/^{\"name\":\"\\([a-z0-9-]*\\)\".*/\\1/p'",
		"}",
		"",
		"_linehook_agents () {",
		"	_linehook_plugins | grep -v '^raw$'",
		"}",
		"",
		"_linehook_runs () {",
		"	linehook runs --json -n 100 2>/dev/null |",
		"		sed -n 's/^{\"run\":\"\\([^\"]*\\)\".*/\\1/p'",
		"}",
		"",
	};

	completion_write_lines (o, functions, ARRAY_SIZE (functions));
}

static int
write_script (const struct cli_command *self, const char *shell)
{
	static struct outbuf out;
	const char *names[ARRAY_SIZE (shells) + 1] = { NULL };
	const char *near;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (shells); i++)
		names[i] = shells[i].name;
	if (shell == NULL) {
		cli_say (self->name, "a shell is missing; give bash, zsh or "
				     "fish");
		return STATUS_USAGE;
	}
	for (i = 0; i < ARRAY_SIZE (shells); i++)
		if (strcmp (shells[i].name, shell) == 0)
			break;
	if (i == ARRAY_SIZE (shells)) {
		near = opt_nearest (shell, names);
		cli_say (self->name,
			 "unknown shell '%.60s'%s%s%s; give bash, zsh or fish",
			 shell, near == NULL ? "" : " (did you mean '",
			 near == NULL ? "" : near, near == NULL ? "" : "'?)");
		return STATUS_USAGE;
	}
	outbuf_init (&out, stdout_write, NULL);
	shells[i].write (&out);
	outbuf_flush (&out);
	return 0;
}

static int
run_completion (const struct cli_command *self, int argc, char **argv)
{
	struct opt_operands operands = { NULL, 0 };
	int unused = 0;
	int status = cli_parse (self, argc, argv, &unused, &operands);

	if (status < 0)
		status = write_script (self, operands.items[0]);
	opt_operands_free (&operands);
	return status;
}

static const struct opt_group no_groups[] = { { NULL, NULL } };

const struct cli_command cmd_completion = {
	.name = "completion",
	.synopsis = "bash|zsh|fish",
	.summary = "Print a script with which a shell completes linehook's "
		   "command lines.",
	.run = run_completion,
	.groups = no_groups,
	.flags = OPT_MIXED | OPT_ONE_OPERAND,
	.example = "eval \"$(linehook completion bash)\"",
	.offers = "bash zsh fish",
};
