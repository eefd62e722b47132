/* SPDX-License-Identifier: MIT */
/* result_json.c - the result of a call as one JSON object. */
#include "config.h"

#include <json-c/json.h>

#include "common/mem.h"
#include "common/outbuf.h"
#include "format/event_json.h"
#include "json/tree.h"
#include "json/writer.h"
#include "tool/tool_private.h"

/* The caller's function as the end of a struct outbuf. */
struct result_writer {
	struct outbuf out;
	int (*fn) (void *user, const char *data, size_t len);
	void *user;
	int stop; /* what FN returned last */
};

static void
call_fn (void *user, const char *data, size_t len)
{
	struct result_writer *w = user;

	if (w->stop == 0)
		w->stop = w->fn (w->user, data, len);
}

static void
write_error (struct jw *j, const struct lhk_tool *t)
{
	jw_object_begin (j, "error");
	jw_str (j, "kind", lhk_tool_error_name (t->error_kind));
	jw_str (j, "message", t->message);
	jw_str (j, "name", t->error_name);
	jw_str (j, "timestamp", t->error_time);
	jw_str (j, "stack", t->error_stack);
	if (t->outcome.oom)
		jw_bool (j, "oom", 1);
	jw_object_end (j);
}

static void
write_tree (struct jw *j, const char *key, struct json_object *tree,
	    const int *stop)
{
	jw_key (j, key);
	json_tree_write (j->out, tree, stop);
}

/* How the process ended; the members of a final event, empty if there was no
 * process. */
static void
write_process (struct jw *j, const struct lhk_outcome *outcome)
{
	if (outcome->end_reason != 0) {
		format_json_outcome (j->out, outcome);
		format_json_flags (j->out, outcome->flags);
		format_json_process (j->out, outcome);
		return;
	}
	jw_object_begin (j, "outcome");
	jw_object_end (j);
	jw_object_begin (j, "stderr");
	jw_str (j, "head", "");
	jw_str (j, "tail", "");
	jw_u64 (j, "bytes", 0);
	jw_object_end (j);
}

static void
write_result (struct outbuf *o, const struct lhk_tool *t, const int *stop)
{
	int ok = t->error_kind == LHK_TOOL_ERROR_NONE;
	struct jw j;

	jw_init (&j, o);
	jw_object_begin (&j, NULL);
	jw_str (&j, "tool_id", t->id);
	jw_str (&j, "tool_exec_id", t->exec_id);
	jw_bool (&j, "ok", ok);
	/* An empty output of a call that failed says something only if the tool
	 * has answered. */
	if (t->output != NULL
	    && (ok || t->decode.is_object
		|| json_object_object_length (t->output) > 0))
		write_tree (&j, "output", t->output, stop);
	if (!ok)
		write_error (&j, t);
	if (t->metadata != NULL)
		write_tree (&j, "metadata", t->metadata, stop);
	write_process (&j, &t->outcome);
	jw_u64 (&j, "duration_ms", t->outcome.wall_ms);
	jw_object_end (&j);
	outbuf_flush (o);
}

int
lhk_tool_write_result (const struct lhk_tool *tool,
		       int (*fn) (void *user, const char *data, size_t len),
		       void *user)
{
	const struct lhk_alloc *alloc;
	struct result_writer *w;
	int r = tool_check (tool);

	if (r < 0 || fn == NULL)
		return r < 0 ? r : LHK_EINVAL;
	if (tool->error_kind < 0)
		return LHK_ESTATE;
	alloc = &tool->host->alloc;
	w = mem_new (alloc, sizeof *w);
	if (w == NULL)
		return LHK_ENOMEM;
	outbuf_init (&w->out, call_fn, w);
	w->fn = fn;
	w->user = user;
	w->stop = 0;
	write_result (&w->out, tool, &w->stop);
	r = w->stop;
	mem_free (alloc, w, sizeof *w);
	return r;
}
