/* SPDX-License-Identifier: MIT */
/* row.c - one run of a list: what its record says of time, tokens and money. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/records/row.h"
#include "common/clock.h"
#include "common/units.h"
#include "json/member.h"

/* ---- reading JSON ---- */

static int
is_number (json_object *v)
{
	return json_object_is_type (v, json_type_double)
	       || json_object_is_type (v, json_type_int);
}

/* From the text of the number, which is exact; a double would not be. */
static int
get_money (json_object *o, const char *key, int64_t *ret_nano)
{
	json_object *v;
	uint64_t nano;

	if (!json_object_object_get_ex (o, key, &v) || !is_number (v)
	    || !units_parse_money (json_object_get_string (v), &nano))
		return 0;
	*ret_nano = (int64_t) nano;
	return 1;
}

static int
is_word (json_object *o, const char *key, const char *word)
{
	return strcmp (json_member_word (o, key), word) == 0;
}

/* The list `usage' of the result, or NULL. */
static json_object *
usage_list (const struct runs_row *row)
{
	json_object *usage;

	return row->result != NULL
			       && json_object_object_get_ex (row->result,
							     "usage", &usage)
			       && json_object_is_type (usage, json_type_array)
		       ? usage
		       : NULL;
}

/* ---- sums ---- */

/* What others wrote may be any number. */
static int64_t
add (int64_t a, int64_t b)
{
	return b > 0 && a > INT64_MAX - b ? INT64_MAX : a + b;
}

void
runs_sum_add (struct runs_sum *to, const struct runs_sum *s)
{
	to->input = add (to->input, s->input);
	to->output = add (to->output, s->output);
	to->cache_read = add (to->cache_read, s->cache_read);
	to->cache_write = add (to->cache_write, s->cache_write);
	to->reasoning = add (to->reasoning, s->reasoning);
	to->cost_nano = add (to->cost_nano, s->cost_nano);
	to->estimated_nano = add (to->estimated_nano, s->estimated_nano);
	to->has_cost |= s->has_cost;
}

/* The price in O, an entry of `usage' or the result itself. */
static void
read_cost (struct runs_sum *sum, json_object *o)
{
	if (!get_money (o, "cost_usd", &sum->cost_nano))
		return;
	sum->has_cost = 1;
	if (is_word (o, "cost_source", "estimated"))
		sum->estimated_nano = sum->cost_nano;
}

static struct runs_sum
read_usage (json_object *usage)
{
	struct runs_sum sum = {
		.input = json_member_number (usage, "input_tokens"),
		.output = json_member_number (usage, "output_tokens"),
		.cache_read =
			json_member_number (usage, "cache_read_input_tokens"),
		.cache_write = json_member_number (
			usage, "cache_creation_input_tokens"),
		.reasoning =
			json_member_number (usage, "reasoning_output_tokens"),
	};

	read_cost (&sum, usage);
	return sum;
}

/* ---- rows ---- */

size_t
runs_row_models (const struct runs_row *row)
{
	json_object *usage = usage_list (row);

	return usage == NULL ? 0 : json_object_array_length (usage);
}

const char *
runs_row_model (const struct runs_row *row, size_t i, struct runs_sum *ret)
{
	json_object *usage = usage_list (row);
	json_object *one = json_object_array_get_idx (usage, i);
	json_object *model;

	/* A run of one model may have its price beside the list. */
	*ret = json_object_array_length (usage) == 1 ? row->sum
						     : read_usage (one);
	return json_object_object_get_ex (one, "model", &model)
			       && json_object_is_type (model, json_type_string)
		       ? json_object_get_string (model)
		       : NULL;
}

static void
read_result (struct runs_row *row)
{
	json_object *usage = usage_list (row);
	json_object *v;
	size_t i, n = usage == NULL ? 0 : json_object_array_length (usage);

	if (json_object_object_get_ex (row->result, "rusage", &v))
		row->wall_ms = json_member_number (v, "wall_ms");
	row->complete =
		json_object_object_get_ex (row->result, "complete_usage", &v)
		&& json_object_get_boolean (v);
	row->session = is_word (row->result, "usage_scope", "session");
	for (i = 0; i < n; i++) {
		struct runs_sum sum =
			read_usage (json_object_array_get_idx (usage, i));

		runs_sum_add (&row->sum, &sum);
	}
	/* The price of the whole run counts where no model has one. */
	if (usage != NULL && !row->sum.has_cost)
		read_cost (&row->sum, row->result);
}

void
runs_row_read (struct runs_row *row, struct lhk_store *store,
	       const struct lhk_record_info *info)
{
	struct lhk_str text;

	memset (row, 0, sizeof *row);
	row->info = info;
	row->wall_ms = -1;
	if (info->status != LHK_RECORD_ENDED
	    || lhk_store_show (store, info->id, 0, &text, NULL, NULL) < 0)
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

/* ---- text ---- */

void
runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE])
{
	clock_rfc3339 (unix_ms, text);
	/* Whole seconds are enough for a list. */
	strcpy (strchr (text, '.'), "Z");
}
