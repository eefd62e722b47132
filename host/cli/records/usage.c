/* SPDX-License-Identifier: MIT */
/* usage.c - tokens and money of any number of runs, each counted once. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/stdout.h"
#include "cli/records/usage.h"
#include "common/termsafe.h"
#include "common/text.h"
#include "common/units.h"
#include "json/text_reader.h"
#include "json/writer.h"

#define KEY_SIZE 96

#define NO_MODEL "(not told)"

/* The narrowest column of keys. */
#define KEY_WIDTH_MIN 10

struct line {
	char keys[BY_MAX][KEY_SIZE]; /* UTF-8; NUL to their ends */
	uint64_t runs, incomplete;
	int64_t session; /* tokens */
	struct runs_sum sum;
	uint64_t last; /* the run that was last counted here */
};

struct usage_table {
	struct usage_keys by;
	struct line *lines;
	size_t n, cap;
	uint64_t run; /* the runs so far */
	struct line total;
};

static const char *const titles[BY_MAX] = { "model", "provider", "day" };

/* ---- keys ---- */

/* The BY_* whose title is the LEN bytes at TEXT, or -1. */
static int
find_key (const char *text, size_t len)
{
	int i;

	for (i = 0; i < BY_MAX; i++)
		if (strlen (titles[i]) == len
		    && strncmp (text, titles[i], len) == 0)
			return i;
	return -1;
}

int
usage_keys_parse (const char *text, struct usage_keys *ret)
{
	unsigned int seen = 0;
	size_t len;
	int key;

	ret->n = 0;
	if (strcmp (text, "all") == 0)
		return 0;
	for (;; text += len + 1) {
		len = strcspn (text, ",");
		key = find_key (text, len);
		if (key < 0 || (seen & 1u << key) != 0)
			return -1;
		seen |= 1u << key;
		ret->keys[ret->n++] = key;
		if (text[len] == '\0')
			return 0;
	}
}

static int
has_key (const struct usage_table *t, int key)
{
	size_t i;

	for (i = 0; i < t->by.n; i++)
		if (t->by.keys[i] == key)
			return 1;
	return 0;
}

/* ---- counting ---- */

struct usage_table *
usage_table_new (const struct usage_keys *by)
{
	struct usage_table *t = calloc (1, sizeof *t);

	if (t != NULL) {
		t->by = *by;
		strcpy (t->total.keys[0], "total");
	}
	return t;
}

void
usage_table_free (struct usage_table *t)
{
	if (t != NULL)
		free (t->lines);
	free (t);
}

/* A word of a record as valid UTF-8, cut to fit. */
static void
set_key (char key[KEY_SIZE], const char *word)
{
	const struct lhk_text text = text_from_cstr (word);
	struct text_reader r;

	text_reader_init (&r, &text);
	key[text_reader_plain (&r, key, KEY_SIZE - 1)] = '\0';
}

static void
set_keys (const struct usage_table *t, const struct runs_row *row,
	  const char *model, struct line *line)
{
	char day[CLOCK_RFC3339_SIZE];
	size_t i;

	memset (line, 0, sizeof *line);
	runs_time (row->info->started_ms, day);
	day[sizeof "2026-11-21" - 1] = '\0';
	for (i = 0; i < t->by.n; i++) {
		const char *const words[BY_MAX] = {
			[BY_MODEL] = model,
			[BY_PROVIDER] = row->info->provider,
			[BY_DAY] = day,
		};

		set_key (line->keys[i], words[t->by.keys[i]]);
	}
}

/* The line for a run and a model, which is made if it is new; NULL for no
 * memory. */
static struct line *
get_line (struct usage_table *t, const struct runs_row *row, const char *model)
{
	struct line line, *more;
	size_t i;

	set_keys (t, row, model, &line);
	for (i = 0; i < t->n; i++)
		if (memcmp (t->lines[i].keys, line.keys, sizeof line.keys) == 0)
			return &t->lines[i];
	if (t->n == t->cap) {
		more = realloc (t->lines, (t->cap * 2 + 8) * sizeof *more);
		if (more == NULL)
			return NULL;
		t->lines = more;
		t->cap = t->cap * 2 + 8;
	}
	t->lines[t->n] = line;
	return &t->lines[t->n++];
}

static void
count (struct usage_table *t, struct line *line, const struct runs_row *row,
       const struct runs_sum *sum)
{
	if (line->last != t->run) {
		line->last = t->run;
		line->runs++;
		line->incomplete += !row->complete;
	}
	runs_sum_add (&line->sum, sum);
	if (row->session)
		line->session += sum->input + sum->output;
}

static int
count_model (struct usage_table *t, const struct runs_row *row,
	     const char *model, const struct runs_sum *sum)
{
	struct line *line = get_line (t, row, model == NULL ? NO_MODEL : model);

	if (line == NULL)
		return -1;
	count (t, line, row, sum);
	return 0;
}

static int
count_models (struct usage_table *t, const struct runs_row *row)
{
	size_t i, n = runs_row_models (row);
	struct runs_sum sum;
	const char *model;
	int r = 0;

	for (i = 0; i < n && r == 0; i++) {
		model = runs_row_model (row, i, &sum);
		r = count_model (t, row, model, &sum);
	}
	return n > 0 ? r : count_model (t, row, NULL, &row->sum);
}

int
usage_table_add (struct usage_table *t, const struct runs_row *row)
{
	t->run++;
	count (t, &t->total, row, &row->sum);
	if (t->by.n == 0)
		return 0;
	return has_key (t, BY_MODEL) ? count_models (t, row)
				     : count_model (t, row, NULL, &row->sum);
}

/* ---- printing ---- */

/* Columns of keys; the total needs one in any case. */
static size_t
n_columns (const struct usage_table *t)
{
	return t->by.n > 0 ? t->by.n : 1;
}

static void
cost_text (const struct runs_sum *sum, int64_t nano, const char *none,
	   char text[UNITS_SIZE])
{
	if (sum->has_cost)
		units_print_money (nano, text);
	else
		snprintf (text, UNITS_SIZE, "%s", none);
}

static void
count_and_put (void *user, const char *data, size_t len)
{
	size_t *n = user;

	*n += len;
	stdout_put (data, len);
}

/* The name of a model can hold anything. */
static void
print_key (const char *key, int width)
{
	struct outbuf out;
	size_t n = 0;

	outbuf_init (&out, count_and_put, &n);
	termsafe_write (&out, key, strlen (key), 1);
	outbuf_flush (&out);
	stdout_printf ("%*s ", n < (size_t) width ? width - (int) n : 0, "");
}

static void
print_table_line (const struct usage_table *t, const struct line *line,
		  const int *widths)
{
	char cost[UNITS_SIZE], estimated[UNITS_SIZE];
	size_t i;

	cost_text (&line->sum, line->sum.cost_nano, "-", cost);
	cost_text (&line->sum, line->sum.estimated_nano, "-", estimated);
	for (i = 0; i < n_columns (t); i++)
		print_key (line->keys[i], widths[i]);
	stdout_printf ("%6" PRIu64 " %12" PRId64 " %10" PRId64 " %12" PRId64
		       " %11s %11s %10" PRIu64 " %11" PRId64 "\n",
		       line->runs, line->sum.input, line->sum.output,
		       line->sum.cache_read, cost, estimated, line->incomplete,
		       line->session);
}

static void
print_table (const struct usage_table *t)
{
	int widths[BY_MAX];
	size_t i, k;

	for (i = 0; i < n_columns (t); i++) {
		widths[i] = KEY_WIDTH_MIN;
		for (k = 0; k < t->n; k++) {
			int len = (int) strlen (t->lines[k].keys[i]);

			widths[i] = len > widths[i] ? len : widths[i];
		}
		stdout_printf ("%-*s ", widths[i],
			       t->by.n > 0 ? titles[t->by.keys[i]] : "");
	}
	stdout_printf ("%6s %12s %10s %12s %11s %11s %10s %11s\n", "runs",
		       "input", "output", "cache read", "USD", "estimated",
		       "incomplete", "session");
	for (i = 0; i < t->n; i++)
		print_table_line (t, &t->lines[i], widths);
	print_table_line (t, &t->total, widths);
}

static void
print_json (const struct usage_table *t, const struct line *line)
{
	const struct runs_sum *sum = &line->sum;
	static struct outbuf out;
	struct jw w;
	size_t i;

	outbuf_init (&out, stdout_write, NULL);
	jw_init (&w, &out);
	jw_object_begin (&w, NULL);
	for (i = 0; i < t->by.n; i++)
		jw_str (&w, titles[t->by.keys[i]], line->keys[i]);
	jw_u64 (&w, "runs", line->runs);
	jw_i64 (&w, "input_tokens", sum->input);
	jw_i64 (&w, "output_tokens", sum->output);
	jw_i64 (&w, "cache_read_input_tokens", sum->cache_read);
	jw_i64 (&w, "cache_creation_input_tokens", sum->cache_write);
	jw_i64 (&w, "reasoning_output_tokens", sum->reasoning);
	if (sum->has_cost) {
		jw_cost (&w, "cost_usd", sum->cost_nano);
		jw_cost (&w, "estimated_cost_usd", sum->estimated_nano);
	}
	jw_u64 (&w, "incomplete_runs", line->incomplete);
	jw_i64 (&w, "session_tokens", line->session);
	jw_object_end (&w);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
}

/* In quotes, with each quote doubled, and a comma. */
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
print_csv_head (const struct usage_table *t)
{
	size_t i;

	for (i = 0; i < n_columns (t); i++)
		stdout_printf ("%s,",
			       t->by.n > 0 ? titles[t->by.keys[i]] : "sum");
	stdout_printf ("runs,input_tokens,output_tokens,"
		       "cache_read_input_tokens,cache_creation_input_tokens,"
		       "reasoning_output_tokens,cost_usd,estimated_cost_usd,"
		       "incomplete_runs,session_tokens\n");
}

static void
print_csv (const struct usage_table *t, const struct line *line)
{
	char cost[UNITS_SIZE], estimated[UNITS_SIZE];
	size_t i;

	cost_text (&line->sum, line->sum.cost_nano, "", cost);
	cost_text (&line->sum, line->sum.estimated_nano, "", estimated);
	for (i = 0; i < n_columns (t); i++)
		put_quoted (line->keys[i]);
	stdout_printf ("%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		       ",%" PRId64 ",%" PRId64 ",%s,%s,%" PRIu64 ",%" PRId64
		       "\n",
		       line->runs, line->sum.input, line->sum.output,
		       line->sum.cache_read, line->sum.cache_write,
		       line->sum.reasoning, cost, estimated, line->incomplete,
		       line->session);
}

static int
compare_keys (const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return memcmp (x->keys, y->keys, sizeof x->keys);
}

/* A reader of JSON or CSV adds up the lines, and would count a total twice: it
 * is printed when there are no keys. */
void
usage_table_print (struct usage_table *t, int as)
{
	void (*print) (const struct usage_table *t, const struct line *line) =
		as == AS_JSON ? print_json : print_csv;
	size_t i;

	if (t->n > 1)
		qsort (t->lines, t->n, sizeof *t->lines, compare_keys);
	if (as == AS_TABLE) {
		print_table (t);
		return;
	}
	if (as == AS_CSV)
		print_csv_head (t);
	for (i = 0; i < t->n; i++)
		print (t, &t->lines[i]);
	if (t->by.n == 0)
		print (t, &t->total);
}
