/* SPDX-License-Identifier: MIT */
/* ending.c - the last lines: how it ended, and how to go on. */
#include "config.h"

#include <string.h>

#include "cli/view/view_private.h"
#include "common/mem.h"
#include "common/strbuf.h"
#include "common/text.h"
#include "common/units.h"
#include "format/remedy.h"
#include "format/safe_text.h"
#include "format/summary_text.h"
#include "format/verdict_text.h"

/* Bytes that are shown of the error. */
#define ERROR_SHOWN 4000

/* Words that other rooms write, before they are put on a line. */
struct words {
	struct strbuf text;
	struct outbuf out;
};

/* ---- the end of a turn ---- */

void
view_claim (struct view *v, const struct lhk_ev_result *e)
{
	text_once_claim (&v->once, e);
	text_once_end_line (&v->once);
	view_finish_text (v);
	if (e->ev.parent.ptr != NULL)
		return;
	v->claim_verdict = e->verdict == LHK_VERDICT_OK ? 0 : e->verdict;
	view_name_set (v, &v->claim_error, &e->error);
}

/* ---- facts ---- */

/* What was written, as a fact. */
static void
put_words (struct view *v, struct words *w)
{
	outbuf_flush (&w->out);
	if (strbuf_failed (&w->text) == 0 && w->text.len > 0) {
		const struct lhk_text text =
			text_from_bytes (w->text.data, w->text.len);

		view_fact_text (v, "", &text);
	}
	strbuf_clear (&w->text);
}

static void
write_count (struct outbuf *o, uint64_t n, const char *behind)
{
	char text[UNITS_SIZE];

	units_print_count (n, text);
	outbuf_str (o, text);
	outbuf_str (o, behind);
}

/* The sum stays at INT64_MAX. */
static uint64_t
add (uint64_t sum, int64_t n)
{
	sum += n > 0 ? (uint64_t) n : 0;
	return sum > INT64_MAX ? INT64_MAX : sum;
}

struct tokens {
	uint64_t in, cached, out;
	uint32_t has;
};

static struct tokens
sum_tokens (const struct lhk_result *r)
{
	struct tokens t = { 0, 0, 0, 0 };
	size_t i;

	for (i = 0; i < r->n_usage; i++) {
		t.in = add (t.in, r->usage[i].input);
		t.cached = add (t.cached, r->usage[i].cache_read);
		t.out = add (t.out, r->usage[i].output);
		t.has |= r->usage[i].has;
	}
	return t;
}

/* "312 out" behind the tokens that went in; at the beginning of a line it is said
 * of what. */
static void
put_out (struct view *v, uint64_t n, const char *behind, struct words *w)
{
	struct mark dot = mark_of (MARK_DOT, v->screen.ascii);
	char count[UNITS_SIZE];
	size_t columns;

	units_print_count (n, count);
	columns = dot.columns + strlen (count) + strlen (" out")
		  + strlen (behind);
	if (columns <= view_left (v))
		write_count (&w->out, n, " out");
	else
		write_count (&w->out, n, n == 1 ? " token out" : " tokens out");
	outbuf_str (&w->out, behind);
	put_words (v, w);
}

/* "9,160 tokens in (4,000 cached)" and "312 out". */
static void
put_tokens (struct view *v, const struct lhk_result *r, struct words *w)
{
	struct tokens t = sum_tokens (r);

	if ((t.has & (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)) == 0)
		return;
	write_count (&w->out, t.in, t.in == 1 ? " token in" : " tokens in");
	if (t.cached > 0) {
		OUTBUF_LIT (&w->out, " (");
		write_count (&w->out, t.cached, " cached)");
	}
	put_words (v, w);
	put_out (v, t.out, r->complete_usage ? "" : " (incomplete)", w);
}

/* How the process ended, and when. */
static void
put_end (struct view *v, const struct lhk_result *r, struct words *w)
{
	const struct lhk_outcome *how = &r->outcome;
	char time[UNITS_SIZE];

	if (how->signal > 0 || (how->has_exit && how->exit_code != 0))
		format_verdict_end (&w->out, how);
	put_words (v, w);
	if (how->end_reason != 0) {
		units_print_duration (how->wall_ms > INT64_MAX
					      ? INT64_MAX
					      : (int64_t) how->wall_ms,
				      time);
		view_fact (v, time);
	}
}

static void
put_use (struct view *v, const struct lhk_result *r, struct words *w)
{
	format_cost (&w->out, r);
	put_words (v, w);
	format_tools (&w->out, r);
	put_words (v, w);
	put_tokens (v, r, w);
}

/* ---- how to go on ---- */

/* A line that is as long as it is, so that it can be copied. */
static void
put_line (struct view *v, const char *said, const struct lhk_text *text)
{
	view_begin_line (v, MARK_NOTE);
	screen_str (&v->screen, said);
	format_safe_text (v->screen.out, text, 1, 0);
	v->screen.at++;
	view_end_own_line (v);
}

static int
put_resume (struct view *v, const struct lhk_text *session, struct words *w)
{
	struct lhk_text text;

	if (v->opts.put_resume == NULL)
		return 0;
	v->opts.put_resume (v->opts.user, &w->out, session);
	outbuf_flush (&w->out);
	if (strbuf_failed (&w->text) < 0 || w->text.len == 0)
		return 0;
	text = text_from_bytes (w->text.data, w->text.len);
	put_line (v, "resume: ", &text);
	return 1;
}

static void
put_remedy (struct view *v, const struct lhk_result *r)
{
	char agent[VIEW_NAME_BYTES + 1];
	struct lhk_text remedy;

	memcpy (agent, v->agent.text, v->agent.len);
	agent[v->agent.len] = '\0';
	remedy = text_from_cstr (format_remedy (r, agent));
	if (remedy.len > 0)
		put_line (v, "", &remedy);
}

static void
put_ways (struct view *v, const struct lhk_result *r, struct words *w)
{
	put_remedy (v, r);
	if (r->session_id.len > 0 && !put_resume (v, &r->session_id, w))
		put_line (v, "session: ", &r->session_id);
	if (v->opts.run != NULL) {
		const struct lhk_text run = text_from_cstr (v->opts.run);

		put_line (v, "run: ", &run);
	}
}

/* ---- the last lines ---- */

static enum view_mark
mark_of_verdict (int verdict)
{
	if (verdict == LHK_VERDICT_OK)
		return MARK_OK;
	return verdict == LHK_VERDICT_CANCELED ? MARK_CANCELED : MARK_FAILED;
}

static void
put_verdict (struct view *v, const struct lhk_result *r)
{
	enum view_mark mark = mark_of_verdict (r->verdict);
	const char *cause = format_verdict_cause (r);

	view_begin_line (v, mark);
	screen_style (&v->screen, mark_of (mark, 0).sgr);
	screen_str (&v->screen, lhk_verdict_name (r->verdict));
	screen_style (&v->screen, NULL);
	if (*cause != '\0') {
		const struct lhk_text text = text_from_cstr (cause);

		screen_str (&v->screen, ": ");
		view_text (v, &text, view_left (v));
	}
}

/* Is this what stands right above, as words of the agent or as a notice? */
static int
is_above (const struct view *v, const struct lhk_text *text)
{
	struct idmap_key key;

	idmap_key_of (text, &key);
	return (v->notice_line == v->lines
		&& idmap_key_same (&key, &v->noticed))
	       || (v->said_line == v->lines && idmap_key_same (&key, &v->said));
}

static int
has_error (const struct view *v, const struct lhk_result *r)
{
	if (r->verdict == LHK_VERDICT_SPAWN_FAILED
	    && (v->opts.flags & VIEW_STARTS) != 0)
		return 0;
	return r->error.len > 0 && !is_above (v, &r->error);
}

/* The error, on lines of its own; what is used then has one too. */
static void
put_error (struct view *v, const struct lhk_result *r, int has)
{
	if (has)
		view_paragraph (v, 0, MARK_NOTE, "", &r->error, ERROR_SHOWN);
}

/* Begin a line if none is open; the facts go there. */
static void
put_use_below (struct view *v, const struct lhk_result *r, struct words *w)
{
	if (r->tools_started == 0 && !r->has_cost && r->n_usage == 0)
		return;
	view_begin_line (v, MARK_NOTE);
	put_use (v, r, w);
	view_end_own_line (v);
}

static void
put_all (struct view *v, const struct lhk_result *r, struct words *w)
{
	int error = has_error (v, r);

	put_verdict (v, r);
	put_end (v, r, w);
	if (!error)
		put_use (v, r, w);
	view_end_own_line (v);
	put_error (v, r, error);
	if (error)
		put_use_below (v, r, w);
	put_ways (v, r, w);
}

void
view_final (struct view *v, const struct lhk_result *r)
{
	struct words *w = mem_new (v->alloc, sizeof *w);

	view_block (v, BLOCK_HEAD);
	view_head_release (v);
	if (w == NULL) {
		put_verdict (v, r);
		view_end_own_line (v);
		put_error (v, r, r->error.len > 0);
		return;
	}
	strbuf_init (&w->text, v->alloc);
	outbuf_init (&w->out, strbuf_write, &w->text);
	put_all (v, r, w);
	strbuf_free (&w->text);
	mem_free (v->alloc, w, sizeof *w);
}
