/* SPDX-License-Identifier: MIT */
/*
 * cmd_plugins.c - `linehook plugins': what is found, or why it is not used; the
 * files of a new one.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/plugins/listing.h"
#include "cli/plugins/skeleton.h"
#include "cli/opt/common_options.h"
#include "cli/output/stdout.h"
#include "cli/output/terminal_caps.h"

struct plugins_options {
	struct options common; /* first */
	int32_t json;
	const char *new_name; /* NULL: list the plugins */
};

/* clang-format off: a table */
static const struct opt plugins_opts[] = {
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct plugins_options, json),
	  .excludes = "new",
	  .help = "print one JSON object per line" },
	{ .name = "new",
	  .kind = OPT_TEXT,
	  .word = "NAME",
	  .offset = offsetof (struct plugins_options, new_name),
	  .want = "the name of the new plugin",
	  .help = "write the files of a new plugin into the directory DIR: "
		  "code, Makefile, sample, manual page" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, verbose),
	  .excludes = "new",
	  .help = "show the command line of each agent, as run --agent makes "
		  "it" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group plugins_groups[] = {
	{ "Options:", plugins_opts },
	{ "Plugins:", options_dirs },
	{ NULL, NULL },
};

struct listing {
	int json;
	int verbose; /* with the commands of the agents */
	size_t n;
	struct outbuf out;
	struct table table; /* rows; not used with --json */
};

static void
list_entry (void *user, const struct lhk_plugin_entry *entry)
{
	struct listing *l = user;

	l->n++;
	if (!l->json) {
		listing_row (&l->table, entry);
		if (l->verbose)
			listing_command (&l->table, entry);
		return;
	}
	listing_json (&l->out, entry);
	outbuf_byte (&l->out, '\n');
	outbuf_flush (&l->out);
	/* The next plugin may kill this process while it is loaded. */
	stdout_flush ();
}

/* LHK_OK or LHK_E*. */
static int
list_plugins (struct lhk_host *host, struct listing *l)
{
	int r;

	outbuf_init (&l->out, stdout_write, NULL);
	table_init (&l->table, &listing_layout);
	r = lhk_host_list_plugins (host, list_entry, l);
	if (r >= 0)
		table_show (&l->table, terminal_columns_if_any (STDOUT_FILENO));
	table_free (&l->table);
	return r;
}

static int
list_all (const struct cli_command *self, const struct plugins_options *o,
	  struct log *log, struct listing *l)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_host *host;
	int r;

	l->json = o->json;
	l->verbose = o->common.verbose != 0;
	r = options_host (&o->common, log, &host, &err);
	if (r < 0) {
		cli_say (self->name, "%s", err.text);
		return r == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
	r = list_plugins (host, l);
	lhk_host_free (host);
	if (r < 0) {
		cli_say (self->name, "%s", lhk_strerror (r));
		return STATUS_HOST;
	}
	if (l->n == 0)
		cli_say (self->name,
			 "no plugin was found; put NAME.so files into %s, or "
			 "give --plugin-dir DIR",
			 lhk_plugin_dir ());
	return 0;
}

/* Write a new plugin.  Returns the exit status. */
static int
begin_plugin (const struct cli_command *self, const char *name, const char *dir)
{
	struct lhk_error err = { 0, 0, "" };
	int r;

	if (dir == NULL) {
		cli_say (self->name,
			 "a directory is missing; write linehook plugins "
			 "--new NAME DIR");
		return STATUS_USAGE;
	}
	r = skeleton_write (name, dir, &err);
	if (r < 0) {
		cli_say (self->name, "--new: %s", err.text);
		return r == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
	stdout_printf ("The plugin %s is in %s; to build and test it: "
		       "make -C %s check\n",
		       name, dir, dir);
	return 0;
}

static int
run_plugins (const struct cli_command *self, int argc, char **argv)
{
	static struct listing listing;
	static struct log log;
	struct plugins_options o = { .common = OPTIONS_INIT };
	struct opt_operands operands = { NULL, 0 };
	int status = cli_parse (self, argc, argv, &o, &operands);
	int fd = STDERR_FILENO;

	if (status < 0 && o.new_name != NULL) {
		status = begin_plugin (self, o.new_name,
				       operands.n == 0 ? NULL
						       : operands.items[0]);
	} else if (status < 0 && operands.n > 0) {
		cli_say (self->name, "unexpected argument '%.200s'",
			 operands.items[0]);
		status = STATUS_USAGE;
	} else if (status < 0) {
		log_init (&log, LOG_LOGFMT, LHK_LOG_WARN, log_to_fd, &fd);
		status = list_all (self, &o, &log, &listing);
	}
	opt_operands_free (&operands);
	options_free (&o.common);
	return status;
}

const struct cli_command cmd_plugins = {
	"plugins",
	"[--json | -v | --new NAME DIR]",
	"List the plugins: where each was found, or why it was refused.",
	run_plugins,
	plugins_groups,
	NULL,
	OPT_MIXED | OPT_ONE_OPERAND,
	"linehook plugins",
	OPT_DIRS,
};
