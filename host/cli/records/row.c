/* SPDX-License-Identifier: MIT */
/* row.c - one run of the list: what its result says. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/records/runs.h"
#include "common/units.h"

#define NANO 1000000000

static int64_t
count (json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex (o, key, &v)
		       ? json_object_get_int64 (v)
		       : 0;
}

/* The text of the number is exact; a double would not be. */
static int
money (json_object *o, const char *key, int64_t *ret_nano)
{
	json_object *v;
	uint64_t nano;

	if (!json_object_object_get_ex (o, key, &v)
	    || !units_parse_money (json_object_to_json_string (v), &nano))
		return 0;
	*ret_nano = (int64_t) nano;
	return 1;
}

int64_t
runs_plus (int64_t a, int64_t b)
{
	return b > 0 && a > INT64_MAX - b ? INT64_MAX : a + b;
}

static int
is_word (json_object *o, const char *key, const char *word)
{
	json_object *v;

	return json_object_object_get_ex (o, key, &v)
	       && json_object_is_type (v, json_type_string)
	       && strcmp (json_object_get_string (v), word) == 0;
}

/* Of a model, or of the whole run. */
static void
add_cost (struct runs_sum *sum, json_object *of)
{
	int64_t nano;

	if (!money (of, "cost_usd", &nano))
		return;
	sum->has_cost = 1;
	sum->cost_nano = runs_plus (sum->cost_nano, nano);
	if (is_word (of, "cost_source", "estimated"))
		sum->estimated_nano = runs_plus (sum->estimated_nano, nano);
}

void
runs_add_usage (struct runs_sum *sum, json_object *usage)
{
	sum->input = runs_plus (sum->input, count (usage, "input_tokens"));
	sum->output = runs_plus (sum->output, count (usage, "output_tokens"));
	sum->cache_read = runs_plus (sum->cache_read,
				     count (usage, "cache_read_input_tokens"));
	sum->cache_write = runs_plus (
		sum->cache_write, count (usage, "cache_creation_input_tokens"));
	sum->reasoning = runs_plus (sum->reasoning,
				    count (usage, "reasoning_output_tokens"));
	add_cost (sum, usage);
}

static void
read_result (struct runs_row *row)
{
	json_object *usage, *rusage, *v;
	size_t i, n;

	if (json_object_object_get_ex (row->result, "rusage", &rusage))
		row->wall_ms = count (rusage, "wall_ms");
	row->complete =
		json_object_object_get_ex (row->result, "complete_usage", &v)
		&& json_object_get_boolean (v);
	row->session = is_word (row->result, "usage_scope", "session");
	if (!json_object_object_get_ex (row->result, "usage", &usage)
	    || !json_object_is_type (usage, json_type_array))
		return;
	n = json_object_array_length (usage);
	for (i = 0; i < n; i++)
		runs_add_usage (&row->sum,
				json_object_array_get_idx (usage, i));
	/* A price of the whole run, where none is told by model. */
	if (!row->sum.has_cost)
		add_cost (&row->sum, row->result);
}

void
runs_row_read (struct runs_row *row, struct lhk_store *store,
	       const struct lhk_record_info *kept)
{
	struct lhk_str text;

	memset (row, 0, sizeof *row);
	row->kept = kept;
	row->wall_ms = -1;
	if (kept->status != LHK_RECORD_ENDED
	    || lhk_store_show (store, kept->id, 0, &text, NULL, NULL) < 0)
		return;
	row->result = json_tokener_parse (text.ptr);
	if (row->result != NULL)
		read_result (row);
}

void
runs_row_free (struct runs_row *row)
{
	json_object_put (row->result);
	row->result = NULL;
}

void
runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE])
{
	clock_rfc3339 (unix_ms, text);
	/* Whole seconds are enough for a list. */
	strcpy (strchr (text, '.'), "Z");
}
