/* SPDX-License-Identifier: MIT */
/* text_words.c - the words of the model as a person reads them. */
#include "config.h"

#include <string.h>

#include "common/termsafe.h"
#include "format/event_text_private.h"
#include "format/summary_text.h"
#include "json/text_reader.h"

#define DIM "\033[2m"
#define UNDIM "\033[0m"

/* ---- lines ---- */

void
format_text_end_line (struct format_text *s, struct outbuf *o)
{
	if (s->line.kind != LINE_NONE)
		OUTBUF_LIT (o, "\n");
	s->line.kind = LINE_NONE;
	s->line.held_cr = 0;
}

static const char *
line_prefix (const struct format_text *s, enum line_kind kind,
	     const struct idmap_key *parent)
{
	int thought =
		kind == LINE_THOUGHT && (s->flags & FORMAT_TEXT_COLOR) == 0;

	if (idmap_key_absent (parent))
		return thought ? "[thinking] " : "";
	return thought ? "  | [thinking] " : "  | ";
}

void
text_words_begin_own_line (struct format_text *s, struct outbuf *o,
			   const struct lhk_event *event)
{
	struct idmap_key parent;

	format_text_end_line (s, o);
	idmap_key_of (&event->parent, &parent);
	outbuf_str (o, line_prefix (s, LINE_TEXT, &parent));
}

/* Are these the words of the main thread?  Only they are compared with what may
 * be sent again. */
static int
is_main (enum line_kind kind, const struct idmap_key *parent)
{
	return kind == LINE_TEXT && idmap_key_absent (parent);
}

/* End the open line if it belongs to something else.  Texts of two ids are
 * two lines, unless a marker stands between them. */
static void
continue_line (struct format_text *s, struct outbuf *o, enum line_kind kind,
	       const struct idmap_key *parent, const struct idmap_key *id)
{
	const struct open_line *l = &s->line;
	int again = s->repeat.expected && is_main (kind, parent);

	if (!again && l->kind != LINE_NONE
	    && (l->kind != kind || !idmap_key_same (&l->parent, parent)
		|| (!idmap_key_same (&l->text, id) && !idmap_key_absent (id)
		    && !idmap_key_absent (&l->text))))
		format_text_end_line (s, o);
	s->line.parent = *parent;
	s->line.text = *id;
}

/* Part of a line.  A carriage return at its end waits for what comes next: the
 * end of the line drops it. */
static void
put_piece (struct format_text *s, struct outbuf *o, const char *p, size_t len)
{
	if (len > 0 && s->line.held_cr)
		OUTBUF_LIT (o, "\\r");
	if (len > 0)
		s->line.held_cr = p[len - 1] == '\r';
	termsafe_write (o, p, len - (len > 0 && s->line.held_cr), 0);
}

/* P is one line of text, or a part of one: a newline can only be at its end. */
static void
put_segment (struct format_text *s, struct outbuf *o, enum line_kind kind,
	     const char *p, size_t n)
{
	int dim = kind == LINE_THOUGHT && (s->flags & FORMAT_TEXT_COLOR) != 0;
	size_t len = n > 0 && p[n - 1] == '\n' ? n - 1 : n;

	if (s->line.kind == LINE_NONE)
		outbuf_str (o, line_prefix (s, kind, &s->line.parent));
	if (dim && len > 0)
		OUTBUF_LIT (o, DIM);
	put_piece (s, o, p, len);
	if (dim && len > 0)
		OUTBUF_LIT (o, UNDIM);
	s->line.kind = kind;
	if (len < n)
		format_text_end_line (s, o);
}

/* P is plain UTF-8, whole characters, and continues the open line. */
static void
put_lines (struct format_text *s, struct outbuf *o, enum line_kind kind,
	   const char *p, size_t n)
{
	const char *lf;
	size_t len;

	while (n > 0) {
		lf = memchr (p, '\n', n);
		len = lf != NULL ? (size_t) (lf - p) + 1 : n;
		put_segment (s, o, kind, p, len);
		p += len;
		n -= len;
	}
}

/* ---- what was shown of a text ---- */

/* FNV-1a goes byte by byte, so the pieces of a text may be cut anywhere. */
#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

static uint64_t
hash_more (uint64_t hash, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		hash = (hash ^ (unsigned char) p[i]) * HASH_PRIME;
	return hash;
}

static int
is_space (char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What comes next under this id is another text. */
static void
forget_text (struct shown_text *t)
{
	t->len = t->blank = 0;
	t->hash = HASH_START;
	t->words.len = 0;
}

/* The text goes on with this piece.  This is for each delta. */
static inline void
note_piece (struct shown_text *t, const char *p, size_t n)
{
	size_t first = 0, words = n;

	if (t->blank == t->len)
		while (first < n && is_space (p[first]))
			first++;
	t->blank += first;
	while (words > first && is_space (p[words - 1]))
		words--;
	t->hash = hash_more (t->hash, p + first, words - first);
	if (words > first) {
		t->words.len = t->len + words - t->blank;
		t->words.hash = t->hash;
	}
	if (words < n)
		t->hash = hash_more (t->hash, p + words, n - words);
	t->len += n;
}

/* What was shown under this key; NULL if nothing was. */
static struct shown_text *
seek_text (struct format_text *s, const struct idmap_key *key)
{
	struct shown_text *t;

	for (t = s->texts; t < s->texts + TEXTS_MAX; t++)
		if (t->len > 0 && idmap_key_same (&t->id, key))
			return t;
	return NULL;
}

static struct idmap_key
key_of (enum line_kind kind, const struct idmap_key *parent,
	const struct idmap_key *id)
{
	struct idmap_key key = *id;

	idmap_key_mix (&key, parent->a ^ (uint64_t) kind);
	return key;
}

/* The entry of a text; it takes the place of the oldest if there is none. */
static struct shown_text *
find_text (struct format_text *s, enum line_kind kind,
	   const struct idmap_key *parent, const struct idmap_key *id)
{
	struct idmap_key key = key_of (kind, parent, id);
	struct shown_text *t = seek_text (s, &key);
	size_t i;

	if (t == NULL) {
		t = s->texts;
		for (i = 1; i < TEXTS_MAX; i++)
			if (s->texts[i].age < t->age)
				t = &s->texts[i];
		t->id = key;
		forget_text (t);
	}
	t->age = ++s->clock;
	return t;
}

/* Does the text that R reads begin with what was shown?  R is behind that
 * then, and anywhere in the text if it does not. */
static int
skip_shown (const struct shown_text *t, struct text_reader *r)
{
	struct shown_text head;
	char piece[4096];
	uint64_t left;
	size_t n;

	forget_text (&head);
	for (left = t->len; left > 0; left -= n) {
		n = left < sizeof piece ? (size_t) left : sizeof piece;
		n = text_reader_plain (r, piece, n);
		if (n == 0)
			return 0;
		note_piece (&head, piece, n);
	}
	return head.blank == t->blank && head.hash == t->hash;
}

/* Show words of the main thread that were not shown before. */
static void
put_main (struct format_text *s, struct outbuf *o, const char *p, size_t n)
{
	int expected = s->repeat.expected;
	size_t held;
	size_t skip = repeat_compare (&s->repeat, p, n, &held);

	/* It was another text after all. */
	if (expected && skip == 0 && s->repeat.broken) {
		format_text_end_line (s, o);
		put_lines (s, o, LINE_TEXT, s->repeat.ptr, held);
	}
	repeat_shown (&s->repeat, p + skip, n - skip);
	put_lines (s, o, LINE_TEXT, p + skip, n - skip);
}

/* Show all that R has not read yet. */
static void
put_rest (struct format_text *s, struct outbuf *o, enum line_kind kind,
	  struct shown_text *shown, struct text_reader *r)
{
	int main = is_main (kind, &s->line.parent);
	char piece[4096];
	size_t n;

	while ((n = text_reader_plain (r, piece, sizeof piece)) > 0) {
		note_piece (shown, piece, n);
		if (main)
			put_main (s, o, piece, n);
		else
			put_lines (s, o, kind, piece, n);
	}
}

/* ---- texts and results ---- */

static void
put_delta (struct format_text *s, struct outbuf *o, const struct lhk_text *text,
	   enum line_kind kind, const struct idmap_key *parent,
	   const struct idmap_key *id)
{
	struct shown_text *shown = find_text (s, kind, parent, id);
	struct text_reader r;

	text_reader_init (&r, text);
	continue_line (s, o, kind, parent, id);
	put_rest (s, o, kind, shown, &r);
}

/* What was shown of a text is withdrawn; it may be sent again. */
static void
withdraw_text (struct format_text *s, struct outbuf *o, enum line_kind kind,
	       const struct idmap_key *parent, struct shown_text *shown)
{
	forget_text (shown);
	if (is_main (kind, parent))
		repeat_expect (&s->repeat, 1);
	else
		format_text_end_line (s, o);
}

static void
remember_said (struct format_text *s, const struct shown_text *shown)
{
	if (shown->words.len == 0)
		return;
	s->said[s->next_said] = shown->words;
	s->next_said = (s->next_said + 1) % SAID_MAX;
}

/* A whole text has ended. */
static void
end_text (struct format_text *s, struct outbuf *o, enum line_kind kind,
	  const struct idmap_key *parent, const struct idmap_key *id,
	  struct shown_text *shown)
{
	if (s->line.kind == kind && idmap_key_same (&s->line.parent, parent)
	    && idmap_key_same (&s->line.text, id))
		format_text_end_line (s, o);
	if (is_main (kind, parent)) {
		s->repeat.expected = 0;
		remember_said (s, shown);
	}
	if (idmap_key_absent (id))
		forget_text (shown);
}

/* The deltas of the text may have come without its id. */
static void
take_nameless (struct format_text *s, const struct lhk_text *text,
	       enum line_kind kind, const struct idmap_key *parent,
	       const struct idmap_key *id, struct shown_text *shown)
{
	static const struct idmap_key nameless;
	struct idmap_key key = key_of (kind, parent, &nameless);
	struct shown_text *t = seek_text (s, &key);
	struct text_reader r;

	text_reader_init (&r, text);
	if (t == NULL || shown->len > 0 || !skip_shown (t, &r))
		return;
	key = shown->id;
	*shown = *t;
	shown->id = key;
	forget_text (t);
	if (s->line.kind == kind && idmap_key_same (&s->line.parent, parent)
	    && idmap_key_absent (&s->line.text))
		s->line.text = *id;
}

static void
put_whole (struct format_text *s, struct outbuf *o, const struct lhk_text *text,
	   enum line_kind kind, const struct idmap_key *parent,
	   const struct idmap_key *id)
{
	struct shown_text *shown = find_text (s, kind, parent, id);
	int again = s->repeat.expected && is_main (kind, parent);
	struct text_reader r;

	if (text->len == 0 && shown->len > 0) {
		withdraw_text (s, o, kind, parent, shown);
		return;
	}
	take_nameless (s, text, kind, parent, id, shown);
	text_reader_init (&r, text);
	if (shown->len > 0 && skip_shown (shown, &r)) {
		if (r.at < r.end)
			continue_line (s, o, kind, parent, id);
	} else {
		if (!again)
			format_text_end_line (s, o);
		forget_text (shown);
		text_reader_init (&r, text);
		continue_line (s, o, kind, parent, id);
	}
	put_rest (s, o, kind, shown, &r);
	end_text (s, o, kind, parent, id, shown);
}

static void
put_text (struct format_text *s, struct outbuf *o, const struct lhk_ev_text *e,
	  enum line_kind kind, const struct idmap_key *parent)
{
	struct idmap_key id;

	idmap_key_of (&e->id, &id);
	if (is_main (kind, parent))
		repeat_begin (&s->repeat, &id);
	if (e->delta)
		put_delta (s, o, &e->text, kind, parent, &id);
	else
		put_whole (s, o, &e->text, kind, parent, &id);
}

void
text_words_text (struct format_text *s, struct outbuf *o,
		 const struct lhk_event *event)
{
	const struct lhk_ev_text *e = (const struct lhk_ev_text *) event;
	int verbose = (s->flags & FORMAT_TEXT_VERBOSE) != 0;
	struct idmap_key parent;

	if (e->text.len == 0 && e->delta)
		return;
	if (!verbose
	    && (event->parent.ptr != NULL || e->role != LHK_ROLE_ASSISTANT
		|| (e->flags & LHK_TEXT_SYNTHETIC) != 0))
		return;
	idmap_key_of (&event->parent, &parent);
	if (e->role == LHK_ROLE_ASSISTANT)
		put_text (s, o, e, LINE_TEXT, &parent);
	else if (e->role == LHK_ROLE_THOUGHT)
		put_text (s, o, e, LINE_THOUGHT, &parent);
}

void
text_words_end_nameless (struct format_text *s, struct outbuf *o,
			 const struct lhk_event *event)
{
	static const struct idmap_key nameless;
	struct idmap_key parent;

	idmap_key_of (&event->parent, &parent);
	if ((s->flags & FORMAT_TEXT_VERBOSE) == 0
	    && idmap_key_absent (&s->line.text)
	    && idmap_key_same (&s->line.parent, &parent))
		format_text_end_line (s, o);
	if (idmap_key_absent (&parent))
		repeat_forget (&s->repeat);
	forget_text (find_text (s, LINE_TEXT, &parent, &nameless));
	forget_text (find_text (s, LINE_THOUGHT, &parent, &nameless));
}

/* The words of a text, in plain UTF-8. */
static struct said
said_of (const struct lhk_text *text)
{
	struct shown_text whole;
	struct text_reader r;
	char piece[4096];
	size_t n;

	forget_text (&whole);
	text_reader_init (&r, text);
	while ((n = text_reader_plain (&r, piece, sizeof piece)) > 0)
		note_piece (&whole, piece, n);
	return whole.words;
}

static int
is_same (const struct said *a, const struct said *b)
{
	return a->len == b->len && (a->len == 0 || a->hash == b->hash);
}

/* Was this text shown?  A text stands for one claim. */
static int
was_said (struct format_text *s, const struct lhk_text *text)
{
	struct said said = said_of (text);
	size_t i, k;

	for (i = 0; i < SAID_MAX; i++)
		if (is_same (&s->said[i], &said))
			break;
	for (k = 0; k < TEXTS_MAX; k++)
		if (is_same (&s->texts[k].words, &said))
			break;
	if (i < SAID_MAX)
		s->said[i].len = 0;
	if (k < TEXTS_MAX)
		forget_text (&s->texts[k]);
	return i < SAID_MAX || k < TEXTS_MAX;
}

/* Is the text of a claim the words of its error? */
static int
is_error (const struct lhk_ev_result *e)
{
	return e->verdict != LHK_VERDICT_OK && e->error.len == e->text.len
	       && e->error.len > 0
	       && memcmp (e->error.ptr, e->text.ptr, e->text.len) == 0;
}

void
text_words_result (struct format_text *s, struct outbuf *o,
		   const struct lhk_event *event)
{
	const struct lhk_ev_result *e = (const struct lhk_ev_result *) event;
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = e->text,
	};

	if (e->final != NULL) {
		format_text_end_line (s, o);
		if ((s->flags & FORMAT_TEXT_VERBOSE) != 0)
			format_summary_line (o, e->final);
		return;
	}
	if (event->parent.ptr == NULL && e->text.len > 0 && !is_error (e)
	    && !was_said (s, &e->text)) {
		text_words_end_nameless (s, o, event);
		text_words_text (s, o, &text.ev);
		was_said (s, &e->text);
	}
	text_words_end_nameless (s, o, event);
}

void
text_words_retry (struct format_text *s, const struct lhk_event *event)
{
	if (event->parent.ptr == NULL)
		repeat_expect (&s->repeat, 0);
}
