/* SPDX-License-Identifier: MIT */
/* printed.c - is what was printed of a stream whole and harmless? */
#include "config.h"

#include <json-c/json.h>
#include <string.h>

#include <linehook/event.h>

#include "common/macros.h"
#include "fuzz/printed.h"
#include "json/member.h"
#include "json/utf8.h"

/* More than the deepest line that is no noise. */
#define DEPTH 2000

static const struct printed_fault no_fault;

static struct printed_fault
fault (const char *what, const char *at, size_t len)
{
	const struct printed_fault f = { what, at, len };

	return f;
}

static int
is_kind (const char *word)
{
	static const char *const kinds[] = {
		"run", "session", "text",   "tool",   "plan",
		"ask", "usage",	  "notice", "result",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (kinds); i++)
		if (strcmp (kinds[i], word) == 0)
			return 1;
	return 0;
}

static int
is_verdict (const char *word)
{
	static const char *const verdicts[] = {
		"ok",	     "failed",	"limit",      "refused",
		"truncated", "timeout", "stalled",    "killed",
		"canceled",  "oom",	"host_error", "spawn_failed",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (verdicts); i++)
		if (strcmp (verdicts[i], word) == 0)
			return 1;
	return 0;
}

/* What ends a line for some reader, or may not stand in JSON; a tab may. */
static int
has_separator (const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (((unsigned char) p[i] < 0x20 && p[i] != '\t')
		    || lhk_json_separator (p + i, len - i) > 0)
			return 1;
	return 0;
}

static int
is_final (json_object *o)
{
	json_object *final;

	return json_object_object_get_ex (o, "final", &final)
	       && json_object_get_boolean (final)
	       && is_verdict (json_member_word (o, "verdict"));
}

static const char *
event_fault (json_object *o, uint64_t seq, int is_last)
{
	if (!json_object_is_type (o, json_type_object)
	    || !is_kind (json_member_word (o, "kind")))
		return "an event is of no kind";
	if (json_object_get_int64 (json_object_object_get (o, "seq"))
	    != (int64_t) seq)
		return "the numbers of the events have a gap";
	if (is_final (o) != is_last)
		return is_last ? "the last event is no final result"
			       : "a final result is not the last event";
	return NULL;
}

/* LEN bytes at LINE, and a newline. */
static const char *
line_fault (struct json_tokener *tok, const char *line, size_t len,
	    uint64_t seq, int is_last)
{
	const char *what;
	json_object *o;

	if (has_separator (line, len))
		return "a line of JSON is not one line";
	json_tokener_reset (tok);
	o = json_tokener_parse_ex (tok, line, (int) len + 1);
	if (o == NULL || json_tokener_get_parse_end (tok) < len)
		what = "a line is no JSON";
	else
		what = event_fault (o, seq, is_last);
	json_object_put (o);
	return what;
}

struct printed_fault
printed_json (const char *data, size_t len, uint64_t n)
{
	struct json_tokener *tok = json_tokener_new_ex (DEPTH);
	const char *line = data, *end = data + len, *lf, *what = NULL;
	struct printed_fault ret = no_fault;
	uint64_t seq = 0;

	json_tokener_set_flags (tok, JSON_TOKENER_STRICT
					     | JSON_TOKENER_VALIDATE_UTF8);
	for (; what == NULL && line < end; line = lf + 1) {
		lf = memchr (line, '\n', (size_t) (end - line));
		if (lf == NULL)
			lf = end;
		what = line_fault (tok, line, (size_t) (lf - line), ++seq,
				   lf + 1 >= end);
		ret = fault (what, line, (size_t) (lf - line));
	}
	json_tokener_free (tok);
	if (what == NULL && (seq != n || line != end))
		return fault ("an event was not printed as a line", NULL, 0);
	return ret;
}

struct printed_fault
printed_text (const char *data, size_t len)
{
	size_t i;

	if (len > 0 && lhk_json_utf8 (data, data + len) == UTF8_BAD)
		return fault ("the text is not valid UTF-8", data, len);
	for (i = 0; i < len; i++)
		if (((unsigned char) data[i] < 0x20 && data[i] != '\n'
		     && data[i] != '\t')
		    || data[i] == 0x7f)
			return fault ("the text has a control byte", data + i,
				      len - i);
	return no_fault;
}
