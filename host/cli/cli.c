/* SPDX-License-Identifier: MIT */
/* cli.c - what every subcommand needs: its sentences, its options, its help. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/output/stdout.h"

#define SENTENCE_MAX 512

size_t
cli_sentence (char *buf, size_t size, const char *who, const char *fmt,
	      va_list args)
{
	int n = snprintf (buf, size - 1, "linehook: %s%s",
			  who == NULL ? "" : who, who == NULL ? "" : ": ");
	size_t len;
	char *p;

	vsnprintf (buf + n, size - 1 - (size_t) n, fmt, args);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
	len = (size_t) (p - buf);
	memcpy (p, "\n", 2);
	return len + 1;
}

void
cli_say (const char *who, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list args;

	va_start (args, fmt);
	cli_sentence (text, sizeof text, who, fmt, args);
	va_end (args);
	fputs (text, stderr);
}

static void
print_help (const struct cli_command *c)
{
	static struct outbuf out;

	stdout_printf ("usage: linehook %s %s\n%s\n", c->name, c->synopsis,
		       c->summary);
	outbuf_init (&out, stdout_write, NULL);
	opt_help (c->groups, &out);
	outbuf_flush (&out);
	if (c->notes != NULL)
		stdout_printf ("\n%s", c->notes);
}

int
cli_parse (const struct cli_command *self, int argc, char **argv, void *target,
	   struct opt_operands *words)
{
	struct lhk_error err = { 0, 0, "" };
	int r;

	r = opt_parse (self->groups, self->flags, argc, argv, target, words,
		       &err);
	if (r == LHK_OK)
		return -1;
	if (r == LHK_END) {
		print_help (self);
		return 0;
	}
	cli_say (self->name, "%s", err.text);
	return r == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE;
}
