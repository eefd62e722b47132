/* SPDX-License-Identifier: MIT */
/*
 * fuzz_frame.c - the framer against a model that has the whole stream at once.
 *
 * The first bytes of the input choose the caps, the pieces and the options; the
 * rest is the stream, in which, with LONG, STRETCH stands for many bytes.  Each
 * line that comes must be the next one of the model, whatever the pieces are.
 */
#include "config.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "common/macros.h"
#include "common/mem.h"
#include "frame/frame.h"

#define STRETCH '~'
#define STRETCHED 30000
#define STREAM_MAX ((size_t) 160 << 10)

/* Long streams come in larger pieces, for the sake of speed. */
#define PIECES_MAX 64

/* Bytes of the input before the stream. */
enum { CAP, NEXT_CAP, CHANGE_AT, CHUNK, FIRST_PIECE, OPTIONS, STREAM };
enum { KEEP_HEAD = 1, BUDGET = 2, LONG = 0xe0 };

static const size_t caps[] = { 1, 2, 3, 7, 64, 4096, 70000, 100000 };

/* How far the stream has come, and its line that comes next. */
struct model {
	const char *data;
	size_t size, at, bom;
	uint64_t number, change_at;
	size_t cap, next_cap;
	int keep_head, budget;
	int is_skipping;
	size_t skipped; /* bytes of the line that was skipped, with its newline */
	struct frame *frame;
};

struct next {
	size_t raw; /* bytes up to the newline */
	size_t len; /* bytes of content */
	uint32_t flags;
};

static struct next
next_line (const struct model *m)
{
	const char *from = m->data + m->at;
	size_t left = m->size - m->at;
	const char *newline = left == 0 ? NULL : memchr (from, '\n', left);
	struct next n = { left, left, LHK_LINE_UNTERMINATED };

	FUZZ_CHECK (left > 0, m->data, m->size);
	if (newline == NULL)
		return n;
	n.raw = n.len = (size_t) (newline - from);
	n.flags = 0;
	if (n.len > 0 && from[n.len - 1] == '\r') {
		n.len--;
		n.flags = LHK_LINE_HAD_CR;
	}
	return n;
}

static void
is_padded (const struct model *m, const struct frame_line *line)
{
	size_t i;

	FUZZ_CHECK (line->data[line->len] == '\n', m->data, m->size);
	for (i = 0; i < LHK_LINE_PADDING; i++)
		fuzz_read (line->data[line->len + i]);
}

/* The line is over. */
static void
advance (struct model *m, const struct next *n, const struct frame_line *line)
{
	FUZZ_CHECK (line->number == ++m->number, m->data, m->size);
	FUZZ_CHECK (line->off == m->at, m->data, m->size);
	FUZZ_CHECK (line->full_len == n->len, m->data, m->size);
	m->at += n->raw + !(n->flags & LHK_LINE_UNTERMINATED);
	if (m->number != m->change_at)
		return;
	frame_set_line_max (m->frame, m->next_cap);
	m->cap = m->next_cap;
}

static void
on_line (void *user, const struct frame_line *line)
{
	struct model *m = user;
	const struct next n = next_line (m);

	FUZZ_CHECK (!m->is_skipping && n.len <= m->cap, m->data, m->size);
	FUZZ_CHECK (line->len == n.len && line->flags == n.flags, m->data,
		    m->size);
	FUZZ_CHECK (memcmp (line->data, m->data + m->at, n.len) == 0, m->data,
		    m->size);
	is_padded (m, line);
	advance (m, &n, line);
	fuzz_count ("lines");
}

static void
on_skip_begin (void *user)
{
	struct model *m = user;

	FUZZ_CHECK (!m->is_skipping, m->data, m->size);
	m->is_skipping = 1;
	m->skipped = 0;
}

static void
on_skip_data (void *user, const char *data, size_t len)
{
	struct model *m = user;

	FUZZ_CHECK (m->is_skipping && len > 0
			    && len <= m->size - m->at - m->skipped,
		    m->data, m->size);
	FUZZ_CHECK (memcmp (data, m->data + m->at + m->skipped, len) == 0,
		    m->data, m->size);
	m->skipped += len;
}

static void
on_skip_end (void *user, const struct frame_line *line)
{
	struct model *m = user;
	const struct next n = next_line (m);
	const uint32_t head = m->keep_head ? LHK_LINE_HEAD_ONLY : 0;

	FUZZ_CHECK (m->is_skipping, m->data, m->size);
	FUZZ_CHECK (m->skipped == n.raw + !(n.flags & LHK_LINE_UNTERMINATED),
		    m->data, m->size);
	FUZZ_CHECK (line->flags == (n.flags | head), m->data, m->size);
	FUZZ_CHECK (line->reason == FRAME_SIZE
			    ? n.len > m->cap
			    : line->reason == FRAME_BUDGET && m->budget
				      && n.raw + LHK_LINE_PADDING
						 > LINEBUF_BASE,
		    m->data, m->size);
	if (m->keep_head) {
		FUZZ_CHECK (line->reason != FRAME_SIZE || m->budget
				    || line->len == m->cap,
			    m->data, m->size);
		FUZZ_CHECK (line->len <= m->cap && line->len <= n.len
				    && memcmp (line->data, m->data + m->at,
					       line->len)
					       == 0,
			    m->data, m->size);
		is_padded (m, line);
	}
	m->is_skipping = 0;
	advance (m, &n, line);
	fuzz_count (line->reason == FRAME_SIZE ? "oversize" : "over budget");
}

static const struct frame_calls calls = { on_line, on_skip_begin, on_skip_data,
					  on_skip_end };

/* Each piece in memory of its own size. */
static void
feed (struct frame *f, const char *data, size_t len)
{
	char *piece = malloc (len);

	if (piece == NULL)
		abort ();
	memcpy (piece, data, len);
	frame_feed (f, piece, len);
	free (piece);
}

/* The stream in a piece of FIRST bytes and others of CHUNK bytes. */
static void
run (struct model m, size_t first, size_t chunk)
{
	struct budget budget = { m.budget ? 20000 : 0, 0 };
	struct frame f;
	size_t at, n;

	m.frame = &f;
	if (frame_init (&f, &calls, &m, &mem_system, &budget, m.cap,
			m.keep_head)
	    < 0)
		abort ();
	for (at = 0; at < m.size; at += n, first = chunk) {
		n = m.size - at < first ? m.size - at : first;
		if (n > 0)
			feed (&f, m.data + at, n);
	}
	frame_end (&f);
	FUZZ_CHECK (m.at == m.size && !m.is_skipping, m.data, m.size);
	FUZZ_CHECK (f.scanned == m.size - m.bom, m.data, m.size);
	frame_done (&f);
	FUZZ_CHECK (budget.leased == 0, m.data, m.size);
}

static char *
stretch (const uint8_t *data, size_t size, int is_long, size_t *ret_len)
{
	const int mark = is_long ? STRETCH : -1;
	char *p;
	size_t i, len = 0;

	for (i = 0; i < size; i++)
		len += data[i] == mark ? STRETCHED : 1;
	p = len > STREAM_MAX ? NULL : malloc (len + 1);
	*ret_len = len;
	if (p == NULL)
		return NULL;
	for (i = len = 0; i < size; i++)
		if (data[i] == mark) {
			memset (p + len, '.', STRETCHED);
			len += STRETCHED;
		} else {
			p[len++] = (char) data[i];
		}
	return p;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct model m;
	size_t chunk;
	char *stream;

	if (size < STREAM)
		return 0;
	memset (&m, 0, sizeof m);
	stream = stretch (data + STREAM, size - STREAM,
			  (data[OPTIONS] & LONG) == LONG, &m.size);
	if (stream == NULL)
		return 0;
	m.data = stream;
	m.cap = caps[data[CAP] % ARRAY_SIZE (caps)];
	m.next_cap = caps[data[NEXT_CAP] % ARRAY_SIZE (caps)];
	m.change_at = data[CHANGE_AT];
	m.keep_head = data[OPTIONS] & KEEP_HEAD;
	m.budget = data[OPTIONS] & BUDGET;
	if (m.size >= 3 && memcmp (stream, "\xef\xbb\xbf", 3) == 0)
		m.at = m.bom = 3;
	if (fuzz_turn (0, FUZZ_SELDOM, data, size))
		run (m, m.size, 1);
	chunk = (size_t) data[CHUNK] * data[CHUNK] + 1;
	if (chunk < m.size / PIECES_MAX)
		chunk = m.size / PIECES_MAX;
	run (m, data[FIRST_PIECE], chunk);
	free (stream);
	return 0;
}
