/* SPDX-License-Identifier: MIT */
/* usage.c - tokens and money of any number of runs, each counted once. */
#include "config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output/stdout.h"
#include "cli/output/table.h"
#include "cli/records/usage.h"
#include "common/macros.h"
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

/* Lines that are printed at most, and slots by which they are found: keys come
 * from agents.  What has no line of its own is counted in the last one. */
#define LINES_MAX 16384u
#define SLOTS (4 * LINES_MAX)
#define OTHERS "(others)"

struct usage_table {
	struct usage_keys by;
	struct line *lines;
	size_t n, cap;
	uint32_t *slots; /* SLOTS of them: the number of a line + 1, or 0 */
	uint64_t run;	 /* the runs so far */
	struct line total;
};

static const char *const titles[BY_MAX] = { "model", "provider", "day",
					    USAGE_LABEL };

/* What a run is counted under that has no such label. */
#define NO_LABEL "(none)"

/* ---- keys ---- */

/* Is the LEN bytes at TEXT "label:KEY"?  1 and *RET, or 0. */
static int
parse_label (const char *text, size_t len, struct usage_keys *ret)
{
	static const size_t front = sizeof USAGE_LABEL - 1;

	if (len <= front || len >= sizeof ret->label
	    || strncmp (text, USAGE_LABEL, front) != 0)
		return 0;
	memcpy (ret->label, text, len);
	ret->label[len] = '\0';
	return label_key_len (ret->label + front) == len - front;
}

/* The BY_* whose title is the LEN bytes at TEXT, or -1. */
static int
find_key (const char *text, size_t len, struct usage_keys *ret)
{
	int i;

	for (i = 0; i < BY_LABEL; i++)
		if (strlen (titles[i]) == len
		    && strncmp (text, titles[i], len) == 0)
			return i;
	return ret->label[0] == '\0' && parse_label (text, len, ret) ? BY_LABEL
								     : -1;
}

/* The title of the key at I. */
static const char *
title_of (const struct usage_table *t, size_t i)
{
	int key = t->by.keys[i];

	return key == BY_LABEL ? t->by.label : titles[key];
}

int
usage_keys_parse (const char *text, struct usage_keys *ret)
{
	unsigned int seen = 0;
	size_t len;
	int key;

	ret->n = 0;
	ret->label[0] = '\0';
	if (strcmp (text, "all") == 0)
		return 0;
	for (;; text += len + 1) {
		len = strcspn (text, ",");
		key = find_key (text, len, ret);
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

	if (t == NULL)
		return NULL;
	t->by = *by;
	strcpy (t->total.keys[0], "total");
	t->slots = calloc (SLOTS, sizeof *t->slots);
	if (t->slots == NULL) {
		free (t);
		return NULL;
	}
	return t;
}

void
usage_table_free (struct usage_table *t)
{
	if (t == NULL)
		return;
	free (t->lines);
	free (t->slots);
	free (t);
}

/* A word of a record as valid UTF-8, cut to fit. */
static void
set_key (char key[KEY_SIZE], const struct lhk_text *word)
{
	struct text_reader r;

	text_reader_init (&r, word);
	key[text_reader_plain (&r, key, KEY_SIZE - 1)] = '\0';
}

static void
set_keys (const struct usage_table *t, const struct runs_row *row,
	  const struct lhk_text *model, struct line *line)
{
	static const struct lhk_text none = LHK_TEXT_INIT (NO_MODEL);
	static const struct lhk_text no_label = LHK_TEXT_INIT (NO_LABEL);

	char day[CLOCK_RFC3339_SIZE];
	struct lhk_text label = { NULL, 0, 0, 0 };
	size_t i;

	if (t->by.label[0] != '\0')
		runs_row_label (row, t->by.label + sizeof USAGE_LABEL - 1,
				&label);
	memset (line, 0, sizeof *line);
	runs_time (row->info->started_ms, day);
	day[sizeof "2026-11-21" - 1] = '\0';
	for (i = 0; i < t->by.n; i++) {
		const struct lhk_text words[BY_MAX] = {
			[BY_MODEL] = model->ptr != NULL ? *model : none,
			[BY_PROVIDER] = text_from_cstr (row->info->provider),
			[BY_DAY] = text_from_cstr (day),
			[BY_LABEL] = label.ptr != NULL ? label : no_label,
		};

		set_key (line->keys[i], &words[t->by.keys[i]]);
	}
}

static size_t
hash_keys (const struct line *line)
{
	const unsigned char *p = (const unsigned char *) line->keys;
	uint64_t h = UINT64_C (0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < sizeof line->keys; i++)
		h = (h ^ p[i]) * UINT64_C (0x100000001b3);
	return (size_t) (h ^ h >> 32) % SLOTS;
}

/* The slot of LINE's keys, which is 0 if they have no line. */
static uint32_t *
find_slot (const struct usage_table *t, const struct line *line)
{
	size_t at = hash_keys (line);

	while (t->slots[at] != 0
	       && memcmp (t->lines[t->slots[at] - 1].keys, line->keys,
			  sizeof line->keys)
			  != 0)
		at = (at + 1) % SLOTS;
	return &t->slots[at];
}

/* Room for one more line.  0, or -1 for no memory. */
static int
grow (struct usage_table *t)
{
	struct line *more;

	if (t->n < t->cap)
		return 0;
	more = realloc (t->lines, (t->cap * 2 + 8) * sizeof *more);
	if (more == NULL)
		return -1;
	t->lines = more;
	t->cap = t->cap * 2 + 8;
	return 0;
}

static void
set_others (const struct usage_table *t, struct line *line)
{
	size_t i;

	memset (line->keys, 0, sizeof line->keys);
	for (i = 0; i < t->by.n; i++)
		strcpy (line->keys[i], OTHERS);
}

/* The line for a run and a model, which is made if it is new; NULL for no
 * memory. */
static struct line *
get_line (struct usage_table *t, const struct runs_row *row,
	  const struct lhk_text *model)
{
	struct line line;
	uint32_t *slot;

	set_keys (t, row, model, &line);
	slot = find_slot (t, &line);
	if (*slot == 0 && t->n >= LINES_MAX - 1) {
		set_others (t, &line);
		slot = find_slot (t, &line);
	}
	if (*slot == 0) {
		if (grow (t) < 0)
			return NULL;
		t->lines[t->n++] = line;
		*slot = (uint32_t) t->n;
	}
	return &t->lines[*slot - 1];
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
		line->session = runs_add (line->session,
					  runs_add (sum->input, sum->output));
}

static int
count_model (struct usage_table *t, const struct runs_row *row,
	     const struct lhk_text *model, const struct runs_sum *sum)
{
	struct line *line = get_line (t, row, model);

	if (line == NULL)
		return -1;
	count (t, line, row, sum);
	return 0;
}

static int
count_models (struct usage_table *t, const struct runs_row *row)
{
	struct runs_models m;
	struct lhk_text model;
	struct runs_sum sum;
	int r = 0;

	runs_models_begin (&m, row);
	while (r == 0 && runs_models_next (&m, &model, &sum))
		r = count_model (t, row, &model, &sum);
	return r;
}

int
usage_table_add (struct usage_table *t, const struct runs_row *row)
{
	static const struct lhk_text none = { NULL, 0, 0, 0 };

	t->run++;
	count (t, &t->total, row, &row->sum);
	if (t->by.n == 0)
		return 0;
	return has_key (t, BY_MODEL) && row->n_models > 0
		       ? count_models (t, row)
		       : count_model (t, row, &none, &row->sum);
}

/* ---- printing ---- */

/* clang-format off: a table */
static const struct table_column number_columns[] = {
	{ "runs", TABLE_RIGHT, 0 },	  { "input", TABLE_RIGHT, 0 },
	{ "output", TABLE_RIGHT, 0 },	  { "cache read", TABLE_RIGHT, 0 },
	{ "USD", TABLE_RIGHT, 0 },	  { "estimated", TABLE_RIGHT, 0 },
	{ "incomplete", TABLE_RIGHT, 0 }, { "session", TABLE_RIGHT, 0 },
};
/* clang-format on */

enum { COLUMN_ESTIMATED = 5, COLUMN_INCOMPLETE = 6, COLUMN_SESSION = 7 };

/* A column that has nothing but 0 tells nothing, and lines are wide. */
static int
is_shown (const struct usage_table *t, size_t column)
{
	switch (column) {
	case COLUMN_ESTIMATED:
		return t->total.sum.estimated_nano != 0;
	case COLUMN_INCOMPLETE:
		return t->total.incomplete != 0;
	case COLUMN_SESSION:
		return t->total.session != 0;
	default:
		return 1;
	}
}

/* Columns of keys; the total needs one in any case. */
static size_t
n_keys (const struct usage_table *t)
{
	return t->by.n > 0 ? t->by.n : 1;
}

/* In the order in which they are printed; a table has the first three. */
static const struct {
	unsigned int which; /* RUNS_* */
	const char *name;
	size_t offset; /* in struct runs_sum */
} counts[] = {
	{ RUNS_INPUT, "input_tokens", offsetof (struct runs_sum, input) },
	{ RUNS_OUTPUT, "output_tokens", offsetof (struct runs_sum, output) },
	{ RUNS_CACHE_READ, "cache_read_input_tokens",
	  offsetof (struct runs_sum, cache_read) },
	{ RUNS_CACHE_WRITE, "cache_creation_input_tokens",
	  offsetof (struct runs_sum, cache_write) },
	{ RUNS_REASONING, "reasoning_output_tokens",
	  offsetof (struct runs_sum, reasoning) },
};

static int64_t
count_of (const struct runs_sum *sum, size_t i)
{
	return *(const int64_t *) (const void *) ((const char *) sum
						  + counts[i].offset);
}

static void
count_text (const struct runs_sum *sum, size_t i, const char *none,
	    char text[UNITS_SIZE])
{
	runs_count_text (sum, counts[i].which, count_of (sum, i), none, text);
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
add_row (const struct usage_table *t, const struct line *line,
	 struct table *rows)
{
	char numbers[ARRAY_SIZE (number_columns)][UNITS_SIZE];
	const char *cells[BY_MAX + ARRAY_SIZE (number_columns)];
	const struct runs_sum *sum = &line->sum;
	size_t i, n = n_keys (t);

	for (i = 0; i < n; i++)
		cells[i] = line->keys[i];
	for (i = 0; i < ARRAY_SIZE (number_columns); i++)
		if (is_shown (t, i))
			cells[n++] = numbers[i];
	snprintf (numbers[0], UNITS_SIZE, "%" PRIu64, line->runs);
	for (i = 0; i < 3; i++)
		count_text (sum, i, "-", numbers[1 + i]);
	cost_text (sum, sum->cost_nano, "-", numbers[4]);
	cost_text (sum, sum->estimated_nano, "-", numbers[5]);
	snprintf (numbers[6], UNITS_SIZE, "%" PRIu64, line->incomplete);
	snprintf (numbers[7], UNITS_SIZE, "%" PRId64, line->session);
	table_add (rows, cells, n);
}

/* A date says nothing when it is cut. */
static uint32_t
key_flags (const struct usage_table *t, size_t i)
{
	return i < t->by.n && t->by.keys[i] == BY_DAY
		       ? TABLE_BLANK
		       : (uint32_t) TABLE_BLANK | TABLE_CUT;
}

static void
print_table (const struct usage_table *t, unsigned int columns_max)
{
	struct table_column columns[BY_MAX + ARRAY_SIZE (number_columns)];
	struct table_layout layout = { .columns = columns, .gap = 1 };
	static struct table rows;
	size_t i;

	for (i = 0; i < n_keys (t); i++)
		columns[i] = (struct table_column){
			t->by.n > 0 ? title_of (t, i) : "",
			key_flags (t, i),
			KEY_WIDTH_MIN,
		};
	layout.n_columns = i;
	for (i = 0; i < ARRAY_SIZE (number_columns); i++)
		if (is_shown (t, i))
			columns[layout.n_columns++] = number_columns[i];
	table_init (&rows, &layout);
	for (i = 0; i < t->n; i++)
		add_row (t, &t->lines[i], &rows);
	add_row (t, &t->total, &rows);
	table_show (&rows, columns_max);
	table_free (&rows);
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
		jw_str (&w, title_of (t, i), line->keys[i]);
	jw_u64 (&w, "runs", line->runs);
	for (i = 0; i < ARRAY_SIZE (counts); i++)
		if ((sum->has & counts[i].which) != 0)
			jw_i64 (&w, counts[i].name, count_of (sum, i));
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

	for (i = 0; i < n_keys (t); i++)
		stdout_printf ("%s,", t->by.n > 0 ? title_of (t, i) : "sum");
	stdout_printf ("runs,");
	for (i = 0; i < ARRAY_SIZE (counts); i++)
		stdout_printf ("%s,", counts[i].name);
	stdout_printf ("cost_usd,estimated_cost_usd,"
		       "incomplete_runs,session_tokens\n");
}

static void
print_csv (const struct usage_table *t, const struct line *line)
{
	char cost[UNITS_SIZE], estimated[UNITS_SIZE], count[UNITS_SIZE];
	size_t i;

	cost_text (&line->sum, line->sum.cost_nano, "", cost);
	cost_text (&line->sum, line->sum.estimated_nano, "", estimated);
	for (i = 0; i < n_keys (t); i++)
		put_quoted (line->keys[i]);
	stdout_printf ("%" PRIu64 ",", line->runs);
	for (i = 0; i < ARRAY_SIZE (counts); i++) {
		count_text (&line->sum, i, "", count);
		stdout_printf ("%s,", count);
	}
	stdout_printf ("%s,%s,%" PRIu64 ",%" PRId64 "\n", cost, estimated,
		       line->incomplete, line->session);
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
usage_table_print (struct usage_table *t, int as, unsigned int columns)
{
	void (*print) (const struct usage_table *t, const struct line *line) =
		as == AS_JSON ? print_json : print_csv;
	size_t i;

	if (t->n > 1)
		qsort (t->lines, t->n, sizeof *t->lines, compare_keys);
	if (as == AS_TABLE) {
		print_table (t, columns);
		return;
	}
	if (as == AS_CSV)
		print_csv_head (t);
	for (i = 0; i < t->n; i++)
		print (t, &t->lines[i]);
	if (t->by.n == 0)
		print (t, &t->total);
}
