/* SPDX-License-Identifier: MIT */
/* usage_print.c - sums over runs: a table for people, JSON, CSV. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/records/usage.h"
#include "common/termsafe.h"

/* Columns of names; one that says "total" is always there. */
static size_t
columns (const struct usage_table *l)
{
	return l->by.n > 0 ? l->by.n : 1;
}

static void
put_cost (const struct runs_sum *sum, int64_t nano, const char *none,
	  char text[UNITS_SIZE])
{
	if (sum->has_cost)
		units_print_money (nano, text);
	else
		snprintf (text, UNITS_SIZE, "%s", none);
}

static void
to_stdout (void *user, const char *data, size_t len)
{
	size_t *n = user;

	*n += len;
	stdout_put (data, len);
}

/* A name of a model can be anything. */
static void
print_key (const char *key, int width)
{
	struct outbuf out;
	size_t n = 0;

	outbuf_init (&out, to_stdout, &n);
	termsafe_write (&out, key, strlen (key), 1);
	outbuf_flush (&out);
	stdout_printf ("%*s ", n < (size_t) width ? width - (int) n : 0, "");
}

static void
print_table (const struct usage_table *l, const struct runs_line *line,
	     const int *widths)
{
	char cost[UNITS_SIZE], estimated[UNITS_SIZE];
	size_t i;

	put_cost (&line->sum, line->sum.cost_nano, "-", cost);
	put_cost (&line->sum, line->sum.estimated_nano, "-", estimated);
	for (i = 0; i < columns (l); i++)
		print_key (line->keys[i], widths[i]);
	stdout_printf ("%6" PRIu64 " %12" PRId64 " %10" PRId64 " %12" PRId64
		       " %11s %11s %10" PRIu64 " %11" PRId64 "\n",
		       line->runs, line->sum.input, line->sum.output,
		       line->sum.cache_read, cost, estimated, line->incomplete,
		       line->session);
}

static void
put_money (json_object *o, const char *key, const struct runs_sum *sum,
	   int64_t nano)
{
	char text[UNITS_SIZE];

	if (!sum->has_cost)
		return;
	units_print_money (nano, text);
	json_object_object_add (
		o, key, json_object_new_double_s (strtod (text, NULL), text));
}

static void
print_json (const struct usage_table *l, const struct runs_line *line)
{
	json_object *o = json_object_new_object ();
	size_t i;

#define PUT(key, n)                                                            \
	json_object_object_add (o, key, json_object_new_int64 ((int64_t) (n)))
	for (i = 0; i < l->by.n; i++)
		json_object_object_add (o, runs_by_titles[l->by.keys[i]],
					json_object_new_string (line->keys[i]));
	PUT ("runs", line->runs);
	PUT ("input_tokens", line->sum.input);
	PUT ("output_tokens", line->sum.output);
	PUT ("cache_read_input_tokens", line->sum.cache_read);
	PUT ("cache_creation_input_tokens", line->sum.cache_write);
	PUT ("reasoning_output_tokens", line->sum.reasoning);
	put_money (o, "cost_usd", &line->sum, line->sum.cost_nano);
	put_money (o, "estimated_cost_usd", &line->sum,
		   line->sum.estimated_nano);
	PUT ("incomplete_runs", line->incomplete);
	PUT ("session_tokens", line->session);
#undef PUT
	stdout_printf ("%s\n",
		       json_object_to_json_string_ext (
			       o, JSON_C_TO_STRING_PLAIN
					  | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put (o);
}

/* In quotes, and a quote twice. */
static void
put_quoted (const char *text)
{
	stdout_put ("\"", 1);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			stdout_put ("\"", 1);
		stdout_put (text, 1);
	}
	stdout_put ("\",", 2);
}

static void
print_csv (const struct usage_table *l, const struct runs_line *line)
{
	char cost[UNITS_SIZE], estimated[UNITS_SIZE];
	size_t i;

	put_cost (&line->sum, line->sum.cost_nano, "", cost);
	put_cost (&line->sum, line->sum.estimated_nano, "", estimated);
	for (i = 0; i < columns (l); i++)
		put_quoted (line->keys[i]);
	stdout_printf ("%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		       ",%" PRId64 ",%" PRId64 ",%s,%s,%" PRIu64 ",%" PRId64
		       "\n",
		       line->runs, line->sum.input, line->sum.output,
		       line->sum.cache_read, line->sum.cache_write,
		       line->sum.reasoning, cost, estimated, line->incomplete,
		       line->session);
}

/* ---- in order ---- */

static int
by_keys (const void *a, const void *b)
{
	return memcmp (((const struct runs_line *) a)->keys,
		       ((const struct runs_line *) b)->keys,
		       sizeof ((const struct runs_line *) a)->keys);
}

static void
print_head (const struct usage_table *l, int as, int *widths)
{
	size_t i, k, len;

	for (i = 0; i < columns (l); i++) {
		const char *title = l->by.n > 0 ? runs_by_titles[l->by.keys[i]]
				    : as == AS_CSV ? "sum"
						   : "";

		widths[i] = 10;
		for (k = 0; k < l->n; k++) {
			len = strlen (l->lines[k].keys[i]);
			widths[i] = len > (size_t) widths[i] ? (int) len
							     : widths[i];
		}
		if (as == AS_TABLE)
			stdout_printf ("%-*s ", widths[i], title);
		if (as == AS_CSV)
			stdout_printf ("%s,", title);
	}
	if (as == AS_TABLE)
		stdout_printf ("%6s %12s %10s %12s %11s %11s %10s %11s\n",
			       "runs", "input", "output", "cache read", "USD",
			       "estimated", "incomplete", "session");
	if (as == AS_CSV)
		stdout_printf ("runs,input_tokens,output_tokens,"
			       "cache_read_input_tokens,"
			       "cache_creation_input_tokens,"
			       "reasoning_output_tokens,cost_usd,"
			       "estimated_cost_usd,incomplete_runs,"
			       "session_tokens\n");
}

void
usage_table_print (const struct usage_table *l, int as)
{
	int widths[BY_MAX];
	size_t i;

	if (l->n > 1)
		qsort (l->lines, l->n, sizeof *l->lines, by_keys);
	print_head (l, as, widths);
	for (i = 0; i <= l->n; i++) {
		const struct runs_line *line =
			i < l->n ? &l->lines[i] : &l->total;

		/* Sums of a table are for people; of the others the reader
		 * makes them, and would count them twice. */
		if (i == l->n && l->by.n > 0 && as != AS_TABLE)
			break;
		if (as == AS_TABLE)
			print_table (l, line, widths);
		else if (as == AS_JSON)
			print_json (l, line);
		else
			print_csv (l, line);
	}
}
