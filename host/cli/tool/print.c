/* SPDX-License-Identifier: MIT */
/*
 * print.c - results of calls, one a line, in the order of their lines.
 *
 * A result whose turn has come goes to stdout as it is made; one that ends
 * before an earlier call waits in a backlog, and its call is freed.
 */
#include "config.h"

#include <string.h>

#include "common/clock.h"
#include "common/ulid.h"
#include "cli/tool/cmd_tool.h"
#include "json/writer.h"
#include "common/mem.h"
#include "common/text.h"

/* From the best to the worst: what the tool said, what we were asked for
 * wrongly, what could not be started, what we failed in, a cancel. */
static const int ranks[] = { 0, 1, 124, STATUS_USAGE, 127, 126, STATUS_HOST };

#define N_RANKS (sizeof ranks / sizeof ranks[0])

static size_t
rank_of (int status)
{
	size_t i;

	for (i = 0; i < N_RANKS; i++)
		if (ranks[i] == status)
			break;
	return i;
}

int
tool_worse (int a, int b)
{
	return rank_of (b) > rank_of (a) ? b : a;
}

/* Whoever looks at stderr alone must see it too. */
static void
tell (struct tool_call *c, int kind, const char *message)
{
	const char *const fields[] = { "kind",
				       lhk_tool_error_name (kind),
				       c->line == 0 ? NULL : "line",
				       c->line_text,
				       "tool",
				       c->id,
				       NULL };

	log_bytes (&c->calls->log, LHK_LOG_WARN, "call", fields, message,
		   strlen (message));
}

/* ---- a call that never was ---- */

static void
put_text (struct outbuf *o, const char *key, const char *value)
{
	const struct lhk_text text = text_from_cstr (value);

	outbuf_str (o, key);
	json_put_body (o, &text);
}

/* What of it is said is what the library says of a call without a process. */
void
tool_print_none (struct tool_call *c, const struct tool_request_opts *ask,
		 int kind, const char *message)
{
	struct outbuf *o = &c->calls->keep;
	char made_up[ULID_SIZE];

	o->user = &c->kept;
	ulid_make (clock_unix_ms (), made_up);
	put_text (o, "{\"tool_id\":", ask->id);
	put_text (o, ",\"tool_exec_id\":",
		  ask->exec_id != NULL ? ask->exec_id : made_up);
	put_text (o, ",\"ok\":false,\"error\":{\"kind\":",
		  lhk_tool_error_name (kind));
	put_text (o, ",\"message\":", message);
	outbuf_str (o,
		    "},\"outcome\":{},\"stderr\":{\"head\":\"\",\"tail\":\"\","
		    "\"bytes\":0},\"duration_ms\":0}");
	outbuf_flush (o);
	tell (c, kind, message);
}

/* ---- results ---- */

static int
put (void *user, const char *data, size_t len)
{
	outbuf_bytes (user, data, len);
	return 0;
}

/* The result of an ended call to O. */
static void
take (struct tool_call *c, struct outbuf *o)
{
	struct tool_session *d = c->calls;
	int kind = lhk_tool_error_kind (c->tool);

	if (lhk_tool_write_result (c->tool, put, o) != LHK_OK) {
		async_stdio_say (&d->stdio,
				 "out of memory: a result is not complete");
		d->status = tool_worse (d->status, STATUS_HOST);
	}
	if (kind != LHK_TOOL_ERROR_NONE)
		tell (c, kind, lhk_tool_message (c->tool));
	d->status = tool_worse (d->status, lhk_tool_exit_status (c->tool));
	lhk_tool_free (c->tool);
	c->tool = NULL;
	d->running--;
}

/* Half a line would be worse than this one. */
static void
lose (struct tool_call *c)
{
	const struct tool_request_opts ask = { .id = c->id, .exec_id = "" };

	c->calls->status = tool_worse (c->calls->status, STATUS_HOST);
	spool_clear (&c->kept);
	c->kept.lost = 0;
	tool_print_none (c, &ask, LHK_TOOL_ERROR_WAIT,
			 "its result could not be kept "
			 "until its turn: no memory and no disk");
}

static void
keep (struct tool_call *c)
{
	struct outbuf *o = &c->calls->keep;

	o->user = &c->kept;
	take (c, o);
	outbuf_flush (o);
	if (c->kept.lost > 0)
		lose (c);
}

static void
put_kept (struct tool_call *c)
{
	const char *p;
	size_t n;

	while ((n = spool_peek (&c->kept, &p)) > 0) {
		outbuf_bytes (&c->calls->out, p, n);
		spool_drop (&c->kept, n);
	}
}

static void
print (struct tool_call *c)
{
	struct tool_session *d = c->calls;

	if (c->tool != NULL)
		take (c, &d->out);
	else
		put_kept (c);
	outbuf_byte (&d->out, '\n');
	outbuf_flush (&d->out);
	spool_free (&c->kept);
}

void
tool_print_settle (struct tool_session *d)
{
	size_t i;

	while (d->n > 0 && d->calls[d->first].ended) {
		print (&d->calls[d->first]);
		d->first = (d->first + 1) % d->cap;
		d->n--;
	}
	for (i = 1; i < d->n; i++) {
		struct tool_call *c = &d->calls[(d->first + i) % d->cap];

		if (c->tool != NULL && c->ended)
			keep (c);
	}
}
