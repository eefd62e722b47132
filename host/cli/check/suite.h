/* SPDX-License-Identifier: MIT */
/*
 * suite.h - the conformance suite behind `linehook check'.
 *
 * It is for authors of plugins: each complaint says what was found, what is
 * wanted and how to fix it.
 */
#ifndef CLI_CHECK_SUITE_H
#define CLI_CHECK_SUITE_H

#include <linehook/run.h>

#include "common/outbuf.h"

#define CHECK_TEXT 400

/* ---- transcripts ---- */

struct transcript {
	const char *name;
	char *data; /* with padding behind it */
	size_t len;
	size_t size;	/* allocated */
	size_t *starts; /* offsets of the lines, and the end of the last */
	size_t n_lines;
	size_t starts_cap;
	size_t longest; /* content of the longest line */
};

/* Read PATH, or the built-in samples for NULL.  LHK_OK, or LHK_ENOMEM, LHK_ESYS
 * with a sentence. */
int transcript_load (struct transcript *t, const char *path,
		     struct lhk_error *err);
void transcript_free (struct transcript *t);

/* The whole lines in the first MAX bytes of T, from which it borrows; not to be
 * freed. */
struct transcript transcript_head (const struct transcript *t, size_t max);

/* The content of line I, without its newline and CR. */
struct lhk_str transcript_line (const struct transcript *t, size_t i);

/* ---- the suite ---- */

struct check {
	struct lhk_host *host;
	const struct lhk_plugin_ref *ref;
	const struct lhk_plugin *plugin;
	const char *path; /* of the file, or NULL */
	uint64_t seed;
	const struct transcript *input; /* of this case */
	unsigned int n_passed, n_failed;
	int events_reported; /* wrong answers and events were */
	/* The case that runs: */
	unsigned int n_problems;
	char problem[CHECK_TEXT]; /* the first one */
	char skipped[CHECK_TEXT]; /* why it was skipped, or "" */
};

/* Report a problem of the case that runs; the first is shown, all are
 * counted. */
void check_problem (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* The case could not be tried. */
void check_skip (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* Run all cases on all transcripts.  C->ref may be NULL with the reason in
 * REFUSED.  0 if all passed, else 1. */
int check_all (struct check *c, const struct transcript *inputs,
	       size_t n_inputs, const char *refused);

/* ---- guard ---- */

/* The call of the plugin that is being made, for the sentence about a crash.
 * Memory between LOW and HIGH may be touched; between OLD_LOW and OLD_HIGH was
 * the line before. */
struct check_call {
	const char *callback;	     /* "line_hook"; NULL: none is running */
	const struct lhk_line *line; /* or NULL */
	const char *low, *high;	     /* or NULL */
	const char *old_low, *old_high;
};
extern struct check_call check_call;

/* Call FN (C).  1, or 0 after a crash or a hang, with the problem noted: the
 * process must then not call the plugin again. */
int check_guarded (struct check *c, void (*fn) (struct check *c));

/* ---- cases ---- */

void check_symbols (struct check *c);
void check_imports (struct check *c);
void check_descriptor (struct check *c);
void check_probe (struct check *c);

void check_empty (struct check *c);
void check_options (struct check *c);
void check_events (struct check *c);
void check_page (struct check *c);
void check_refused_lines (struct check *c);
void check_two_handles (struct check *c);
void check_leaks (struct check *c);

void check_splits (struct check *c);
void check_chunks (struct check *c);
void check_truncated (struct check *c);
void check_damaged (struct check *c);
void check_cap (struct check *c);
void check_cap_longest (struct check *c);

/* ---- traces ---- */

struct event_trace {
	uint64_t *hashes;
	size_t n, cap;
	size_t want; /* index of the event whose text is kept, or SIZE_MAX */
	size_t shown_len;
	char shown[160];
	uint64_t hash; /* of the event being written */
	struct outbuf *out;
};

/* LHK_OK or LHK_ENOMEM. */
int event_trace_init (struct event_trace *t);
void event_trace_free (struct event_trace *t);
/* Drop the events; keep the text of event WANT of those that follow. */
void event_trace_reset (struct event_trace *t, size_t want);
void event_trace_add (struct event_trace *t, const struct lhk_meta *meta,
		      const struct lhk_event *event);

/* The index of the first of N events that differs, or SIZE_MAX. */
size_t event_trace_differs (const struct event_trace *a,
			    const struct event_trace *b, size_t n);

/* ---- events ---- */

/* May a plugin emit EVENT?  NULL, or in BUF what is wrong and how to fix it, a
 * sentence. */
const char *event_rules_fault (const struct lhk_event *event,
			       char buf[CHECK_TEXT]);

#endif /* CLI_CHECK_SUITE_H */
