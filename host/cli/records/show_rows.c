/* SPDX-License-Identifier: MIT */
/* show_rows.c - what a record knows of a run, a row each. */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/records/resume.h"
#include "cli/records/row.h"
#include "cli/records/show_page.h"
#include "common/clock.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/shell_words.h"
#include "common/units.h"
#include "format/safe_text.h"
#include "format/summary_text.h"

/* Bytes of a word of the command line that are shown: prompts are long. */
#define WORD_SHOWN 400

/* Characters that are shown of a text of the agent in one row. */
#define TEXT_SHOWN 300

/* ---- what the events come to ---- */

struct state {
	struct lhk_num last_seq, last_t;
	struct lhk_raw session, plan, ask, tools_open, notices;
	struct lhk_text text;
};

static const struct lhk_field state_fields[] = {
	LHK_FIELD ("last_seq", LHK_FIELD_INT, struct state, last_seq),
	LHK_FIELD ("last_t", LHK_FIELD_INT, struct state, last_t),
	LHK_FIELD ("session", LHK_FIELD_RAW, struct state, session),
	LHK_FIELD ("plan", LHK_FIELD_RAW, struct state, plan),
	LHK_FIELD ("ask", LHK_FIELD_RAW, struct state, ask),
	LHK_FIELD ("tools_open", LHK_FIELD_RAW, struct state, tools_open),
	LHK_FIELD ("notices", LHK_FIELD_RAW, struct state, notices),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct state, text),
};
LHK_FIELDS (state_table, struct state, state_fields);

/* The members that are shown of an event in it, or of an entry of a plan. */
struct part {
	struct lhk_text id, model, name, brief, text, status;
};

static const struct lhk_field part_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct part, id),
	LHK_FIELD ("model", LHK_FIELD_TEXT, struct part, model),
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct part, name),
	LHK_FIELD ("brief", LHK_FIELD_TEXT, struct part, brief),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct part, text),
	LHK_FIELD ("status", LHK_FIELD_TEXT, struct part, status),
};
LHK_FIELDS (part_table, struct part, part_fields);

struct rows {
	const struct show_page *page;
	const struct record_info *info;
	struct state state;
	struct table *table;
	struct strbuf value;
	struct outbuf out; /* to VALUE */
};

static void
put_text (struct outbuf *o, const struct lhk_text *text)
{
	format_safe_text (o, text, 1, TEXT_SHOWN);
}

/* What separates two things in a row, unless this is the first. */
static void
put_comma (struct outbuf *o)
{
	if (o->len > 0)
		OUTBUF_LIT (o, ", ");
}

static void
put_count (struct outbuf *o, uint64_t n)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	outbuf_str (o, text);
}

static void
put_duration (struct outbuf *o, int64_t ms)
{
	char text[UNITS_SIZE];

	units_print_duration (ms, text);
	outbuf_str (o, text);
}

/* How long ago AT_MS was, in whole seconds. */
static void
put_ago (const struct rows *r, struct outbuf *o, int64_t at_ms)
{
	char text[UNITS_SIZE];
	int64_t ms = r->page->now_ms - at_ms;

	units_print_seconds (ms > 0 ? ms / 1000 : 0, text);
	outbuf_str (o, text);
	OUTBUF_LIT (o, " ago");
}

static int
has_started (const struct rows *r)
{
	return r->info->started_ms.has == 1 && r->info->started_ms.value > 0
	       && r->info->started_ms.value <= CLOCK_UNIX_MS_MAX;
}

/* The session that the events tell of; all absent if they tell of none. */
static struct part
session_of (const struct rows *r)
{
	struct part part;

	if (lhk_json_raw_object (&r->state.session, &part_table, &part) < 0)
		memset (&part, 0, sizeof part);
	return part;
}

/* ---- who and how ---- */

static void
put_agent (struct rows *r, struct outbuf *o)
{
	const struct part session = session_of (r);
	const struct lhk_text *model = r->info->result->model.ptr != NULL
					       ? &r->info->result->model
					       : &session.model;

	put_text (o, r->info->provider.ptr != NULL ? &r->info->provider
						   : &r->info->plugin);
	if (model->len > 0) {
		put_comma (o);
		put_text (o, model);
	}
}

static void
put_directory (struct rows *r, struct outbuf *o)
{
	put_text (o, &r->info->cwd);
}

/* What the agent was asked, where linehook has made the command line. */
static void
put_prompt (struct rows *r, struct outbuf *o)
{
	put_text (o, &r->info->prompt);
}

/* The words of the command in WORDS, a NUL behind each.  How many they are. */
static size_t
copy_words (const struct lhk_raw *argv, struct strbuf *words)
{
	struct lhk_text text;
	struct lhk_json j;
	struct outbuf *o = mem_new (&mem_system, sizeof *o);
	size_t n = 0;

	lhk_json_begin_raw (&j, argv);
	if (o != NULL && argv->type == LHK_JSON_ARRAY && lhk_json_enter (&j)) {
		outbuf_init (o, strbuf_write, words);
		while (lhk_json_element (&j)) {
			if (!lhk_json_string (&j, &text))
				continue;
			/* Harmless, so without a NUL. */
			format_safe_text (o, &text, 1, WORD_SHOWN);
			outbuf_byte (o, '\0');
			n++;
		}
		outbuf_flush (o);
	}
	mem_free (&mem_system, o, sizeof *o);
	return strbuf_failed (words) < 0 ? 0 : n;
}

static void
put_command (struct rows *r, struct outbuf *o)
{
	struct strbuf words;
	const char **argv;
	const char *word;
	size_t i, n;

	strbuf_init (&words, &mem_system);
	n = copy_words (&r->info->argv, &words);
	argv = n > 0 ? calloc (n + 1, sizeof *argv) : NULL;
	if (argv != NULL) {
		word = strbuf_str (&words);
		for (i = 0; i < n; i++, word += strlen (word) + 1)
			argv[i] = word;
		shell_words_put (o, argv, 0);
	}
	free (argv);
	strbuf_free (&words);
}

static void
put_labels (struct rows *r, struct outbuf *o)
{
	struct lhk_text key, value;
	struct lhk_json j;

	lhk_json_begin_raw (&j, &r->info->labels);
	if (r->info->labels.type != LHK_JSON_OBJECT || !lhk_json_enter (&j))
		return;
	while (lhk_json_key (&j, &key)) {
		if (!lhk_json_string (&j, &value))
			continue;
		put_comma (o);
		put_text (o, &key);
		outbuf_byte (o, '=');
		put_text (o, &value);
	}
}

/* ---- when ---- */

static void
put_started (struct rows *r, struct outbuf *o)
{
	char text[CLOCK_RFC3339_SIZE];

	if (!has_started (r))
		return;
	runs_time (r->info->started_ms.value, text);
	outbuf_str (o, text);
	OUTBUF_LIT (o, " (");
	put_ago (r, o, r->info->started_ms.value);
	OUTBUF_LIT (o, ")");
}

static void
put_time (struct rows *r, struct outbuf *o)
{
	const struct lhk_outcome *how = &r->info->result->outcome;
	int64_t started = r->info->started_ms.value;

	if (r->info->status == LHK_RECORD_RUNNING && has_started (r)) {
		put_duration (o, r->page->now_ms - started);
		OUTBUF_LIT (o, " so far");
	} else if (how->end_reason != 0
		   && r->info->status == LHK_RECORD_ENDED) {
		put_duration (o, how->wall_ms > INT64_MAX
					 ? INT64_MAX
					 : (int64_t) how->wall_ms);
	}
}

/* "12 s ago (event 33)" */
static void
put_last_event (struct rows *r, struct outbuf *o)
{
	const int64_t t = r->state.last_t.value;

	if (r->state.last_seq.has != 1 || r->state.last_seq.value <= 0)
		return;
	if (has_started (r) && r->state.last_t.has == 1 && t >= 0
	    && t <= CLOCK_UNIX_MS_MAX) {
		put_ago (r, o, r->info->started_ms.value + t);
		OUTBUF_LIT (o, " (event ");
		outbuf_i64 (o, r->state.last_seq.value);
		OUTBUF_LIT (o, ")");
	} else {
		OUTBUF_LIT (o, "event ");
		outbuf_i64 (o, r->state.last_seq.value);
	}
}

static void
put_host (struct rows *r, struct outbuf *o)
{
	if (r->info->status == LHK_RECORD_ENDED || r->info->host_pid.has != 1
	    || r->info->host_pid.value <= 0)
		return;
	OUTBUF_LIT (o, "process ");
	outbuf_i64 (o, r->info->host_pid.value);
	if (r->info->status == LHK_RECORD_LOST)
		OUTBUF_LIT (o, ", which has gone");
	else if (r->info->is_detached)
		OUTBUF_LIT (o, ", detached");
}

/* ---- what it used ---- */

/* "4,580 tokens in (2,000 cached), 156 out", and the cost of this model if there
 * are others. */
static void
put_total (struct outbuf *o, const struct lhk_usage_total *t)
{
	if ((t->has & LHK_USAGE_INPUT) != 0) {
		put_count (o, (uint64_t) t->input);
		OUTBUF_LIT (o, " tokens in");
	}
	if ((t->has & LHK_USAGE_CACHE_READ) != 0 && t->cache_read > 0) {
		OUTBUF_LIT (o, " (");
		put_count (o, (uint64_t) t->cache_read);
		OUTBUF_LIT (o, " cached)");
	}
	if ((t->has & LHK_USAGE_OUTPUT) != 0) {
		put_comma (o);
		put_count (o, (uint64_t) t->output);
		OUTBUF_LIT (o, " out");
	}
}

static void
put_cost (struct outbuf *o, int64_t nano, int is_estimated)
{
	const struct lhk_result cost = { .has_cost = 1, .cost_nano_usd = nano };

	format_cost (o, &cost);
	if (is_estimated)
		OUTBUF_LIT (o, " (estimated)");
}

/* Add a row, unless the value that was written is empty. */
static void
add_row (struct rows *r, const char *label)
{
	const char *cells[2] = { label, NULL };

	outbuf_flush (&r->out);
	cells[1] = strbuf_str (&r->value);
	if (r->value.len > 0)
		table_add (r->table, cells, ARRAY_SIZE (cells));
	if (strbuf_failed (&r->value) < 0)
		table_set_failed (r->table);
	strbuf_clear (&r->value);
}

/* A row for each model, with its name where there are several. */
static void
add_usage (struct rows *r)
{
	const struct lhk_result *result = r->info->result;
	const char *label = "Usage";
	size_t i;

	for (i = 0; i < result->n_usage; i++) {
		const struct lhk_usage_total *t = &result->usage[i];

		put_total (&r->out, t);
		if (result->n_usage > 1 && (t->has & LHK_USAGE_COST) != 0) {
			put_comma (&r->out);
			put_cost (&r->out, t->cost_nano_usd, t->estimated != 0);
		}
		if (result->n_usage > 1 && r->out.len > 0 && t->model.len > 0) {
			OUTBUF_LIT (&r->out, "  ");
			put_text (&r->out, &t->model);
		}
		if (r->out.len == 0)
			continue;
		add_row (r, label);
		label = " ";
	}
}

static void
put_all_cost (struct rows *r, struct outbuf *o)
{
	const struct lhk_result *result = r->info->result;
	int estimated = 0;
	size_t i;

	for (i = 0; i < result->n_usage; i++)
		estimated |= result->usage[i].estimated != 0;
	if (result->has_cost)
		put_cost (o, result->cost_nano_usd, estimated);
	if (r->info->status == LHK_RECORD_ENDED && !result->complete_usage
	    && (result->n_usage > 0 || result->has_cost)) {
		put_comma (o);
		OUTBUF_LIT (o, "some of the usage was not reported");
	}
}

/* "6, 1 failed" */
static void
put_tools (struct rows *r, struct outbuf *o)
{
	const struct lhk_result *result = r->info->result;
	const struct {
		uint64_t n;
		const char *what;
	} ends[] = {
		{ result->tools_failed, " failed" },
		{ result->tools_denied, " denied" },
		{ result->tools_canceled, " canceled" },
		{ result->tools_open, " without an end" },
	};
	size_t i;

	if (result->tools_started == 0)
		return;
	put_count (o, result->tools_started);
	for (i = 0; i < ARRAY_SIZE (ends); i++) {
		if (ends[i].n == 0)
			continue;
		put_comma (o);
		put_count (o, ends[i].n);
		outbuf_str (o, ends[i].what);
	}
}

/* ---- where it stands ---- */

/* "Bash: make check" */
static void
put_call (struct outbuf *o, const struct part *call)
{
	put_text (o, &call->name);
	if (call->brief.len > 0) {
		OUTBUF_LIT (o, ": ");
		put_text (o, &call->brief);
	}
}

/* "[x] the text" */
static void
put_entry (struct outbuf *o, const struct part *entry)
{
	if (LHK_TEXT_IS (&entry->status, "completed"))
		OUTBUF_LIT (o, "[x] ");
	else if (LHK_TEXT_IS (&entry->status, "in_progress"))
		OUTBUF_LIT (o, "[>] ");
	else
		OUTBUF_LIT (o, "[ ] ");
	put_text (o, &entry->text);
}

/* A row for each object of LIST; the first has the label. */
static void
add_list (struct rows *r, const char *label, const struct lhk_raw *list,
	  void (*put) (struct outbuf *o, const struct part *part))
{
	struct lhk_json j;
	struct part part;

	lhk_json_begin_raw (&j, list);
	if (list->type != LHK_JSON_ARRAY || !lhk_json_enter (&j))
		return;
	while (lhk_json_element (&j)) {
		if (!lhk_json_object (&j, &part_table, &part))
			continue;
		put (&r->out, &part);
		add_row (r, label);
		label = " ";
	}
}

static void
put_ask (struct rows *r, struct outbuf *o)
{
	struct part ask;

	if (lhk_json_raw_object (&r->state.ask, &part_table, &ask) == LHK_OK)
		put_text (o, &ask.text);
}

/* "retry 2, stderr 5": notices by code. */
static void
put_notices (struct rows *r, struct outbuf *o)
{
	struct lhk_text code;
	struct lhk_json j;
	struct lhk_num n;

	lhk_json_begin_raw (&j, &r->state.notices);
	if (!r->page->with_state || r->state.notices.type != LHK_JSON_OBJECT
	    || !lhk_json_enter (&j))
		return;
	while (lhk_json_key (&j, &code)) {
		if (!lhk_json_int (&j, &n))
			continue;
		put_comma (o);
		put_text (o, &code);
		OUTBUF_LIT (o, " ");
		outbuf_i64 (o, n.value);
	}
}

/* ---- how to go on ---- */

static const struct lhk_text *
session_id (const struct rows *r, struct part *session)
{
	*session = session_of (r);
	return r->info->result->session_id.ptr != NULL
		       ? &r->info->result->session_id
		       : &session->id;
}

static void
put_session (struct rows *r, struct outbuf *o)
{
	struct part session;

	/* All of it: it is to be copied. */
	format_safe_text (o, session_id (r, &session), 1, 0);
}

static void
put_resume (struct rows *r, struct outbuf *o)
{
	char name[RECORD_INFO_NAME_SIZE];
	struct part session;
	const struct lhk_text *id = session_id (r, &session);

	if (r->info->status != LHK_RECORD_RUNNING)
		records_put_resume (
			o, record_info_name (&r->info->plugin, name), id);
}

static void
put_record (struct rows *r, struct outbuf *o)
{
	outbuf_str (o, r->page->dir);
	OUTBUF_LIT (o, "/");
	outbuf_str (o, r->page->id);
}

static void
put_size (struct outbuf *o, uint64_t bytes)
{
	char text[UNITS_SIZE];

	if (bytes < 1024) {
		outbuf_u64 (o, bytes);
		OUTBUF_LIT (o, " bytes");
		return;
	}
	units_print_size (bytes, text);
	outbuf_str (o, text);
}

static void
put_files (struct rows *r, struct outbuf *o)
{
	static const char *const names[] = {
		"run.json",	 "stdout.raw",	"stderr.raw",
		"events.ndjson", "result.json", "host.log",
	};
	char path[PATH_MAX];
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (names); i++) {
		snprintf (path, sizeof path, "%s/%s/%s", r->page->dir,
			  r->page->id, names[i]);
		if (fstatat (AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0
		    || !S_ISREG (st.st_mode))
			continue;
		put_comma (o);
		outbuf_str (o, names[i]);
		OUTBUF_LIT (o, " ");
		put_size (o, (uint64_t) st.st_size);
	}
	if (r->info->complete < 0) {
		put_comma (o);
		OUTBUF_LIT (o, "not complete");
	}
}

/* What can be done with what a lost run has left. */
static void
put_left (struct rows *r, struct outbuf *o)
{
	if (r->info->status != LHK_RECORD_LOST)
		return;
	OUTBUF_LIT (o,
		    "all that the agent printed until then; linehook replay ");
	outbuf_str (o, r->page->id);
	OUTBUF_LIT (o, " parses it");
}

/* ---- all rows ---- */

static const struct {
	const char *label;
	void (*put) (struct rows *r, struct outbuf *o);
} before[] = {
	{ "Agent", put_agent },		  { "Directory", put_directory },
	{ "Command", put_command },	  { "Prompt", put_prompt },
	{ "Labels", put_labels },	  { "Started", put_started },
	{ "Duration", put_time },	  { "Host", put_host },
	{ "Last event", put_last_event },
};

static const struct {
	const char *label;
	void (*put) (struct rows *r, struct outbuf *o);
} after[] = {
	{ "Question", put_ask },    { "Notices", put_notices },
	{ "Cost", put_all_cost },   { "Tool calls", put_tools },
	{ "Session", put_session }, { "Resume", put_resume },
	{ "Record", put_record },   { "Files", put_files },
	{ "Left", put_left },
};

void
show_rows_add (const struct show_page *page, struct table *table)
{
	static struct rows r;
	size_t i;

	r.page = page;
	r.info = page->info;
	r.table = table;
	strbuf_init (&r.value, &mem_system);
	outbuf_init (&r.out, strbuf_write, &r.value);
	if (lhk_json_raw_object (&page->info->state, &state_table, &r.state)
	    < 0)
		memset (&r.state, 0, sizeof r.state);
	for (i = 0; i < ARRAY_SIZE (before); i++) {
		before[i].put (&r, &r.out);
		add_row (&r, before[i].label);
	}
	add_list (&r, "Doing", &r.state.tools_open, put_call);
	add_list (&r, "Plan", &r.state.plan, put_entry);
	add_usage (&r);
	for (i = 0; i < ARRAY_SIZE (after); i++) {
		after[i].put (&r, &r.out);
		add_row (&r, after[i].label);
	}
	strbuf_free (&r.value);
}
