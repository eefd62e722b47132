/* SPDX-License-Identifier: MIT */
/* cmd_runs.c - `linehook runs': which runs are recorded, and what they used. */
#include "config.h"

#include <stddef.h>
#include <unistd.h>

#include "cli/output/terminal_caps.h"
#include "cli/records/list_table.h"
#include "cli/records/records.h"
#include "cli/records/usage.h"
#include "common/clock.h"
#include "common/label.h"
#include "json/writer.h"

#define LISTED 20

/* Rows of a long list that are printed at a time: memory stays bounded. */
#define ROWS_HELD 1000

struct runs_options {
	struct records_options store;
	int32_t status;	 /* LHK_RECORD_*, 0: any */
	int32_t verdict; /* LHK_VERDICT_*, 0: any */
	const char *provider;
	const char *label;
	int64_t since_ms; /* since 1970; 0: any */
	uint64_t max;
	int32_t all;
	int32_t csv;
	int32_t usage;
	const char *by; /* as usage_keys_parse takes it; NULL: all */
};

/* The indexes are LHK_RECORD_* and LHK_VERDICT_*. */
static const char *const statuses[] = { "any",	   "running", "ended", "lost",
					"damaged", "failed",  NULL };
static const char *const verdicts[] = { "any",	      "ok",	 "failed",
					"refused",    "limit",	 "canceled",
					"timeout",    "stalled", "truncated",
					"killed",     "oom",	 "spawn_failed",
					"host_error", NULL };

static const char *
check_by (const char *value)
{
	struct usage_keys by;

	return usage_keys_parse (value, &by) == 0
		       ? NULL
		       : "not a key; give all, or some of model, provider, day, "
			 "label:KEY with commas between";
}

static const char *
check_label (const char *value)
{
	size_t len = label_key_len (value);

	return (len > 0 && value[len] == '\0') || label_is_valid (value)
		       ? NULL
		       : "not a label; give KEY=VALUE, or KEY for any value, "
			 "where KEY has only a-z, 0-9, '.', '_' and '-'";
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
	  .want = "a number of at least 1",
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
	  .help = "only runs with this status (failed: any verdict but ok)",
	  .initial = "any" },
	{ .name = "verdict",
	  .kind = OPT_CHOICE,
	  .word = "NAME",
	  .offset = offsetof (struct runs_options, verdict),
	  .choices = verdicts,
	  .help = "only runs with this verdict",
	  .initial = "any" },
	{ .name = "label",
	  .kind = OPT_TEXT,
	  .word = "KEY[=VALUE]",
	  .offset = offsetof (struct runs_options, label),
	  .check = check_label,
	  .help = "only runs with this label" },
	{ .name = "provider",
	  .kind = OPT_TEXT,
	  .word = "NAME",
	  .offset = offsetof (struct runs_options, provider),
	  .check = opt_check_given,
	  .help = "only runs of this provider" },
	{ .name = "since",
	  .kind = OPT_AGE,
	  .word = "AGE",
	  .offset = offsetof (struct runs_options, since_ms),
	  .want = OPT_AGE_WANT,
	  .help = "only runs that started at most this long ago, e.g. 24h, or "
		  "since a date, e.g. 2026-11-29" },
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
	  .help = "one sum for each model, provider, day, value of label:KEY, "
		  "or combination",
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
	{ "Sums of tokens and cost:", usage_opts },
	{ "Output:", records_output_opts },
	{ "Store:", records_store_opts },
	{ NULL, NULL },
};

struct lister {
	struct records_call call;
	const struct runs_options *o;
	struct usage_table *usage; /* with --usage */
	struct table *table;	   /* the rows of a list */
	int for_people;
	unsigned int columns; /* of their terminal */
	int64_t now_ms;	      /* since 1970 */
	uint32_t include;     /* of lhk_store_show */
	uint64_t n;
	int failed;
};

static void
put_result (struct jw *w, const struct runs_row *row)
{
	if (row->wall_ms >= 0)
		jw_i64 (w, "wall_ms", row->wall_ms);
	if ((row->sum.has & RUNS_INPUT) != 0)
		jw_i64 (w, "input_tokens", row->sum.input);
	if ((row->sum.has & RUNS_OUTPUT) != 0)
		jw_i64 (w, "output_tokens", row->sum.output);
	if (row->sum.has_cost)
		jw_cost (w, "cost_usd", row->sum.cost_nano);
}

static void
put_request (struct jw *w, const struct runs_row *row)
{
	if (row->argv.type == LHK_JSON_ARRAY)
		jw_raw (w, "argv", row->argv.ptr, row->argv.len);
	jw_text (w, "cwd", &row->cwd);
	if (row->labels.type == LHK_JSON_OBJECT)
		jw_raw (w, "labels", row->labels.ptr, row->labels.len);
	jw_text (w, "prompt", &row->prompt);
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
	jw_str (&w, "status", list_table_status (k->status));
	if (k->verdict != 0)
		jw_str (&w, "verdict", lhk_verdict_name (k->verdict));
	jw_str (&w, "plugin", k->plugin);
	jw_str (&w, "provider", k->provider);
	runs_time (k->started_ms, started);
	jw_str (&w, "started", started);
	if (k->is_detached)
		jw_bool (&w, "detached", 1);
	put_result (&w, row);
	put_request (&w, row);
	jw_object_end (&w);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}

static void
print_row (struct lister *l, const struct runs_row *row)
{
	if (!l->for_people) {
		print_json (row);
		return;
	}
	list_table_add (l->table, row, l->columns, l->now_ms);
	if (l->n % ROWS_HELD == ROWS_HELD - 1)
		table_show (l->table, l->columns);
}

static int
add_run (void *user, const struct lhk_record_info *info)
{
	struct lister *l = user;
	struct runs_row row;

	runs_row_read (&row, l->call.store, info, l->include);
	if (l->usage != NULL)
		l->failed = info->status == LHK_RECORD_RUNNING
				    ? 0
				    : usage_table_add (l->usage, &row);
	else
		print_row (l, &row);
	runs_row_free (&row);
	l->n++;
	return l->failed;
}

/* Were only some of the runs asked for? */
static int
is_selected (const struct runs_options *o)
{
	return o->status != 0 || o->verdict != 0 || o->provider != NULL
	       || o->label != NULL || o->since_ms != 0;
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
	q.verdict = o->verdict;
	q.provider = o->provider;
	q.label = o->label;
	q.since_ms = o->since_ms;
	q.max = o->all ? 0 : o->max != 0 ? o->max : o->usage ? 0 : LISTED;
	l->for_people = records_is_for_people (&o->store);
	l->columns = terminal_columns (STDOUT_FILENO);
	l->now_ms = clock_unix_ms ();
	l->include = !o->usage || by.label[0] != '\0' ? LHK_INCLUDE_REQUEST : 0;
	if (o->usage && (l->usage = usage_table_new (&by)) == NULL)
		l->failed = -1;
	else if (lhk_store_list (l->call.store, &q, add_run, l, &err) < 0)
		bad = records_fail (&l->call, &err);
	if (l->failed != 0) {
		cli_say (l->call.self->name, "out of memory");
		return STATUS_HOST;
	}
	table_show (l->table, l->columns);
	if (l->usage != NULL)
		usage_table_print (l->usage,
				   o->csv	   ? AS_CSV
				   : l->for_people ? AS_TABLE
						   : AS_JSON,
				   isatty (STDOUT_FILENO) ? l->columns : 0);
	else if (l->for_people && l->n == 0 && bad == 0)
		stdout_printf (is_selected (o) ? "no runs match\n"
					       : "no runs\n");
	return bad;
}

static int
run_runs (const struct cli_command *self, int argc, char **argv)
{
	static struct table table;
	struct runs_options o = { .status = 0 };
	struct lister l = { .o = &o, .table = &table };
	int status = records_begin (&l.call, self, argc, argv, &o);

	table_init (&table, &list_table_layout);
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
