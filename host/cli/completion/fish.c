/* SPDX-License-Identifier: MIT */
/* fish.c - completion for fish: one `complete' for each option. */
#include "config.h"

#include <string.h>

#include "cli/completion/completion.h"
#include "common/macros.h"

static void
write_quoted (struct outbuf *o, const char *text)
{
	completion_write_quoted (o, text, "\\", "\\'");
}

static void
write_start (struct outbuf *o, const struct cli_command *c)
{
	outbuf_str (o, "complete -c linehook -n "
		       "'__fish_seen_subcommand_from ");
	outbuf_str (o, c->name);
	outbuf_byte (o, '\'');
}

/* What words that begin with @ stand for, by functions of the script. */
static void
write_offers (struct outbuf *o, const struct opt *opt)
{
	outbuf_str (o, " -x -a '(__linehook_offer ");
	completion_write_offers (o, opt);
	outbuf_str (o, ")'");
}

static void
write_option (struct outbuf *o, const struct cli_command *c,
	      const struct opt *opt)
{
	write_start (o, c);
	outbuf_str (o, " -l ");
	outbuf_str (o, opt->name);
	if (opt->letter != '\0') {
		outbuf_str (o, " -s ");
		outbuf_byte (o, opt->letter);
	}
	if (opt->kind != OPT_FLAG)
		write_offers (o, opt);
	outbuf_str (o, " -d ");
	write_quoted (o, opt->help);
	outbuf_byte (o, '\n');
}

static void
write_command (struct outbuf *o, const struct cli_command *c)
{
	const char *offers = completion_operands (c);

	outbuf_str (o, "\ncomplete -c linehook -n __fish_use_subcommand -a ");
	outbuf_str (o, c->name);
	outbuf_str (o, " -d ");
	write_quoted (o, c->summary);
	outbuf_byte (o, '\n');
	if ((c->flags & OPT_COMMAND_LINE) != 0) {
		write_start (o, c);
		outbuf_str (o, " -x -a '(__fish_complete_subcommand"
			       " --fcs-skip=2)'\n");
	} else if (offers[0] != '\0') {
		write_start (o, c);
		outbuf_str (o, " -x -a '(__linehook_offer ");
		outbuf_str (o, offers);
		outbuf_str (o, ")'\n");
	}
	completion_each_option (o, c, write_option);
}

static const char *const head[] = {
	"# fish completion for linehook, printed by `linehook completion fish'",
	"",
	"# Offer words, and what words that begin with @ stand for.",
	"function __linehook_offer",
	"	set -l token (commandline -ct | string replace -r '^--[^=]*=' '')",
	"	for word in $argv",
	"		switch $word",
	"			case @files",
	"				__fish_complete_path $token",
	"			case @dirs",
	"				__fish_complete_directories $token",
	"			case @plugins",
	"				echo auto",
	"				linehook plugins --json 2>/dev/null |",
	"					string match -v -r '\"(refused|shadowed)\":' |",
	"					string replace -r '^{\"name\":\"([a-z0-9-]*)\".*' '$1'",
	"			case @agents",
	"				__linehook_offer @plugins |",
	"					string match -v -r '^(auto|raw)$'",
	"			case @runs",
	"				echo latest",
	"				linehook runs --json -n 100 2>/dev/null |",
	"					string replace -r '^{\"run\":\"([^\"]*)\".*' '$1'",
	"			case @variables",
	"				set -nx",
	"			case @subcommands",
	"				linehook help |",
	"					string replace -r -f '^  ([a-z]+)  .*' '$1'",
	"			case '*'",
	"				echo $word",
	"		end",
	"	end",
	"end",
	"",
	"complete -c linehook -f",
	"complete -c linehook -n __fish_use_subcommand -s h -l help \\",
	"	-d 'print the subcommands'",
	"complete -c linehook -n __fish_use_subcommand -s V -l version \\",
	"	-d 'print the version'",
};

void
completion_fish (struct outbuf *o)
{
	completion_write_lines (o, head, ARRAY_SIZE (head));
	completion_each_command (o, write_command);
}
