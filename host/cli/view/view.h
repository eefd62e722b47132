/* SPDX-License-Identifier: MIT */
/*
 * view.h - a run as a person wants to watch it.
 *
 * A line that begins with anything but a blank is ours: a mark, and what the
 * mark stands for.  What the agent writes, and what its tools print, stands
 * behind a margin and is made harmless, so that none of it can pass for a line
 * of ours.  Words are wrapped at the width of the terminal and shown as they
 * come, but for the last word while it is not complete.  Nothing is shown
 * twice, and no two things share a line.
 *
 * The time for an event is linear in its length, and what is kept of a run is
 * bounded.  Without memory only niceties are lost: how long a call took, or
 * which call it was that ended.
 */
#ifndef CLI_VIEW_VIEW_H
#define CLI_VIEW_VIEW_H

#include <linehook/run.h>

#include "common/outbuf.h"

enum {
	VIEW_COLOR = 1 << 0, /* SGR sequences: for terminals alone */
	VIEW_ASCII = 1 << 1, /* marks of ASCII; the agent's text stays UTF-8 */
	VIEW_STARTS = 1 << 2 /* the caller says why a start failed */
};

struct view;

struct view_opts {
	unsigned int flags;   /* VIEW_* */
	unsigned int columns; /* width of the terminal; 0: 80; below 20: 20 */
	const char *run;      /* id of the record if the run is kept, or NULL;
				 borrowed until view_free */
	/* Write the shell words that resume SESSION, "claude --resume ID".  NULL,
	 * or writing nothing: they are not known. */
	void (*put_resume) (void *user, struct outbuf *o,
			    const struct lhk_text *session);
	void *user; /* for put_resume */
};

/* ALLOC is borrowed until view_free, OPTS for the call.  NULL if there is no
 * memory. */
struct view *view_new (const struct lhk_alloc *alloc,
		       const struct view_opts *opts);

/* V may be NULL. */
void view_free (struct view *v);

/* The terminal has another width from now on. */
void view_resize (struct view *v, unsigned int columns);

/* The run is kept, with this id, which is borrowed until view_free; NULL: it is
 * not. */
void view_set_run (struct view *v, const char *run);

/* Write what EVENT adds to the view; it and META are borrowed for the call. */
void view_event (struct view *v, struct outbuf *o, const struct lhk_meta *meta,
		 const struct lhk_event *event);

/* Write a line of the agent's standard error, any bytes without a newline, as far
 * as there is room: of very many, the number and the last one are shown. */
void view_stderr (struct view *v, struct outbuf *o, int64_t now_ms,
		  const char *line, size_t len);

/* 1: the last line that was written has no newline yet. */
int view_is_mid_line (const struct view *v);

/* Finish that line, because something else is about to be written.  A word that
 * is not complete yet is kept back for the next line. */
void view_end_line (struct view *v, struct outbuf *o);

#endif /* CLI_VIEW_VIEW_H */
