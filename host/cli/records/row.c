/* SPDX-License-Identifier: MIT */
/* row.c - one run of a list: what its record says of time, tokens and money. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linehook/plugin.h>

#include "cli/records/brief.h"
#include "cli/records/row.h"
#include "common/clock.h"
#include "common/macros.h"
#include "common/mem.h"

/* ---- what is read ---- */

/* An entry of `usage', and of its members those that a result has too. */
struct used {
	struct lhk_text model;
	struct lhk_num input, output, cache_read, cache_write, reasoning;
	struct lhk_raw cost;
	struct lhk_text cost_source;
};

static const struct lhk_field used_fields[] = {
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct used, model),
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, struct used, input),
	LHK_FIELD ("output_tokens", LHK_FIELD_INT, struct used, output),
	LHK_FIELD ("cache_read_input_tokens", LHK_FIELD_INT, struct used,
		   cache_read),
	LHK_FIELD ("cache_creation_input_tokens", LHK_FIELD_INT, struct used,
		   cache_write),
	LHK_FIELD ("reasoning_output_tokens", LHK_FIELD_INT, struct used,
		   reasoning),
	LHK_FIELD ("cost_usd", LHK_FIELD_RAW, struct used, cost),
	LHK_FIELD ("cost_source", LHK_FIELD_TEXT, struct used, cost_source),
};
LHK_FIELDS (used_table, struct used, used_fields);

struct result {
	struct used used; /* its price */
	struct lhk_raw usage;
	struct lhk_raw rusage;
	struct lhk_raw request;
	struct lhk_text scope;
	int32_t complete;
};

static const struct lhk_field result_fields[] = {
	LHK_FIELD ("rusage", LHK_FIELD_RAW, struct result, rusage),
	LHK_FIELD ("usage", LHK_FIELD_RAW, struct result, usage),
	LHK_FIELD ("usage_scope", LHK_FIELD_TEXT, struct result, scope),
	LHK_FIELD ("complete_usage", LHK_FIELD_BOOL, struct result, complete),
	LHK_FIELD ("cost_usd", LHK_FIELD_RAW, struct result, used.cost),
	LHK_FIELD ("cost_source", LHK_FIELD_TEXT, struct result,
		   used.cost_source),
	LHK_FIELD ("request", LHK_FIELD_RAW, struct result, request),
};
LHK_FIELDS (result_table, struct result, result_fields);

/* The members of run.json. */
struct request {
	struct lhk_text cwd, prompt;
	struct lhk_raw argv, labels;
};

static const struct lhk_field request_fields[] = {
	LHK_FIELD ("argv", LHK_FIELD_RAW, struct request, argv),
	LHK_FIELD ("cwd", LHK_FIELD_TEXT, struct request, cwd),
	LHK_FIELD ("labels", LHK_FIELD_RAW, struct request, labels),
	LHK_FIELD ("prompt", LHK_FIELD_TEXT, struct request, prompt),
};
LHK_FIELDS (request_table, struct request, request_fields);

struct rusage {
	struct lhk_num wall_ms;
};

static const struct lhk_field rusage_fields[] = {
	LHK_FIELD ("wall_ms", LHK_FIELD_INT, struct rusage, wall_ms),
};
LHK_FIELDS (rusage_table, struct rusage, rusage_fields);

/* ---- sums ---- */

int64_t
runs_add (int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

void
runs_sum_add (struct runs_sum *to, const struct runs_sum *s)
{
	to->input = runs_add (to->input, s->input);
	to->output = runs_add (to->output, s->output);
	to->cache_read = runs_add (to->cache_read, s->cache_read);
	to->cache_write = runs_add (to->cache_write, s->cache_write);
	to->reasoning = runs_add (to->reasoning, s->reasoning);
	to->cost_nano = runs_add (to->cost_nano, s->cost_nano);
	to->estimated_nano = runs_add (to->estimated_nano, s->estimated_nano);
	to->has_cost |= s->has_cost;
	to->has |= s->has;
}

/* Take N, which may be absent or no number of tokens, for the count WHICH. */
static int64_t
take_count (struct runs_sum *sum, unsigned int which, const struct lhk_num *n)
{
	if (n->has != 1 || n->value < 0)
		return 0;
	sum->has |= which;
	return n->value;
}

static void
add_cost (struct runs_sum *sum, const struct used *u)
{
	int64_t nano;

	if (!lhk_raw_nano (&u->cost, &nano) || nano < 0)
		return;
	sum->cost_nano = nano;
	sum->has_cost = 1;
	if (LHK_TEXT_IS (&u->cost_source, "estimated"))
		sum->estimated_nano = nano;
}

static struct runs_sum
sum_of (const struct used *u)
{
	struct runs_sum sum = { .has = 0 };

	sum.input = take_count (&sum, RUNS_INPUT, &u->input);
	sum.output = take_count (&sum, RUNS_OUTPUT, &u->output);
	sum.cache_read = take_count (&sum, RUNS_CACHE_READ, &u->cache_read);
	sum.cache_write = take_count (&sum, RUNS_CACHE_WRITE, &u->cache_write);
	sum.reasoning = take_count (&sum, RUNS_REASONING, &u->reasoning);
	add_cost (&sum, u);
	return sum;
}

/* ---- models ---- */

void
runs_models_begin (struct runs_models *m, const struct runs_row *row)
{
	m->row = row;
	lhk_json_begin_raw (&m->reader, &row->usage);
	(void) lhk_json_enter (&m->reader);
}

int
runs_models_next (struct runs_models *m, struct lhk_text *ret_model,
		  struct runs_sum *ret)
{
	struct used used;

	if (m->row->usage.type != LHK_JSON_ARRAY
	    || !lhk_json_element (&m->reader))
		return 0;
	/* What is no object has no members. */
	if (!lhk_json_object (&m->reader, &used_table, &used))
		memset (&used, 0, sizeof used);
	*ret_model = used.model;
	/* A run of one model may have its price beside the list. */
	*ret = m->row->n_models == 1 ? m->row->sum : sum_of (&used);
	return 1;
}

/* ---- rows ---- */

static void
add_models (struct runs_row *row)
{
	struct runs_models m;
	struct runs_sum sum;
	struct lhk_text model;

	runs_models_begin (&m, row);
	while (runs_models_next (&m, &model, &sum)) {
		runs_sum_add (&row->sum, &sum);
		row->n_models++;
	}
}

static void
read_request (struct runs_row *row, const struct lhk_raw *raw)
{
	struct request r;

	if (lhk_json_raw_object (raw, &request_table, &r) < 0)
		return;
	row->cwd = r.cwd;
	row->prompt = r.prompt;
	row->argv = r.argv;
	row->labels = r.labels;
}

static void
read_result (struct runs_row *row)
{
	struct rusage rusage;
	struct result r;

	if (lhk_json_line (row->text.data, row->text.len - 1, &result_table, &r)
	    < 0)
		return;
	read_request (row, &r.request);
	if (lhk_json_raw_object (&r.rusage, &rusage_table, &rusage) == LHK_OK
	    && rusage.wall_ms.has == 1 && rusage.wall_ms.value >= 0)
		row->wall_ms = rusage.wall_ms.value;
	row->complete = r.complete == 1;
	row->session = LHK_TEXT_IS (&r.scope, "session");
	row->usage = r.usage;
	add_models (row);
	/* The price of the whole run counts where no model has one. */
	if (r.usage.type == LHK_JSON_ARRAY && !row->sum.has_cost)
		add_cost (&row->sum, &r.used);
}

/* A copy, with what the reader wants behind a line. */
static void
copy_text (struct runs_row *row, const struct lhk_str *text)
{
	static const char padding[LHK_LINE_PADDING] = "\n";

	if (strbuf_reserve (&row->text, text->len + sizeof padding) < 0)
		return;
	strbuf_add (&row->text, text->ptr, text->len);
	strbuf_add (&row->text, padding, sizeof padding);
	row->text.len = text->len + 1;
}

void
runs_row_read (struct runs_row *row, struct lhk_store *store,
	       const struct lhk_record_info *info, uint32_t include)
{
	struct lhk_str text;

	memset (row, 0, sizeof *row);
	row->info = info;
	row->wall_ms = -1;
	strbuf_init (&row->text, &mem_system);
	if ((info->status != LHK_RECORD_ENDED && include == 0)
	    || lhk_store_show (store, info->id, include, &text, NULL, NULL) < 0)
		return;
	copy_text (row, &text);
	if (row->text.len > 0)
		read_result (row);
}

void
runs_row_free (struct runs_row *row)
{
	strbuf_free (&row->text);
}

/* ---- how it was started ---- */

void
runs_row_label (const struct runs_row *row, const char *key,
		struct lhk_text *ret)
{
	struct lhk_json j;
	struct lhk_text name;

	memset (ret, 0, sizeof *ret);
	if (row->labels.type != LHK_JSON_OBJECT)
		return;
	lhk_json_begin_raw (&j, &row->labels);
	(void) lhk_json_enter (&j);
	/* Of duplicate keys the last counts. */
	while (lhk_json_key (&j, &name))
		if (lhk_text_is (&name, key, strlen (key))
		    && !lhk_json_string (&j, ret))
			memset (ret, 0, sizeof *ret);
}

/* Append WORD, in plain UTF-8, to the text of LEN bytes; its new length. */
static size_t
append_word (const struct lhk_text *word, char *text, size_t len, size_t size)
{
	if (len > 0 && len + 1 < size)
		text[len++] = ' ';
	brief_line (word, text + len, size - len);
	return len + strlen (text + len);
}

static int
has_blank (const struct lhk_text *word)
{
	return memchr (word->ptr, ' ', word->len) != NULL;
}

void
runs_row_command (const struct runs_row *row, char *text, size_t size)
{
	struct lhk_text word, longest = { NULL, 0, 0, 0 };
	struct lhk_json j;
	size_t n = 0, len = 0;

	text[0] = '\0';
	if (row->argv.type != LHK_JSON_ARRAY)
		return;
	lhk_json_begin_raw (&j, &row->argv);
	(void) lhk_json_enter (&j);
	while (lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &word))
			continue;
		if (n++ > 0 && word.len > longest.len && has_blank (&word))
			longest = word;
		if (len + 1 < size)
			len = append_word (&word, text, len, size);
	}
	if (longest.len > 0)
		brief_line (&longest, text, size);
}

/* ---- text ---- */

void
runs_count_text (const struct runs_sum *s, unsigned int which, int64_t n,
		 const char *none, char text[UNITS_SIZE])
{
	if ((s->has & which) != 0)
		snprintf (text, UNITS_SIZE, "%" PRId64, n);
	else
		snprintf (text, UNITS_SIZE, "%s", none);
}

void
runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE])
{
	clock_rfc3339 (unix_ms, text);
	/* Whole seconds are enough for a list. */
	strcpy (strchr (text, '.'), "Z");
}
