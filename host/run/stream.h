/* SPDX-License-Identifier: MIT */
/*
 * stream.h - struct lhk_stream and its parts; private to run/.
 *
 *	stream.c	the public functions: states, order of the end
 *	stream_line.c	a line of frame/ -> the plugin -> what came of it
 *	stream_skip.c	an oversize line: notice, salvage, head, raw
 *	stream_out.c	events, notices and log records on their way out
 */
#ifndef RUN_STREAM_H
#define RUN_STREAM_H

#include "event/surrogate_join.h"
#include "event/summary.h"
#include "frame/frame.h"
#include "plugin/instance.h"
#include "run/host.h"
#include "json/salvage.h"
#include "common/limits.h"
#include "common/ratelimit.h"

#define STREAM_MAGIC 0x6c696e65u

/* Things that are said with a limit; in order of the table in stream_out.c. */
enum {
	SAY_OVERSIZE = 0,
	SAY_UNPARSED = 1,
	SAY_FAILED = 2, /* a callback */
	SAY_PLUGIN = 3, /* what the plugin itself says */
	SAY_N = 4
};

enum { STREAM_OPEN = 0, STREAM_ENDED = 1, STREAM_FINISHED = 2 };

struct lhk_stream {
	uint32_t magic;
	int32_t state;	      /* STREAM_* */
	int32_t busy;	      /* a public function is running */
	int32_t free_pending; /* free was called from inside it */
	pid_t pid;
	struct lhk_host *host;
	const struct lhk_plugin *plugin;
	struct lhk_stream_opts opts; /* without what is borrowed by new */
	struct frame frame;
	struct plugin_instance instance;
	struct surrogate_join *join;
	struct summary *track;
	struct salvage salvage;
	size_t preview_len; /* of the oversize line */
	char preview[LIMIT_PREVIEW];
	int64_t now_ms;			/* -1: no clock */
	struct lhk_meta meta;		/* of the events that come next */
	struct lhk_stream_stats counts; /* lines, bytes, peak: in frame */
	struct ratelimit gates[SAY_N];
	struct lhk_result result;
};

/* ---- stream_line.c ---- */

void stream_line (void *user, const struct frame_line *line);

/* What a callback came to: its events, or a count and a notice.  LINE is
 * NULL outside of a line. */
void stream_settle (struct lhk_stream *s, int r, const struct frame_line *line);

/* ---- stream_skip.c ---- */

void stream_skip_begin (void *user);
void stream_skip_data (void *user, const char *data, size_t len);
void stream_skip_end (void *user, const struct frame_line *line);

/* ---- stream_out.c ---- */

/* Events come from this line from now on; NULL: from the host. */
void stream_source (struct lhk_stream *s, const struct frame_line *line);

/* One event goes out: numbered, timed, and seen by the tracker unless it is
 * one of the host's own two, the header and the final result. */
void stream_pass (void *user, const struct lhk_event *event);

/* All events of the stage. */
void stream_commit (struct lhk_stream *s);

/* TEXT and DATA (JSON, or NULL) are borrowed. */
void stream_note (struct lhk_stream *s, int level, const char *code,
		  const char *text, const struct lhk_str *data);

/* A log record, if its limit allows; FIELDS as in host_log. */
void stream_log (struct lhk_stream *s, int what, int level,
		 const char *const *fields, const char *text);

/* The totals of what was hidden: log records, and notices too if NOTES. */
void stream_totals (struct lhk_stream *s, int notes);

/*
 * The body of a JSON string for LEN bytes of a line: at most CAP - 1 bytes,
 * NUL behind, no half character.  Bytes that are not UTF-8 become U+FFFD,
 * control characters escapes.
 */
size_t stream_quote (char *out, size_t cap, const char *data, size_t len);

#endif /* RUN_STREAM_H */
