/* SPDX-License-Identifier: MIT */
/*
 * outcome.c - from the document and the end of the process to a result.
 *
 * An error that the tool reported wins; then how the process ended, our own
 * causes included; only of a process that ended well a good document is
 * wanted.  What a document means:
 *
 *	nothing, null			output {}
 *	"error" not null		an error
 *	"result" an object		that output
 *	"result" null or absent		output {}
 *	"result" anything else		output {"value": result}
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "common/macros.h"
#include "common/mem.h"
#include "common/outbuf.h"
#include "run/run.h"
#include "json/tree.h"
#include "tool/message.h"
#include "tool/tool_private.h"

/* clang-format off: a table */
static const struct {
	const char *name;
	int exit_status; /* of the program, unless host_fault */
} error_kinds[] = {
	[LHK_TOOL_ERROR_NONE] = { "ok", 0 },
	[LHK_TOOL_ERROR_VALIDATE] = { "validate", 2 },
	[LHK_TOOL_ERROR_START] = { "start", 126 },
	[LHK_TOOL_ERROR_STDIN] = { "stdin", 125 },
	[LHK_TOOL_ERROR_STDOUT] = { "stdout", 1 },
	[LHK_TOOL_ERROR_STDERR] = { "stderr", 125 },
	[LHK_TOOL_ERROR_WAIT] = { "wait", 125 },
	[LHK_TOOL_ERROR_PARSE] = { "parse", 1 },
	[LHK_TOOL_ERROR_TIMEOUT] = { "timeout", 124 },
	[LHK_TOOL_ERROR_CANCELED] = { "canceled", 128 + SIGTERM },
	[LHK_TOOL_ERROR_EXIT] = { "exit", 1 },
	[LHK_TOOL_ERROR_SIGNAL] = { "signal", 1 },
	[LHK_TOOL_ERROR_TOOL] = { "tool", 1 },
};
/* clang-format on */

const char *
lhk_tool_error_name (int kind)
{
	return kind >= 0 && (size_t) kind < ARRAY_SIZE (error_kinds)
		       ? error_kinds[kind].name
		       : "unknown";
}

/* "Not found" is about the program alone, not about what it needs. */
static int
is_not_found (const struct lhk_outcome *o)
{
	return o->sys_errno == ENOENT
	       && (o->step == NULL || strcmp (o->step, "exec") == 0);
}

int
lhk_tool_exit_status (const struct lhk_tool *tool)
{
	int kind = tool_check (tool) == LHK_OK ? tool->error_kind : -1;

	if (kind < 0 || tool->host_fault)
		return 125;
	if (kind == LHK_TOOL_ERROR_CANCELED && tool->outcome.cancel_signal > 0)
		return 128 + tool->outcome.cancel_signal;
	if (kind == LHK_TOOL_ERROR_START && is_not_found (&tool->outcome))
		return 127;
	return error_kinds[kind].exit_status;
}

/* ---- the document ---- */

static struct json_object *
get_member (struct json_object *object, const char *name)
{
	struct json_object *v = NULL;

	if (json_object_is_type (object, json_type_object))
		json_object_object_get_ex (object, name, &v);
	return v;
}

/* A quotation of a string of the tool; NULL: it is not a string. */
static char *
quote_string (struct lhk_tool *t, struct json_object *v, size_t max)
{
	if (!json_object_is_type (v, json_type_string))
		return NULL;
	return message_quote (max, &t->host->alloc, t->redact,
			      json_object_get_string (v),
			      (size_t) json_object_get_string_len (v));
}

static void
take_error (struct lhk_tool *t, struct json_object *error)
{
	t->error = json_object_get (error);
	t->error_name =
		quote_string (t, get_member (error, "name"), TOOL_NAME_MAX);
	t->error_time = quote_string (t, get_member (error, "timestamp"),
				      TOOL_NAME_MAX);
	if (t->flags & LHK_TOOL_STACK_TRACE)
		t->error_stack = quote_string (t, get_member (error, "stack"),
					       TOOL_STACK_MAX);
}

static int
take_result (struct lhk_tool *t, struct json_object *result)
{
	struct json_object *output;

	if (json_object_is_type (result, json_type_object)) {
		t->output = json_object_get (result);
		return 0;
	}
	output = json_object_new_object ();
	if (output == NULL)
		return -1;
	if (result != NULL
	    && json_object_object_add (output, "value",
				       json_object_get (result))
		       < 0) {
		json_object_put (result);
		json_object_put (output);
		return -1;
	}
	t->output = output;
	return 0;
}

/* Take output, metadata and error out of the document.  0, or -1: no memory. */
static int
take_document (struct lhk_tool *t)
{
	struct json_object *root = decode_take (&t->decode);
	struct json_object *error = get_member (root, "error");
	int r = 0;

	if (error != NULL)
		take_error (t, error);
	else
		r = take_result (t, get_member (root, "result"));
	t->metadata = json_object_get (get_member (root, "metadata"));
	json_object_put (root);
	return r;
}

/* ---- the message ---- */

static void set_error (struct lhk_tool *t, int kind, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
set_error (struct lhk_tool *t, int kind, const char *fmt, ...)
{
	va_list args;

	t->error_kind = kind;
	va_start (args, fmt);
	vsnprintf (t->message, sizeof t->message, fmt, args);
	va_end (args);
}

static void
append_quotation (struct lhk_tool *t, size_t max, const char *text, size_t len,
		  int flags)
{
	message_append (t->message, max, &t->host->alloc, t->redact, text, len,
			flags);
}

/* The first bytes of a text that is being written. */
struct head {
	struct outbuf out;
	char data[TOOL_MESSAGE_MAX];
	size_t len;
	int is_full;
};

static void
add_to_head (void *user, const char *data, size_t len)
{
	struct head *h = user;
	size_t room = sizeof h->data - h->len;

	if (len >= room)
		h->is_full = 1;
	len = len < room ? len : room;
	memcpy (h->data + h->len, data, len);
	h->len += len;
}

/* Quote a value that is not a string as JSON. */
static void
append_json (struct lhk_tool *t, struct json_object *value)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	struct head *h = mem_new (alloc, sizeof *h);

	if (h == NULL)
		return;
	outbuf_init (&h->out, add_to_head, h);
	h->len = 0;
	h->is_full = 0;
	json_tree_write (&h->out, value, &h->is_full);
	outbuf_flush (&h->out);
	append_quotation (t, TOOL_MESSAGE_MAX, h->data, h->len,
			  h->is_full ? MESSAGE_CUT : 0);
	mem_free (alloc, h, sizeof *h);
}

static void
explain_tool_error (struct lhk_tool *t)
{
	struct json_object *value = NULL;

	if (json_object_is_type (t->error, json_type_object)) {
		json_object_object_get_ex (t->error, "message", &value);
		if ((t->flags & LHK_TOOL_STACK_TRACE) == 0)
			json_object_object_del (t->error, "stack");
	}
	if (value == NULL)
		value = t->error;
	set_error (t, LHK_TOOL_ERROR_TOOL, "tool execution failed: ");
	if (json_object_is_type (value, json_type_string)
	    && json_object_get_string_len (value) > 0)
		append_quotation (
			t, TOOL_MESSAGE_MAX, json_object_get_string (value),
			(size_t) json_object_get_string_len (value), 0);
	else
		append_json (t, value);
}

static void
explain_start (struct lhk_tool *t)
{
	const struct lhk_outcome *o = &t->outcome;
	int at_exec = o->step == NULL || strcmp (o->step, "exec") == 0;

	if (is_not_found (o) && strchr (t->program, '/') == NULL)
		set_error (t, LHK_TOOL_ERROR_START,
			   "cannot start '%.200s': command not found",
			   t->program);
	else
		set_error (t, LHK_TOOL_ERROR_START,
			   "cannot start '%.200s': %s%s%s", t->program,
			   o->detail != NULL   ? o->detail
			   : o->sys_errno != 0 ? strerror (o->sys_errno)
					       : "unknown reason",
			   at_exec ? "" : ", in step ", at_exec ? "" : o->step);
}

static void
explain_host_error (struct lhk_tool *t)
{
	t->host_fault = 1;
	if (t->outcome.n_survivors > 0)
		set_error (t, LHK_TOOL_ERROR_WAIT,
			   "%u processes of the tool could not be killed; one "
			   "of them is %d",
			   t->outcome.n_survivors, t->outcome.survivors[0]);
	else if (t->outcome.flags & LHK_FLAG_MONITOR_LOST)
		set_error (t, LHK_TOOL_ERROR_WAIT,
			   "the monitor of the tool was lost, so it is not "
			   "known how the tool ended");
	else
		set_error (t, LHK_TOOL_ERROR_STDOUT,
			   "stdout of the tool cannot be read");
}

static void
explain_output_limit (struct lhk_tool *t)
{
	set_error (t, LHK_TOOL_ERROR_STDOUT,
		   "tool output exceeded maximum size of %llu bytes",
		   (unsigned long long) t->max_output);
}

static void
explain_timeout (struct lhk_tool *t)
{
	set_error (t, LHK_TOOL_ERROR_TIMEOUT,
		   "tool execution timed out after %u ms", t->timeout_ms);
}

static void
explain_cancel (struct lhk_tool *t)
{
	set_error (t, LHK_TOOL_ERROR_CANCELED, "tool execution was canceled");
}

static void
explain_signal (struct lhk_tool *t)
{
	int signo = t->outcome.signal;
	const char *why = t->outcome.oom     ? ": out of memory"
			  : signo == SIGKILL ? ": possible OOM or external kill"
					     : "";

	set_error (t, LHK_TOOL_ERROR_SIGNAL, "tool was killed by signal %d%s",
		   signo, why);
}

/* What other encodings look like, with a byte order mark or without; '.' is any
 * byte.  A mark of UTF-32 begins as one of UTF-16 does. */
static const struct {
	const char *head;
	size_t len;
	const char *advice;
} encodings[] = {
	{ "\xff\xfe\0\0", 4, " (this is UTF-32; use UTF-8)" },
	{ "\0\0\xfe\xff", 4, " (this is UTF-32; use UTF-8)" },
	{ "{\0\0\0", 4, " (this is UTF-32; use UTF-8)" },
	{ "\0\0\0{", 4, " (this is UTF-32; use UTF-8)" },
	{ "\xff\xfe", 2, " (this is UTF-16; use UTF-8)" },
	{ "\xfe\xff", 2, " (this is UTF-16; use UTF-8)" },
	{ "{\0.\0", 4, " (this is UTF-16; use UTF-8)" },
	{ "\0{\0.", 4, " (this is UTF-16; use UTF-8)" },
};

static int
begins_with (const struct lhk_tool *t, const char *head, size_t len)
{
	size_t i;

	if (t->n_preview < len)
		return 0;
	for (i = 0; i < len; i++)
		if (head[i] != '.' && head[i] != t->preview[i])
			return 0;
	return 1;
}

/* A remedy, if what was printed before the answer is known. */
static const char *
advice (const struct lhk_tool *t)
{
	uint64_t at = t->decode.off < t->n_preview ? t->decode.off : 0;
	size_t i;
	char c;

	for (i = 0; i < ARRAY_SIZE (encodings); i++)
		if (begins_with (t, encodings[i].head, encodings[i].len))
			return encodings[i].advice;
	c = t->preview[at];
	if (!t->decode.is_object && t->decode.error != DECODE_END
	    && t->decode.error != DECODE_UNENDED && c != '[' && c != '"')
		return " (logs belong on stderr)";
	return "";
}

static void
explain_bad_document (struct lhk_tool *t)
{
	int is_cut = t->stdout_bytes > t->n_preview;
	size_t from = 0;

	/* What was skipped is of no interest. */
	if ((t->decode.error == DECODE_FRONT
	     || t->decode.error == DECODE_UNENDED)
	    && t->decode.off < t->n_preview)
		from = (size_t) t->decode.off;
	set_error (t, LHK_TOOL_ERROR_PARSE,
		   "tool produced non-JSON output: %s, at byte"
		   " %llu%s: ",
		   decode_reason (t->decode.error),
		   (unsigned long long) t->decode.off + 1, advice (t));
	append_quotation (t, TOOL_PREVIEW_MAX, t->preview + from,
			  t->n_preview - from,
			  MESSAGE_ONE_LINE | (is_cut ? MESSAGE_CUT : 0));
}

/* The tree has no memory, or would take more than its limit. */
static void
explain_no_tree (struct lhk_tool *t)
{
	t->host_fault = t->decode.error == DECODE_MEMORY;
	/* The run was canceled by ourselves, not by the caller. */
	if (t->decode_failed && t->outcome.end_reason == LHK_END_CANCELED)
		t->outcome.end_reason = LHK_END_OUTPUT_LIMIT;
	set_error (t, LHK_TOOL_ERROR_STDOUT,
		   "tool output cannot be decoded: %s",
		   decode_reason (t->decode.error));
}

static void
explain_exit (struct lhk_tool *t)
{
	if (t->outcome.exit_code != 0) {
		set_error (t, LHK_TOOL_ERROR_EXIT, "tool exited with status %d",
			   t->outcome.exit_code);
	} else if (t->decode.error != DECODE_OK) {
		explain_bad_document (t);
	} else if (run_lost_stderr (t->run)) {
		t->host_fault = 1;
		set_error (t, LHK_TOOL_ERROR_STDERR,
			   "stderr of the tool cannot be read");
	} else {
		t->error_kind = LHK_TOOL_ERROR_NONE;
	}
}

static const struct {
	int end_reason;
	void (*explain) (struct lhk_tool *t);
} explanations[] = {
	{ LHK_END_SPAWN_FAILED, explain_start },
	{ LHK_END_HOST_ERROR, explain_host_error },
	{ LHK_END_OUTPUT_LIMIT, explain_output_limit },
	{ LHK_END_TIMEOUT, explain_timeout },
	{ LHK_END_CANCELED, explain_cancel },
	{ LHK_END_SIGNALED, explain_signal },
	{ LHK_END_EXITED, explain_exit },
};

void
tool_conclude (struct lhk_tool *t)
{
	int is_blank = decode_is_blank (&t->decode);
	size_t i;

	if (decode_end (&t->decode) == DECODE_OK && take_document (t) < 0)
		t->decode.error = DECODE_MEMORY;
	if (t->error != NULL) {
		explain_tool_error (t);
		return;
	}
	if (t->decode_failed || t->decode.error == DECODE_MEMORY) {
		explain_no_tree (t);
		return;
	}
	t->host_fault = 1;
	set_error (t, LHK_TOOL_ERROR_WAIT,
		   "it is not known how the tool ended");
	for (i = 0; i < ARRAY_SIZE (explanations); i++) {
		if (explanations[i].end_reason != t->outcome.end_reason)
			continue;
		t->host_fault = 0;
		t->message[0] = '\0';
		explanations[i].explain (t);
	}
	/* An empty stdout is an answer only of a tool that ended well. */
	if (t->error_kind != LHK_TOOL_ERROR_NONE && is_blank) {
		json_object_put (t->output);
		t->output = NULL;
	}
}
