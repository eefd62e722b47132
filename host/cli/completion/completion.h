/* SPDX-License-Identifier: MIT */
/*
 * completion.h - scripts by which shells complete command lines, made from the
 * tables of options.
 */
#ifndef CLI_COMPLETION_COMPLETION_H
#define CLI_COMPLETION_COMPLETION_H

#include "cli/commands.h"
#include "common/outbuf.h"

/* Write the script for one shell. */
void completion_bash (struct outbuf *o);
void completion_zsh (struct outbuf *o);
void completion_fish (struct outbuf *o);

/* Call FN with each subcommand in turn. */
void completion_each_command (struct outbuf *o,
			      void (*fn) (struct outbuf *o,
					  const struct cli_command *c));

/* Call FN with each option of C in turn. */
void completion_each_option (struct outbuf *o, const struct cli_command *c,
			     void (*fn) (struct outbuf *o,
					 const struct cli_command *c,
					 const struct opt *opt));

/* Write what is offered for the value of OPT, words with blanks between them;
 * nothing for a flag, and for a value of which no word is known. */
void completion_write_offers (struct outbuf *o, const struct opt *opt);

/* The same of operands: OPT_COMMAND for a command with its arguments. */
const char *completion_operands (const struct cli_command *c);

/* Write TEXT in single quotes, in which each of the characters of SPECIAL gets
 * a backslash; the quote itself becomes QUOTE. */
void completion_write_quoted (struct outbuf *o, const char *text,
			      const char *special, const char *quote);

/* Write the N lines of a script. */
void completion_write_lines (struct outbuf *o, const char *const *lines,
			     size_t n);

/* Write the functions, the same for bash and zsh, by which a script asks for the
 * names of plugins, agents and runs. */
void completion_write_words (struct outbuf *o);

#endif /* CLI_COMPLETION_COMPLETION_H */
