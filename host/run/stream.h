/* SPDX-License-Identifier: MIT */
/* stream.h - struct lhk_stream; private to run/. */
#ifndef RUN_STREAM_H
#define RUN_STREAM_H

#include "event/surrogate_join.h"
#include "event/summary.h"
#include "frame/frame.h"
#include "plugin/instance.h"
#include "run/detect.h"
#include "run/format_check.h"
#include "run/host.h"
#include "run/isolated_queue.h"
#include "json/recover.h"
#include "json/salvage.h"
#include "common/limits.h"
#include "common/ratelimit.h"

#define STREAM_MAGIC 0x6c696e65u

/* Kinds of log records, each with a rate limit of its own. */
enum {
	STREAM_LOG_OVERSIZE = 0,
	STREAM_LOG_UNPARSED = 1,
	STREAM_LOG_FAILED = 2, /* a callback of the plugin */
	STREAM_LOG_PLUGIN = 3, /* written by the plugin */
	STREAM_LOG_FAULTS = 4, /* bad events of the plugin */
	STREAM_LOG_SLOW = 5,   /* a callback that took too long */
	STREAM_LOGS = 6
};

enum { STREAM_OPEN = 0, STREAM_ENDED = 1, STREAM_FINISHED = 2 };

struct lhk_stream {
	uint32_t magic;
	int32_t state;	      /* STREAM_* */
	int32_t busy;	      /* 1: a public function is running */
	int32_t free_pending; /* 1: it was freed from inside that function */
	pid_t pid;
	struct lhk_host *host;
	const struct lhk_plugin *plugin;
	struct lhk_stream_opts
		opts; /* without the members that were borrowed */
	struct frame frame;
	struct plugin_instance instance;
	struct surrogate_join *join;
	struct summary *summary;
	struct detect detect;
	struct format_check format;
	struct salvage salvage;
	struct isolated_queue queue; /* of an isolated plugin */
	size_t preview_len;	     /* of the oversize line */
	char preview[LIMIT_PREVIEW];
	uint64_t heartbeats;	       /* lines that are no progress */
	int64_t now_ms;		       /* -1: no clock */
	struct lhk_meta meta;	       /* of the next event */
	struct lhk_stream_stats stats; /* lines, bytes, peak are in `frame' */
	struct ratelimit log_limits[STREAM_LOGS];
	int32_t is_opening;	 /* the plugin's open is running */
	int32_t is_abandoned;	 /* in a callback that never returns */
	int32_t is_quarantined;	 /* the plugin is not called any more */
	struct lhk_plugin lines; /* that reads in its place, under its name */
	struct open_args opened; /* the header that was given */
	struct lhk_result result;
};

/* Copy the members that a caller knows into OWN, which holds the defaults.
 * LHK_OK, or LHK_EINVAL with a sentence. */
int stream_opts_copy (struct lhk_stream_opts *own,
		      const struct lhk_stream_opts *given,
		      struct lhk_error *err);

/* Deliver the header event; GIVEN is what the caller knows of it, or NULL. */
void stream_send_header (struct lhk_stream *s, const struct lhk_ev_run *given);

/* Forget what the events so far said of the run: another plugin had read it. */
void stream_forget (struct lhk_stream *s);

/* ---- until the plugin is known ---- */

/* Begin to detect.  LHK_OK or LHK_ENOMEM; call stream_detect_free in either
 * case. */
int stream_detect_begin (struct lhk_stream *s,
			 const struct lhk_stream_opts *opts);
void stream_detect_free (struct lhk_stream *s);

/* The stream has a line.  1: it is held back; 0: the plugin of the stream, which
 * may be another one now, is to read it. */
int stream_detect_line (struct lhk_stream *s, const struct frame_line *line);

/* The stream has skipped a line; SAVED are the N objects that were saved of it. */
void stream_detect_skipped (struct lhk_stream *s, const struct frame_line *line,
			    const struct lhk_str *saved, size_t n);

/* Deliver what is held back; lines go on to be offered. */
void stream_detect_release (struct lhk_stream *s);

/* The stream has ended.  No more is offered. */
void stream_detect_end (struct lhk_stream *s);

/* ---- until a line of the plugin's format came ---- */

void stream_format_begin (struct lhk_stream *s);
void stream_format_free (struct lhk_stream *s);

/* The plugin is to read this object. */
void stream_format_object (struct lhk_stream *s, const char *data, size_t len);

/* The plugin has returned R for the line, which is not blank. */
void stream_format_line (struct lhk_stream *s, int r,
			 const struct frame_line *line);

/* The stream has ended: find out, and deliver the text. */
void stream_format_end (struct lhk_stream *s);

/*
 * Bytes of the stream, before they are cut into lines.  1: they are of UTF-16
 * and are not read, which is reported once; 0: *LEN may be less than it was,
 * since the first byte is kept until there is a second.
 */
int stream_format_bytes (struct lhk_stream *s, const char *data, size_t *len);

/* No byte follows: one that was kept goes its way. */
void stream_format_last_byte (struct lhk_stream *s);

/* Nothing is checked any more; SENTENCE is for the result. */
void stream_format_stop (struct lhk_stream *s, const char *sentence);

/* ---- a plugin that failed for good ---- */

/*
 * The plugin is not called any more, and its handle is closed; every further line
 * is a text, as with the plugin raw.  What was delivered before stands, and a claim
 * counts only if it was terminal and no work was begun since.  SENTENCE, which is
 * cut at FORMAT_CHECK_TEXT bytes, says why and that lines pass as text: it is the
 * notice, and the error of a result that has no other.  Done before, it changes
 * nothing.  Not from inside a callback of the plugin.
 */
void stream_quarantine (struct lhk_stream *s, const char *sentence);

/* The process of an isolated plugin may be gone: then the plugin is not used any
 * more.  1 if that is so, else 0. */
int stream_lost_process (struct lhk_stream *s);

/* Call line_hook; if the plugin's process is gone, the line is a text.  What it
 * returned. */
int stream_call_line (struct lhk_stream *s, const struct lhk_line *line);

/* A callback, of LINE or NULL, was slow: report it.  The last one of those that
 * may be is the end of the plugin in this stream. */
void stream_note_slow (struct lhk_stream *s, const struct frame_line *line);

static inline void
stream_check_slow (struct lhk_stream *s, const struct frame_line *line)
{
	if (s->instance.timer.slow_ms != 0)
		stream_note_slow (s, line);
}

/* A notice and a log record of KIND (STREAM_LOG_*), both limited, about LINE or
 * NULL. */
void stream_report (struct lhk_stream *s, int kind, const char *code,
		    const char *text, const struct frame_line *line);

/* ---- an isolated plugin ---- */

/* A line is to be read.  1: it waits for its answer; 0: it must not, and none does
 * any more. */
int stream_batch_line (struct lhk_stream *s, const struct frame_line *line);

/* Deal with all lines that wait. */
void stream_batch_end (struct lhk_stream *s);

/* ---- lines ---- */

/* Callbacks of the frame; USER is the stream. */
void stream_line (void *user, const struct frame_line *line);
void stream_skip_begin (void *user);
void stream_skip_data (void *user, const char *data, size_t len);
void stream_skip_end (void *user, const struct frame_line *line);

/* Give the plugin a line that is not blank, and deliver what it makes of it. */
void stream_read_line (struct lhk_stream *s, const struct frame_line *line);

/* Deliver the events of a callback that returned R, or count and report its
 * failure.  LINE is NULL outside of a line. */
void stream_settle (struct lhk_stream *s, int r, const struct frame_line *line);

/* Count and report a line, or the part of it that LINE has, that is not of the
 * format.  HAD_USAGE is 1 if there may have been usage in it. */
void stream_unparsed (struct lhk_stream *s, const struct frame_line *line,
		      int had_usage);

/* Offer the plugin what is there of the line.  That it makes nothing of it is no
 * failure.  LHK_OK, or what else the plugin has returned. */
int stream_offer_part (struct lhk_stream *s, const struct frame_line *from,
		       const char *data, size_t len, uint32_t flags);

/* The objects of a line that is not one object, in memory that is on the budget
 * of all lines. */
struct stream_objects {
	struct recover found;
	char *room;
	size_t size;
};

/* Find them.  1; call stream_objects_end then.  0: there is no memory. */
int stream_objects_begin (struct lhk_stream *s, struct stream_objects *o,
			  const char *data, size_t len);
void stream_objects_end (struct lhk_stream *s, const struct stream_objects *o);

/* The object with which DATA begins, behind what a terminal does not show: its
 * brace; or NULL. */
const char *stream_object (const char *data, size_t len);

/* A line was lost, or one of which N objects are kept, SAVED: it may have been the
 * end of a call. */
void stream_lost_line (struct lhk_stream *s, const struct frame_line *line);
void stream_lost_calls (struct lhk_stream *s, const struct lhk_str *saved,
			size_t n);

/* The plugin refused LINE, which is all of FROM: offer what can be recovered of
 * it, and report what cannot.  LHK_OK if the plugin took any of it, else
 * LHK_EPARSE. */
int stream_recover (struct lhk_stream *s, const struct lhk_line *line,
		    const struct frame_line *from);

/* Set the source line of the events that follow; NULL: the host. */
void stream_set_source (struct lhk_stream *s, const struct frame_line *line);

/* Give one event its number and time, and deliver it.  The summary gets all
 * events but the two of the host, the header and the final result. */
void stream_deliver (void *user, const struct lhk_event *event);

/* Deliver all events of the stage. */
void stream_commit (struct lhk_stream *s);

/* Deliver a notice.  TEXT and DATA (JSON, or NULL) are borrowed. */
void stream_send_notice (struct lhk_stream *s, int level, const char *code,
			 const char *text, const struct lhk_str *data);

/* Log a record of KIND (STREAM_LOG_*), if its rate limit allows it.  FIELDS as
 * in host_log. */
void stream_log (struct lhk_stream *s, int kind, int level,
		 const char *const *fields, const char *text);

/* Log how many log records were suppressed; NOTICES 1: and how many notices. */
void stream_totals (struct lhk_stream *s, int notices);

#endif /* RUN_STREAM_H */
