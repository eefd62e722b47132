/* SPDX-License-Identifier: MIT */
/*
 * event_text_private.h - the state of events as text, and its two halves: the
 * words of the model (text_words.c), and all other events (event_text.c).
 */
#ifndef FORMAT_EVENT_TEXT_PRIVATE_H
#define FORMAT_EVENT_TEXT_PRIVATE_H

#include "event/idmap.h"
#include "format/event_text.h"
#include "format/repeat.h"

/* Bytes that are kept of a tool call for the line that says how it ended:
 * enough for what is shown, and for one character more of the brief, which
 * tells that it was longer. */
#define BRIEF_SHOWN 40
#define NAME_BYTES 60
#define BRIEF_BYTES (4 * (BRIEF_SHOWN + 1))

/* Texts whose deltas are followed at the same time; the text that was added
 * to longest ago gives way to a new one. */
#define TEXTS_MAX 16

enum line_kind { LINE_NONE, LINE_TEXT, LINE_THOUGHT };

/* The line at the end of the output, while it has no newline yet. */
struct open_line {
	enum line_kind kind; /* LINE_NONE: there is no such line */
	int32_t held_cr;     /* it ends with a carriage return, not shown yet */
	struct idmap_key parent; /* the subagent of the line, or absent */
	struct idmap_key text;	 /* the text at its end; absent: a marker */
};

/* Whole texts of the main thread that are remembered, because a claim may say
 * one again. */
#define SAID_MAX 16

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

/* A tool call that has its marker. */
struct shown_tool {
	char name[NAME_BYTES];
	char brief[BRIEF_BYTES];
	uint32_t name_len;
	uint32_t brief_len;
	int32_t bad_status; /* the failure that was shown; 0: none */
	int32_t reserved;
};

struct format_text {
	const struct lhk_alloc *alloc;
	unsigned int flags; /* FORMAT_TEXT_* */
	struct open_line line;
	struct shown_text texts[TEXTS_MAX];
	uint64_t clock; /* counts the uses of TEXTS */
	struct said said[SAID_MAX];
	uint32_t next_said;
	struct idmap tools;   /* of struct shown_tool */
	struct repeat repeat; /* the text of the main thread */
};

/* Begin a line about EVENT alone; the caller writes all of it. */
void text_words_begin_own_line (struct format_text *s, struct outbuf *o,
				const struct lhk_event *event);

/* A text without an id that comes after a tool call is not the one that came
 * before it. */
void text_words_end_nameless (struct format_text *s, struct outbuf *o,
			      const struct lhk_event *event);

/* A text; a claim or the final result. */
void text_words_text (struct format_text *s, struct outbuf *o,
		      const struct lhk_event *event);
void text_words_result (struct format_text *s, struct outbuf *o,
			const struct lhk_event *event);

/* The provider tries again: the last text may be sent once more. */
void text_words_retry (struct format_text *s, const struct lhk_event *event);

#endif /* FORMAT_EVENT_TEXT_PRIVATE_H */
