/* SPDX-License-Identifier: MIT */
/* bounds.c - limits of a run that its provider cannot tell. */
#include "config.h"

#include <stdio.h>

#include "common/macros.h"
#include "run/bounds.h"
#include "run/host.h"
#include "run/stream.h"

static const struct {
	uint32_t flag; /* LHK_PLUGIN_* */
	int of_cost;   /* 1: of max_cost_nano, 0: of max_tokens */
	const char *text;
	/* The same of a plugin that was lost on the way. */
	const char *lost;
} bounds[] = {
	{ LHK_PLUGIN_NO_TOKENS, 0,
	  "does not report tokens, so --max-tokens has no effect",
	  "is not read any more, so --max-tokens has no effect from here on" },
	{ LHK_PLUGIN_NO_COST, 1,
	  "does not report cost, so --max-cost has no effect",
	  "is not read any more, so --max-cost has no effect from here on" },
	{ LHK_PLUGIN_LATE_TOKENS, 0,
	  "reports tokens only at the end of a turn, so --max-tokens cannot "
	  "end a turn",
	  NULL },
	{ LHK_PLUGIN_LATE_COST, 1,
	  "reports cost only at the end of a turn, so --max-cost cannot end a "
	  "turn",
	  NULL },
};

static void
warn (struct run_events *e, const char *whose, const char *provider,
      const char *what)
{
	char text[160];

	snprintf (text, sizeof text, "%s%.40s %s", whose, provider, what);
	host_log (e->core->host, LHK_LOG_WARN, LHK_CODE_BUDGET, NULL, "%s",
		  text);
	run_notice (e, LHK_LOG_WARN, LHK_CODE_BUDGET, "%s", text);
}

void
run_bounds_check (struct run_events *e, const struct lhk_plugin *plugin)
{
	const struct lhk_run_opts *o = &e->core->opts;
	size_t i;

	for (i = 0; i < ARRAY_SIZE (bounds); i++) {
		if ((plugin->flags & bounds[i].flag) == 0
		    || (bounds[i].of_cost ? o->max_cost_nano <= 0
					  : o->max_tokens == 0))
			continue;
		if (e->core->stream->is_quarantined)
			warn (e, "the output of ", plugin->provider,
			      bounds[i].lost);
		else
			warn (e, "", plugin->provider, bounds[i].text);
	}
}

void
run_bounds_check_scope (struct run_events *e)
{
	struct lhk_stream *stream = e->core->stream;

	if (e->core->opts.max_tokens == 0 || e->is_scope_reported
	    || stream_usage_scope (stream) != LHK_SCOPE_SESSION)
		return;
	e->is_scope_reported = 1;
	warn (e, "", stream->plugin->provider,
	      "reports the usage of the whole session, including earlier runs, "
	      "so --max-tokens has no effect");
}
