/* SPDX-License-Identifier: MIT */
/* bash.c - completion for bash: tables of words, and a function that offers
 * them. */
#include "config.h"

#include "cli/completion/completion.h"
#include "common/macros.h"

static void
write_name (struct outbuf *o, const struct cli_command *c,
	    const struct opt *opt)
{
	(void) c;
	outbuf_str (o, " --");
	outbuf_str (o, opt->name);
}

static void
write_options (struct outbuf *o, const struct cli_command *c)
{
	outbuf_str (o, "\t");
	outbuf_str (o, c->name);
	outbuf_str (o, ") echo '");
	completion_each_option (o, c, write_name);
	outbuf_str (o, "' ;;\n");
}

static void
write_value (struct outbuf *o, const struct cli_command *c,
	     const struct opt *opt)
{
	if (opt->kind == OPT_FLAG)
		return;
	outbuf_str (o, "\t");
	outbuf_str (o, c->name);
	outbuf_str (o, ":--");
	outbuf_str (o, opt->name);
	if (opt->letter != '\0') {
		outbuf_str (o, " | ");
		outbuf_str (o, c->name);
		outbuf_str (o, ":-");
		outbuf_byte (o, opt->letter);
	}
	outbuf_str (o, ") echo '");
	completion_write_offers (o, opt);
	outbuf_str (o, "' ;;\n");
}

static void
write_values (struct outbuf *o, const struct cli_command *c)
{
	completion_each_option (o, c, write_value);
}

static void
write_operands (struct outbuf *o, const struct cli_command *c)
{
	outbuf_str (o, "\t");
	outbuf_str (o, c->name);
	outbuf_str (o, ") echo '");
	outbuf_str (o, completion_operands (c));
	outbuf_str (o, "' ;;\n");
}

static void
write_subcommand (struct outbuf *o, const struct cli_command *c)
{
	outbuf_byte (o, ' ');
	outbuf_str (o, c->name);
}

static const char *const tail[] = {
	"# Offer words, and what words that begin with @ stand for.",
	"_linehook_offer () {",
	"	local words='' files='' token",
	"	for token in $1; do",
	"		case $token in",
	"		@files) files=-f ;;",
	"		@dirs) files=-d ;;",
	"		@plugins)",
	"			words+=\" auto $(_linehook_plugins)\"",
	"			case $cur in */*) files=-f ;; esac",
	"			;;",
	"		@agents) words+=\" $(_linehook_agents)\" ;;",
	"		@runs) words+=\" latest $(_linehook_runs)\" ;;",
	"		@variables) words+=\" $(compgen -e)\" ;;",
	"		@subcommands) words+=\" $_linehook_subcommands\" ;;",
	"		*) words+=\" $token\" ;;",
	"		esac",
	"	done",
	"	mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")",
	"	[ -n \"$files\" ] || return 0",
	"	compopt -o filenames 2>/dev/null",
	"	mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY \\",
	"		< <(compgen \"$files\" -- \"$cur\")",
	"}",
	"",
	"# The command behind `--', which begins at word $1, and its arguments.",
	"_linehook_command () {",
	"	if declare -F _command_offset >/dev/null; then",
	"		_command_offset \"$1\"",
	"	elif [ \"$1\" -eq \"$COMP_CWORD\" ]; then",
	"		mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")",
	"	else",
	"		_linehook_offer @files",
	"	fi",
	"}",
	"",
	"_linehook () {",
	"	local cur=${COMP_WORDS[COMP_CWORD]}",
	"	local prev=${COMP_WORDS[COMP_CWORD - 1]}",
	"	local sub=${COMP_WORDS[1]} offers i",
	"",
	"	COMPREPLY=()",
	"	if [ \"$COMP_CWORD\" -eq 1 ]; then",
	"		_linehook_offer '@subcommands --help --version'",
	"		return",
	"	fi",
	"	offers=$(_linehook_operands \"$sub\")",
	"	if [ \"$offers\" = @command ]; then",
	"		for ((i = 2; i < COMP_CWORD; i++)); do",
	"			[ \"${COMP_WORDS[i]}\" = -- ] || continue",
	"			_linehook_command $((i + 1))",
	"			return",
	"		done",
	"		offers=",
	"	fi",
	"	# --name=value comes as three words.",
	"	if [ \"$cur\" = = ]; then",
	"		cur=",
	"	elif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 3 ]; then",
	"		prev=${COMP_WORDS[COMP_CWORD - 2]}",
	"	fi",
	"	if i=$(_linehook_value \"$sub:$prev\"); then",
	"		_linehook_offer \"$i\"",
	"		return",
	"	fi",
	"	case $cur in",
	"	-*) offers=$(_linehook_options \"$sub\") ;;",
	"	esac",
	"	_linehook_offer \"$offers\"",
	"}",
	"",
	"complete -F _linehook linehook",
};

void
completion_bash (struct outbuf *o)
{
	outbuf_str (o, "# bash completion for linehook, printed by"
		       " `linehook completion bash'\n"
		       "# shellcheck shell=bash\n\n"
		       "_linehook_subcommands='");
	completion_each_command (o, write_subcommand);
	outbuf_str (o, "'\n\n_linehook_options () {\n\tcase $1 in\n");
	completion_each_command (o, write_options);
	outbuf_str (o, "\tesac\n}\n\n"
		       "# The value of an option, SUBCOMMAND:OPTION.\n"
		       "_linehook_value () {\n\tcase $1 in\n");
	completion_each_command (o, write_values);
	outbuf_str (o, "\t*) return 1 ;;\n\tesac\n}\n\n"
		       "_linehook_operands () {\n\tcase $1 in\n");
	completion_each_command (o, write_operands);
	outbuf_str (o, "\tesac\n}\n\n");
	completion_write_words (o);
	completion_write_lines (o, tail, ARRAY_SIZE (tail));
}
