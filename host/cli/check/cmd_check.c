/* SPDX-License-Identifier: MIT */
/* cmd_check.c - `linehook check': the rules for plugins, tried one by one. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/check/suite.h"
#include "cli/opt/common_options.h"
#include "cli/opt/plugin_name.h"
#include "common/mem.h"
#include "common/path_absolute.h"

struct check_options {
	struct options common; /* first */
	uint64_t seed;
	int32_t tap, json;
};

/* clang-format off: a table */
static const struct opt check_opts[] = {
	{ .name = "tap",
	  .kind = OPT_FLAG,
	  .excludes = "json",
	  .offset = offsetof (struct check_options, tap),
	  .help = "print a TAP stream" },
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct check_options, json),
	  .help = "print one JSON object per rule, and one with the totals" },
	{ .name = "seed",
	  .kind = OPT_COUNT,
	  .offset = offsetof (struct check_options, seed),
	  .word = "N",
	  .min = 1,
	  .max = UINT64_MAX,
	  .want = "a number of at least 1",
	  .help = "seed for the random damage",
	  .initial = "1" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group check_groups[] = {
	{ "Options:", check_opts },
	{ "Plugins:", options_dirs },
	{ NULL, NULL },
};

struct checking {
	const struct cli_command *self;
	const char *word; /* the plugin, as the user wrote it */
	const struct check_options *options;
	struct log *log;
	struct check check;
	struct report report;
	struct transcript *inputs;
	size_t n_inputs;
	char path[PATH_MAX];
};

static int
load_inputs (struct checking *k, const struct opt_operands *operands)
{
	struct lhk_error err = { 0, 0, "" };
	size_t n = operands->n > 1 ? operands->n - 1 : 1;
	size_t i;

	k->inputs = mem_zero (&mem_system, n * sizeof k->inputs[0]);
	if (k->inputs == NULL) {
		cli_say (k->self->name, "out of memory");
		return STATUS_HOST;
	}
	k->n_inputs = n;
	for (i = 0; i < n; i++)
		if (transcript_load (&k->inputs[i], operands->items[i + 1],
				     &err)
		    < 0) {
			cli_say (k->self->name, "%s", err.text);
			return STATUS_USAGE;
		}
	return -1;
}

/* A word that ends in .so is a file, even without a slash; any other is a name
 * to be searched for. */
static const char *
name_of (struct checking *k, const char *word)
{
	size_t len = strlen (word);

	if (strchr (word, '/') == NULL
	    && (len < 4 || strcmp (word + len - 3, ".so") != 0))
		return word;
	return path_absolute (word, k->path) == 0 ? k->path : word;
}

static struct checking checking;

/* Each process needs a host of its own.  -1, or a status. */
static int
make_host (struct checking *k)
{
	struct lhk_error err = { 0, 0, "" };
	int r = options_host (&k->options->common, k->log, &k->check.host,
			      &err);

	if (r >= 0)
		return -1;
	cli_say (k->self->name, "%s", err.text);
	return r == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
}

/* A name that is not found is a usage error; anything else is a fault of the
 * plugin, and a problem of the first rule. */
static int
find_plugin (struct check *c)
{
	struct checking *k = &checking;
	struct lhk_error err = { 0, 0, "" };
	const char *name = name_of (k, k->word);
	int status = make_host (k);

	if (status >= 0)
		return status;
	if (lhk_host_plugin (c->host, name, &c->ref, &err) == LHK_OK) {
		c->plugin = lhk_plugin_ref_descriptor (c->ref);
		c->path = lhk_plugin_ref_path (c->ref);
		return -1;
	}
	c->ref = NULL;
	if (err.code == LHK_ENOTFOUND || err.code == LHK_EINVAL
	    || (strchr (name, '/') != NULL && access (name, F_OK) < 0)) {
		if (err.code == LHK_ENOTFOUND || err.code == LHK_EINVAL)
			plugin_name_explain (c->host, name, &err);
		cli_say (k->self->name, "%s", err.text);
		return STATUS_USAGE;
	}
	c->path = strchr (name, '/') != NULL ? name : NULL;
	check_problem (c, "%s", err.text);
	return -1;
}

static int
check_plugin (struct checking *k, const struct check_options *o,
	      const struct opt_operands *operands, struct log *log)
{
	int status;

	k->options = o;
	k->log = log;
	k->check.seed = o->seed;
	k->report.form = o->json  ? REPORT_JSON
			 : o->tap ? REPORT_TAP
				  : REPORT_PEOPLE;
	k->word = operands->items[0];
	status = load_inputs (k, operands);
	if (status < 0)
		status = check_all (&k->check, &k->report, k->inputs,
				    k->n_inputs, find_plugin);
	lhk_host_free (k->check.host);
	return status;
}

static int
run_check (const struct cli_command *self, int argc, char **argv)
{
	static struct log log;
	struct check_options o = { .common = OPTIONS_INIT, .seed = 1 };
	struct opt_operands operands = { NULL, 0 };
	int status = cli_parse (self, argc, argv, &o, &operands);
	int fd = STDERR_FILENO;
	size_t i;

	/* Each rule has a process of its own, and calls the plugin there. */
	o.common.no_isolate = 1;
	if (status < 0 && operands.n == 0) {
		cli_say (self->name,
			 "a plugin is missing; write linehook check NAME or "
			 "linehook check PLUGIN.so");
		status = STATUS_USAGE;
	}
	if (status < 0) {
		checking.self = self;
		/* The rules report what the plugin does wrong. */
		log_init (&log, LOG_OFF, LHK_LOG_ERROR, log_to_fd, &fd);
		status = check_plugin (&checking, &o, &operands, &log);
	}
	for (i = 0; i < checking.n_inputs; i++)
		transcript_free (&checking.inputs[i]);
	mem_free (&mem_system, checking.inputs,
		  checking.n_inputs * sizeof checking.inputs[0]);
	opt_operands_free (&operands);
	options_free (&o.common);
	return status;
}

const struct cli_command cmd_check = {
	"check",
	"[--tap | --json] PLUGIN.so|NAME [TRANSCRIPT...]",
	"Test a plugin, for its author.",
	run_check,
	check_groups,
	"A TRANSCRIPT is a file with output of the provider's program. Without "
	"one,\n"
	"built-in samples are used.  Exit status: 0 all rules hold, 1 one does "
	"not,\n"
	"2 wrong usage.\n",
	OPT_MIXED,
	"linehook check ./myagent.so myagent.ndjson",
	OPT_PLUGINS " " OPT_FILES,
};
