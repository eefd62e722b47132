/* SPDX-License-Identifier: MIT */
/* zsh.c - completion for zsh: specifications for its function _arguments. */
#include "config.h"

#include <stdio.h>

#include "cli/completion/completion.h"
#include "common/macros.h"

/* How a quote is written inside quotes, and what _arguments gives a meaning. */
#define QUOTE "'\\''"
#define SPECIAL "[]:\\"

/* ":WORD: _linehook_offer ..": the value of an option. */
static void
write_action (struct outbuf *o, const struct opt *opt)
{
	outbuf_str (o, "':value: _linehook_offer ");
	completion_write_offers (o, opt);
	outbuf_byte (o, '\'');
}

static void
write_spec (struct outbuf *o, const struct opt *opt, const char *option)
{
	int is_value = opt->kind != OPT_FLAG;

	outbuf_str (o, " \\\n\t\t");
	if (opt->kind == OPT_LIST)
		outbuf_str (o, "'*'");
	outbuf_str (o, option);
	/* --name VALUE and --name=VALUE, but -n VALUE and -nVALUE. */
	if (is_value)
		outbuf_byte (o, option[1] == '-' ? '=' : '+');
	outbuf_str (o, "'['");
	completion_write_quoted (o, opt->help, SPECIAL, QUOTE);
	outbuf_str (o, "']'");
	if (is_value)
		write_action (o, opt);
}

static void
write_option (struct outbuf *o, const struct cli_command *c,
	      const struct opt *opt)
{
	char name[64];
	const char letter[3] = { '-', opt->letter, '\0' };

	(void) c;
	snprintf (name, sizeof name, "--%s", opt->name);
	write_spec (o, opt, name);
	if (opt->letter != '\0')
		write_spec (o, opt, letter);
}

static void
write_command (struct outbuf *o, const struct cli_command *c)
{
	const char *offers = completion_operands (c);

	outbuf_str (o, "\t");
	outbuf_str (o, c->name);
	outbuf_str (o, ")\n\t\t_arguments -s -S :");
	completion_each_option (o, c, write_option);
	if ((c->flags & OPT_COMMAND_LINE) != 0) {
		outbuf_str (o, " \\\n\t\t'(-):command: _command_names -e'"
			       " '*::argument: _normal'");
	} else if (offers[0] != '\0') {
		outbuf_str (o, " \\\n\t\t'*:argument: _linehook_offer ");
		outbuf_str (o, offers);
		outbuf_byte (o, '\'');
	}
	outbuf_str (o, "\n\t\t;;\n");
}

static void
write_description (struct outbuf *o, const struct cli_command *c)
{
	outbuf_str (o, "\t");
	outbuf_str (o, c->name);
	outbuf_byte (o, ':');
	completion_write_quoted (o, c->summary, "", QUOTE);
	outbuf_byte (o, '\n');
}

static const char *const head[] = {
	"# Offer words, and what words that begin with @ stand for.",
	"_linehook_offer () {",
	"	local -a offered",
	"	local token",
	"	for token; do",
	"		case $token in",
	"		(@files) _files ;;",
	"		(@dirs) _files -/ ;;",
	"		(@plugins)",
	"			offered+=(auto ${(f)\"$(_linehook_plugins)\"})",
	"			_files -g '*.so'",
	"			;;",
	"		(@agents) offered+=(${(f)\"$(_linehook_agents)\"}) ;;",
	"		(@runs) offered+=(latest ${(f)\"$(_linehook_runs)\"}) ;;",
	"		(@variables) _parameters -g '*export*' ;;",
	"		(@subcommands) offered+=(${_linehook_commands%%:*}) ;;",
	"		(*) offered+=($token) ;;",
	"		esac",
	"	done",
	"	(( $#offered == 0 )) || compadd -a offered",
	"}",
	"",
};

static const char *const middle[] = {
	"_linehook () {",
	"	local curcontext=$curcontext state line",
	"	local -A opt_args",
	"",
	"	_arguments -C '(- *)'{-h,--help}'[print the subcommands]' \\",
	"		'(- *)'{-V,--version}'[print the version]' \\",
	"		'1:subcommand:->subcommand' '*::argument:->argument'",
	"	if [[ $state = subcommand ]]; then",
	"		_describe -t commands subcommand _linehook_commands",
	"		return",
	"	fi",
	"	case $words[1] in",
};

static const char *const tail[] = {
	"	esac",
	"}",
	"",
	"compdef _linehook linehook",
};

void
completion_zsh (struct outbuf *o)
{
	outbuf_str (o, "#compdef linehook\n"
		       "# zsh completion for linehook, printed by"
		       " `linehook completion zsh'\n\n");
	completion_write_words (o);
	completion_write_lines (o, head, ARRAY_SIZE (head));
	outbuf_str (o, "typeset -ga _linehook_commands\n"
		       "_linehook_commands=(\n");
	completion_each_command (o, write_description);
	outbuf_str (o, ")\n\n");
	completion_write_lines (o, middle, ARRAY_SIZE (middle));
	completion_each_command (o, write_command);
	completion_write_lines (o, tail, ARRAY_SIZE (tail));
}
