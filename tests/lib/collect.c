/* SPDX-License-Identifier: MIT */
/* collect.c - drive a plugin without a host; its events as readable lines. */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "lib/collect.h"
#include "lib/collect_print.h"
#include "lib/tap.h"

#define MAX_STRUCT 512

struct collector {
	FILE *out;
	char (*events)[MAX_STRUCT]; /* of the callback that runs */
	size_t n_events;
	size_t cap;
	int inside;
};

static int
take_event (void *ctx, const struct lhk_event *event)
{
	struct collector *c = ctx;

	if (!c->inside)
		fprintf (c->out, "broken emit outside of a callback\n");
	if (event->size < sizeof (*event) || event->size > MAX_STRUCT) {
		fprintf (c->out, "broken event of %u bytes\n", event->size);
		return LHK_EINVAL;
	}
	if (c->n_events == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 16;
		c->events = realloc (c->events, c->cap * MAX_STRUCT);
		if (c->events == NULL)
			abort ();
	}
	memset (c->events[c->n_events], 0, MAX_STRUCT);
	memcpy (c->events[c->n_events++], event, event->size);
	return LHK_OK;
}

static void LHK_PRINTF (3, 4)
	take_log (void *ctx, int level, const char *fmt, ...)
{
	struct collector *c = ctx;
	va_list args;

	fprintf (c->out, "log level=%d ", level);
	va_start (args, fmt);
	vfprintf (c->out, fmt, args);
	va_end (args);
	fputc ('\n', c->out);
}

/* What a callback said; its events if it did not fail. */
static void
settle (struct collector *c, int r, unsigned long long line)
{
	size_t i;

	c->inside = 0;
	for (i = 0; r >= 0 && i < c->n_events; i++)
		collect_print (
			c->out,
			(const struct lhk_event *) (const void *) c->events[i]);
	c->n_events = 0;
	if (r == LHK_SKIP)
		fprintf (c->out, "skip line=%llu\n", line);
	else if (r == LHK_HEARTBEAT)
		fprintf (c->out, "heartbeat line=%llu\n", line);
	else if (r == LHK_EPARSE)
		fprintf (c->out, "unparsed line=%llu\n", line);
	else if (r != LHK_OK)
		fprintf (c->out, "error line=%llu code=%d\n", line, r);
}

/* In memory of its exact size, so that checkers see what is read beyond. */
static void
one_line (struct collector *c, const struct lhk_plugin *plugin, void *handle,
	  const char *data, size_t len, uint32_t flags, uint64_t number)
{
	struct lhk_line line = { .size = sizeof (line) };
	char *copy;
	int r;

	if (len && data[len - 1] == '\r') {
		len--;
		flags |= LHK_LINE_HAD_CR;
	}
	copy = malloc (len + LHK_LINE_PADDING);
	if (copy == NULL)
		abort ();
	memcpy (copy, data, len);
	memset (copy + len, '"', LHK_LINE_PADDING);
	copy[len] = '\n';
	line.flags = flags;
	line.data = copy;
	line.len = len;
	line.full_len = len;
	line.number = number;
	c->inside = 1;
	r = plugin->line_hook (handle, &line);
	settle (c, r, number);
	memset (copy, 0x5a, len + LHK_LINE_PADDING);
	free (copy);
}

static void
all_lines (struct collector *c, const struct lhk_plugin *plugin, void *handle,
	   const char *data, size_t len, uint32_t flags)
{
	const char *end = data + len;
	const char *nl;
	uint64_t number = 0;

	while (data < end) {
		nl = memchr (data, '\n', (size_t) (end - data));
		if (nl == NULL) {
			nl = end;
			flags |= LHK_LINE_UNTERMINATED;
		}
		one_line (c, plugin, handle, data, (size_t) (nl - data), flags,
			  ++number);
		data = nl + 1;
	}
}

int
collect_run (const struct lhk_plugin *plugin, const char *data, size_t len,
	     const struct collect_opts *opts, FILE *out)
{
	static const struct collect_opts none;
	struct collector c = { .out = out };
	struct lhk_api api = {
		.size = sizeof (api),
		.abi_major = LHK_ABI_MAJOR,
		.abi_minor = LHK_ABI_MINOR,
		.ctx = &c,
		.emit = take_event,
		.log = take_log,
	};
	void *handle = NULL;
	int r;

	if (opts == NULL)
		opts = &none;
	r = plugin->open (&api, opts->options, opts->n_options, &handle);
	if (r < 0)
		return r;
	all_lines (&c, plugin, handle, data, len, opts->line_flags);
	if (plugin->flush != NULL) {
		c.inside = 1;
		settle (&c, plugin->flush (handle), 0);
	}
	if (plugin->exited != NULL && opts->how != NULL) {
		c.inside = 1;
		settle (&c, plugin->exited (handle, opts->how), 0);
	}
	plugin->close (handle);
	free (c.events);
	return LHK_OK;
}

char *
collect_text (const struct lhk_plugin *plugin, const char *data, size_t len,
	      const struct collect_opts *opts)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream (&text, &size);
	if (out == NULL || collect_run (plugin, data, len, opts, out) < 0)
		abort ();
	fclose (out);
	return text;
}
