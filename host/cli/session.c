/* SPDX-License-Identifier: MIT */
/* session.c - host, log, output and the end of a filter or a run. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/alloc.h"
#include "cli/opt/plugin_name.h"
#include "cli/resume_words.h"
#include "cli/session.h"
#include "common/macros.h"
#include "common/path_absolute.h"
#include "common/strbuf.h"
#include "format/verdict_text.h"

/* What was typed is wrong (2), or we are, or lack something (125). */
static int
status_of (const struct lhk_error *err)
{
	if (err->code == LHK_ENOMEM || err->code == LHK_EBUG
	    || err->sys_errno == EMFILE || err->sys_errno == ENFILE)
		return STATUS_HOST;
	return STATUS_USAGE;
}

static int
print_error (const struct session *s, const struct lhk_error *err)
{
	cli_say (s->who, "%s", err->text);
	return status_of (err);
}

/* For the view: USER is the session. */
static void
put_resume (void *user, struct outbuf *to, const struct lhk_text *id)
{
	const struct session *s = user;
	const struct lhk_plugin_ref *plugin;

	if (s->plugin != NULL
	    && lhk_host_plugin (s->host, s->plugin, &plugin, NULL) == LHK_OK)
		resume_words_put (to, plugin, id);
}

/* What is logged and also a notice of the stream. */
static const char *const noticed[] = { LHK_CODE_OVERSIZE, LHK_CODE_UNPARSED,
				       LHK_CODE_BUDGET, "plugin-unknown",
				       NULL };

/* The view shows notices: on its terminal they are not logged too, unless more
 * is wanted. */
static void
hide_notices (struct session *s)
{
	if (s->out.view != NULL && s->out.with_stderr
	    && s->log.format == LOG_LOGFMT && s->log.level <= LHK_LOG_WARN)
		s->log.hidden = noticed;
}

int
session_shows_stderr (const struct session *s)
{
	return s->log.hidden != NULL && s->log.level == LHK_LOG_WARN;
}

static int
prepare (struct session *s)
{
	/* It has a sentence of its own for each failed start. */
	int starts = strcmp (s->who, "run") == 0;
	struct lhk_error err = { 0, 0, "" };
	int r;

	r = options_check_environ (&err);
	if (r == LHK_OK && s->opts->result != NULL)
		r = result_file_open (&s->result, s->opts->result, &err);
	if (r == LHK_OK)
		r = options_host (s->opts, &s->log, &s->host, &err);
	if (r == LHK_OK)
		r = options_check_line_max (s->opts, s->host, &err);
	if (r == LHK_OK)
		r = output_init (&s->out, s->opts, starts ? VIEW_STARTS : 0,
				 &s->stdio, &err);
	s->out.put_resume = put_resume;
	s->out.resume_user = s;
	hide_notices (s);
	return r == LHK_OK ? -1 : print_error (s, &err);
}

void
session_write_err (void *user, const char *data, size_t len)
{
	struct session *s = user;

	output_end_line (&s->out);
	async_stdio_write_err (&s->stdio, data, len);
}

int
session_new (const char *who, const struct options *opts, struct session **ret)
{
	const struct result_file no_result = RESULT_FILE_INIT;
	/* Its buffers have pages only once they are used. */
	static struct session session;
	struct session *s = &session;
	int status;

	*ret = NULL;
	s->who = who;
	s->opts = opts;
	s->result = no_result;
	async_stdio_init (&s->stdio, who);
	s->stdio.consequence =
		"further output is discarded; the input is read to its end";
	s->stdio.write_err = session_write_err;
	s->stdio.user = s;
	log_init (&s->log, opts->log, options_level (opts), session_write_err,
		  s);
	status = prepare (s);
	if (status >= 0) {
		session_free (s);
		return status;
	}
	*ret = s;
	return -1;
}

void
session_free (struct session *s)
{
	if (s == NULL)
		return;
	output_done (&s->out);
	result_file_close (&s->result);
	main_loop_close (&s->loop);
	lhk_host_free (s->host);
}

const char *
session_plugin_name (const struct session *s)
{
	const char *name = s->opts->plugin;

	return name == NULL || strcmp (name, "auto") == 0 ? NULL : name;
}

int
session_plugin (struct session *s, const char *name,
		const struct lhk_plugin_ref **ret)
{
	struct lhk_error err = { 0, 0, "" };
	char path[PATH_MAX];

	if (name == NULL)
		name = "raw";
	if (strchr (name, '/') != NULL && path_absolute (name, path) == 0)
		name = path;
	if (lhk_host_plugin (s->host, name, ret, &err) == LHK_OK)
		return -1;
	if (err.code == LHK_ENOTFOUND || err.code == LHK_EINVAL)
		plugin_name_explain (s->host, name, &err);
	return print_error (s, &err);
}

size_t
session_use_plugin (struct session *s, const struct lhk_plugin_ref *plugin)
{
	s->plugin = lhk_plugin_ref_name (plugin);
	return options_line_max (s->opts, s->plugin);
}

/* USER is the output, a member of the session. */
static size_t
on_plugin (void *user, const struct lhk_plugin_ref *plugin)
{
	return session_use_plugin (container_of (user, struct session, out),
				   plugin);
}

/* The result tells the exit status that we have. */
static const uint32_t status_flags[] = {
	[EXIT_VERDICT] = 0,
	[EXIT_ZERO] = LHK_STREAM_STATUS_ZERO,
	[EXIT_CHILD] = LHK_STREAM_STATUS_CHILD,
};

void
session_stream_opts (struct session *s, const struct lhk_plugin_ref *plugin,
		     struct lhk_stream_opts *ret)
{
	const struct lhk_stream_opts none = LHK_STREAM_OPTS_INIT;

	*ret = none;
	s->plugin = plugin != NULL ? lhk_plugin_ref_name (plugin) : "raw";
	ret->oversize = s->opts->oversize;
	ret->line_max = options_line_max (s->opts, s->plugin);
	if (output_wants_events (&s->out))
		ret->on_event = output_event;
	if (ret->oversize == LHK_OVERSIZE_RAW)
		ret->on_raw = output_raw_line;
	ret->flags |= status_flags[s->opts->exit];
	if (s->opts->raw_events)
		ret->flags |= LHK_STREAM_RAW_LINES;
	ret->user = &s->out;
	ret->on_plugin = on_plugin;
}

/* The view says it itself, and a start that failed was explained. */
static int
is_explained (const struct session *s, const struct lhk_result *result)
{
	return s->opts->quiet || s->is_explained
	       || result->verdict == LHK_VERDICT_OK
	       || result->verdict == LHK_VERDICT_SPAWN_FAILED
	       || s->out.format == FORMAT_VIEW;
}

/* What `linehook show' takes for this run; nothing if it is not kept. */
static void
name_record (const struct session *s, struct strbuf *text)
{
	if (s->run[0] != '\0' && s->run_dir != NULL)
		strbuf_addf (text, "--run-dir %s %s", s->run_dir, s->run);
	else
		strbuf_add_str (text, s->run);
}

/* One sentence on a run that did not end well. */
static void
explain (struct session *s, const struct lhk_result *result)
{
	struct strbuf text, record;
	struct outbuf line;

	if (is_explained (s, result))
		return;
	strbuf_init (&text, &cli_alloc);
	strbuf_init (&record, &cli_alloc);
	outbuf_init (&line, strbuf_write, &text);
	name_record (s, &record);
	format_verdict (&line, result, s->plugin,
			record.len > 0 ? strbuf_str (&record) : NULL);
	outbuf_flush (&line);
	strbuf_free (&record);
	if (s->opts->log != LOG_JSON && s->opts->log != LOG_JOURNAL)
		async_stdio_print (&s->stdio, "linehook: %s\n",
				   strbuf_str (&text));
	else
		log_say (&s->log, LHK_LOG_WARN, "verdict", "%s",
			 strbuf_str (&text));
	strbuf_free (&text);
}

int
session_status (struct session *s, const struct lhk_result *result)
{
	struct lhk_error err = { 0, 0, "" };
	int status = 0;
	int lost = 0;

	if (s->opts->exit != EXIT_ZERO)
		status =
			lhk_result_status (result, s->opts->exit == EXIT_CHILD);
	/* First the file: for the reader of our output we may have to wait. */
	if (s->opts->result != NULL && !s->result.to_stdout
	    && result_file_write (&s->result, result, &err) < 0) {
		async_stdio_say (&s->stdio, "%s", err.text);
		lost = 1;
	}
	if (s->result.to_stdout || s->out.format == FORMAT_RESULT)
		output_result (&s->out, result);
	output_done (&s->out);
	explain (s, result);
	return lost && status == 0 ? STATUS_HOST : status;
}
