/* SPDX-License-Identifier: MIT */
/*
 * event_output.h - events on their way to stdout, in the format asked for.
 *
 * Output that cannot be written is noticed once, as a log record, and what
 * follows is dropped: an agent and its verdict do not depend on a reader.
 */
#ifndef CLI_OUTPUT_EVENT_OUTPUT_H
#define CLI_OUTPUT_EVENT_OUTPUT_H

#include <linehook/run.h>

#include "cli/opt/common_options.h"
#include "common/outbuf.h"
#include "format/event_text.h"

struct async_writer;

struct output {
	int32_t format;	     /* FORMAT_*, never AUTO */
	uint32_t json_flags; /* FORMAT_JSON_* */
	int32_t fd;
	int32_t tty;		    /* fd is a terminal; it may hang up */
	int32_t lost_errno;	    /* of the output's end; 0: it is well */
	int32_t mid_line;	    /* the last raw byte was not a newline */
	int32_t mid_text;	    /* the last byte written was not one */
	int32_t pass_raw;	    /* --oversize raw: lines over the cap too */
	struct async_writer *spill; /* owned; NULL: writes may wait */
	/* Waits until a reader has taken all, or nobody waits for it. */
	void (*wait) (void *user, struct async_writer *spill);
	void *user;
	struct format_text *text;
	struct log *log;
	struct outbuf out;
};

/* FD 1 as it is now decides what AUTO is, and whether text is made safe. */
int output_init (struct output *o, const struct options *opts, struct log *log,
		 struct lhk_error *err);

/* Do events come out of this format? */
int output_wants_events (const struct output *o);

/* Writes go through SPILL from now on, which becomes this output's, and do
 * not wait; output_done does, by WAIT. */
void output_through (struct output *o, struct async_writer *spill,
		     void (*wait) (void *user, struct async_writer *spill),
		     void *user);

/* For lhk_stream_opts: USER is the output. */
void output_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event);
void output_raw_line (void *user, const char *data, size_t len);

/* The stream itself, for FORMAT_RAW; nothing in the other formats. */
void output_bytes (void *user, const char *data, size_t len);

/* Everything made so far goes out now. */
void output_flush (struct output *o);

/*
 * The end: 0, or the errno by which output was lost that somebody may still
 * wait for (a full disk); a reader that has gone is none.
 */
int output_done (struct output *o);

#endif /* CLI_OUTPUT_EVENT_OUTPUT_H */
