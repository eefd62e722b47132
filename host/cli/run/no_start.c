/* SPDX-License-Identifier: MIT */
/* no_start.c - a result where there was no run. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "common/clock.h"
#include "common/ulid.h"
#include "cli/run/cmd_run.h"
#include "common/mem.h"
#include "common/text.h"

static int
tell (struct run_command *r, struct lhk_ev_run *header,
      const struct lhk_outcome *how, const char *text)
{
	struct lhk_stream_opts o;
	struct lhk_error err = { 0, 0, "" };
	const struct lhk_result *result;
	struct lhk_stream *stream;
	int status = STATUS_HOST;

	session_stream_opts (r->job, r->plugin, &o);
	o.on_event = run_command_event;
	o.on_raw = NULL;
	o.user = r;
	o.header = header;
	if (lhk_stream_new (r->job->host, r->plugin, &o, &stream, &err)
	    != LHK_OK)
		return status;
	if (text != NULL)
		lhk_stream_notice (stream, LHK_LOG_ERROR, LHK_CODE_HOST, text);
	if (lhk_stream_finish (stream, how, &result) == LHK_OK)
		status = session_status (r->job, result);
	lhk_stream_free (stream);
	return status;
}

int
run_command_no_start (struct run_command *r, const struct lhk_outcome *how,
		      const char *text)
{
	struct lhk_ev_run header = {
		.ev = LHK_EV (struct lhk_ev_run, LHK_EV_RUN),
	};
	char id[ULID_SIZE], started[CLOCK_RFC3339_SIZE];
	struct lhk_text *words;
	size_t n = 0, i;
	int status;

	while (r->argv[n] != NULL)
		n++;
	words = mem_zero (&mem_system, n * sizeof *words);
	if (words == NULL)
		return STATUS_HOST;
	for (i = 0; i < n; i++)
		words[i] = text_from_cstr (r->argv[i]);
	ulid_make (clock_unix_ms (), id);
	clock_rfc3339 (clock_unix_ms (), started);
	header.id =
		text_from_cstr (r->opts->run_id != NULL ? r->opts->run_id : id);
	header.started = text_from_cstr (started);
	header.argv = words;
	header.n_argv = n;
	status = tell (r, &header, how, text);
	mem_free (&mem_system, words, n * sizeof *words);
	return status;
}
