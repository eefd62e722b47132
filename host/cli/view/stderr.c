/* SPDX-License-Identifier: MIT */
/* stderr.c - what the agent writes to its standard error, between the rest. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <linehook/record.h>

#include "cli/view/view_private.h"
#include "common/text.h"
#include "common/units.h"

/* So many lines are shown at once, and then one in this time. */
#define LINES_BURST 10u
#define LINE_EACH_MS 2000

/* May one more line be shown?  Once one was not, those behind it are not either
 * until something else comes: its place would not be seen. */
static int
has_room (struct view_stderr *s, int64_t now_ms)
{
	int64_t passed = now_ms > s->since_ms ? now_ms - s->since_ms : 0;
	int64_t back = passed / LINE_EACH_MS;

	s->since_ms += back * LINE_EACH_MS;
	s->shown -= back < s->shown ? (uint32_t) back : s->shown;
	if (s->skipped > 0 || s->shown == LINES_BURST)
		return 0;
	s->shown++;
	return 1;
}

/* A line of the main thread, with a blank one before it if something else stands
 * above. */
static void
begin_line (struct view *v)
{
	const int is_other = v->block != BLOCK_NONE && v->block != BLOCK_OURS;

	if (is_other || (!v->text_open && !idmap_key_absent (&v->thread)))
		screen_newline (&v->screen);
	v->block = BLOCK_OURS;
	v->lines++;
}

/* What a terminal would show of a line that was written over itself. */
static struct lhk_text
last_version (const char *line, size_t len)
{
	const char *cr = len == 0 ? NULL : memrchr (line, '\r', len);
	size_t from = cr == NULL ? 0 : (size_t) (cr - line) + 1;

	return text_from_bytes (line + from, len - from);
}

static int
is_blank (const struct lhk_text *text)
{
	size_t i;

	for (i = 0; i < text->len; i++)
		if (text->ptr[i] != ' ' && text->ptr[i] != '\t')
			return 0;
	return 1;
}

static void
put_line (struct view *v, const struct lhk_text *text)
{
	const struct layout_margin margin = {
		.has_first = 1,
		.has_rest = 1,
		.first = MARK_STDERR,
		.rest = MARK_STDERR,
		.columns = 2,
		.sgr = "2",
	};
	/* That of the words may hold back a word. */
	struct layout layout;

	layout_init (&layout, &v->screen);
	layout_begin (&layout, &margin);
	layout_put_text (&layout, "stderr: ", text, VIEW_STDERR_BYTES);
	layout_end (&layout);
}

/* The last one is likely to say why the agent has ended. */
static void
skip_line (struct view_stderr *s, const struct lhk_text *text)
{
	size_t n = text->len < sizeof s->last ? text->len : sizeof s->last;

	s->skipped++;
	s->last_len = (uint32_t) n;
	memcpy (s->last, text->ptr, n);
}

void
view_stderr (struct view *v, struct outbuf *o, int64_t now_ms, const char *line,
	     size_t len)
{
	static const struct idmap_key main_thread;
	const struct lhk_text text = last_version (line, len);

	if (is_blank (&text))
		return;
	if (!has_room (&v->err, now_ms)) {
		skip_line (&v->err, &text);
		return;
	}
	v->screen.out = o;
	layout_end_line (&v->layout);
	begin_line (v);
	if (!v->text_open)
		v->thread = main_thread;
	put_line (v, &text);
}

/* N lines were not shown, and are not. */
static void
put_number (struct view *v, uint64_t n)
{
	const char *run = v->opts.run;
	char count[UNITS_SIZE], said[128 + LHK_RECORD_ID_MAX];
	struct lhk_text text;

	units_print_count (n, count);
	snprintf (said, sizeof said, "%s +%s %s%s%s%s",
		  mark_of (MARK_CUT, v->screen.ascii).text, count,
		  n == 1 ? "line" : "lines",
		  run == NULL ? "" : " (linehook show ", run == NULL ? "" : run,
		  run == NULL ? "" : " tells where they are)");
	text = text_from_cstr (said);
	begin_line (v);
	put_line (v, &text);
}

void
view_stderr_end (struct view *v)
{
	static const struct idmap_key main_thread;
	const struct lhk_text last =
		text_from_bytes (v->err.last, v->err.last_len);
	uint64_t n = v->err.skipped;

	if (n == 0)
		return;
	v->err.skipped = 0;
	if (n > 1)
		put_number (v, n - 1);
	begin_line (v);
	v->thread = main_thread;
	put_line (v, &last);
}
