/* SPDX-License-Identifier: MIT */
/* text_once.c - texts, each of them shown once, for any view of a run. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>

#include "format/text_once.h"
#include "json/text_reader.h"

void
text_once_init (struct text_once *once, const struct lhk_alloc *alloc,
		const struct text_sink *sink, void *user)
{
	memset (once, 0, sizeof *once);
	once->sink = sink;
	once->user = user;
	repeat_init (&once->repeat, alloc);
}

void
text_once_free (struct text_once *once)
{
	repeat_free (&once->repeat);
}

/* ---- lines ---- */

void
text_once_end_line (struct text_once *once)
{
	if (once->line.role != 0)
		once->sink->end_line (once->user);
	once->line.role = 0;
}

/* Are these the words of the main thread?  Only they are compared with what may
 * be sent again. */
static int
is_main (int role, const struct idmap_key *parent)
{
	return role == LHK_ROLE_ASSISTANT && idmap_key_absent (parent);
}

/* End the open line if it belongs to something else.  Texts of two ids are
 * two lines, unless something else stands between them. */
static void
continue_line (struct text_once *once, int role, const struct idmap_key *parent,
	       const struct idmap_key *id)
{
	const struct text_line *l = &once->line;
	int again = once->repeat.expected && is_main (role, parent);

	if (!again && l->role != 0
	    && (l->role != role || !idmap_key_same (&l->parent, parent)
		|| (!idmap_key_same (&l->text, id) && !idmap_key_absent (id)
		    && !idmap_key_absent (&l->text))))
		text_once_end_line (once);
	once->line.parent = *parent;
	once->line.text = *id;
}

/* P is plain UTF-8, whole characters, and continues the open line. */
static void
put_piece (struct text_once *once, int role, const char *p, size_t n)
{
	if (n == 0)
		return;
	/* The sink may end the line that is open before. */
	once->line.role = role;
	if (once->sink->put (once->user, &once->line, p, n))
		once->line.role = role;
	else
		once->line.role = 0;
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
seek_text (struct text_once *once, const struct idmap_key *key)
{
	struct shown_text *t;

	for (t = once->texts; t < once->texts + TEXT_ONCE_MAX; t++)
		if (t->len > 0 && idmap_key_same (&t->id, key))
			return t;
	return NULL;
}

static struct idmap_key
key_of (int role, const struct idmap_key *parent, const struct idmap_key *id)
{
	struct idmap_key key = *id;

	idmap_key_mix (&key, parent->a ^ (uint64_t) role);
	return key;
}

/* The entry of a text; it takes the place of the oldest if there is none. */
static struct shown_text *
find_text (struct text_once *once, int role, const struct idmap_key *parent,
	   const struct idmap_key *id)
{
	struct idmap_key key = key_of (role, parent, id);
	struct shown_text *t = seek_text (once, &key);
	size_t i;

	if (t == NULL) {
		t = once->texts;
		for (i = 1; i < TEXT_ONCE_MAX; i++)
			if (once->texts[i].age < t->age)
				t = &once->texts[i];
		t->id = key;
		forget_text (t);
	}
	t->age = ++once->clock;
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
put_main (struct text_once *once, const char *p, size_t n)
{
	int expected = once->repeat.expected;
	size_t held;
	size_t skip = repeat_compare (&once->repeat, p, n, &held);

	/* It was another text after all. */
	if (expected && skip == 0 && once->repeat.broken) {
		text_once_end_line (once);
		put_piece (once, LHK_ROLE_ASSISTANT, once->repeat.ptr, held);
	}
	repeat_shown (&once->repeat, p + skip, n - skip);
	put_piece (once, LHK_ROLE_ASSISTANT, p + skip, n - skip);
}

/* Show all that R has not read yet. */
static void
put_rest (struct text_once *once, int role, struct shown_text *shown,
	  struct text_reader *r)
{
	int main = is_main (role, &once->line.parent);
	char piece[4096];
	size_t n;

	while ((n = text_reader_plain (r, piece, sizeof piece)) > 0) {
		note_piece (shown, piece, n);
		if (main)
			put_main (once, piece, n);
		else
			put_piece (once, role, piece, n);
	}
}

/* ---- texts and results ---- */

static void
put_delta (struct text_once *once, const struct lhk_text *text, int role,
	   const struct idmap_key *parent, const struct idmap_key *id)
{
	struct shown_text *shown = find_text (once, role, parent, id);
	struct text_reader r;

	text_reader_init (&r, text);
	continue_line (once, role, parent, id);
	put_rest (once, role, shown, &r);
}

/* What was shown of a text is withdrawn; it may be sent again. */
static void
withdraw_text (struct text_once *once, int role, const struct idmap_key *parent,
	       struct shown_text *shown)
{
	forget_text (shown);
	if (is_main (role, parent))
		repeat_expect (&once->repeat, 1);
	else
		text_once_end_line (once);
}

static void
remember_said (struct text_once *once, const struct shown_text *shown)
{
	if (shown->words.len == 0)
		return;
	once->said[once->next_said] = shown->words;
	once->next_said = (once->next_said + 1) % TEXT_ONCE_SAID_MAX;
}

/* A whole text has ended. */
static void
end_text (struct text_once *once, int role, const struct idmap_key *parent,
	  const struct idmap_key *id, struct shown_text *shown)
{
	if (once->line.role == role
	    && idmap_key_same (&once->line.parent, parent)
	    && idmap_key_same (&once->line.text, id))
		text_once_end_line (once);
	if (is_main (role, parent)) {
		once->repeat.expected = 0;
		remember_said (once, shown);
	}
	if (idmap_key_absent (id))
		forget_text (shown);
}

/* The deltas of the text may have come without its id. */
static void
take_nameless (struct text_once *once, const struct lhk_text *text, int role,
	       const struct idmap_key *parent, const struct idmap_key *id,
	       struct shown_text *shown)
{
	static const struct idmap_key nameless;
	struct idmap_key key = key_of (role, parent, &nameless);
	struct shown_text *t = seek_text (once, &key);
	struct text_reader r;

	text_reader_init (&r, text);
	if (t == NULL || shown->len > 0 || !skip_shown (t, &r))
		return;
	key = shown->id;
	*shown = *t;
	shown->id = key;
	forget_text (t);
	if (once->line.role == role
	    && idmap_key_same (&once->line.parent, parent)
	    && idmap_key_absent (&once->line.text))
		once->line.text = *id;
}

static void
put_whole (struct text_once *once, const struct lhk_text *text, int role,
	   const struct idmap_key *parent, const struct idmap_key *id)
{
	struct shown_text *shown = find_text (once, role, parent, id);
	int again = once->repeat.expected && is_main (role, parent);
	struct text_reader r;

	if (text->len == 0 && shown->len > 0) {
		withdraw_text (once, role, parent, shown);
		return;
	}
	take_nameless (once, text, role, parent, id, shown);
	text_reader_init (&r, text);
	if (shown->len > 0 && skip_shown (shown, &r)) {
		if (r.at < r.end)
			continue_line (once, role, parent, id);
	} else {
		if (!again)
			text_once_end_line (once);
		forget_text (shown);
		text_reader_init (&r, text);
		continue_line (once, role, parent, id);
	}
	put_rest (once, role, shown, &r);
	end_text (once, role, parent, id, shown);
}

void
text_once_run (struct text_once *once, const struct lhk_ev_run *e)
{
	once->by_lines = LHK_TEXT_IS (&e->provider, "raw");
}

int
text_once_is_line (const struct text_once *once, const struct lhk_ev_text *e)
{
	return once->by_lines && !e->delta && e->id.len == 0
	       && e->ev.parent.ptr == NULL && e->role == LHK_ROLE_ASSISTANT;
}

/* A line of the text that all lines are. */
static void
put_line (struct text_once *once, const struct lhk_text *text)
{
	static const struct idmap_key none;
	static const struct lhk_text newline = { "\n", 1, LHK_TEXT_PLAIN, 0 };

	put_delta (once, text, LHK_ROLE_ASSISTANT, &none, &none);
	put_delta (once, &newline, LHK_ROLE_ASSISTANT, &none, &none);
}

void
text_once_text (struct text_once *once, const struct lhk_ev_text *e)
{
	struct idmap_key id, parent;

	if (e->text.len == 0 && e->delta)
		return;
	idmap_key_of (&e->id, &id);
	idmap_key_of (&e->ev.parent, &parent);
	if (is_main (e->role, &parent))
		repeat_begin (&once->repeat, &id);
	if (text_once_is_line (once, e))
		put_line (once, &e->text);
	else if (e->delta)
		put_delta (once, &e->text, e->role, &parent, &id);
	else
		put_whole (once, &e->text, e->role, &parent, &id);
}

void
text_once_end_nameless (struct text_once *once, const struct lhk_event *event)
{
	static const struct idmap_key nameless;
	struct idmap_key parent;

	idmap_key_of (&event->parent, &parent);
	if (idmap_key_absent (&once->line.text)
	    && idmap_key_same (&once->line.parent, &parent))
		text_once_end_line (once);
	if (idmap_key_absent (&parent))
		repeat_forget (&once->repeat);
	forget_text (find_text (once, LHK_ROLE_ASSISTANT, &parent, &nameless));
	forget_text (find_text (once, LHK_ROLE_THOUGHT, &parent, &nameless));
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
was_said (struct text_once *once, const struct lhk_text *text)
{
	struct said said = said_of (text);
	size_t i, k;

	for (i = 0; i < TEXT_ONCE_SAID_MAX; i++)
		if (is_same (&once->said[i], &said))
			break;
	for (k = 0; k < TEXT_ONCE_MAX; k++)
		if (is_same (&once->texts[k].words, &said))
			break;
	if (i < TEXT_ONCE_SAID_MAX)
		once->said[i].len = 0;
	if (k < TEXT_ONCE_MAX)
		forget_text (&once->texts[k]);
	return i < TEXT_ONCE_SAID_MAX || k < TEXT_ONCE_MAX;
}

/* Is the text of a claim the words of its error? */
static int
is_error (const struct lhk_ev_result *e)
{
	return e->verdict != LHK_VERDICT_OK && e->error.len == e->text.len
	       && e->error.len > 0
	       && memcmp (e->error.ptr, e->text.ptr, e->text.len) == 0;
}

int
text_once_claim (struct text_once *once, const struct lhk_ev_result *e)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.text = e->text,
	};
	int is_new = e->ev.parent.ptr == NULL && e->text.len > 0
		     && !is_error (e) && !was_said (once, &e->text);

	if (is_new) {
		text_once_end_nameless (once, &e->ev);
		text_once_text (once, &text);
		was_said (once, &e->text);
	}
	text_once_end_nameless (once, &e->ev);
	return is_new;
}

void
text_once_retry (struct text_once *once, const struct lhk_event *event)
{
	if (event->parent.ptr == NULL)
		repeat_expect (&once->repeat, 0);
}
