/* SPDX-License-Identifier: MIT */
/*
 * suite.h - the conformance suite behind `linehook check'.
 *
 *	conform.c		the order of the cases, and what they say
 *	check_guard.c		a crash or a hang becomes a sentence
 *	check_file.c		exported and imported symbols
 *	check_elf.c		a small reader of .dynsym
 *	check_input.c		transcripts and built-in samples
 *	check_trace.c		events as a list of hashes, to compare
 *	check_event.c		is this an event a plugin may emit?
 *	check_direct.c	the plugin alone, driven by hand
 *	check_calls.c		cases with the plugin alone
 *	check_memory.c	cases about memory
 *	check_stream.c	the plugin inside a stream
 *	check_bytes.c		cases about bytes: splits, caps, damage
 *
 * For authors of plugins: each complaint says what was found, what is wanted
 * and how to mend it.
 */
#ifndef CLI_CHECK_SUITE_H
#define CLI_CHECK_SUITE_H

#include <linehook/run.h>

#include "common/outbuf.h"

#define CHECK_TEXT 400

/* ---- transcripts ---- */

struct transcript {
	const char *name;
	char *data; /* padded, borrowed lines end in it */
	size_t len;
	size_t size;	/* allocated */
	size_t *starts; /* of lines, and the end of the last */
	size_t n_lines;
	size_t starts_cap;
	size_t longest; /* content of the longest line */
};

/* Read PATH, or the built-in samples for NULL. */
int transcript_load (struct transcript *t, const char *path,
		     struct lhk_error *err);
void transcript_free (struct transcript *t);

/* Whole lines of T from its beginning, at most MAX bytes; borrows from T,
 * never freed. */
struct transcript transcript_head (const struct transcript *t, size_t max);

/* Content of line I, without its newline and CR. */
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
	int told; /* answers and events are known to be wrong */
	/* Of the case that runs: */
	unsigned int n_problems;
	char problem[CHECK_TEXT]; /* the first one */
	char skipped[CHECK_TEXT]; /* why it says nothing, or "" */
};

/* A case found this; only the first is shown, all are counted. */
void check_problem (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* It could not look. */
void check_skip (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* All cases on all transcripts (the samples if there are none); REF may be
 * NULL with the reason in REFUSED.  0 if all passed, else 1. */
int check_all (struct check *c, const struct transcript *inputs,
	       size_t n_inputs, const char *refused);

/* ---- guard ---- */

/* What the plugin is about to be called with, for the sentence of a crash.
 * Memory between LOW and HIGH may be touched, between OLD_LOW and OLD_HIGH was
 * the line before. */
extern struct check_place {
	const char *callback;	     /* "line_hook"; NULL: in no callback */
	const struct lhk_line *line; /* or NULL */
	const char *low, *high;	     /* or NULL */
	const char *old_low, *old_high;
} check_place;

/* Call FN (C).  1, or 0 after a crash or a hang, with the problem noted: the
 * process is then good for nothing but to say so. */
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

/* ---- .dynsym ---- */

struct elf_symbol {
	const char *name;
	int defined; /* else imported */
};

/* Call FN for each exported or imported symbol of the shared object at PATH.
 * LHK_OK, or LHK_EPARSE, LHK_ESYS with a sentence. */
int elf_symbols (const char *path,
		 void (*fn) (void *user, const struct elf_symbol *symbol),
		 void *user, struct lhk_error *err);

/* ---- traces ---- */

struct trace {
	uint64_t *hashes;
	size_t n, cap;
	size_t want; /* event whose text is kept; SIZE_MAX: none */
	size_t shown_len;
	char shown[160];
	uint64_t hash; /* of the event being written */
	struct outbuf *out;
};

/* LHK_OK or LHK_ENOMEM. */
int trace_init (struct trace *t);
void trace_free (struct trace *t);
/* Forget the events; keep the text of event WANT of those that come. */
void trace_reset (struct trace *t, size_t want);
void trace_add (struct trace *t, const struct lhk_meta *meta,
		const struct lhk_event *event);

/* Index of the first event that differs in the first N, or SIZE_MAX. */
size_t trace_differs (const struct trace *a, const struct trace *b, size_t n);

/* ---- events ---- */

/* NULL, or what is wrong, as a sentence with how to mend it; in BUF. */
const char *event_fault (const struct lhk_event *event, char buf[CHECK_TEXT]);

#endif /* CLI_CHECK_SUITE_H */
