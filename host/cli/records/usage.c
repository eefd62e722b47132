/* SPDX-License-Identifier: MIT */
/*
 * usage.c - tokens and money of any number of runs, each counted once.
 *
 * Kept by model, provider, day (UTC, of the start), or some of them together.
 * Beside the sums stands how much of the cost is an estimate, how many runs
 * did not tell all of their usage, and how many tokens are those of whole
 * sessions, which other runs may have counted too.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/records/usage.h"
#include "json/text_reader.h"
#include "common/text.h"

const char *const runs_by_titles[BY_MAX] = { "model", "provider", "day" };

/* Which of the titles TEXT begins with, up to a comma or its end. */
static int
title_of (const char *text, size_t len)
{
	int i;

	for (i = 0; i < BY_MAX; i++)
		if (strlen (runs_by_titles[i]) == len
		    && strncmp (text, runs_by_titles[i], len) == 0)
			return i;
	return -1;
}

int
runs_by_parse (const char *text, struct runs_by *ret)
{
	unsigned int seen = 0;
	size_t len;
	int key;

	ret->n = 0;
	if (strcmp (text, "all") == 0)
		return 0;
	for (;; text += len + 1) {
		len = strcspn (text, ",");
		key = title_of (text, len);
		if (key < 0 || (seen & 1u << key) != 0)
			return -1;
		seen |= 1u << key;
		ret->keys[ret->n++] = key;
		if (text[len] == '\0')
			return 0;
	}
}

struct usage_table *
usage_table_new (const struct runs_by *by)
{
	struct usage_table *l = calloc (1, sizeof *l);

	if (l != NULL) {
		l->by = *by;
		strcpy (l->total.keys[0], "total");
	}
	return l;
}

void
usage_table_free (struct usage_table *l)
{
	if (l != NULL)
		free (l->lines);
	free (l);
}

static int
is_by (const struct usage_table *l, int key)
{
	size_t i;

	for (i = 0; i < l->by.n; i++)
		if (l->by.keys[i] == key)
			return 1;
	return 0;
}

static void
name (char key[RUNS_KEY], const char *word)
{
	const struct lhk_text text = text_from_cstr (word);
	struct text_reader r;

	text_reader_init (&r, &text);
	key[text_reader_plain (&r, key, RUNS_KEY - 1)] = '\0';
}

static void
name_line (const struct usage_table *l, const struct runs_row *row,
	   const char *model, struct runs_line *line)
{
	char day[32];
	size_t i;

	memset (line, 0, sizeof *line);
	runs_time (row->kept->started_ms, day);
	day[10] = '\0';
	for (i = 0; i < l->by.n; i++) {
		const char *const words[BY_MAX] = {
			[BY_MODEL] = model,
			[BY_PROVIDER] = row->kept->provider,
			[BY_DAY] = day,
		};

		name (line->keys[i], words[l->by.keys[i]]);
	}
}

static struct runs_line *
line_of (struct usage_table *l, const struct runs_row *row, const char *model)
{
	struct runs_line line, *more;
	size_t i;

	name_line (l, row, model, &line);
	for (i = 0; i < l->n; i++)
		if (memcmp (l->lines[i].keys, line.keys, sizeof line.keys) == 0)
			return &l->lines[i];
	if (l->n == l->cap) {
		more = realloc (l->lines, (l->cap * 2 + 8) * sizeof *more);
		if (more == NULL)
			return NULL;
		l->lines = more;
		l->cap = l->cap * 2 + 8;
	}
	l->lines[l->n] = line;
	return &l->lines[l->n++];
}

static void
add_sum (struct runs_sum *to, const struct runs_sum *s)
{
	to->input = runs_plus (to->input, s->input);
	to->output = runs_plus (to->output, s->output);
	to->cache_read = runs_plus (to->cache_read, s->cache_read);
	to->cache_write = runs_plus (to->cache_write, s->cache_write);
	to->reasoning = runs_plus (to->reasoning, s->reasoning);
	to->cost_nano = runs_plus (to->cost_nano, s->cost_nano);
	to->estimated_nano = runs_plus (to->estimated_nano, s->estimated_nano);
	to->has_cost |= s->has_cost;
}

static void
count (struct usage_table *l, struct runs_line *line,
       const struct runs_row *row, const struct runs_sum *sum)
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
count_for (struct usage_table *l, const struct runs_row *row, const char *model,
	   const struct runs_sum *sum)
{
	struct runs_line *line = line_of (l, row, model);

	if (line == NULL)
		return -1;
	count (l, line, row, sum);
	return 0;
}

#define NO_MODEL "(not told)"

static const char *
model_of (json_object *usage)
{
	json_object *model;

	return json_object_object_get_ex (usage, "model", &model)
			       && json_object_is_type (model, json_type_string)
		       ? json_object_get_string (model)
		       : NO_MODEL;
}

static int
count_models (struct usage_table *l, const struct runs_row *row)
{
	json_object *usage = NULL, *one;
	size_t i, n = 0;
	int r = 0;

	if (row->result != NULL
	    && json_object_object_get_ex (row->result, "usage", &usage)
	    && json_object_is_type (usage, json_type_array))
		n = json_object_array_length (usage);
	for (i = 0; i < n && r == 0; i++) {
		struct runs_sum sum = { .input = 0 };

		one = json_object_array_get_idx (usage, i);
		runs_add_usage (&sum, one);
		/* A run of one model may have its price told beside it. */
		if (n == 1)
			sum = row->sum;
		r = count_for (l, row, model_of (one), &sum);
	}
	return n > 0 ? r : count_for (l, row, NO_MODEL, &row->sum);
}

int
usage_table_add (struct usage_table *l, const struct runs_row *row)
{
	l->run++;
	count (l, &l->total, row, &row->sum);
	if (l->by.n == 0)
		return 0;
	return is_by (l, BY_MODEL) ? count_models (l, row)
				   : count_for (l, row, NO_MODEL, &row->sum);
}
