/* SPDX-License-Identifier: MIT */
/*
 * cli_check_bad.c - a plugin that is bad in one way, by -DBAD=N.
 *
 * For cli_check.sh: `linehook check' must find each of them, and find nothing
 * in number 0.  Built as a third party would, against the public headers.
 */
#define _POSIX_C_SOURCE 200809L /* setenv */

#include <stdlib.h>
#include <string.h>

#include <linehook/plugin.h>

enum {
	GOOD = 0,
	KEEPS_POINTER = 1,
	READS_BEHIND = 2,
	SHARES_STATE = 3,
	LEAKS = 4,
	LIES_ABOUT_FORM = 5,
	WRITES_TO_LINE = 6,
	ODD_ANSWER = 7,
	EXPORTS_MORE = 8,
	ABORTS = 9,
	REMEMBERS_REFUSED = 10,
	EMITS_IN_CLOSE = 11,
	DISLIKES_OPTIONS = 12,
	READS_PADDING = 13,
	CRASHES = 14,
	CHANGES_PROCESS = 15,
	TOOL_WITHOUT_ID = 16,
	BAD_TEMPLATE = 17,
	OTHER_PROGRAM = 18
};

struct bad {
	const struct lhk_api *api;
	const char *kept;
	size_t kept_len;
	unsigned int n_lines;
	char word[2];
};

#if BAD == 3
static unsigned int shared;
#endif

#if BAD == 8
LHK_EXPORT int one_symbol_too_many;
#endif

static int
say (struct bad *b, const char *data, size_t len, uint32_t form)
{
	struct lhk_ev_text t = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
	};

	t.text.ptr = data;
	t.text.len = len;
	t.text.form = form;
	return b->api->emit (b->api->ctx, &t.ev);
}

static int
say_number (struct bad *b, unsigned int n)
{
	b->word[0] = (char) ('a' + n % 26);
	return say (b, b->word, 1, LHK_TEXT_PLAIN);
}

static int
bad_open (const struct lhk_api *api, const struct lhk_option *options,
	  size_t n_options, void **ret)
{
	struct bad *b;

	(void) options;
	if (BAD == DISLIKES_OPTIONS && n_options > 0)
		return LHK_EINVAL;
	b = calloc (1, sizeof *b);
	if (b == NULL)
		return LHK_ENOMEM;
	b->api = api;
	*ret = b;
	return LHK_OK;
}

static int
keep_pointer (struct bad *b, const struct lhk_line *line)
{
	const char *kept = b->kept;
	size_t len = b->kept_len;

	b->kept = line->data;
	b->kept_len = line->len;
	return kept == NULL ? LHK_OK : say (b, kept, len, LHK_TEXT_PLAIN);
}

static int
say_tool (struct bad *b)
{
	struct lhk_ev_tool t = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_RUNNING,
	};

	return b->api->emit (b->api->ctx, &t.ev);
}

static int
bad_line_hook (void *handle, const struct lhk_line *line)
{
	struct bad *b = handle;
	void *volatile lost;
	int *volatile nowhere = NULL;

	b->n_lines++;
	switch (BAD) {
	case KEEPS_POINTER:
		return keep_pointer (b, line);
	case READS_BEHIND:
		return *(const volatile char *) (line->data + line->len
						 + LHK_LINE_PADDING)
		       & 0;
	case LEAKS:
		lost = malloc (16);
		return lost == NULL ? LHK_ENOMEM : LHK_OK;
	case LIES_ABOUT_FORM:
		return say (b, "\"", 1, LHK_TEXT_CLEAN);
	case WRITES_TO_LINE:
		*(char *) (uintptr_t) line->data = 'x';
		return LHK_OK;
	case ODD_ANSWER:
		return -77;
	case ABORTS:
		if (b->n_lines == 3)
			abort ();
		return LHK_OK;
	case REMEMBERS_REFUSED:
		if (line->len == 0 || line->data[line->len - 1] != '}')
			return LHK_EPARSE;
		return say_number (b, b->n_lines);
	case READS_PADDING:
		return say_number (b,
				   (unsigned char) line->data[line->len + 1]);
	case CRASHES:
		if (b->n_lines == 2)
			*nowhere = 1;
		return LHK_OK;
	case CHANGES_PROCESS:
		return setenv ("CHECKED", "1", 1) & 0;
	case TOOL_WITHOUT_ID:
		return say_tool (b);
#if BAD == 3
	case SHARES_STATE:
		return say_number (b, shared++);
#endif
	default:
		return say (b, line->data, line->len, LHK_TEXT_PLAIN);
	}
}

static void
bad_close (void *handle)
{
	struct bad *b = handle;

	if (BAD == EMITS_IN_CLOSE)
		(void) say (b, "bye", 3, LHK_TEXT_PLAIN);
	free (b);
}

static const char *const programs[] = { "odd-agent", NULL };

static const struct lhk_command_part parts[] = {
	{ 0, 0, NULL, { BAD == OTHER_PROGRAM ? "other" : "odd-agent" } },
	{ 0, 0, NULL, { BAD == BAD_TEMPLATE ? "{promt}" : "{args}" } },
	{ 0, 0, NULL, { "--prompt={prompt}" } },
	{ 0, 0, NULL, { NULL } },
};

static const struct lhk_command command = { .size = sizeof command,
					    .parts = parts };

LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER,	     .name = "odd",
	.provider = "any",	     .version = "1",
	.summary = "bad in one way", .open = bad_open,
	.line_hook = bad_line_hook,  .close = bad_close,
	.programs = programs,	     .command = &command,
};
