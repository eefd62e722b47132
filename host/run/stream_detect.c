/* SPDX-License-Identifier: MIT */
/* stream_detect.c - which plugin do the lines of a stream need? */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "common/mem.h"
#include "json/slice.h"
#include "run/stream.h"

int
stream_detect_begin (struct lhk_stream *s, const struct lhk_stream_opts *opts)
{
	struct detect *d = &s->detect;

	strbuf_init (&d->bytes, &s->host->alloc);
	if (open_args_copy (&d->args, &s->host->alloc, opts->header,
			    opts->options, opts->n_options)
	    < 0)
		return LHK_ENOMEM;
	d->on = 1;
	d->holding = 1;
	return LHK_OK;
}

static void
free_lines (struct lhk_stream *s)
{
	struct detect *d = &s->detect;

	strbuf_free (&d->bytes);
	mem_free (&s->host->alloc, d->lines, d->cap * sizeof *d->lines);
	d->lines = NULL;
	d->n = d->cap = 0;
}

void
stream_detect_free (struct lhk_stream *s)
{
	struct detect *d = &s->detect;

	if (d->bytes.alloc == NULL)
		return;
	free_lines (s);
	open_args_free (&d->args);
	plugin_probes_free (&d->probes);
	d->on = d->holding = 0;
}

/* ---- what a line is ---- */

/* May there be an object in the line?  All but a few lines of text have no brace
 * that is followed by a quote, or by what recovery may take off between them. */
static int
may_have_object (const char *data, size_t len)
{
	const char *p = data, *end = data + len;

	while ((p = memchr (p, '{', (size_t) (end - p))) != NULL) {
		do
			p++;
		while (p < end && (*p == ' ' || *p == '\t'));
		if (p < end
		    && (*p == '"' || *p == '\x1b' || (uint8_t) *p >= 0x80))
			return 1;
	}
	return 0;
}

/* Has the object a member "type" that is a string, as the lines of agents have?
 */
static int
has_type (const char *data, size_t len)
{
	struct lhk_text key;
	struct lhk_json j;

	lhk_json_begin (&j, data, len);
	if (!lhk_json_enter (&j))
		return 0;
	while (lhk_json_key (&j, &key))
		if (key.len == 4 && memcmp (key.ptr, "type", 4) == 0)
			return lhk_json_peek (&j) == LHK_JSON_STRING;
	return 0;
}

/* The plugin whose probe accepts the object, or NULL. */
static const struct lhk_plugin_ref *
offer_object (struct lhk_stream *s, const char *data, size_t len)
{
	struct detect *d = &s->detect;
	const struct lhk_plugin_ref *ref;
	int r;

	if (!d->loaded) {
		d->loaded = 1;
		r = plugin_probes_load (&d->probes, s->host->registry);
		if (r < 0)
			host_log (s->host, LHK_LOG_WARN, LHK_CODE_PLUGIN, NULL,
				  "the plugins cannot be searched: %s",
				  lhk_strerror (r));
	}
	ref = plugin_probes_match (&d->probes, &s->host->watch, data, len,
				   NULL);
	if (ref == NULL && d->n_offered < DETECT_LOOKS_MAX) {
		d->n_offered++;
		d->has_type |= has_type (data, len);
	}
	return ref;
}

/* Offer what recovery finds in the line. */
static const struct lhk_plugin_ref *
offer_recovered (struct lhk_stream *s, const char *data, size_t len,
		 int *ret_objects)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct stream_objects o;
	struct lhk_str object;

	if (!stream_objects_begin (s, &o, data, len))
		return NULL;
	*ret_objects |= o.found.left > 0;
	while (ref == NULL && recover_next (&o.found, &object))
		ref = offer_object (s, object.ptr, object.len);
	stream_objects_end (s, &o);
	return ref;
}

/* The plugin whose probe accepts the line, or NULL.  *RET_OBJECTS: the line has
 * objects, or begins as one. */
static const struct lhk_plugin_ref *
offer (struct lhk_stream *s, const char *data, size_t len, int *ret_objects)
{
	const struct lhk_plugin_ref *ref;
	const char *object;
	size_t rest;

	*ret_objects = 0;
	if (!may_have_object (data, len))
		return NULL;
	object = stream_object (data, len);
	if (object != NULL) {
		*ret_objects = 1;
		rest = len - (size_t) (object - data);
		ref = offer_object (s, object, rest);
		if (ref != NULL)
			return ref;
		if (json_slice_is_padded_value (object, rest))
			return NULL;
	}
	return offer_recovered (s, data, len, ret_objects);
}

/* ---- lines that are held back ---- */

/* Room for one more line; what follows a line in the buffer is its padding. */
static int
has_room (struct lhk_stream *s, size_t len)
{
	struct detect *d = &s->detect;
	void *array = d->lines;

	if (len >= DETECT_HELD_MAX - d->bytes.len || d->n >= DETECT_LINES_MAX
	    || strbuf_reserve (&d->bytes, len + LHK_LINE_PADDING) < 0
	    || mem_grow (&s->host->alloc, &array, &d->cap, d->n + 1,
			 sizeof *d->lines)
		       < 0)
		return 0;
	d->lines = array;
	return 1;
}

/* 1: the line is held back; 0: there is no room for it. */
static int
hold (struct lhk_stream *s, const struct frame_line *line, int has_object)
{
	struct detect *d = &s->detect;
	struct detect_line *held;

	if (!has_room (s, line->len))
		return 0;
	held = &d->lines[d->n++];
	held->line = *line;
	held->line.data = NULL;
	held->at = d->bytes.len;
	held->now_ms = s->now_ms;
	held->has_object = has_object;
	strbuf_add (&d->bytes, line->data, line->len);
	memset (d->bytes.data + d->bytes.len, '\n', LHK_LINE_PADDING);
	d->bytes.len++;
	return 1;
}

/* Before a plugin was found: they are no lines of its format, and nobody need
 * be told of each. */
static int
is_noise (const struct lhk_stream *s, const struct detect_line *held)
{
	return (s->plugin->flags & LHK_PLUGIN_JSON) != 0 && !held->has_object;
}

static void
read_held (struct lhk_stream *s, int detected)
{
	struct detect *d = &s->detect;
	int64_t now_ms = s->now_ms;
	size_t i;

	for (i = 0; i < d->n; i++) {
		struct frame_line line = d->lines[i].line;

		line.data = d->bytes.data + d->lines[i].at;
		/* Those of one time may wait for their answers together. */
		if (s->now_ms != d->lines[i].now_ms)
			stream_batch_end (s);
		s->now_ms = d->lines[i].now_ms;
		if (detected && is_noise (s, &d->lines[i]))
			s->stats.unparsed++;
		else
			stream_line (s, &line);
	}
	stream_batch_end (s);
	s->now_ms = now_ms;
	free_lines (s);
}

static void
deliver_header (struct lhk_stream *s)
{
	struct detect *d = &s->detect;
	int64_t now_ms = s->now_ms;

	d->holding = 0;
	s->now_ms = d->header_ms;
	stream_send_header (s, &d->args.header);
	s->now_ms = now_ms;
}

static void
report_refusal (struct lhk_stream *s, const struct plugin_refusal *refused)
{
	const struct plugin_refusal *said = s->detect.said;

	if (said != NULL && strcmp (said->name, refused->name) == 0)
		return;
	stream_set_source (s, NULL);
	host_log (s->host, LHK_LOG_WARN, "plugin-refused", NULL, "%s",
		  refused->err.text);
	stream_send_notice (s, LHK_LOG_WARN, LHK_CODE_PLUGIN, refused->err.text,
			    NULL);
}

void
stream_detect_release (struct lhk_stream *s)
{
	struct detect *d = &s->detect;
	int on = d->on;

	if (!d->holding)
		return;
	deliver_header (s);
	/* They were offered when they came. */
	d->on = 0;
	read_held (s, 0);
	d->on = on && !s->is_quarantined;
}

/* ---- a line that was accepted ---- */

/* What the plugin that reads from now on changes. */
static void
adopt (struct lhk_stream *s, const struct lhk_plugin_ref *ref)
{
	size_t line_max = 0;

	s->plugin = lhk_plugin_ref_descriptor (ref);
	s->format.settled = 1;
	if (s->opts.on_plugin != NULL)
		line_max = s->opts.on_plugin (s->opts.user, ref);
	if (line_max >= LHK_LINE_MAX_MIN && line_max <= LHK_LINE_MAX_MAX) {
		s->opts.line_max = line_max;
		frame_set_line_max (&s->frame, line_max);
	}
}

/* The number of the first line that the plugin reads: LINE, or one that was held
 * back. */
static uint64_t
first_read (const struct lhk_stream *s, const struct frame_line *line)
{
	const struct detect *d = &s->detect;
	size_t i = 0;

	while (i < d->n && is_noise (s, &d->lines[i]))
		i++;
	return i < d->n ? d->lines[i].line.number : line->number;
}

static void
report_adopted (struct lhk_stream *s, const struct frame_line *line)
{
	char text[160], data[96];
	struct lhk_str json = { data, 0 };
	uint64_t first = first_read (s, line);

	json.len = (size_t) snprintf (
		data, sizeof data,
		"{\"plugin\":\"%s\",\"first_line\":%" PRIu64 "}",
		s->plugin->name, first);
	snprintf (text, sizeof text,
		  "the output is from %s, so plugin '%s' reads it from line "
		  "%" PRIu64 " on%s",
		  s->plugin->provider, s->plugin->name, first,
		  first == 1 ? ""
			     : "; the lines before it are not in that format");
	stream_set_source (s, line);
	host_log (s->host, LHK_LOG_INFO, LHK_CODE_PLUGIN, NULL, "%s", text);
	stream_send_notice (s, LHK_LOG_INFO, LHK_CODE_PLUGIN, text, &json);
}

/* What was no claim of the other plugin's stays: that a line was lost. */
static void
forget_other (struct lhk_stream *s)
{
	stream_forget (s);
	if (s->stats.oversize > 0)
		summary_lost (s->summary, 1);
}

/* The plugin reads LINE and what follows. */
static void
change_plugin (struct lhk_stream *s, const struct lhk_plugin_ref *ref,
	       const struct frame_line *line)
{
	struct detect *d = &s->detect;
	const struct plugin_refusal *refused = &d->probes.refused;
	struct lhk_error err = { 0 };
	int held = d->holding;

	d->on = 0;
	if (plugin_instance_change (&s->instance,
				    lhk_plugin_ref_descriptor (ref),
				    d->args.options, d->args.n_options, &err)
	    < 0) {
		stream_detect_release (s);
		host_log (s->host, LHK_LOG_WARN, LHK_CODE_PLUGIN, NULL, "%s",
			  err.text);
		stream_set_source (s, NULL);
		stream_send_notice (s, LHK_LOG_WARN, LHK_CODE_PLUGIN, err.text,
				    NULL);
		return;
	}
	adopt (s, ref);
	if (held)
		deliver_header (s);
	else
		forget_other (s);
	/* A file whose first line tells is read as if its plugin was named. */
	if (line->number > 1 || d->args.n_options > 0)
		report_adopted (s, line);
	if (refused->err.code != LHK_OK
	    && strcmp (refused->name, s->plugin->name) == 0)
		report_refusal (s, refused);
	read_held (s, 1);
	stream_detect_free (s);
}

int
stream_detect_line (struct lhk_stream *s, const struct frame_line *line)
{
	const struct lhk_plugin_ref *ref;
	int objects;

	if (!s->detect.on)
		return 0;
	ref = offer (s, line->data, line->len, &objects);
	if (ref != NULL) {
		change_plugin (s, ref, line);
		return 0;
	}
	if (!s->detect.holding)
		return 0;
	if (hold (s, line, objects))
		return 1;
	stream_detect_release (s);
	return 0;
}

void
stream_detect_skipped (struct lhk_stream *s, const struct frame_line *line,
		       const struct lhk_str *saved, size_t n)
{
	const struct lhk_plugin_ref *ref = NULL;
	size_t i;

	if (!s->detect.on)
		return;
	for (i = 0; i < n && ref == NULL; i++)
		ref = offer_object (s, saved[i].ptr, saved[i].len);
	if (ref != NULL)
		change_plugin (s, ref, line);
	else
		stream_detect_release (s);
}

/* It may be an agent that nobody knows: nothing of what it says counts. */
static void
report_unknown (struct lhk_stream *s)
{
	static const char text[] =
		"no plugin recognises the JSON lines in the output, so they "
		"are read as text; see linehook plugins";

	stream_set_source (s, NULL);
	host_log (s->host, LHK_LOG_WARN, "plugin-unknown", NULL, "%s", text);
	stream_send_notice (s, LHK_LOG_WARN, LHK_CODE_PLUGIN, text, NULL);
}

/* A file that was refused may have been the one that reads the objects which no
 * plugin has accepted. */
void
stream_detect_end (struct lhk_stream *s)
{
	struct detect *d = &s->detect;
	const struct plugin_refusal *refused = &d->probes.refused;

	stream_detect_release (s);
	if (d->on && d->n_offered > 0 && refused->err.code != LHK_OK
	    && !refused->replaced)
		report_refusal (s, refused);
	else if (d->on && d->has_type)
		report_unknown (s);
	stream_detect_free (s);
}
