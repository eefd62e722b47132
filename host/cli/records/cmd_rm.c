/* SPDX-License-Identifier: MIT */
/* cmd_rm.c - `linehook rm': remove the records of some runs. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "cli/records/removal.h"

struct rm_options {
	struct records_options store;
	int32_t force;
};

/* clang-format off: a table */
static const struct opt rm_opts[] = {
	{ .name = "force",
	  .letter = 'f',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct rm_options, force),
	  .help = "do not fail if a run does not exist; RUN must be a complete "
		  "id" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group rm_groups[] = {
	{ "Options:", rm_opts },
	{ "Output:", records_output_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

/* Find the run that WORD names, and remove it.  FORCE: if no run has this id,
 * a script has nothing to remove, and one whose id begins so is another run. */
static void
remove_named (struct removal *r, const char *word, int force)
{
	struct records_call *c = r->call;
	struct lhk_error err = { 0, 0, "" };

	if (force && strcmp (word, "latest") != 0)
		removal_of (r, word);
	else if (lhk_store_find (c->store, word, c->id, &err) == LHK_OK)
		removal_of (r, c->id);
	else if (err.code != LHK_ENOTFOUND || !force) {
		records_suggest (c->store, word, &err);
		removal_fail (r, records_fail (c, &err));
	}
}

static int
run_rm (const struct cli_command *self, int argc, char **argv)
{
	struct rm_options o = { .force = 0 };
	struct records_call c;
	struct removal r;
	int status = records_begin (&c, self, argc, argv, &o);
	size_t i;

	if (status < 0) {
		removal_begin (&r, &c, &o.store, 0);
		for (i = 0; i < c.operands.n; i++)
			remove_named (&r, c.operands.items[i], o.force);
		removal_end (&r);
		status = r.status;
	}
	records_end (&c);
	return status;
}

const struct cli_command cmd_rm = {
	"rm",
	"RUN... [--force]",
	"Remove the records of some runs.",
	run_rm,
	rm_groups,
	NULL,
	OPT_MIXED | OPT_SOME_OPERANDS,
	"linehook rm nightly",
	OPT_RUNS,
};
