/* SPDX-License-Identifier: MIT */
/* cmd_runs.c - `linehook runs': which runs are recorded, and what they used. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli/output/table.h"
#include "cli/records/records.h"
#include "cli/records/usage.h"
#include "common/clock.h"
#include "common/macros.h"
#include "common/units.h"
#include "json/writer.h"

#define LISTED 20

/* Rows of a long list that are printed at a time: memory stays bounded. */
#define ROWS_HELD 1000

/* Two counts and what is between them. */
#define TOKENS_SIZE (2 * UNITS_SIZE)

struct runs_options {
	struct records_options store;
	int32_t status; /* LHK_RECORD_*, 0: any */
	const char *provider;
	int64_t since_ms; /* since 1970; 0: any */
	uint64_t max;
	int32_t all;
	int32_t json, csv;
	int32_t usage;
	const char *by; /* as usage_keys_parse takes it; NULL: all */
};

static const char *const statuses[] = { "any",	"running", "ended",
					"lost", "damaged", NULL };

static const char *
check_by (const char *value)
{
	struct usage_keys by;

	return usage_keys_parse (value, &by) == 0
		       ? NULL
		       : "not a key; give all, or some of model, provider, day "
			 "with commas between";
}

/* clang-format off: a table */
static const struct opt runs_opts[] = {
	{ .name = "number",
	  .letter = 'n',
	  .kind = OPT_COUNT,
	  .word = "N",
	  .offset = offsetof (struct runs_options, max),
	  .min = 1,
	  .max = UINT64_MAX,
	  .want = "a number from 1 up",
	  .help = "list the newest N runs",
	  .initial = "20; with --usage, all" },
	{ .name = "all",
	  .letter = 'a',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct runs_options, all),
	  .excludes = "number",
	  .help = "list all runs" },
	{ .name = "status",
	  .kind = OPT_CHOICE,
	  .word = "WHICH",
	  .offset = offsetof (struct runs_options, status),
	  .choices = statuses,
	  .help = "only runs with this status",
	  .initial = "any" },
	{ .name = "provider",
	  .kind = OPT_TEXT,
	  .word = "NAME",
	  .offset = offsetof (struct runs_options, provider),
	  .help = "only runs of this provider" },
	{ .name = "since",
	  .kind = OPT_AGE,
	  .word = "AGE",
	  .offset = offsetof (struct runs_options, since_ms),
	  .want = OPT_AGE_WANT,
	  .help = "only runs that started since, e.g. 24h ago or on "
		  "2026-11-29" },
	{ .name = "json",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct runs_options, json),
	  .help = "print one JSON object per line" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt usage_opts[] = {
	{ .name = "usage",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct runs_options, usage),
	  .help = "print sums of tokens and cost instead of a list" },
	{ .name = "by",
	  .kind = OPT_TEXT,
	  .word = "KEY,..",
	  .offset = offsetof (struct runs_options, by),
	  .needs = "usage",
	  .offers = "all model provider day provider,model day,model",
	  .check = check_by,
	  .help = "one sum for each model, provider, day or combination",
	  .initial = "all" },
	{ .name = "csv",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct runs_options, csv),
	  .needs = "usage",
	  .excludes = "json",
	  .help = "print the sums as comma-separated values" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group runs_groups[] = {
	{ "Options:", runs_opts },
	{ "Usage:", usage_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct lister {
	struct records_call call;
	const struct runs_options *o;
	struct usage_table *usage; /* with --usage */
	struct table *table;	   /* the rows of a list */
	uint64_t n;
	int failed;
};

static const char *
status_or_verdict (const struct lhk_record_info *k)
{
	return k->status == LHK_RECORD_ENDED ? lhk_verdict_name (k->verdict)
					     : statuses[k->status];
}

/* clang-format off: a table */
static const struct table_column columns[] = {
	{ "RUN", 0, 26 },
	{ "STATE", 0, 12 },
	{ "PLUGIN", 0, 10 },
	{ "STARTED", 0, 20 },
	{ "TIME", TABLE_RIGHT, 13 },
	{ "TOKENS IN/OUT", TABLE_RIGHT, 19 },
	{ "USD", TABLE_RIGHT, 10 },
};
/* clang-format on */

static const struct table_layout layout = {
	.columns = columns,
	.n_columns = ARRAY_SIZE (columns),
	.gap = 1,
};

/* "IN/OUT", with a dash for one that is absent. */
static void
tokens_text (const struct runs_sum *sum, char text[TOKENS_SIZE])
{
	char input[UNITS_SIZE], output[UNITS_SIZE];

	runs_count_text (sum, RUNS_INPUT, sum->input, "-", input);
	runs_count_text (sum, RUNS_OUTPUT, sum->output, "-", output);
	if ((sum->has & (RUNS_INPUT | RUNS_OUTPUT)) != 0)
		snprintf (text, TOKENS_SIZE, "%s/%s", input, output);
}

static void
add_row (struct lister *l, const struct runs_row *row)
{
	const struct lhk_record_info *k = row->info;
	char started[CLOCK_RFC3339_SIZE], time[UNITS_SIZE] = "-",
					  cost[UNITS_SIZE] = "-",
					  tokens[TOKENS_SIZE] = "-";
	const char *const cells[ARRAY_SIZE (columns)] = {
		k->id, status_or_verdict (k), k->plugin, started, time, tokens,
		cost,
	};

	runs_time (k->started_ms, started);
	if (row->wall_ms >= 0)
		units_print_duration (row->wall_ms, time);
	tokens_text (&row->sum, tokens);
	if (row->sum.has_cost)
		units_print_money (row->sum.cost_nano, cost);
	table_add (l->table, cells, ARRAY_SIZE (cells));
	if (l->n % ROWS_HELD == ROWS_HELD - 1)
		table_show (l->table, 0);
}

static void
print_json (const struct runs_row *row)
{
	const struct lhk_record_info *k = row->info;
	static struct outbuf out;
	char started[CLOCK_RFC3339_SIZE];
	struct jw w;

	outbuf_init (&out, stdout_write, NULL);
	jw_init (&w, &out);
	jw_object_begin (&w, NULL);
	jw_str (&w, "run", k->id);
	jw_str (&w, "status", statuses[k->status]);
	if (k->verdict != 0)
		jw_str (&w, "verdict", lhk_verdict_name (k->verdict));
	jw_str (&w, "plugin", k->plugin);
	jw_str (&w, "provider", k->provider);
	runs_time (k->started_ms, started);
	jw_str (&w, "started", started);
	if (k->is_detached)
		jw_bool (&w, "detached", 1);
	if (row->wall_ms >= 0)
		jw_i64 (&w, "wall_ms", row->wall_ms);
	if ((row->sum.has & RUNS_INPUT) != 0)
		jw_i64 (&w, "input_tokens", row->sum.input);
	if ((row->sum.has & RUNS_OUTPUT) != 0)
		jw_i64 (&w, "output_tokens", row->sum.output);
	if (row->sum.has_cost)
		jw_cost (&w, "cost_usd", row->sum.cost_nano);
	jw_object_end (&w);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}

static int
add_run (void *user, const struct lhk_record_info *info)
{
	struct lister *l = user;
	struct runs_row row;

	runs_row_read (&row, l->call.store, info);
	if (l->usage != NULL)
		l->failed = info->status == LHK_RECORD_RUNNING
				    ? 0
				    : usage_table_add (l->usage, &row);
	else if (l->o->json)
		print_json (&row);
	else
		add_row (l, &row);
	runs_row_free (&row);
	l->n++;
	return l->failed;
}

static int
list (struct lister *l)
{
	const struct runs_options *o = l->o;
	struct lhk_record_query q = LHK_RECORD_QUERY_INIT;
	struct lhk_error err = { 0, 0, "" };
	struct usage_keys by = { .n = 0 };
	int bad = 0;

	if (o->by != NULL)
		(void) usage_keys_parse (o->by, &by);
	q.status = o->status;
	q.provider = o->provider;
	q.since_ms = o->since_ms;
	q.max = o->all ? 0 : o->max != 0 ? o->max : o->usage ? 0 : LISTED;
	if (o->usage && (l->usage = usage_table_new (&by)) == NULL)
		l->failed = -1;
	else if (lhk_store_list (l->call.store, &q, add_run, l, &err) < 0)
		bad = records_fail (&l->call, &err);
	if (l->failed != 0) {
		cli_say (l->call.self->name, "out of memory");
		return STATUS_HOST;
	}
	table_show (l->table, 0);
	if (l->usage != NULL)
		usage_table_print (l->usage, o->json  ? AS_JSON
					     : o->csv ? AS_CSV
						      : AS_TABLE);
	return bad;
}

static int
run_runs (const struct cli_command *self, int argc, char **argv)
{
	static struct table table;
	struct runs_options o = { .status = 0 };
	struct lister l = { .o = &o, .table = &table };
	int status = records_begin (&l.call, self, argc, argv, &o);

	table_init (&table, &layout);
	if (status < 0)
		status = list (&l);
	usage_table_free (l.usage);
	table_free (&table);
	records_end (&l.call);
	return status;
}

const struct cli_command cmd_runs = {
	"runs",
	"[--status WHICH] [--usage [--by KEY,..]]",
	"List the runs, newest first, or add up what they used.",
	run_runs,
	runs_groups,
	NULL,
	OPT_MIXED | OPT_NO_OPERAND,
	"linehook runs --since 24h",
	NULL,
};
