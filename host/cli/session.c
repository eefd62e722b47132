/* SPDX-License-Identifier: MIT */
/* session.c - host, log, output and the end of a filter or a run. */
#include "config.h"

#include <string.h>

#include "cli/session.h"
#include "cli/output/result_file.h"
#include "common/mem.h"

/* What was typed is wrong (2), or we are (125). */
static int
status_of (const struct lhk_error *err)
{
	return err->code == LHK_ENOMEM || err->code == LHK_EBUG ? STATUS_HOST
								: STATUS_USAGE;
}

static int
say_why (const struct session *j, const struct lhk_error *err)
{
	cli_say (j->who, "%s", err->text);
	return status_of (err);
}

static int
prepare (struct session *j)
{
	struct lhk_error err = { 0, 0, "" };
	int r;

	r = options_check (j->opts, &err);
	if (r == LHK_OK && j->opts->result != NULL)
		r = result_check (j->opts->result, &err);
	if (r == LHK_OK)
		r = options_host (j->opts, &j->log, &j->host, &err);
	if (r == LHK_OK)
		r = output_init (&j->out, j->opts, &j->stdio, &err);
	return r == LHK_OK ? -1 : say_why (j, &err);
}

int
session_new (const char *who, const struct options *opts, struct session **ret)
{
	struct session *j = mem_zero (&mem_system, sizeof *j);
	int status;

	*ret = NULL;
	if (j == NULL) {
		cli_say (who, "out of memory");
		return STATUS_HOST;
	}
	j->who = who;
	j->opts = opts;
	async_stdio_init (&j->stdio, who);
	j->stdio.consequence =
		"what follows is dropped, the input is read to its end";
	log_init (&j->log, opts->log, options_level (opts),
		  async_stdio_write_err, &j->stdio);
	status = prepare (j);
	if (status >= 0) {
		session_free (j);
		return status;
	}
	*ret = j;
	return -1;
}

void
session_free (struct session *j)
{
	if (j == NULL)
		return;
	output_done (&j->out);
	main_loop_close (&j->loop);
	lhk_host_free (j->host);
	mem_free (&mem_system, j, sizeof *j);
}

const char *
session_plugin_name (const struct session *j)
{
	const char *name = j->opts->plugin;

	return name == NULL || strcmp (name, "auto") == 0 ? NULL : name;
}

int
session_plugin (struct session *j, const char *name,
		const struct lhk_plugin_ref **ret)
{
	struct lhk_error err = { 0, 0, "" };

	if (lhk_host_plugin (j->host, name != NULL ? name : "raw", ret, &err)
	    == LHK_OK)
		return -1;
	return say_why (j, &err);
}

void
session_stream_opts (struct session *j, const struct lhk_plugin_ref *plugin,
		     struct lhk_stream_opts *ret)
{
	const struct lhk_stream_opts none = LHK_STREAM_OPTS_INIT;

	*ret = none;
	ret->oversize = j->opts->oversize;
	ret->line_max =
		options_line_max (j->opts, lhk_plugin_ref_name (plugin));
	if (output_wants_events (&j->out))
		ret->on_event = output_event;
	if (ret->oversize == LHK_OVERSIZE_RAW)
		ret->on_raw = output_raw_line;
	if (j->opts->raw_events)
		ret->flags |= LHK_STREAM_RAW_LINES;
	ret->user = &j->out;
}

int
session_status (struct session *j, const struct lhk_result *result)
{
	struct lhk_error err = { 0, 0, "" };
	int status = 0;
	int lost = 0;

	if (j->opts->exit != EXIT_ZERO)
		status =
			lhk_result_status (result, j->opts->exit == EXIT_CHILD);
	/* First the file: for the reader of our output we may have to wait. */
	if (j->opts->result != NULL
	    && result_write (j->opts->result, result, &err) < 0) {
		cli_say (j->who, "%s", err.text);
		lost = 1;
	}
	output_done (&j->out);
	return lost && status == 0 ? STATUS_HOST : status;
}
