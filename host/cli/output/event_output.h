/* SPDX-License-Identifier: MIT */
/*
 * event_output.h - events on their way to stdout, in the format asked for.
 *
 * Output that cannot be written is dropped (stdout.h says what is reported), and
 * the input is read to its end: an agent and its verdict do not depend on a
 * reader.
 */
#ifndef CLI_OUTPUT_EVENT_OUTPUT_H
#define CLI_OUTPUT_EVENT_OUTPUT_H

#include <linehook/run.h>

#include "cli/opt/common_options.h"
#include "cli/output/raw_line.h"
#include "cli/view/view.h"
#include "common/outbuf.h"
#include "format/event_text.h"

struct async_stdio;

struct output {
	int32_t format;		   /* FORMAT_*, never AUTO */
	uint32_t json_flags;	   /* FORMAT_JSON_* */
	int32_t tty;		   /* stdout is a terminal */
	int32_t with_stderr;	   /* stderr is the same terminal */
	int32_t mid_line;	   /* the last byte written was no newline */
	uint32_t n_resized;	   /* signals_resized of the view's width */
	int32_t pass_raw;	   /* --oversize raw: lines over the cap too */
	struct raw_line raw;	   /* the last of them */
	struct view *view;	   /* of FORMAT_VIEW; owned */
	struct format_text *text;  /* of FORMAT_TEXT and FORMAT_ANSWER; owned */
	struct async_stdio *stdio; /* borrowed; NULL: not initialised */
	struct outbuf out;

	/* Called before bytes are written, or NULL; set by the owner after
	 * output_init. */
	void (*before_write) (void *user);
	void *user;

	/* Write the shell words that resume SESSION, for the view: as in struct
	 * view_opts.  NULL or set by the owner after output_init. */
	void (*put_resume) (void *user, struct outbuf *to,
			    const struct lhk_text *session);
	void *resume_user;
};

/* Whether stdout is a terminal now decides what AUTO is.  VIEW_FLAGS: VIEW_* beside
 * those of the terminal.  LHK_OK or LHK_ENOMEM. */
int output_init (struct output *o, const struct options *opts,
		 unsigned int view_flags, struct async_stdio *stdio,
		 struct lhk_error *err);

/* Do events come out of this format? */
int output_wants_events (const struct output *o);

/* For lhk_stream_opts: USER is the output. */
void output_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event);
void output_raw_line (void *user, const char *data, size_t len);

/* For log_lines_init, with FORMAT_VIEW: USER is the output. */
void output_stderr (void *user, const char *line, size_t len);

/* The stream itself, for FORMAT_RAW; nothing in the other formats. */
void output_bytes (void *user, const char *data, size_t len);

/* The final result, on a line of its own. */
void output_result (struct output *o, const struct lhk_result *result);

/* The run is kept, as the record ID, which is borrowed. */
void output_set_run (struct output *o, const char *id);

/* Everything made so far goes out now. */
void output_flush (struct output *o);

/* Is the cursor of the terminal in a line of ours that has no end yet?  0 where
 * stdout is no terminal. */
int output_is_mid_line (const struct output *o);

/* Something is about to be written to stderr: if that is the same terminal, an
 * open line of ours is finished. */
void output_end_line (struct output *o);

/* The end: flush, and wait for the reader of stdout.  May be called again. */
void output_done (struct output *o);

#endif /* CLI_OUTPUT_EVENT_OUTPUT_H */
