/* SPDX-License-Identifier: MIT */
/* cmd_gc.c - `linehook gc': remove the records of runs that have ended. */
#include "config.h"

#include <stddef.h>

#include "cli/records/removal.h"
#include "common/fd.h"

struct gc_options {
	struct records_options store;
	int64_t before_ms; /* since 1970; 0: any */
	uint64_t keep;	   /* 0: not given */
	int32_t all;
	int32_t dry;
};

/* clang-format off: a table */
static const struct opt gc_opts[] = {
	{ .name = "older-than",
	  .kind = OPT_AGE,
	  .word = "AGE",
	  .offset = offsetof (struct gc_options, before_ms),
	  .want = OPT_AGE_WANT,
	  .help = "remove runs that started longer ago than this, or before "
		  "this date" },
	{ .name = "keep",
	  .kind = OPT_COUNT,
	  .word = "N",
	  .offset = offsetof (struct gc_options, keep),
	  .min = 1,
	  .max = UINT64_MAX,
	  .want = "a number of runs, at least 1",
	  .help = "remove all ended runs except the newest N; with "
		  "--older-than, only those of them that are old enough" },
	{ .name = "all",
	  .letter = 'a',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct gc_options, all),
	  .help = "remove all runs that have ended" },
	{ .name = "dry-run",
	  .letter = 'n',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct gc_options, dry),
	  .help = "print what would be removed, but remove nothing" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group gc_groups[] = {
	{ "Options:", gc_opts },
	{ "Output:", records_output_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct gc {
	struct records_call call;
	const struct gc_options *o;
	struct removal removal;
	uint64_t seen; /* runs that are not running, the newest first */
};

static int
visit (void *user, const struct lhk_record_info *info)
{
	struct gc *c = user;

	if (info->status == LHK_RECORD_RUNNING)
		return 0;
	c->seen++;
	if (c->seen > c->o->keep
	    && (c->o->before_ms == 0 || info->started_ms < c->o->before_ms))
		removal_of (&c->removal, info->id);
	return 0;
}

static int
gc (struct gc *c)
{
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_error err = { 0, 0, "" };
	int r;

	/* With --keep, younger runs count. */
	if (c->o->keep == 0)
		q.before_ms = c->o->before_ms;
	removal_begin (&c->removal, &c->call, &c->o->store, c->o->dry);
	/* Runs that are missing from the index are found by this.  On a full
	 * disk there is no room for another index until something has been
	 * removed. */
	if (!c->o->dry)
		(void) !lhk_store_repair (c->call.store, &err);
	r = lhk_store_list (c->call.store, &q, visit, c, &err);
	if (r == LHK_OK && !c->o->dry)
		r = lhk_store_repair (c->call.store, &err);
	/* The old index serves: it names more runs than there are. */
	if (r < 0 && !fd_is_disk_full (err.sys_errno))
		removal_fail (&c->removal, records_fail (&c->call, &err));
	removal_end (&c->removal);
	return c->removal.status;
}

/* Nobody removes everything by mistake. */
static int
check (const struct cli_command *self, const struct gc_options *o)
{
	if (o->before_ms == 0 && o->keep == 0 && !o->all) {
		cli_say (self->name,
			 "it is not clear which runs to remove; give "
			 "--older-than AGE, --keep N or --all");
		return STATUS_USAGE;
	}
	if (o->all && (o->before_ms != 0 || o->keep != 0)) {
		cli_say (self->name,
			 "--all and --%s exclude each other; give one of them",
			 o->keep != 0 ? "keep" : "older-than");
		return STATUS_USAGE;
	}
	return -1;
}

static int
run_gc (const struct cli_command *self, int argc, char **argv)
{
	struct gc_options o = { .before_ms = 0 };
	struct gc c = { .o = &o };
	int status = records_begin (&c.call, self, argc, argv, &o);

	if (status < 0)
		status = check (self, &o);
	if (status < 0)
		status = gc (&c);
	records_end (&c.call);
	return status;
}

const struct cli_command cmd_gc = {
	"gc",
	"--older-than AGE | --keep N | --all [--dry-run]",
	"Remove the records of old runs, never of running ones.",
	run_gc,
	gc_groups,
	NULL,
	OPT_MIXED | OPT_NO_OPERAND,
	"linehook gc --older-than 30d",
	NULL,
};
