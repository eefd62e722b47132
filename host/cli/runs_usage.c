/* SPDX-License-Identifier: MIT */
/*
 * runs_usage.c - tokens and money of any number of runs, each counted once.
 *
 * Kept by model, provider or day (UTC, of the start).  Beside the sums stands
 * how many runs did not tell all of their usage, and how many tokens are those
 * of whole sessions, which other runs may have counted too.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/runs.h"

#define KEY_MOST 96

struct line {
	char key[KEY_MOST];
	uint64_t runs, incomplete;
	int64_t session;	/* tokens */
	struct runs_sum sum;
	uint64_t last;		/* the run that was last counted here */
};

struct runs_ledger {
	int by;
	struct line *lines;
	size_t n, cap;
	uint64_t run;
	struct line total;
};

struct runs_ledger *
runs_ledger_new (int by)
{
	struct runs_ledger *l = calloc (1, sizeof *l);

	if (l != NULL) {
		l->by = by;
		strcpy (l->total.key, "total");
	}
	return l;
}

void
runs_ledger_free (struct runs_ledger *l)
{
	if (l != NULL)
		free (l->lines);
	free (l);
}

static struct line *
line_of (struct runs_ledger *l, const char *key)
{
	struct line *more;
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strncmp (l->lines[i].key, key, KEY_MOST - 1) == 0)
			return &l->lines[i];
	if (l->n == l->cap) {
		more = realloc (l->lines, (l->cap * 2 + 8) * sizeof *more);
		if (more == NULL)
			return NULL;
		l->lines = more;
		l->cap = l->cap * 2 + 8;
	}
	memset (&l->lines[l->n], 0, sizeof *l->lines);
	snprintf (l->lines[l->n].key, KEY_MOST, "%s", key);
	return &l->lines[l->n++];
}

static void
add_sum (struct runs_sum *to, const struct runs_sum *s)
{
	to->input += s->input;
	to->output += s->output;
	to->cache_read += s->cache_read;
	to->cache_write += s->cache_write;
	to->reasoning += s->reasoning;
	to->cost_nano += s->cost_nano;
	to->has_cost |= s->has_cost;
}

static void
count (struct runs_ledger *l, struct line *line, const struct runs_row *row,
       const struct runs_sum *sum)
{
	if (line->last != l->run) {
		line->last = l->run;
		line->runs++;
		line->incomplete += !row->complete;
	}
	add_sum (&line->sum, sum);
	if (row->session)
		line->session += sum->input + sum->output;
}

static int
count_by_model (struct runs_ledger *l, const struct runs_row *row)
{
	json_object *usage = NULL, *one, *model;
	struct line *line;
	size_t i, n = 0;

	if (row->result != NULL
	    && json_object_object_get_ex (row->result, "usage", &usage)
	    && json_object_is_type (usage, json_type_array))
		n = json_object_array_length (usage);
	for (i = 0; i < n; i++) {
		struct runs_sum sum = { .input = 0 };

		one = json_object_array_get_idx (usage, i);
		runs_add_usage (&sum, one);
		/* A run of one model may have its price told beside it. */
		if (n == 1 && !sum.has_cost) {
			sum.has_cost = row->sum.has_cost;
			sum.cost_nano = row->sum.cost_nano;
		}
		line = line_of (l, json_object_object_get_ex (one, "model",
							      &model)
				? json_object_get_string (model)
				: "(not told)");
		if (line == NULL)
			return -1;
		count (l, line, row, &sum);
	}
	if (n > 0)
		return 0;
	line = line_of (l, "(not told)");
	if (line != NULL)
		count (l, line, row, &row->sum);
	return line == NULL ? -1 : 0;
}

int
runs_ledger_add (struct runs_ledger *l, const struct runs_row *row)
{
	char day[32];
	struct line *line;

	l->run++;
	count (l, &l->total, row, &row->sum);
	if (l->by == BY_MODEL)
		return count_by_model (l, row);
	if (l->by == BY_ALL)
		return 0;
	runs_time (row->kept->started_ms, day);
	day[10] = '\0';
	line = line_of (l, l->by == BY_DAY ? day : row->kept->provider);
	if (line == NULL)
		return -1;
	count (l, line, row, &row->sum);
	return 0;
}

/* ---- printing ---- */

static const char *const titles[] = { "", "model", "provider", "day" };

static void
print_table (const struct line *line, int width)
{
	char cost[32] = "-";

	if (line->sum.has_cost)
		runs_cost (line->sum.cost_nano, cost);
	kept_printf ("%-*s %6" PRIu64 " %13" PRId64 " %13" PRId64 " %13" PRId64
		" %12s %10" PRIu64 " %13" PRId64 "\n", width, line->key,
		line->runs, line->sum.input, line->sum.output,
		line->sum.cache_read, cost, line->incomplete, line->session);
}

static void
print_json (const struct line *line, const char *title)
{
	json_object *o = json_object_new_object ();
	char cost[32];

#define PUT(key, n) \
	json_object_object_add (o, key, json_object_new_int64 ((int64_t) (n)))
	if (strcmp (line->key, "total") != 0)
		json_object_object_add (o, title,
					json_object_new_string (line->key));
	PUT ("runs", line->runs);
	PUT ("input_tokens", line->sum.input);
	PUT ("output_tokens", line->sum.output);
	PUT ("cache_read_input_tokens", line->sum.cache_read);
	PUT ("cache_creation_input_tokens", line->sum.cache_write);
	PUT ("reasoning_output_tokens", line->sum.reasoning);
	if (line->sum.has_cost) {
		runs_cost (line->sum.cost_nano, cost);
		json_object_object_add (o, "cost_usd",
					json_object_new_double_s
					(strtod (cost, NULL), cost));
	}
	PUT ("incomplete_runs", line->incomplete);
	PUT ("session_tokens", line->session);
#undef PUT
	kept_printf ("%s\n", json_object_to_json_string_ext
		     (o, JSON_C_TO_STRING_PLAIN
		      | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put (o);
}

/* In quotes, and a quote twice. */
static void
print_csv (const struct line *line)
{
	char cost[32] = "";
	const char *p;

	if (line->sum.has_cost)
		runs_cost (line->sum.cost_nano, cost);
	kept_put ("\"", 1);
	for (p = line->key; *p != '\0'; p++) {
		if (*p == '"')
			kept_put ("\"", 1);
		kept_put (p, 1);
	}
	kept_printf ("\",%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		",%" PRId64 ",%" PRId64 ",%s,%" PRIu64 ",%" PRId64 "\n",
		line->runs,
		line->sum.input, line->sum.output, line->sum.cache_read,
		line->sum.cache_write, line->sum.reasoning, cost,
		line->incomplete, line->session);
}

static int
by_key (const void *a, const void *b)
{
	return strcmp (((const struct line *) a)->key,
		       ((const struct line *) b)->key);
}

static int
width_of (const struct runs_ledger *l)
{
	size_t i, width = 10;

	for (i = 0; i < l->n; i++)
		if (strlen (l->lines[i].key) > width)
			width = strlen (l->lines[i].key);
	return (int) width;
}

void
runs_ledger_print (const struct runs_ledger *l, int as)
{
	int width = width_of (l);
	size_t i;

	if (l->n > 1)
		qsort (l->lines, l->n, sizeof *l->lines, by_key);
	if (as == AS_TABLE)
		kept_printf ("%-*s %6s %13s %13s %13s %12s %10s %13s\n", width,
			titles[l->by], "runs", "input", "output", "cache read",
			"USD", "incomplete", "session");
	if (as == AS_CSV)
		kept_printf ("%s,runs,input_tokens,output_tokens,"
			"cache_read_input_tokens,cache_creation_input_tokens,"
			"reasoning_output_tokens,cost_usd,incomplete_runs,"
			"session_tokens\n", l->by == BY_ALL ? "sum"
			: titles[l->by]);
	for (i = 0; i <= l->n; i++) {
		const struct line *line = i < l->n ? &l->lines[i] : &l->total;

		/* Sums of a table are for people; of the others the reader
		 * makes them, and would count them twice. */
		if (i == l->n && l->by != BY_ALL && as != AS_TABLE)
			break;
		if (as == AS_TABLE)
			print_table (line, width);
		else if (as == AS_JSON)
			print_json (line, titles[l->by]);
		else
			print_csv (line);
	}
}
