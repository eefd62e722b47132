/* SPDX-License-Identifier: MIT */
/*
 * stream_quarantine.c - a plugin that is not given any more of the stream.
 *
 * A run does not depend on its plugin: what cannot be read is passed on as text,
 * and the verdict follows what is known of the process.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "plugin/lines.h"
#include "run/isolated.h"
#include "run/stream.h"

/* The header has named the plugin, and so does the result: the one that reads
 * lines as text has its names. */
static void
pass_lines (struct lhk_stream *s)
{
	const struct lhk_plugin *plugin = s->plugin;

	s->lines = plugin_lines;
	s->lines.name = plugin->name;
	s->lines.provider = plugin->provider;
	s->lines.version = plugin->version;
	s->lines.summary = plugin->summary;
	plugin_instance_retire (&s->instance, &s->lines);
	s->plugin = &s->lines;
}

void
stream_quarantine (struct lhk_stream *s, const char *sentence)
{
	const char *const fields[] = { "plugin", s->plugin->name, NULL };

	if (s->is_quarantined)
		return;
	s->is_quarantined = 1;
	stream_detect_release (s);
	surrogate_join_flush (s->join, stream_deliver, s);
	pass_lines (s);
	stream_format_stop (s, sentence);
	summary_unread (s->summary);
	host_log (s->host, LHK_LOG_ERROR, LHK_CODE_PLUGIN, fields, "%s",
		  s->format.sentence);
	stream_send_notice (s, LHK_LOG_ERROR, LHK_CODE_PLUGIN,
			    s->format.sentence, NULL);
}

int
stream_lost_process (struct lhk_stream *s)
{
	const char *why =
		isolated_why_gone (s->instance.plugin, s->instance.handle);
	char text[FORMAT_CHECK_TEXT];

	if (why == NULL)
		return 0;
	s->stats.plugin_errors++;
	snprintf (text, sizeof text,
		  "plugin '%.64s' %s; it is not used any more, and lines pass "
		  "as text from here on",
		  s->plugin->name, why);
	stream_quarantine (s, text);
	return 1;
}

int
stream_call_line (struct lhk_stream *s, const struct lhk_line *line)
{
	int r = plugin_instance_line (&s->instance, line);

	return stream_lost_process (s)
		       ? plugin_instance_line (&s->instance, line)
		       : r;
}

int
lhk_stream_abandon (struct lhk_stream *s, const char *text)
{
	if (s == NULL || s->magic != STREAM_MAGIC || text == NULL)
		return LHK_EINVAL;
	if (s->pid != getpid ())
		return LHK_EFORKED;
	if (s->state == STREAM_FINISHED)
		return LHK_ESTATE;
	if (plugin_instance_abandon (&s->instance, &plugin_lines) < 0)
		return LHK_ENOMEM;
	/* The line is cut out of the middle of its buffer: what follows it
	 * cannot be read. */
	s->state = STREAM_ENDED;
	s->is_abandoned = 1;
	s->busy = 0;
	s->stats.plugin_errors++;
	stream_set_source (s, NULL);
	if (s->is_opening && !s->detect.holding)
		stream_send_header (s, s->opts.header);
	s->is_quarantined = 0;
	stream_quarantine (s, text);
	return LHK_OK;
}

/* The callback that was slow, with its line, for a sentence. */
static void
describe_slow (const struct lhk_stream *s, const struct frame_line *line,
	       char *text, size_t size)
{
	uint32_t ms = s->instance.timer.slow_ms;

	if (line == NULL)
		snprintf (text, size, "%" PRIu32 " ms at the end of the stream",
			  ms);
	else
		snprintf (text, size, "%" PRIu32 " ms for line %" PRIu64, ms,
			  line->number);
}

void
stream_note_slow (struct lhk_stream *s, const struct frame_line *line)
{
	uint32_t n = s->instance.timer.n_slow;
	char what[64], text[FORMAT_CHECK_TEXT];

	s->stats.plugin_errors++;
	describe_slow (s, line, what, sizeof what);
	s->instance.timer.slow_ms = 0;
	if (n < LIMIT_SLOW_CALLS) {
		snprintf (text, sizeof text,
			  "plugin '%.64s' is slow: it took %s, more than the "
			  "%" PRIu32 " ms that a call may take",
			  s->plugin->name, what,
			  s->instance.timer.slow_limit_ms);
		stream_report (s, STREAM_LOG_SLOW, LHK_CODE_PLUGIN, text, line);
		return;
	}
	snprintf (text, sizeof text,
		  "plugin '%.64s' is not used any more because %" PRIu32
		  " of its calls were too slow (the last one took %s); lines "
		  "pass as text from here on",
		  s->plugin->name, n, what);
	stream_quarantine (s, text);
}
