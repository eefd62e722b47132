/* SPDX-License-Identifier: MIT */
/* cmd_rm.c - `linehook rm': remove the records of some runs. */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli/records/removal.h"
#include "common/mem.h"
#include "common/run_id.h"

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

/* The id of the run that WORD names into RET_ID, "" for none.  FORCE: if no run
 * has this id, a script has nothing to remove, and one whose id begins so is
 * another run. */
static void
find_named (struct removal *r, const char *word, int force,
	    char ret_id[LHK_RECORD_ID_MAX + 1])
{
	struct records_call *c = r->call;
	struct lhk_error err = { 0, 0, "" };
	int code;

	ret_id[0] = '\0';
	if (!force || strcmp (word, RUN_ID_LATEST) == 0)
		code = lhk_store_find (c->store, word, ret_id, &err);
	else
		code = run_id_check (word, &err);
	if (code == LHK_OK && ret_id[0] == '\0')
		snprintf (ret_id, LHK_RECORD_ID_MAX + 1, "%s", word);
	if (code == LHK_OK)
		return;
	ret_id[0] = '\0';
	if (err.code == LHK_ENOTFOUND && force)
		return;
	records_suggest (c->store, word, &err);
	removal_fail (r, records_fail (c, &err));
}

/* Remove the runs that the operands name.  All are found first: once one is
 * removed, the same word may name another. */
static void
remove_named (struct removal *r, int force)
{
	const struct opt_operands *words = &r->call->operands;
	const size_t size = words->n * sizeof (char[LHK_RECORD_ID_MAX + 1]);
	char (*ids)[LHK_RECORD_ID_MAX + 1] = mem_new (&mem_system, size);
	size_t i, k;

	if (ids == NULL) {
		cli_say (r->call->self->name, "out of memory");
		removal_fail (r, STATUS_HOST);
		return;
	}
	for (i = 0; i < words->n; i++)
		find_named (r, words->items[i], force, ids[i]);
	for (i = 0; i < words->n; i++) {
		for (k = 0; strcmp (ids[k], ids[i]) != 0; k++)
			;
		if (ids[i][0] != '\0' && k == i)
			removal_of (r, ids[i]);
	}
	mem_free (&mem_system, ids, size);
}

static int
run_rm (const struct cli_command *self, int argc, char **argv)
{
	struct rm_options o = { .force = 0 };
	struct records_call c;
	struct removal r;
	int status = records_begin (&c, self, argc, argv, &o);

	if (status < 0) {
		removal_begin (&r, &c, &o.store, 0);
		remove_named (&r, o.force);
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
