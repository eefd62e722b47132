/* SPDX-License-Identifier: MIT */
/* judge.c - what came of a run, against what was expected; hosts of a stage. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "torture/torture.h"

/* ---- a host ---- */

static int
hear_open (const struct lhk_api *api, const struct lhk_option *options,
	   size_t n_options, void **ret)
{
	(void) options;
	(void) n_options;
	*ret = (void *) (uintptr_t) api;
	return LHK_OK;
}

/* A line is a text; "CLAIM" says that all is done. */
static int
hear_line (void *handle, const struct lhk_line *line)
{
	const struct lhk_api *api = handle;
	struct lhk_ev_text text = { .ev = LHK_EV (struct lhk_ev_text,
						  LHK_EV_TEXT) };
	struct lhk_ev_result claim = { .ev = LHK_EV (struct lhk_ev_result,
						     LHK_EV_RESULT) };

	if (line->len == 5 && memcmp (line->data, "CLAIM", 5) == 0) {
		claim.verdict = LHK_VERDICT_OK;
		claim.terminal = 1;
		return api->emit (api->ctx, &claim.ev);
	}
	text.role = LHK_ROLE_ASSISTANT;
	text.text =
		(struct lhk_text){ line->data, line->len, LHK_TEXT_PLAIN, 0 };
	return api->emit (api->ctx, &text.ev);
}

static void
hear_close (void *handle)
{
	(void) handle;
}

/* clang-format off */
#define PLUGIN(name_, flags_)						\
	{ LHK_PLUGIN_HEADER, .flags = (flags_), .name = (name_),	\
	  .provider = "torture", .version = "1", .summary = "for tests", \
	  .open = hear_open, .line_hook = hear_line, .close = hear_close }
/* clang-format on */

static const struct lhk_plugin plugins[] = {
	PLUGIN ("raw", 0),
	PLUGIN ("claims", LHK_PLUGIN_CLAIMS),
};

struct lhk_host *
stage_host (struct stage *s)
{
	struct lhk_host_opts o = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;

	o.monitor = s->monitor;
	o.alloc = &s->memory.alloc;
	if (lhk_host_new (&o, &host, NULL) < 0
	    || lhk_host_add_plugin (host, &plugins[0], NULL) < 0
	    || lhk_host_add_plugin (host, &plugins[1], NULL) < 0
	    || lhk_host_fd (host) < 0)
		_exit (89);
	return host;
}

const struct lhk_plugin_ref *
stage_plugin (struct lhk_host *host, const char *name)
{
	const struct lhk_plugin_ref *ref = NULL;

	if (lhk_host_plugin (host, name, &ref, NULL) < 0)
		_exit (89);
	return ref;
}

/* ---- the judgement ---- */

static int __attribute__ ((__format__ (__printf__, 2, 3)))
wrong (char *why, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	vsnprintf (why, WHY_MAX, fmt, args);
	va_end (args);
	return 0;
}

static int
judge_how (const struct session *j, const struct lhk_result *r, char *why)
{
	const struct expected *w = &j->expected;
	const struct lhk_outcome *o = &r->outcome;

	if (o->end_reason != w->end_reason
	    && (w->or_end_reason == 0 || o->end_reason != w->or_end_reason))
		return wrong (
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
		return wrong (why, "exit %d signal %d, expected exit %d",
			      o->has_exit ? o->exit_code : -1, o->signal,
			      w->code);
	if (w->signal != 0 && o->signal != w->signal)
		return wrong (why, "exit %d signal %d, expected signal %d",
			      o->has_exit ? o->exit_code : -1, o->signal,
			      w->signal);
	if (w->verdict != 0 && r->verdict != w->verdict)
		return wrong (why, "verdict %d, expected %d", r->verdict,
			      w->verdict);
	return 1;
}

static int
judge_details (const struct expected *w, const struct lhk_result *r, char *why)
{
	const struct lhk_outcome *o = &r->outcome;
	const char *step = o->step == NULL ? "-" : o->step;

	if ((o->flags & ~w->may) != (w->flags & ~w->may))
		return wrong (why, "flags 0x%x, expected 0x%x (0x%x may be)",
			      o->flags, w->flags, w->may);
	if (o->n_survivors != w->survivors)
		return wrong (why, "%u survivors, expected %u", o->n_survivors,
			      w->survivors);
	if (w->step != NULL && strcmp (w->step, step) != 0)
		return wrong (why, "step %s, expected %s", step, w->step);
	if (w->step != NULL && w->error != ANY && o->sys_errno != w->error)
		return wrong (why, "step %s: errno %d, expected %d", step,
			      o->sys_errno, w->error);
	if (w->lines != 0 && (int64_t) r->stats.lines != w->lines)
		return wrong (why, "%llu lines, expected %lld",
			      (unsigned long long) r->stats.lines,
			      (long long) w->lines);
	return 1;
}

static int
judge_output (const struct session *j, const struct lhk_result *r, char *why)
{
	const struct expected *w = &j->expected;

	if (w->bytes != 0 && (int64_t) r->stats.bytes != w->bytes)
		return wrong (why, "%llu bytes, expected %lld",
			      (unsigned long long) r->stats.bytes,
			      (long long) w->bytes);
	if (j->expected_hash != 0 && j->hash != j->expected_hash)
		return wrong (why, "stdout is not what was expected");
	if (w->notice != NULL && strstr (j->notices, w->notice) == NULL)
		return wrong (why, "no notice '%s'", w->notice);
	if (j->stream.on_event != NULL && (j->n_final != 1 || j->after_final))
		return wrong (why, "%d final results, %d events after them",
			      j->n_final, j->after_final);
	return 1;
}

int
tool_judge (const struct session *j, char *why)
{
	const struct lhk_result *r = lhk_run_result (j->run);

	why[0] = '\0';
	if (r == NULL)
		return wrong (why, "no result");
	return judge_how (j, r, why) && judge_details (&j->expected, r, why)
	       && judge_output (j, r, why);
}
