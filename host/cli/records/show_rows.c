/* SPDX-License-Identifier: MIT */
/* show_rows.c - what a record knows of a run, a row each. */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/records/resume.h"
#include "cli/records/row.h"
#include "cli/records/show_rows.h"
#include "common/clock.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/shell_words.h"
#include "common/units.h"
#include "format/safe_text.h"

/* Bytes of a word of the command line that are shown: prompts are long. */
#define WORD_SHOWN 400

/* Characters that are shown of a text of the agent in one row. */
#define TEXT_SHOWN 300

/* ---- for all rows ---- */

void
show_put_text (struct outbuf *o, const struct lhk_text *text)
{
	format_safe_text (o, text, 1, TEXT_SHOWN);
}

void
show_put_comma (struct outbuf *o)
{
	if (o->len > 0)
		OUTBUF_LIT (o, ", ");
}

void
show_put_count (struct outbuf *o, uint64_t n)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	outbuf_str (o, text);
}

void
show_put_ago (const struct show_rows *r, struct outbuf *o, int64_t at_ms)
{
	char text[UNITS_SIZE];
	int64_t ms = r->page->now_ms - at_ms;

	units_print_seconds (ms > 0 ? ms / 1000 : 0, text);
	outbuf_str (o, text);
	OUTBUF_LIT (o, " ago");
}

int
show_has_started (const struct show_rows *r)
{
	return r->info->started_ms.has == 1 && r->info->started_ms.value > 0
	       && r->info->started_ms.value <= CLOCK_UNIX_MS_MAX;
}

void
show_add_row (struct show_rows *r, const char *label)
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

static void
put_duration (struct outbuf *o, int64_t ms)
{
	char text[UNITS_SIZE];

	units_print_duration (ms, text);
	outbuf_str (o, text);
}

/* ---- who and how ---- */

static void
put_agent (struct show_rows *r, struct outbuf *o)
{
	const struct show_part session = show_session (r);
	const struct lhk_text *model = r->info->result->model.ptr != NULL
					       ? &r->info->result->model
					       : &session.model;

	show_put_text (o, r->info->provider.ptr != NULL ? &r->info->provider
							: &r->info->plugin);
	if (model->len > 0) {
		show_put_comma (o);
		show_put_text (o, model);
	}
}

static void
put_directory (struct show_rows *r, struct outbuf *o)
{
	show_put_text (o, &r->info->cwd);
}

/* What the agent was asked, where linehook has made the command line. */
static void
put_prompt (struct show_rows *r, struct outbuf *o)
{
	show_put_text (o, &r->info->prompt);
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
put_command (struct show_rows *r, struct outbuf *o)
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
put_labels (struct show_rows *r, struct outbuf *o)
{
	struct lhk_text key, value;
	struct lhk_json j;

	lhk_json_begin_raw (&j, &r->info->labels);
	if (r->info->labels.type != LHK_JSON_OBJECT || !lhk_json_enter (&j))
		return;
	while (lhk_json_key (&j, &key)) {
		if (!lhk_json_string (&j, &value))
			continue;
		show_put_comma (o);
		show_put_text (o, &key);
		outbuf_byte (o, '=');
		show_put_text (o, &value);
	}
}

/* ---- when ---- */

static void
put_started (struct show_rows *r, struct outbuf *o)
{
	char text[CLOCK_RFC3339_SIZE];

	if (!show_has_started (r))
		return;
	runs_time (r->info->started_ms.value, text);
	outbuf_str (o, text);
	OUTBUF_LIT (o, " (");
	show_put_ago (r, o, r->info->started_ms.value);
	OUTBUF_LIT (o, ")");
}

static void
put_time (struct show_rows *r, struct outbuf *o)
{
	const struct lhk_outcome *how = &r->info->result->outcome;
	int64_t started = r->info->started_ms.value;

	if (r->info->status == LHK_RECORD_RUNNING && show_has_started (r)) {
		put_duration (o, r->page->now_ms - started);
		OUTBUF_LIT (o, " so far");
	} else if (how->end_reason != 0
		   && r->info->status == LHK_RECORD_ENDED) {
		put_duration (o, how->wall_ms > INT64_MAX
					 ? INT64_MAX
					 : (int64_t) how->wall_ms);
	}
}

static void
put_host (struct show_rows *r, struct outbuf *o)
{
	if (r->info->status == LHK_RECORD_ENDED || r->info->host_pid.has != 1
	    || r->info->host_pid.value <= 0)
		return;
	OUTBUF_LIT (o, "process ");
	outbuf_i64 (o, r->info->host_pid.value);
	if (r->info->status == LHK_RECORD_LOST)
		OUTBUF_LIT (o, ", which no longer exists");
	else if (r->info->is_detached)
		OUTBUF_LIT (o, ", detached");
}

/* ---- how to go on ---- */

static const struct lhk_text *
session_id (const struct show_rows *r, struct show_part *session)
{
	*session = show_session (r);
	return r->info->result->session_id.ptr != NULL
		       ? &r->info->result->session_id
		       : &session->id;
}

static void
put_session (struct show_rows *r, struct outbuf *o)
{
	struct show_part session;

	/* All of it: it is to be copied. */
	format_safe_text (o, session_id (r, &session), 1, 0);
}

static void
put_resume (struct show_rows *r, struct outbuf *o)
{
	char name[RECORD_INFO_NAME_SIZE];
	struct show_part session;
	const struct lhk_text *id = session_id (r, &session);

	if (r->info->status != LHK_RECORD_RUNNING)
		records_put_resume (
			o, record_info_name (&r->info->plugin, name), id);
}

static void
put_record (struct show_rows *r, struct outbuf *o)
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
put_files (struct show_rows *r, struct outbuf *o)
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
		show_put_comma (o);
		outbuf_str (o, names[i]);
		OUTBUF_LIT (o, " ");
		put_size (o, (uint64_t) st.st_size);
	}
	if (r->info->complete < 0) {
		show_put_comma (o);
		OUTBUF_LIT (o, "not complete");
	}
}

/* What can be done with what a lost run has left. */
static void
put_left (struct show_rows *r, struct outbuf *o)
{
	if (r->info->status != LHK_RECORD_LOST)
		return;
	OUTBUF_LIT (o, "everything that the agent printed until then; linehook "
		       "replay ");
	outbuf_str (o, r->page->id);
	OUTBUF_LIT (o, " parses it");
}

/* ---- all rows ---- */

static const struct {
	const char *label;
	void (*put) (struct show_rows *r, struct outbuf *o);
} before[] = {
	{ "Agent", put_agent },
	{ "Directory", put_directory },
	{ "Command", put_command },
	{ "Prompt", put_prompt },
	{ "Labels", put_labels },
	{ "Started", put_started },
	{ "Duration", put_time },
	{ "Host", put_host },
	{ "Last event", show_put_last_event },
};

static const struct {
	const char *label;
	void (*put) (struct show_rows *r, struct outbuf *o);
} after[] = {
	{ "Question", show_put_ask }, { "Notices", show_put_notices },
	{ "Cost", show_put_cost },    { "Tool calls", show_put_tools },
	{ "Session", put_session },   { "Resume", put_resume },
	{ "Record", put_record },     { "Files", put_files },
	{ "Left", put_left },
};

void
show_rows_add (const struct show_page *page, struct table *table)
{
	static struct show_rows r;
	size_t i;

	r.page = page;
	r.info = page->info;
	r.table = table;
	strbuf_init (&r.value, &mem_system);
	outbuf_init (&r.out, strbuf_write, &r.value);
	show_read_state (&r);
	for (i = 0; i < ARRAY_SIZE (before); i++) {
		before[i].put (&r, &r.out);
		show_add_row (&r, before[i].label);
	}
	show_add_doing (&r);
	show_add_plan (&r);
	show_add_usage (&r);
	for (i = 0; i < ARRAY_SIZE (after); i++) {
		after[i].put (&r, &r.out);
		show_add_row (&r, after[i].label);
	}
	strbuf_free (&r.value);
}
