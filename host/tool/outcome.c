/* SPDX-License-Identifier: MIT */
/*
 * outcome.c - from the answer and the outcome to a kind and a sentence.
 *
 * An error that the tool told wins; then what we did and how the process
 * ended; only a process that ended well is asked for a good answer.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "tool/tool_private.h"
#include "common/mem.h"
#include "common/outbuf.h"

static const struct {
	const char *name;
	int status; /* of the program */
} kinds[] = {
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

const char *
lhk_tool_error_name (int kind)
{
	return kind >= 0 && (size_t) kind < sizeof kinds / sizeof kinds[0]
		       ? kinds[kind].name
		       : "unknown";
}

static struct json_object *
member (struct json_object *object, const char *name)
{
	struct json_object *v = NULL;

	if (json_object_is_type (object, json_type_object))
		json_object_object_get_ex (object, name, &v);
	return v;
}

/* A copy of a text of the tool, if it is one. */
static char *
words_of (struct lhk_tool *t, struct json_object *v, size_t most)
{
	if (!json_object_is_type (v, json_type_string))
		return NULL;
	return message_copy (t, most, json_object_get_string (v),
			     (size_t) json_object_get_string_len (v));
}

static void
take_error (struct lhk_tool *t, struct json_object *error)
{
	t->error = json_object_get (error);
	t->name = words_of (t, member (error, "name"), TOOL_NAME);
	t->when = words_of (t, member (error, "timestamp"), TOOL_NAME);
	if (t->flags & LHK_TOOL_STACK_TRACE)
		t->trace = words_of (t, member (error, "stack"), TOOL_TRACE);
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

static int
take_answer (struct lhk_tool *t)
{
	struct json_object *root = decode_take (&t->decode);
	struct json_object *error = member (root, "error");
	int r = 0;

	if (error != NULL)
		take_error (t, error);
	else
		r = take_result (t, member (root, "result"));
	t->metadata = json_object_get (member (root, "metadata"));
	json_object_put (root);
	return r;
}

static void say (struct lhk_tool *t, int kind, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
say (struct lhk_tool *t, int kind, const char *fmt, ...)
{
	va_list args;

	t->kind = kind;
	va_start (args, fmt);
	vsnprintf (t->message, sizeof t->message, fmt, args);
	va_end (args);
}

/* The first bytes of a text that is being written. */
struct head {
	struct outbuf out;
	char data[TOOL_SAID];
	size_t len;
	int stop;
};

static void
take_head (void *user, const char *data, size_t len)
{
	struct head *h = user;
	size_t room = sizeof h->data - h->len;

	if (len >= room)
		h->stop = 1;
	len = len < room ? len : room;
	memcpy (h->data + h->len, data, len);
	h->len += len;
}

/* What is no text, as JSON. */
static void
say_json (struct lhk_tool *t, struct json_object *words)
{
	const struct lhk_alloc *alloc = &t->host->alloc;
	struct head *h = mem_new (alloc, sizeof *h);

	if (h == NULL)
		return;
	outbuf_init (&h->out, take_head, h);
	h->len = 0;
	h->stop = 0;
	json_tree_write (&h->out, words, &h->stop);
	outbuf_flush (&h->out);
	message_words (t, t->message, TOOL_SAID, h->data, h->len, 0, h->stop);
	mem_free (alloc, h, sizeof *h);
}

static void
tool_error (struct lhk_tool *t)
{
	struct json_object *words = NULL;

	if (json_object_is_type (t->error, json_type_object)) {
		json_object_object_get_ex (t->error, "message", &words);
		if ((t->flags & LHK_TOOL_STACK_TRACE) == 0)
			json_object_object_del (t->error, "stack");
	}
	if (words == NULL)
		words = t->error;
	say (t, LHK_TOOL_ERROR_TOOL, "tool execution failed: ");
	if (json_object_is_type (words, json_type_string)
	    && json_object_get_string_len (words) > 0)
		message_words (t, t->message, TOOL_SAID,
			       json_object_get_string (words),
			       (size_t) json_object_get_string_len (words), 0,
			       0);
	else
		say_json (t, words);
}

static void
not_started (struct lhk_tool *t)
{
	const struct lhk_outcome *o = &t->outcome;
	int at_exec = o->step == NULL || strcmp (o->step, "exec") == 0;

	if (at_exec && o->sys_errno == ENOENT
	    && strchr (t->program, '/') == NULL)
		say (t, LHK_TOOL_ERROR_START,
		     "cannot start '%.200s': not found in"
		     " PATH (want a program there, or a path)",
		     t->program);
	else
		say (t, LHK_TOOL_ERROR_START, "cannot start '%.200s': %s%s%s",
		     t->program,
		     o->detail != NULL	 ? o->detail
		     : o->sys_errno != 0 ? strerror (o->sys_errno)
					 : "unknown reason",
		     at_exec ? "" : ", in step ", at_exec ? "" : o->step);
}

static void
not_known (struct lhk_tool *t)
{
	t->our_fault = 1;
	if (t->outcome.n_survivors > 0)
		say (t, LHK_TOOL_ERROR_WAIT,
		     "%u processes of the tool could not be"
		     " killed, one is %d",
		     t->outcome.n_survivors, t->outcome.survivors[0]);
	else if (t->outcome.flags & LHK_FLAG_MONITOR_LOST)
		say (t, LHK_TOOL_ERROR_WAIT,
		     "the monitor of the tool was lost: how"
		     " it ended is not known");
	else
		say (t, LHK_TOOL_ERROR_STDOUT,
		     "stdout of the tool cannot be read");
}

static void
too_long (struct lhk_tool *t)
{
	say (t, LHK_TOOL_ERROR_STDOUT,
	     "tool output exceeded maximum size of %llu bytes",
	     (unsigned long long) t->max_output);
}

static void
timed_out (struct lhk_tool *t)
{
	say (t, LHK_TOOL_ERROR_TIMEOUT, "tool execution timed out after %u ms",
	     t->timeout_ms);
}

static void
canceled (struct lhk_tool *t)
{
	say (t, LHK_TOOL_ERROR_CANCELED, "tool execution was canceled");
}

static void
signaled (struct lhk_tool *t)
{
	int signo = t->outcome.signal;
	const char *why = t->outcome.oom     ? ": out of memory"
			  : signo == SIGKILL ? ": possible OOM or external kill"
					     : "";

	say (t, LHK_TOOL_ERROR_SIGNAL, "tool was killed by signal %d%s", signo,
	     why);
}

static void
not_json (struct lhk_tool *t)
{
	say (t, LHK_TOOL_ERROR_PARSE,
	     "tool produced non-JSON output: %s, at byte"
	     " %llu: ",
	     decode_reason (t->decode.error),
	     (unsigned long long) t->decode.off + 1);
	message_words (t, t->message, TOOL_PREVIEW, t->preview, t->n_preview, 1,
		       t->n_out > t->n_preview);
}

static void
no_room (struct lhk_tool *t)
{
	t->our_fault = t->decode.error == DECODE_MEMORY;
	/* We ended it ourselves: nobody canceled. */
	if (t->gave_up && t->outcome.how == LHK_END_CANCELED)
		t->outcome.how = LHK_END_OUTPUT_LIMIT;
	say (t, LHK_TOOL_ERROR_STDOUT, "tool output cannot be decoded: %s",
	     decode_reason (t->decode.error));
}

/* It ended by itself. */
static void
exited (struct lhk_tool *t)
{
	if (t->outcome.exit_code != 0) {
		say (t, LHK_TOOL_ERROR_EXIT, "tool exited with status %d",
		     t->outcome.exit_code);
	} else if (t->decode.error != DECODE_FINE) {
		not_json (t);
	} else if (run_lost_stderr (t->run)) {
		t->our_fault = 1;
		say (t, LHK_TOOL_ERROR_STDERR,
		     "stderr of the tool cannot be read");
	} else {
		t->kind = LHK_TOOL_ERROR_NONE;
	}
}

static const struct {
	int how;
	void (*judge) (struct lhk_tool *t);
} hows[] = {
	{ LHK_END_SPAWN_FAILED, not_started },
	{ LHK_END_HOST_ERROR, not_known },
	{ LHK_END_OUTPUT_LIMIT, too_long },
	{ LHK_END_TIMEOUT, timed_out },
	{ LHK_END_CANCELED, canceled },
	{ LHK_END_SIGNALED, signaled },
	{ LHK_END_EXITED, exited },
};

void
tool_judge (struct lhk_tool *t)
{
	size_t i;
	int said = !decode_is_blank (&t->decode);

	if (decode_end (&t->decode) == DECODE_FINE && take_answer (t) < 0)
		t->decode.error = DECODE_MEMORY;
	if (t->error != NULL) {
		tool_error (t);
		return;
	}
	if (t->gave_up || t->decode.error == DECODE_MEMORY) {
		no_room (t);
		return;
	}
	t->our_fault = 1;
	say (t, LHK_TOOL_ERROR_WAIT, "how the tool ended is not known");
	for (i = 0; i < sizeof hows / sizeof hows[0]; i++) {
		if (hows[i].how != t->outcome.how)
			continue;
		t->our_fault = 0;
		t->message[0] = '\0';
		hows[i].judge (t);
	}
	/* Nothing is an answer of a tool that ended well alone. */
	if (t->kind != LHK_TOOL_ERROR_NONE && !said) {
		json_object_put (t->output);
		t->output = NULL;
	}
}

/* "Not found" is the program alone, not what it needs. */
static int
not_found (const struct lhk_outcome *o)
{
	return o->sys_errno == ENOENT
	       && (o->step == NULL || strcmp (o->step, "exec") == 0);
}

int
lhk_tool_exit_status (const struct lhk_tool *tool)
{
	int kind = lhk_tool_error_kind (tool);

	if (kind < 0 || tool->our_fault)
		return 125;
	if (kind == LHK_TOOL_ERROR_CANCELED && tool->outcome.cancel_signal > 0)
		return 128 + tool->outcome.cancel_signal;
	if (kind == LHK_TOOL_ERROR_START && not_found (&tool->outcome))
		return 127;
	return kinds[kind].status;
}
