/* SPDX-License-Identifier: MIT */
/*
 * status_line.h - a quiet line on the terminal while a run is silent.
 *
 *	  1 min 12 s  4,580 tokens  $0.0215  Bash 9 s
 *
 * It stands alone on its line and is wiped before anything else is written.  It
 * is a function of events and the time it is told; it has no clock of its own.
 */
#ifndef CLI_OUTPUT_STATUS_LINE_H
#define CLI_OUTPUT_STATUS_LINE_H

#include <linehook/event.h>

#include "common/outbuf.h"

/* Silence before the line comes, and how often it is renewed. */
#define STATUS_SILENCE_MS 1000
#define STATUS_RENEW_MS 1000

/* Open tool calls that are remembered: the oldest gives way to a new one. */
#define STATUS_CALLS_MAX 16

struct status_call {
	char id[64]; /* the beginning, as the name */
	char name[64];
	uint32_t id_len;
	uint32_t name_len;
	int64_t since_ms;
};

struct status {
	int32_t on;
	int32_t dim; /* shown in a weak colour; set by the owner */
	int32_t shown;
	int32_t is_stale; /* what is shown has changed */
	int64_t started_ms;
	int64_t spoken_ms; /* something else was written */
	int64_t drawn_ms;
	uint32_t columns; /* for which it was drawn */
	uint32_t n_calls;
	struct status_call calls[STATUS_CALLS_MAX]; /* in order of begin */
	struct outbuf *out; /* to the terminal; flushed at once */
};

/* What the line shows of a run at NOW_MS. */
struct status_facts {
	int64_t now_ms;
	int64_t tokens;	    /* 0: not shown */
	int64_t cost_nano;  /* 10^-9 USD; 0: not shown */
	int32_t n_tools;    /* tool calls that are in progress */
	int32_t is_awaited; /* the run has not started yet */
	uint32_t columns;   /* of the terminal */
};

/* OUT is borrowed; NULL: no terminal, nothing ever happens. */
void status_init (struct status *s, struct outbuf *out, int64_t now_ms);

/* Remember which tool calls are open. */
void status_event (struct status *s, const struct lhk_event *event,
		   int64_t now_ms);

/* From SINCE_MS until now time did not count: we were stopped. */
void status_skip (struct status *s, int64_t since_ms, int64_t now_ms);

/* Something else is about to be written: wipe. */
void status_wipe (struct status *s, int64_t now_ms);

/* Milliseconds until status_tick has something to do; -1: never. */
int status_due (const struct status *s, int64_t now_ms);

/* Time has passed.  Do not call it while the cursor is inside a line. */
void status_tick (struct status *s, const struct status_facts *facts);

#endif /* CLI_OUTPUT_STATUS_LINE_H */
