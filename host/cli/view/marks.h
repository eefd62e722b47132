/* SPDX-License-Identifier: MIT */
/* marks.h - the marks at the beginning of the view's own lines. */
#ifndef CLI_VIEW_MARKS_H
#define CLI_VIEW_MARKS_H

#include <stdint.h>

enum view_mark {
	MARK_HEAD,     /* the agent, the end */
	MARK_NOTE,     /* something happened */
	MARK_CALL,     /* a tool call begins */
	MARK_OK,       /* it ended well */
	MARK_FAILED,   /* it did not */
	MARK_DENIED,   /* it was not permitted */
	MARK_CANCELED, /* it was interrupted */
	MARK_WARN,
	MARK_RETRY,
	MARK_ASK,
	MARK_USER,    /* words of the user */
	MARK_THOUGHT, /* reasoning, on each of its lines */
	MARK_STDERR,  /* what the agent writes there, on each of its lines */
	MARK_THREAD,  /* a subagent goes on */
	MARK_BAR,     /* a line of a subagent */
	MARK_PENDING, /* entries of a plan */
	MARK_RUNNING,
	MARK_DONE,
	/* Not at the beginning: between two facts; behind what is cut; a
	 * newline within one line. */
	MARK_DOT,
	MARK_CUT,
	MARK_NEWLINE
};

struct mark {
	const char *text;
	uint32_t columns;
	const char *sgr; /* parameters of its color; "": none */
};

/* ASCII: 1 or 0. */
struct mark mark_of (enum view_mark mark, int ascii);

#endif /* CLI_VIEW_MARKS_H */
