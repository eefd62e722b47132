/* SPDX-License-Identifier: MIT */
/*
 * text_once.h - texts, each of them shown once, for any view of a run.
 *
 * A text comes by deltas or whole, or both: a whole text is only shown from
 * where its deltas ended, or again behind a new line if they were something
 * else.  A text that is sent again after a broken stream is held back as long
 * as it is the same, and the text of a claim is shown only if it was not said
 * before.  What is to be shown goes to the owner, piece by piece.
 */
#ifndef FORMAT_TEXT_ONCE_H
#define FORMAT_TEXT_ONCE_H

#include <linehook/run.h>

#include "event/idmap.h"
#include "format/repeat.h"

/* Texts whose deltas are followed at the same time; the text that was added
 * to longest ago gives way to a new one. */
#define TEXT_ONCE_MAX 16

/* Whole texts of the main thread that are remembered, because a claim may say
 * one again. */
#define TEXT_ONCE_SAID_MAX 16

/* The line at the end of the output, while it has no newline yet. */
struct text_line {
	int32_t role; /* LHK_ROLE_*; 0: there is no such line */
	int32_t reserved;
	struct idmap_key parent; /* the subagent of the line, or absent */
	struct idmap_key text;	 /* the text at its end; absent: no text */
};

/* Where texts go. */
struct text_sink {
	/* Show N bytes of plain UTF-8, whole characters, of the text of LINE,
	 * which goes on.  Returns 1 if the line has no newline yet. */
	int (*put) (void *user, const struct text_line *line, const char *p,
		    size_t n);
	/* End the open line: something else comes. */
	void (*end_line) (void *user);
};

/* Words without the white space around them. */
struct said {
	uint64_t len; /* 0: none */
	uint64_t hash;
};

/* How much of a text was shown by its deltas.  When the whole text comes, the
 * length and the hash tell whether it goes on from there. */
struct shown_text {
	struct idmap_key id;
	uint64_t len;	/* bytes of plain UTF-8; 0: the entry is free */
	uint64_t blank; /* those of white space before the first word */
	uint64_t hash;	/* of the others */
	struct said words;
	uint64_t age;
};

struct text_once {
	const struct text_sink *sink;
	void *user;
	int32_t by_lines; /* a whole text without an id is a line of one text */
	int32_t reserved;
	struct text_line line;
	struct shown_text texts[TEXT_ONCE_MAX];
	uint64_t clock; /* counts the uses of TEXTS */
	struct said said[TEXT_ONCE_SAID_MAX];
	uint32_t next_said;
	struct repeat repeat; /* the text of the main thread */
};

/* ALLOC and SINK are borrowed until text_once_free; USER is for SINK. */
void text_once_init (struct text_once *t, const struct lhk_alloc *alloc,
		     const struct text_sink *sink, void *user);
void text_once_free (struct text_once *t);

/* End the open line, if there is one. */
void text_once_end_line (struct text_once *t);

/* The header: of a program whose format nobody knows each text is a line. */
void text_once_run (struct text_once *t, const struct lhk_ev_run *e);

/* 1: E is such a line, and the next one belongs to the same text. */
int text_once_is_line (const struct text_once *t, const struct lhk_ev_text *e);

/* A text of any role. */
void text_once_text (struct text_once *t, const struct lhk_ev_text *e);

/* A claim: show its text if it was not said.  1 if there was something to
 * show. */
int text_once_claim (struct text_once *t, const struct lhk_ev_result *e);

/* A text without an id that comes after EVENT, a tool call, is not the one that
 * came before it: its line ends. */
void text_once_end_nameless (struct text_once *t,
			     const struct lhk_event *event);

/* The provider tries again: the last text may be sent once more. */
void text_once_retry (struct text_once *t, const struct lhk_event *event);

#endif /* FORMAT_TEXT_ONCE_H */
