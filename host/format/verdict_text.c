/* SPDX-License-Identifier: MIT */
/* verdict_text.c - one sentence on a run that did not end well. */
#include "config.h"

#include <signal.h>

#include "common/macros.h"
#include "common/units.h"
#include "format/remedy.h"
#include "format/safe_text.h"
#include "format/verdict_text.h"

/* Characters that are shown of the error. */
#define ERROR_SHOWN 300

/* What we did, or what happened.  The first row that fits; the error of the run
 * follows it, where there is one. */
static const struct {
	int verdict;
	int end_reason; /* LHK_END_*; 0: any */
	const char *words;
} causes[] = {
	{ LHK_VERDICT_TIMEOUT, 0, "it ran longer than --timeout allows" },
	{ LHK_VERDICT_STALLED, 0,
	  "it made no progress for longer than --idle-timeout allows" },
	{ LHK_VERDICT_LIMIT, LHK_END_OUTPUT_LIMIT,
	  "it printed more than --max-output allows" },
	{ LHK_VERDICT_LIMIT, LHK_END_BUDGET,
	  "it used more than --max-tokens or --max-cost allows" },
	{ LHK_VERDICT_OOM, 0, "memory ran out" },
};

/* What is said without an error.  The first row that fits. */
static const struct {
	int verdict;
	int skipped; /* 1: only if a line was too long to be read */
	const char *words;
} defaults[] = {
	{ LHK_VERDICT_FAILED, 1,
	  "no reason was read; it may be in a line that was skipped" },
	{ LHK_VERDICT_FAILED, 0, "the agent gave no reason" },
	{ LHK_VERDICT_REFUSED, 0, "the model refused" },
	{ LHK_VERDICT_LIMIT, 0, "the agent reached a limit" },
	{ LHK_VERDICT_CANCELED, 0, "the agent was canceled" },
	{ LHK_VERDICT_TRUNCATED, 1,
	  "no result was read; it may be in a line that was skipped" },
	{ LHK_VERDICT_TRUNCATED, 0, "the stream ended without a result" },
	{ LHK_VERDICT_KILLED, 0, "a signal ended the agent" },
	{ LHK_VERDICT_HOST_ERROR, 0, "linehook could not supervise it" },
	{ LHK_VERDICT_SPAWN_FAILED, 0, "it could not be started" },
};

static const char *
cause_of (const struct lhk_result *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (causes); i++)
		if (causes[i].verdict == r->verdict
		    && (causes[i].end_reason == 0
			|| causes[i].end_reason == r->outcome.end_reason))
			return causes[i].words;
	return NULL;
}

/* Signals that end agents, by name. */
static const struct {
	int signo;
	const char *name;
} signals[] = {
	{ SIGHUP, "SIGHUP" },	{ SIGINT, "SIGINT" },	{ SIGQUIT, "SIGQUIT" },
	{ SIGILL, "SIGILL" },	{ SIGTRAP, "SIGTRAP" }, { SIGABRT, "SIGABRT" },
	{ SIGBUS, "SIGBUS" },	{ SIGFPE, "SIGFPE" },	{ SIGKILL, "SIGKILL" },
	{ SIGUSR1, "SIGUSR1" }, { SIGSEGV, "SIGSEGV" }, { SIGUSR2, "SIGUSR2" },
	{ SIGPIPE, "SIGPIPE" }, { SIGALRM, "SIGALRM" }, { SIGTERM, "SIGTERM" },
	{ SIGXCPU, "SIGXCPU" }, { SIGXFSZ, "SIGXFSZ" }, { SIGSYS, "SIGSYS" },
};

static void
put_signal (struct outbuf *o, int signo)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (signals); i++)
		if (signals[i].signo == signo) {
			outbuf_str (o, signals[i].name);
			return;
		}
	OUTBUF_LIT (o, "signal ");
	outbuf_i64 (o, signo);
}

void
format_verdict_end (struct outbuf *o, const struct lhk_outcome *how)
{
	if (how->has_exit) {
		OUTBUF_LIT (o, "exit status ");
		outbuf_i64 (o, how->exit_code);
	} else if (how->signal > 0) {
		put_signal (o, how->signal);
	}
}

/* Is the end of the process all there is to say?  Of a process that failed with
 * status 0 the agent has said so. */
static int
ends_plainly (const struct lhk_result *r)
{
	return (r->verdict == LHK_VERDICT_FAILED && r->outcome.has_exit
		&& r->outcome.exit_code != 0)
	       || (r->verdict == LHK_VERDICT_KILLED && r->outcome.signal > 0);
}

static const char *
default_of (const struct lhk_result *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (defaults); i++)
		if (defaults[i].verdict == r->verdict
		    && (!defaults[i].skipped || r->stats.oversize > 0))
			return defaults[i].words;
	return "";
}

const char *
format_verdict_cause (const struct lhk_result *r)
{
	const char *cause = cause_of (r);

	if (cause != NULL)
		return cause;
	return r->error.len > 0 || ends_plainly (r) ? "" : default_of (r);
}

static void
put_reason (struct outbuf *o, const struct lhk_result *r)
{
	const char *cause = cause_of (r);

	if (cause != NULL)
		outbuf_str (o, cause);
	if (cause == NULL && r->error.len == 0 && ends_plainly (r)) {
		format_verdict_end (o, &r->outcome);
		return;
	}
	if (r->error.len > 0) {
		if (cause != NULL)
			OUTBUF_LIT (o, "; the last error was: ");
		format_safe_text (o, &r->error, 1, ERROR_SHOWN);
		return;
	}
	if (cause == NULL)
		outbuf_str (o, default_of (r));
}

/* The details stand in brackets, with commas between them. */
static void
begin_detail (struct outbuf *o, int *ret_n)
{
	outbuf_str (o, *ret_n == 0 ? " (" : ", ");
	++*ret_n;
}

static void
put_details (struct outbuf *o, const struct lhk_result *r, const char *plugin)
{
	const struct lhk_outcome *how = &r->outcome;
	char time[UNITS_SIZE];
	int n = 0;

	if (plugin != NULL) {
		begin_detail (o, &n);
		outbuf_str (o, plugin);
	}
	if ((how->has_exit || how->signal > 0)
	    && !(r->error.len == 0 && ends_plainly (r))) {
		begin_detail (o, &n);
		format_verdict_end (o, how);
	}
	if (how->end_reason != 0) {
		begin_detail (o, &n);
		units_print_duration (how->wall_ms > INT64_MAX
					      ? INT64_MAX
					      : (int64_t) how->wall_ms,
				      time);
		outbuf_str (o, time);
	}
	if (n > 0)
		OUTBUF_LIT (o, ")");
}

void
format_verdict (struct outbuf *o, const struct lhk_result *r,
		const char *plugin, const char *record)
{
	const char *remedy = format_remedy (r, plugin);

	outbuf_str (o, lhk_verdict_name (r->verdict));
	OUTBUF_LIT (o, ": ");
	put_reason (o, r);
	put_details (o, r, plugin);
	if (remedy != NULL) {
		OUTBUF_LIT (o, "; ");
		outbuf_str (o, remedy);
	}
	if (record != NULL) {
		OUTBUF_LIT (o, "; see linehook show ");
		outbuf_str (o, record);
	}
}
