/* SPDX-License-Identifier: MIT */
/* shell_result.c - how a command of run_shell_command ended, by its output. */
#include "config.h"

#include "common/shell_result.h"

/* What a shell tool shows of a command without output: the whole text, but
 * for a number where NUMBER is 1. */
static const struct {
	const char *text;
	int number;
	int status;
} shown[] = {
	{ "Command exited with code: ", 1, LHK_TOOL_FAILED },
	{ "Command terminated by signal: ", 1, LHK_TOOL_FAILED },
	{ "Command cancelled by user.", 0, LHK_TOOL_CANCELED },
};

#define SHOWN_EXIT 0
#define TAIL 256 /* bytes that hold the last lines */

/* Is all of TEXT a number?  1 or 0. */
static int
whole_number (const char *text, size_t len, int32_t *ret)
{
	int32_t value = 0;
	size_t i;

	if (len == 0 || len > 9)
		return 0;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		value = value * 10 + (text[i] - '0');
	}
	*ret = value;
	return 1;
}

static void
read_shown (const struct lhk_text *output, struct lhk_ev_tool *e)
{
	char buf[64];
	size_t need, len, i, head;
	int32_t number = 0;

	/* A decoded byte comes from at most six bytes. */
	if (output->len > 6 * sizeof (buf))
		return;
	len = lhk_text_decode (output, buf, sizeof (buf), &need);
	if (need > sizeof (buf))
		return;
	for (i = 0; i < ARRAY_SIZE (shown); i++) {
		head = strlen (shown[i].text);
		if (len < head || memcmp (buf, shown[i].text, head) != 0)
			continue;
		if (shown[i].number
			    ? !whole_number (buf + head, len - head, &number)
			    : len != head)
			continue;
		e->status = shown[i].status;
		if (i == SHOWN_EXIT) {
			e->flags |= LHK_TOOL_HAS_EXIT;
			e->exit_code = number;
		}
	}
}

/* The text for the model is "Output: ...", and behind it lines of their own,
 * among them "Exit Code: N" if N is not 0.  (Some versions begin with "Command: "
 * and have a 0 too.) */
static int
read_text_of_model (struct arena *a, struct lhk_ev_tool *e)
{
	static const char key[] = "\nExit Code: ";
	const size_t key_len = sizeof (key) - 1;
	struct lhk_text text;
	const char *at, *end, *line_end;
	int32_t code;
	int r;

	if (!text_begins (&e->output, "Output: ")
	    && !text_begins (&e->output, "Command: "))
		return LHK_OK;
	r = text_decoded (a, &e->output, &text);
	if (r < 0)
		return r;
	end = text.ptr + text.len;
	at = text.len > TAIL ? end - TAIL : text.ptr;
	at = memmem (at, (size_t) (end - at), key, key_len);
	if (at == NULL)
		return LHK_OK;
	at += key_len;
	line_end = memchr (at, '\n', (size_t) (end - at));
	if (line_end == NULL)
		line_end = end;
	if (!whole_number (at, (size_t) (line_end - at), &code))
		return LHK_OK;
	e->flags |= LHK_TOOL_HAS_EXIT;
	e->exit_code = code;
	if (code != 0)
		e->status = LHK_TOOL_FAILED;
	return LHK_OK;
}

int
shell_result_read (struct arena *a, struct lhk_ev_tool *e)
{
	read_shown (&e->output, e);
	return read_text_of_model (a, e);
}
