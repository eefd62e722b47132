/* SPDX-License-Identifier: MIT */
/* event_output.c - the sinks behind --format. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/output/async_stdio.h"
#include "cli/output/event_output.h"
#include "cli/output/stdout.h"
#include "format/event_json.h"
#include "common/error.h"
#include "common/mem.h"

static void
write_any (void *user, const char *data, size_t len)
{
	struct output *o = user;

	o->mid_text = data[len - 1] != '\n';
	async_stdio_write_out (o->stdio, data, len);
}

int
output_init (struct output *o, const struct options *opts,
	     struct async_stdio *stdio, struct lhk_error *err)
{
	int tty = isatty (STDOUT_FILENO);
	unsigned int flags = tty ? FORMAT_TEXT_COLOR : 0;

	o->format = opts->format;
	if (o->format == FORMAT_AUTO)
		o->format = tty ? FORMAT_VIEW : FORMAT_EVENTS;
	o->json_flags = (opts->source ? FORMAT_JSON_SOURCE : 0u)
			| (opts->raw_events ? FORMAT_JSON_RAW : 0u);
	o->tty = tty;
	stdio->json.is_on = tty && o->format != FORMAT_RAW;
	o->mid_text = 0;
	o->pass_raw = opts->oversize == LHK_OVERSIZE_RAW;
	memset (&o->raw, 0, sizeof o->raw);
	o->text = NULL;
	o->stdio = stdio;
	outbuf_init (&o->out, write_any, o);
	if (o->format == FORMAT_VIEW)
		flags |= FORMAT_TEXT_VERBOSE;
	else if (o->format != FORMAT_TEXT && o->format != FORMAT_ANSWER)
		return LHK_OK;
	o->text = format_text_new (&mem_system, flags);
	if (o->text == NULL)
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
	if (o->mid_text)
		outbuf_byte (&o->out, '\n');
	format_json_result (&o->out, result);
}

void
output_flush (struct output *o)
{
	outbuf_flush (&o->out);
}

void
output_done (struct output *o)
{
	if (o->stdio == NULL)
		return;
	outbuf_flush (&o->out);
	async_stdio_finish_out (o->stdio);
	format_text_free (o->text);
	o->text = NULL;
}
