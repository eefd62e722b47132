/* SPDX-License-Identifier: MIT */
/* expected.c - compare the outcome of a run with what was expected. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "torture/torture.h"

static int __attribute__ ((__format__ (__printf__, 2, 3)))
mismatch (char *why, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	vsnprintf (why, WHY_MAX, fmt, args);
	va_end (args);
	return 0;
}

static int
check_end (const struct job *j, const struct lhk_result *r, char *why)
{
	const struct expected *w = &j->expected;
	const struct lhk_outcome *o = &r->outcome;

	if (o->end_reason != w->end_reason
	    && (w->or_end_reason == 0 || o->end_reason != w->or_end_reason))
		return mismatch (
			why,
			"end reason %d, expected %d; exit %d signal %d step"
			" %s errno %d flags 0x%x wall %llu ms: %.100s"
			" %.120s",
			o->end_reason, w->end_reason,
			o->has_exit ? o->exit_code : -1, o->signal,
			o->step == NULL ? "-" : o->step, o->sys_errno, o->flags,
			(unsigned long long) o->wall_ms,
			o->detail == NULL ? "" : o->detail, j->notices);
	if (w->or_end_reason != 0)
		return 1;
	if (w->code != ANY && (!o->has_exit || o->exit_code != w->code))
		return mismatch (why, "exit %d signal %d, expected exit %d",
				 o->has_exit ? o->exit_code : -1, o->signal,
				 w->code);
	if (w->signal != 0 && o->signal != w->signal)
		return mismatch (why, "exit %d signal %d, expected signal %d",
				 o->has_exit ? o->exit_code : -1, o->signal,
				 w->signal);
	if (w->verdict != 0 && r->verdict != w->verdict)
		return mismatch (why, "verdict %d, expected %d", r->verdict,
				 w->verdict);
	return 1;
}

static int
check_details (const struct expected *w, const struct lhk_result *r, char *why)
{
	const struct lhk_outcome *o = &r->outcome;
	const char *step = o->step == NULL ? "-" : o->step;

	if ((o->flags & ~w->may) != (w->flags & ~w->may))
		return mismatch (why, "flags 0x%x, expected 0x%x (0x%x may be)",
				 o->flags, w->flags, w->may);
	if (o->n_survivors != w->survivors)
		return mismatch (why, "%u survivors, expected %u",
				 o->n_survivors, w->survivors);
	if (w->step != NULL && strcmp (w->step, step) != 0)
		return mismatch (why, "step %s, expected %s", step, w->step);
	if (w->step != NULL && w->error != ANY && o->sys_errno != w->error)
		return mismatch (why, "step %s: errno %d, expected %d", step,
				 o->sys_errno, w->error);
	if (w->lines != 0 && (int64_t) r->stats.lines != w->lines)
		return mismatch (why, "%llu lines, expected %lld",
				 (unsigned long long) r->stats.lines,
				 (long long) w->lines);
	return 1;
}

static int
check_output (const struct job *j, const struct lhk_result *r, char *why)
{
	const struct expected *w = &j->expected;

	if (w->bytes != 0 && (int64_t) r->stats.bytes != w->bytes)
		return mismatch (why, "%llu bytes, expected %lld",
				 (unsigned long long) r->stats.bytes,
				 (long long) w->bytes);
	if (j->expected_hash != 0 && j->hash != j->expected_hash)
		return mismatch (why, "stdout is not what was expected");
	if (w->notice != NULL && strstr (j->notices, w->notice) == NULL)
		return mismatch (why, "no notice '%s'", w->notice);
	if (j->stream.on_event != NULL && (j->n_final != 1 || j->after_final))
		return mismatch (why, "%d final results, %d events after them",
				 j->n_final, j->after_final);
	return 1;
}

int
expected_check (const struct job *j, char *why)
{
	const struct lhk_result *r = lhk_run_result (j->run);

	why[0] = '\0';
	if (r == NULL)
		return mismatch (why, "no result");
	return check_end (j, r, why) && check_details (&j->expected, r, why)
	       && check_output (j, r, why);
}
