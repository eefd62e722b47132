/* SPDX-License-Identifier: MIT */
/* result_json.c - the result of a call as one JSON object. */
#include "config.h"

#include <string.h>

#include <json-c/json.h>

#include "format/event_json.h"
#include "json/writer.h"
#include "tool/tool_private.h"
#include "common/mem.h"

/* Where it goes. */
struct target {
	struct outbuf out;
	int (*fn) (void *user, const char *data, size_t len);
	void *user;
	int stop; /* what FN said */
};

static void
hand_on (void *user, const char *data, size_t len)
{
	struct target *t = user;

	if (t->stop == 0)
		t->stop = t->fn (t->user, data, len);
}

static void
put_string (struct outbuf *o, const char *key, const char *s)
{
	struct lhk_text text = { s, 0, LHK_TEXT_PLAIN, 0 };

	if (s == NULL)
		return;
	text.len = strlen (s);
	outbuf_str (o, key);
	json_put_body (o, &text);
}

static void
put_error (struct outbuf *o, const struct lhk_tool *t)
{
	json_put_word (o,
		       ",\"error\":{\"kind\":", lhk_tool_error_name (t->kind));
	put_string (o, ",\"message\":", t->message);
	put_string (o, ",\"name\":", t->name);
	put_string (o, ",\"timestamp\":", t->when);
	put_string (o, ",\"stack\":", t->trace);
	if (t->outcome.oom)
		OUT_LIT (o, ",\"oom\":true");
	OUT_LIT (o, "}");
}

static void
put_all (struct outbuf *o, const struct lhk_tool *t, const int *stop)
{
	put_string (o, "{\"tool_id\":", t->id);
	put_string (o, ",\"tool_exec_id\":", t->exec_id);
	outbuf_str (o, t->kind == LHK_TOOL_ERROR_NONE ? ",\"ok\":true"
						      : ",\"ok\":false");
	/* Of a call that failed an empty one says nothing. */
	if (t->output != NULL
	    && (t->kind == LHK_TOOL_ERROR_NONE
		|| json_object_object_length (t->output) > 0)) {
		OUT_LIT (o, ",\"output\":");
		json_tree_write (o, t->output, stop);
	}
	if (t->kind != LHK_TOOL_ERROR_NONE)
		put_error (o, t);
	if (t->metadata != NULL) {
		OUT_LIT (o, ",\"metadata\":");
		json_tree_write (o, t->metadata, stop);
	}
	if (t->outcome.how != 0) {
		json_put_outcome (o, &t->outcome);
		json_put_flags (o, t->outcome.flags);
		json_put_process (o, &t->outcome);
	} else {
		OUT_LIT (o, ",\"outcome\":{},\"stderr\":{\"head\":\"\","
			    "\"tail\":\"\",\"bytes\":0}");
	}
	OUT_LIT (o, ",\"duration_ms\":");
	outbuf_u64 (o, t->outcome.wall_ms);
	OUT_LIT (o, "}");
	outbuf_flush (o);
}

int
lhk_tool_write_result (const struct lhk_tool *tool,
		       int (*fn) (void *user, const char *data, size_t len),
		       void *user)
{
	const struct lhk_alloc *alloc;
	struct target *t;
	int r;

	if (tool == NULL || tool->magic != TOOL_MAGIC || fn == NULL)
		return LHK_EINVAL;
	r = host_check (tool->host);
	if (r < 0)
		return r;
	if (tool->kind < 0)
		return LHK_ESTATE;
	alloc = &tool->host->alloc;
	t = mem_new (alloc, sizeof *t);
	if (t == NULL)
		return LHK_ENOMEM;
	outbuf_init (&t->out, hand_on, t);
	t->fn = fn;
	t->user = user;
	t->stop = 0;
	put_all (&t->out, tool, &t->stop);
	r = t->stop;
	mem_free (alloc, t, sizeof *t);
	return r;
}
