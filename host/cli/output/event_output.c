/* SPDX-License-Identifier: MIT */
/* event_output.c - the sinks behind --format. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/alloc.h"
#include "cli/output/async_stdio.h"
#include "cli/output/event_output.h"
#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/output/terminal_caps.h"
#include "format/event_json.h"
#include "common/clock.h"
#include "common/error.h"

static void
write_any (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->before_write != NULL)
		o->before_write (o->user);
	o->mid_line = data[len - 1] != '\n';
	async_stdio_write_out (o->stdio, data, len);
}

/* Are stdout and stderr one terminal? */
static int
is_one_terminal (void)
{
	struct stat out, err;

	return isatty (STDOUT_FILENO) && isatty (STDERR_FILENO)
	       && fstat (STDOUT_FILENO, &out) == 0
	       && fstat (STDERR_FILENO, &err) == 0
	       && out.st_rdev == err.st_rdev;
}

/* For the view: its owner knows how, if anybody does. */
static void
put_resume (void *user, struct outbuf *to, const struct lhk_text *session)
{
	struct output *o = user;

	if (o->put_resume != NULL)
		o->put_resume (o->resume_user, to, session);
}

static int
open_view (struct output *o, unsigned int flags)
{
	struct view_opts opts = { 0 };

	if (o->tty)
		signals_catch_resize ();
	o->n_resized = signals_resized ();
	opts.columns = terminal_columns (STDOUT_FILENO);
	opts.flags =
		flags
		| (terminal_has_colors (STDOUT_FILENO) ? (unsigned) VIEW_COLOR
						       : 0u)
		| (terminal_is_utf8 () ? 0u : (unsigned) VIEW_ASCII);
	opts.put_resume = put_resume;
	opts.user = o;
	o->view = view_new (&cli_alloc, &opts);
	return o->view != NULL ? LHK_OK : LHK_ENOMEM;
}

/* What makes a text for people, in the formats that have one. */
static int
open_text (struct output *o, unsigned int flags)
{
	if (o->format == FORMAT_VIEW)
		return open_view (o, flags);
	if (o->format != FORMAT_TEXT && o->format != FORMAT_ANSWER)
		return LHK_OK;
	o->text = format_text_new (&cli_alloc);
	return o->text != NULL ? LHK_OK : LHK_ENOMEM;
}

int
output_init (struct output *o, const struct options *opts,
	     unsigned int view_flags, struct async_stdio *stdio,
	     struct lhk_error *err)
{
	int tty = isatty (STDOUT_FILENO);

	o->format = opts->format;
	if (o->format == FORMAT_AUTO)
		o->format = tty ? FORMAT_VIEW : FORMAT_EVENTS;
	o->json_flags = (opts->source ? FORMAT_JSON_SOURCE : 0u)
			| (opts->raw_events ? FORMAT_JSON_RAW : 0u);
	o->tty = tty;
	stdio->json.is_on = tty && o->format == FORMAT_EVENTS;
	o->with_stderr = is_one_terminal ();
	o->mid_line = 0;
	o->pass_raw = opts->oversize == LHK_OVERSIZE_RAW;
	memset (&o->raw, 0, sizeof o->raw);
	o->view = NULL;
	o->text = NULL;
	o->stdio = stdio;
	o->before_write = NULL;
	o->put_resume = NULL;
	outbuf_init (&o->out, write_any, o);
	if (open_text (o, view_flags) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	return LHK_OK;
}

int
output_wants_events (const struct output *o)
{
	return o->format != FORMAT_RAW && o->format != FORMAT_NONE
	       && o->format != FORMAT_RESULT;
}

/* The text of the final result alone, as a claim of it would be shown: the words
 * of an error are no answer. */
static void
put_answer (struct output *o, const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;
	struct lhk_ev_result claim = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
	};

	if (event->kind != LHK_EV_RESULT || e->final == NULL)
		return;
	claim.verdict = e->final->verdict;
	claim.text = e->final->text;
	claim.error = e->final->error;
	format_text_event (o->text, &o->out, &claim.ev);
}

static void
look_at_size (struct output *o)
{
	if (o->n_resized == signals_resized ())
		return;
	o->n_resized = signals_resized ();
	view_resize (o->view, terminal_columns (STDOUT_FILENO));
}

static void
put_view (struct output *o, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	look_at_size (o);
	view_event (o->view, &o->out, meta, event);
}

void
output_stderr (void *user, const char *line, size_t len)
{
	struct output *o = user;

	if (!stdout_is_taken ())
		return;
	look_at_size (o);
	view_stderr (o->view, &o->out, clock_now_ms (), line, len);
}

void
output_event (void *user, const struct lhk_meta *meta,
	      const struct lhk_event *event)
{
	struct output *o = user;

	if (!stdout_is_taken ())
		return;
	raw_line_end (&o->raw, &o->out);
	if (o->format == FORMAT_EVENTS)
		format_json_event (&o->out, meta, event, o->json_flags);
	else if (o->format == FORMAT_ANSWER)
		put_answer (o, event);
	else if (o->view != NULL)
		put_view (o, meta, event);
	else if (o->text != NULL)
		format_text_event (o->text, &o->out, event);
}

void
output_raw_line (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->format != FORMAT_EVENTS || !o->pass_raw || len == 0)
		return;
	raw_line_put (&o->raw, &o->out, data, len);
}

void
output_bytes (void *user, const char *data, size_t len)
{
	struct output *o = user;

	if (o->format == FORMAT_RAW)
		outbuf_bytes (&o->out, data, len);
}

void
output_result (struct output *o, const struct lhk_result *result)
{
	raw_line_end (&o->raw, &o->out);
	outbuf_flush (&o->out);
	if (o->mid_line)
		outbuf_byte (&o->out, '\n');
	outbuf_flush (&o->out);
	o->stdio->json.is_on = o->tty;
	format_json_result (&o->out, result);
}

void
output_set_run (struct output *o, const char *id)
{
	if (o->view != NULL)
		view_set_run (o->view, id);
}

void
output_flush (struct output *o)
{
	outbuf_flush (&o->out);
}

int
output_is_mid_line (const struct output *o)
{
	return o->tty
	       && (o->view != NULL ? view_is_mid_line (o->view) : o->mid_line);
}

void
output_end_line (struct output *o)
{
	if (!o->with_stderr)
		return;
	if (o->view != NULL)
		view_end_line (o->view, &o->out);
	else if (o->text != NULL)
		format_text_end_line (o->text, &o->out);
	outbuf_flush (&o->out);
	if (!output_is_mid_line (o))
		return;
	outbuf_byte (&o->out, '\n');
	outbuf_flush (&o->out);
}

void
output_done (struct output *o)
{
	if (o->stdio == NULL)
		return;
	outbuf_flush (&o->out);
	async_stdio_finish_out (o->stdio);
	view_free (o->view);
	o->view = NULL;
	format_text_free (o->text);
	o->text = NULL;
}
