/* SPDX-License-Identifier: MIT */
/* abandon.c - the end of a run whose plugin crashed, or does not return. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/crash.h"
#include "cli/output/signals.h"
#include "cli/run/cmd_run.h"
#include "cli/run/watchdog.h"

/* Seconds after which the process ends in any case, beside the grace. */
#define LAST_SECONDS 30u

/* Milliseconds in which an agent has started; a plugin that does not return then
 * must not keep the starter of a detached run waiting. */
#define START_MS 10000

#define SENTENCE_MAX 300

/* End what was begun: the run, or the start of one, whose agent does not run
 * yet.  The result; NULL: there is no run. */
static const struct lhk_result *
abandon (struct run_command *r, int crashed, const char *text)
{
	const struct lhk_result *result = NULL;

	if (r->run == NULL && r->starting != NULL) {
		r->run = r->starting;
		if (signals_first () != 0)
			lhk_run_cancel (r->run, signals_first ());
	}
	if (r->run != NULL
	    && lhk_run_abandon (r->run, crashed, text, &result) < 0)
		r->run = NULL;
	return result;
}

/* Do what the main thread would have done at the end. */
static int
end_run (void *user, int crashed, const char *text)
{
	struct run_command *r = user;
	const struct lhk_result *result;
	int was_started = r->run != NULL;
	int status;

	/* It was closing the plugin: all has been said. */
	if (r->run != NULL && lhk_run_result (r->run) != NULL) {
		cli_say (r->session->who, "%s", text);
		return r->exit_status;
	}
	result = abandon (r, crashed, text);
	if (result == NULL && was_started)
		return STATUS_HOST;
	main_loop_forget_host (&r->session->loop);
	if (result == NULL) {
		status = run_command_fail_start (r, crashed, text);
	} else {
		crash_is_survived ();
		run_command_settle (r);
		status = run_command_finish (r, result);
	}
	run_command_close (r);
	detach_end (&r->detach, status);
	return status;
}

/* ---- a callback that does not return ---- */

/* Has the agent printed something?  That is read before the report of the monitor
 * that it has started. */
static int
has_output (const struct run_command *r)
{
	struct lhk_callback callback;

	return r->run != NULL && lhk_host_callback (r->session->host, &callback)
	       && (callback.callback == LHK_CALLBACK_LINE_HOOK
		   || callback.callback == LHK_CALLBACK_PROBE);
}

static struct lhk_run *
get_run (void *user)
{
	struct run_command *r = user;

	/* What the main thread would have reported by now. */
	if (has_output (r))
		detach_set_started (&r->detach, r->record_dir);
	else
		detach_check_start (&r->detach, r->run, r->record_dir);
	return r->run;
}

static void
end_hung (void *user, const struct lhk_callback *callback)
{
	char text[SENTENCE_MAX], where[64];

	(void) user;
	signals_take ();
	crash_describe (callback, where, sizeof where);
	snprintf (
		text, sizeof text,
		"plugin '%.64s' hangs in %s: it did not return within %" PRId64
		".%" PRId64 " s, so the run was ended without it",
		callback->plugin->name, where, callback->ms / 1000,
		callback->ms % 1000 / 100);
	crash_end_hung (text);
}

void
run_command_guard (struct run_command *r)
{
	static struct crash_owner owner;
	const struct watchdog_opts opts = {
		.host = r->session->host,
		.total_ms = r->opts->total_ms,
		.idle_ms = r->opts->idle_ms,
		.grace_ms = r->opts->grace_ms,
		.start_ms = r->detach.mode != DETACH_NONE ? START_MS : 0,
		.run = get_run,
		.abandon = end_hung,
		.user = r,
	};

	owner = (struct crash_owner){
		.host = r->session->host,
		.who = r->session->who,
		.seconds = LAST_SECONDS + r->opts->grace_ms / 1000,
		.end = end_run,
		.user = r,
	};
	crash_catch (&owner);
	watchdog_start (&opts);
}

void
run_command_unguard (void)
{
	watchdog_stop ();
	crash_release ();
}
