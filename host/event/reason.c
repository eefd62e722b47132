/* SPDX-License-Identifier: MIT */
/* reason.c - why a run did not end well, in one sentence. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include <linehook/json.h>

#include "common/text.h"
#include "event/reason.h"

/* Bytes that are kept of an error, which may be a whole web page. */
#define ERROR_MAX 4096

void
reason_init (struct reason *r, const struct lhk_alloc *alloc)
{
	memset (r, 0, sizeof *r);
	r->alloc = alloc;
	r->level = LHK_LOG_DEBUG;
}

void
reason_free (struct reason *r)
{
	text_copy_free (r->alloc, &r->claimed);
	text_copy_free (r->alloc, &r->trouble);
	text_copy_free (r->alloc, &r->passing);
	text_copy_free (r->alloc, &r->host);
	text_copy_free (r->alloc, &r->made);
}

static void
copy (struct reason *r, struct text_copy *to, const struct lhk_text *text)
{
	if (text_copy_set (r->alloc, to, text, ERROR_MAX) < 0)
		r->lost = 1;
}

/* Keep TEXT, unless it says nothing.  1: it is kept. */
static int
keep (struct reason *r, struct text_copy *to, const struct lhk_text *text)
{
	if (text_reader_is_blank (text))
		return 0;
	copy (r, to, text);
	return 1;
}

static void
drop (struct reason *r, struct text_copy *what)
{
	static const struct lhk_text absent;

	copy (r, what, &absent);
}

void
reason_claim (struct reason *r, const struct lhk_ev_result *claim)
{
	if (claim->error.len > 0)
		keep (r, &r->claimed, &claim->error);
	else if (claim->verdict == LHK_VERDICT_OK)
		drop (r, &r->claimed);
	r->level = LHK_LOG_DEBUG;
}

void
reason_notice (struct reason *r, const struct lhk_ev_notice *notice)
{
	if (notice->text.len == 0)
		return;
	if (LHK_TEXT_IS (&notice->code, LHK_CODE_RETRY)
	    || (LHK_TEXT_IS (&notice->code, LHK_CODE_RATE_LIMIT)
		&& notice->level <= LHK_LOG_ERROR)) {
		keep (r, &r->passing, &notice->text);
	} else if (LHK_TEXT_IS (&notice->code, LHK_CODE_PROVIDER_ERROR)
		   && notice->level <= r->level
		   && keep (r, &r->trouble, &notice->text)) {
		r->level = notice->level;
		drop (r, &r->passing);
	} else if (LHK_TEXT_IS (&notice->code, LHK_CODE_HOST)
		   && notice->level == LHK_LOG_ERROR) {
		copy (r, &r->host, &notice->text);
	}
}

void
reason_work (struct reason *r)
{
	if (r->passing.given)
		drop (r, &r->passing);
}

/* What the provider said last of trouble that it did not get over. */
static struct lhk_text
last_trouble (const struct reason *r)
{
	return text_copy_get (r->passing.given ? &r->passing : &r->trouble);
}

/* The first step of the start that failed. */
static void
explain_start (struct reason *r, const struct lhk_outcome *how)
{
	char text[ERROR_MAX];
	struct lhk_text made;
	int len;

	len = snprintf (
		text, sizeof text, "cannot start the agent: %s: %s", how->step,
		how->detail != NULL ? how->detail : strerror (how->sys_errno));
	made = text_from_bytes (text,
				len < ERROR_MAX ? (size_t) len : ERROR_MAX - 1);
	copy (r, &r->made, &made);
}

/* A claim of success, and an exit status that is none. */
static void
explain_contradiction (struct reason *r, const struct lhk_outcome *how)
{
	char text[ERROR_MAX + 128];
	struct lhk_text trouble = last_trouble (r);
	struct lhk_text made;
	int len;

	len = snprintf (text, sizeof text,
			"the agent claims success, but its exit status is %d"
			"%s%.*s",
			(int) how->exit_code, trouble.len > 0 ? ": " : "",
			(int) trouble.len, trouble.len > 0 ? trouble.ptr : "");
	made = text_from_bytes (text, (size_t) len);
	copy (r, &r->made, &made);
}

/* A limit that killed the agent is known better than what the agent said
 * before. */
static int
is_by_limit (int verdict, const struct lhk_outcome *how)
{
	return how->detail != NULL
	       && (verdict == LHK_VERDICT_OOM || verdict == LHK_VERDICT_KILLED);
}

static struct lhk_text
explain_detail (struct reason *r, const struct lhk_outcome *how)
{
	const struct lhk_text text = text_from_cstr (how->detail);

	copy (r, &r->made, &text);
	return text_copy_get (&r->made);
}

struct lhk_text
reason_get (struct reason *r, int verdict, int claim,
	    const struct lhk_outcome *how)
{
	static const struct lhk_text absent;

	if (verdict == LHK_VERDICT_OK)
		return absent;
	if (verdict == LHK_VERDICT_SPAWN_FAILED && how->step != NULL) {
		explain_start (r, how);
		return text_copy_get (&r->made);
	}
	if (verdict == LHK_VERDICT_HOST_ERROR && r->host.given)
		return text_copy_get (&r->host);
	if (is_by_limit (verdict, how))
		return explain_detail (r, how);
	if (r->claimed.given)
		return text_copy_get (&r->claimed);
	if (verdict == LHK_VERDICT_FAILED && claim == LHK_VERDICT_OK
	    && how->has_exit && how->exit_code != 0) {
		explain_contradiction (r, how);
		return text_copy_get (&r->made);
	}
	if (how->detail != NULL && last_trouble (r).len == 0)
		return explain_detail (r, how);
	return last_trouble (r);
}
