/* SPDX-License-Identifier: MIT */
/*
 * stream.h - the bounded line writer: bytes in, events out.
 *
 * A stream has no descriptor and no process, and the only clock that its events
 * show is the one that it is given; a clock of its own times the calls of the
 * plugin.  A program that starts its own agents needs only this header and
 * host.h.
 *
 * A stream never holds more than line_max + LHK_STREAM_SLACK bytes of lines,
 * however long a line is.  While a damaged line is repaired it may hold line_max
 * bytes more.  It also holds the text of the last answer, at most line_max
 * bytes; or, until there is a line of the plugin's format, the lines so far, at
 * most 1 MiB.  A line that is complete in the caller's buffer is not copied,
 * unless it ends in CR LF or less than LHK_LINE_PADDING bytes before the end of
 * the buffer.
 */
#ifndef LHK_STREAM_H
#define LHK_STREAM_H

#include <linehook/event.h>
#include <linehook/host.h>

LHK_BEGIN_DECLS

struct lhk_stream; /* opaque */

#define LHK_LINE_MAX_DEFAULT (10u << 20) /* 10,485,760 */
#define LHK_LINE_MAX_MIN 4096u
#define LHK_LINE_MAX_MAX (1u << 30)
#define LHK_STREAM_SLACK 4096u

/* What to do with a line whose content is longer than line_max. */
enum {
	LHK_OVERSIZE_DROP = 0, /* notice, and the salvaged scalars */
	LHK_OVERSIZE_HEAD = 1, /* line_hook sees the head, HEAD_ONLY set */
	LHK_OVERSIZE_RAW = 2   /* as DROP, and the raw bytes to on_raw */
};

/* Gets each event; META and EVENT are borrowed for the call.  It cannot fail: a
 * broken display must not break an agent. */
typedef void lhk_event_fn (void *user, const struct lhk_meta *meta,
			   const struct lhk_event *event);

struct lhk_stream_opts {
	uint32_t size;	  /* set by LHK_STREAM_OPTS_INIT */
	int32_t oversize; /* LHK_OVERSIZE_* */
	size_t line_max;  /* content bytes; newline and its CR not counted;
			     0: the default */
	lhk_event_fn *on_event; /* or NULL: count only */
	/* Gets oversize lines in pieces, with their newline, if `oversize' is
	 * RAW; or NULL. */
	void (*on_raw) (void *user, const char *data, size_t len);
	void *user;
	const struct lhk_option *options; /* for the plugin */
	size_t n_options;
	/* Milliseconds since the start of the run; called once for each write.
	 * NULL: events carry no time. */
	int64_t (*clock_ms) (void *user);
	/* Header event of the run, borrowed by new; NULL: it names plugin and
	 * provider alone. */
	const struct lhk_ev_run *header;
	uint32_t flags;	   /* LHK_STREAM_* */
	uint32_t reserved; /* 0 */
	/* With DETECT: from now on REF reads the lines, beginning with the line
	 * by which it was chosen.  Returns line_max for the lines after that
	 * one; 0: no change.  May be NULL. */
	size_t (*on_plugin) (void *user, const struct lhk_plugin_ref *ref);
};

enum {
	LHK_STREAM_RAW_LINES = 1 << 0, /* lhk_meta.raw holds the line */
	/*
	 * The plugin is not known: that of the stream reads until a probe of
	 * another one accepts a line that begins with a brace.  That one reads
	 * this line and what follows, a notice of code "plugin" says so, and
	 * the result is its alone.  The header and the first lines (64 KiB) are
	 * held back until then, or until lhk_stream_release; of these the new
	 * plugin reads the objects, and the others are noise.
	 */
	LHK_STREAM_DETECT = 1 << 1,
	/* Which exit status the result tells: as LHK_RUN_STATUS_*. */
	LHK_STREAM_STATUS_CHILD = 1 << 2,
	LHK_STREAM_STATUS_ZERO = 1 << 3
};

/* clang-format off */
#define LHK_STREAM_OPTS_INIT						\
	{ (uint32_t) sizeof (struct lhk_stream_opts), LHK_OVERSIZE_DROP,	\
	  LHK_LINE_MAX_DEFAULT, NULL, NULL, NULL, NULL, 0, NULL, NULL, 0, 0, \
	  NULL }
/* clang-format on */

/* Totals.  They are exact, however many log records were suppressed. */
struct lhk_stream_stats {
	uint32_t size;
	uint32_t reserved;
	uint64_t lines; /* all, blank and oversize ones too */
	uint64_t bytes;
	uint64_t events;
	uint64_t oversize; /* lines over line_max or without memory */
	uint64_t unparsed; /* lines that are not in the format, in part or
			      completely */
	uint64_t repaired; /* lines from which objects were recovered */
	uint64_t skipped;  /* lines of a kind the plugin does not know */
	uint64_t plugin_errors;
	uint64_t buffer_peak; /* bytes that the longest line needed, at most
				 line_max; it depends only on the input */
	uint64_t forgotten;   /* open calls and tasks, and values of usage, that
			       fell out of a full table */
};

/*
 * Make a stream.  If on_event is set, it gets the header event (kind RUN) before
 * this returns, but with LHK_STREAM_DETECT.  OPTS is borrowed; *RET is to be freed with lhk_stream_free.
 * LHK_OK, LHK_EINVAL, LHK_EFORKED, LHK_ENOMEM, or what the plugin's open
 * returned.  While that runs, *RET has the stream already, for lhk_stream_abandon
 * and what may follow it; after an error of it *RET is NULL.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_stream_new (struct lhk_host *host, const struct lhk_plugin_ref *plugin,
		const struct lhk_stream_opts *opts, struct lhk_stream **ret,
		struct lhk_error *err);

/*
 * Take all LEN bytes.  Of UTF-16, which a plugin for JSON cannot read, they are
 * dropped, and the result says so.  Events come out of on_event before it returns.
 * LHK_OK always, save LHK_ESTATE after end, LHK_EFORKED, and LHK_EINVAL for
 * a NULL data with len > 0.  Out of memory turns the line into an oversize
 * one: the stream goes on.  DATA is only read.
 *
 * From on_event, on_raw and clock_ms the stream must not be written to, ended
 * or finished (LHK_ESTATE).  They may ask for its stats and the like, and may
 * free it: then nothing more is delivered, and it is gone when the call that
 * it was in returns, which is LHK_ESTATE.
 */
LHK_EXPORT int lhk_stream_write (struct lhk_stream *stream, const void *data,
				 size_t len);

/* The input has ended: what is left without a newline is a line, and the plugin
 * is flushed.  LHK_OK, LHK_ESTATE when called again, LHK_EINVAL, LHK_EFORKED. */
LHK_EXPORT int lhk_stream_end (struct lhk_stream *stream);

struct lhk_outcome; /* run.h */

/*
 * The final result, exactly once, after end (which it does if need be): asks
 * the plugin's exited, finds the verdict, delivers the final RESULT event and
 * gives it to the caller too.  OUTCOME NULL: nothing is known of a process (a
 * filter), which counts as exit status 0.  *ret is owned by the stream; what
 * OUTCOME points to must live as long as *ret is read.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_stream_finish (struct lhk_stream *stream, const struct lhk_outcome *outcome,
		   const struct lhk_result **ret);

LHK_EXPORT void lhk_stream_stats (const struct lhk_stream *stream,
				  struct lhk_stream_stats *stats);

/* How many tool calls are in progress and how many background tasks are open;
 * and 1 if the provider has claimed that the run is over, and no new work was
 * begun since.  For time limits. */
LHK_EXPORT int lhk_stream_tools_open (const struct lhk_stream *stream);
LHK_EXPORT int lhk_stream_tasks_open (const struct lhk_stream *stream);
LHK_EXPORT int lhk_stream_has_claim (const struct lhk_stream *stream);

/* Deliver what LHK_STREAM_DETECT holds back, header first: somebody waits for
 * it.  Lines are still offered to the probes.  LHK_OK, also when there is
 * nothing to do; LHK_ESTATE, LHK_EINVAL, LHK_EFORKED. */
LHK_EXPORT int lhk_stream_release (struct lhk_stream *stream);

/* Deliver a notice of the caller's own among the events of the stream. */
LHK_EXPORT int lhk_stream_notice (struct lhk_stream *stream, int level,
				  const char *code, const char *text);

/*
 * The plugin of the stream is in a callback that will never return: it is not
 * called any more, not even to close it.  TEXT is a notice, and the error of
 * the result.  Then lhk_stream_finish may be called, and nothing else but
 * lhk_stream_stats; what was not read is not read any more.  As lhk_run_abandon,
 * for those who have no run.
 */
LHK_EXPORT int lhk_stream_abandon (struct lhk_stream *stream, const char *text);

/* Free the stream and close its plugin.  No more events are delivered, also when
 * lhk_stream_end was not called.  NULL is fine. */
LHK_EXPORT void lhk_stream_free (struct lhk_stream *stream);

LHK_END_DECLS

#endif /* LHK_STREAM_H */
