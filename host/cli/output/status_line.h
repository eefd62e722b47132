/* SPDX-License-Identifier: MIT */
/*
 * status_line.h - a quiet line on the terminal when a run is silent for long.
 *
 *	  1 min 12 s  4,580 tokens  Bash
 *
 * It stands alone on its line and is wiped before anything else is written.
 * A function of events and the time it is told; no clock of its own.
 */
#ifndef CLI_OUTPUT_STATUS_LINE_H
#define CLI_OUTPUT_STATUS_LINE_H

#include <linehook/event.h>

#include "common/outbuf.h"

/* Silence before the line comes, and how often it is renewed. */
#define STATUS_SILENCE_MS 5000
#define STATUS_RENEW_MS 1000

struct status {
	int32_t on;
	int32_t shown;
	int64_t started_ms;
	int64_t spoken_ms;    /* something else was written */
	struct lhk_text tool; /* name of the last call that began */
	char tool_name[64];
	char tool_id[64];
	size_t tool_id_len;
	struct outbuf *out; /* to the terminal; flushed at once */
};

/* OUT is borrowed; NULL: no terminal, nothing ever happens. */
void status_init (struct status *s, struct outbuf *out, int64_t now_ms);

/* Remember which tool is open. */
void status_event (struct status *s, const struct lhk_event *event);

/* From SINCE_MS until now time did not count: we were stopped. */
void status_skip (struct status *s, int64_t since_ms, int64_t now_ms);

/* Something else is about to be written: wipe. */
void status_wipe (struct status *s, int64_t now_ms);

/* Time has passed.  CAN_SHOW 0: the cursor is inside a line of output. */
void status_tick (struct status *s, int64_t now_ms, int64_t tokens,
		  int can_show);

#endif /* CLI_OUTPUT_STATUS_LINE_H */
