/* SPDX-License-Identifier: MIT */
/* replay_run.c - what a record says of the run that is replayed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/records/replay.h"
#include "common/error.h"
#include "common/text.h"

/* The greatest that there are. */
#define EXIT_CODE_MAX 255
#define SIGNAL_MAX 64

/* An exit status of a run that a signal canceled is this and the signal. */
#define SIGNAL_STATUS 128

/* The members of run.json that only a replay needs. */
struct request {
	struct lhk_text plugin, oversize;
	struct lhk_num line_max;
	int32_t detect;
};

static const struct lhk_field request_fields[] = {
	LHK_FIELD ("plugin", LHK_FIELD_TEXT, struct request, plugin),
	LHK_FIELD ("oversize", LHK_FIELD_TEXT, struct request, oversize),
	LHK_FIELD ("line_max", LHK_FIELD_INT, struct request, line_max),
	LHK_FIELD ("detect", LHK_FIELD_BOOL, struct request, detect),
};
LHK_FIELDS (request_table, struct request, request_fields);

/* The signal of a run that was canceled stands in its exit status alone. */
static int32_t
cancel_signal (const struct lhk_result *result)
{
	int32_t signo = result->exit_status - SIGNAL_STATUS;

	return result->outcome.end_reason == LHK_END_CANCELED && signo > 0
			       && signo <= SIGNAL_MAX
		       ? signo
		       : 0;
}

/* How the run ended; numbers that no process can have are absent. */
static void
read_outcome (struct replay_run *run)
{
	const struct lhk_result *result = run->info.result;
	struct lhk_outcome *how = &run->outcome;

	*how = result->outcome;
	run->has_outcome = how->end_reason != 0;
	if (how->exit_code < 0 || how->exit_code > EXIT_CODE_MAX) {
		how->has_exit = 0;
		how->exit_code = 0;
	}
	if (how->signal > SIGNAL_MAX)
		how->signal = 0;
	how->cancel_signal = cancel_signal (result);
	how->oom = result->verdict == LHK_VERDICT_OOM;
}

static size_t
count_elements (const struct lhk_raw *raw)
{
	struct lhk_json j;
	size_t n = 0;

	lhk_json_begin_raw (&j, raw);
	(void) lhk_json_enter (&j);
	while (lhk_json_element (&j))
		n++;
	return n;
}

/* Room for the words of the command, which have fewer bytes than their JSON.  0,
 * or -1: no memory. */
static int
reserve_words (struct replay_run *run, const struct lhk_raw *raw)
{
	const size_t n = count_elements (raw) + 1;

	run->argv = calloc (n, sizeof *run->argv);
	run->options = calloc (n, sizeof *run->options);
	run->words = malloc (raw->len);
	return run->argv == NULL || run->options == NULL || run->words == NULL
		       ? -1
		       : 0;
}

/* Plugins are given the arguments of the command as options.  What is no text was
 * no argument. */
static int
read_argv (struct replay_run *run)
{
	const struct lhk_raw *raw = &run->info.argv;
	struct lhk_text word;
	struct lhk_json j;
	char *to;

	if (raw->type != LHK_JSON_ARRAY)
		return 0;
	if (reserve_words (run, raw) < 0)
		return -1;
	to = run->words;
	lhk_json_begin_raw (&j, raw);
	(void) lhk_json_enter (&j);
	while (lhk_json_element (&j)) {
		if (!lhk_json_string (&j, &word))
			continue;
		run->argv[run->n_words] = word;
		run->options[run->n_words].key = "arg";
		run->options[run->n_words++].value = to;
		to += lhk_text_decode (&word, to, word.len, NULL);
		*to++ = '\0';
	}
	return 0;
}

static int
read_plugin (struct replay_run *run, const struct lhk_text *name)
{
	run->plugin = calloc (1, name->len + 1);
	if (run->plugin == NULL)
		return -1;
	(void) lhk_text_decode (name, run->plugin, name->len, NULL);
	return 0;
}

static void
fill_header (struct replay_run *run, const char *id)
{
	const struct lhk_ev_run none = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};

	run->header = none;
	run->header.v = 1;
	run->header.id = text_from_cstr (id);
	run->header.started = run->info.started;
	run->header.cwd = run->info.cwd;
	run->header.argv = run->argv;
	run->header.n_argv = run->n_words;
}

/* 0, or -1: no memory. */
static int
read_request (struct replay_run *run, const char *id)
{
	struct request q;

	if (lhk_json_raw_object (&run->info.request, &request_table, &q) < 0)
		memset (&q, 0, sizeof q);
	run->detect = q.detect > 0;
	if (q.line_max.has == 1 && q.line_max.value >= LHK_LINE_MAX_MIN
	    && q.line_max.value <= LHK_LINE_MAX_MAX)
		run->line_max = (uint64_t) q.line_max.value;
	run->oversize = LHK_TEXT_IS (&q.oversize, "raw")    ? LHK_OVERSIZE_RAW
			: LHK_TEXT_IS (&q.oversize, "head") ? LHK_OVERSIZE_HEAD
							    : LHK_OVERSIZE_DROP;
	if (read_plugin (run, &q.plugin) < 0 || read_argv (run) < 0)
		return -1;
	fill_header (run, id);
	return 0;
}

int
replay_run_read (struct replay_run *run, struct lhk_store *store,
		 const char *id, struct lhk_error *err)
{
	int r;

	memset (run, 0, sizeof *run);
	r = record_info_read (&run->info, store, id, LHK_INCLUDE_REQUEST, err);
	if (r < 0)
		return r;
	if (run->info.request.ptr == NULL)
		return error_set (
			err, LHK_EPARSE, 0,
			"the raw output of run '%s' cannot be read again, "
			"because its run.json is missing or damaged; use "
			"linehook filter -p PLUGIN",
			id);
	if (run->info.status == LHK_RECORD_ENDED)
		read_outcome (run);
	return read_request (run, id) < 0 ? error_set (
		       err, LHK_ENOMEM, 0, "no memory for run '%s'", id)
					  : LHK_OK;
}

void
replay_run_free (struct replay_run *run)
{
	free (run->plugin);
	free (run->argv);
	free (run->options);
	free (run->words);
	record_info_free (&run->info);
}
