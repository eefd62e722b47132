/* SPDX-License-Identifier: MIT */
/* follow.c - the loop of a run: output, status line, signals, stops. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/run/cmd_run.h"
#include "cli/run/watchdog.h"
#include "cli/output/signals.h"
#include "cli/output/terminal_caps.h"
#include "common/clock.h"
#include "common/units.h"
#include "json/text_reader.h"
#include <linehook/json.h>

/* Bytes of a notice that are logged. */
#define LOSS_SIZE 512

/* Remember which record the run has. */
static void
name_record (struct run_command *r, const struct lhk_ev_run *header)
{
	struct text_reader id;
	size_t len;

	text_reader_init (&id, &header->id);
	len = text_reader_plain (&id, r->session->run, LHK_RECORD_ID_MAX);
	r->session->run[len] = '\0';
	output_set_run (&r->session->out, r->session->run);
	watchdog_watch_record (r->record_dir, r->session->run);
}

/* What was lost for want of a disk, or by what the agent did to its output, is
 * told on stderr too: not every format has notices. */
static void
log_loss (struct run_command *r, const struct lhk_ev_notice *e)
{
	char text[LOSS_SIZE];
	size_t n;

	/* The view shows notices. */
	if (r->session->log.hidden != NULL
	    || (!LHK_TEXT_IS (&e->code, LHK_CODE_DISK)
		&& !LHK_TEXT_IS (&e->code, LHK_CODE_GAP)))
		return;
	n = lhk_text_decode (&e->text, text, sizeof text - 1, NULL);
	text[n] = '\0';
	log_say (&r->session->log, LHK_LOG_WARN, "loss", "%s", text);
}

void
run_command_event (void *user, const struct lhk_meta *meta,
		   const struct lhk_event *event)
{
	struct run_command *r = user;

	/* What it wrote at last belongs before the result. */
	if (event->kind == LHK_EV_RESULT
	    && ((const struct lhk_ev_result *) event)->final != NULL)
		log_lines_end (&r->lines);
	if (event->kind == LHK_EV_RUN && r->record_dir != NULL)
		name_record (r, (const struct lhk_ev_run *) event);
	if (event->kind == LHK_EV_NOTICE)
		log_loss (r, (const struct lhk_ev_notice *) event);
	if (event->kind == LHK_EV_TOOL)
		status_event (&r->status, event, clock_now_ms ());
	if (output_wants_events (&r->session->out))
		output_event (&r->session->out, meta, event);
}

size_t
run_command_plugin (void *user, const struct lhk_plugin_ref *plugin)
{
	struct run_command *r = user;

	r->plugin = plugin;
	return session_use_plugin (r->session, plugin);
}

void
run_command_raw (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	output_raw_line (&r->session->out, data, len);
}

void
run_command_stdout (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	output_bytes (&r->session->out, data, len);
	if (r->session->out.format == FORMAT_RAW && r->session->out.tty)
		terminal_screen_feed (&r->screen, data, len);
}

void
run_command_stderr (void *user, const char *data, size_t len)
{
	struct run_command *r = user;

	/* It is read before the monitor's report. */
	detach_set_started (&r->detach, r->record_dir);
	if (r->opts->stderr_mode == STDERR_LOG)
		log_lines_feed (&r->lines, data, len);
	else if (r->opts->stderr_mode == STDERR_PASS)
		run_command_forward (r, data, len);
}

/* Draw the status line, unless we are in the background. */
static void
show_status (struct run_command *r)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;
	struct status_facts f = { .now_ms = clock_now_ms () };

	if (output_is_mid_line (&r->session->out) || r->mid_error
	    || terminal_is_anothers (STDERR_FILENO)
	    || lhk_run_progress (r->run, &p) < 0)
		return;
	f.tokens = p.tokens;
	f.cost_nano = p.has_cost ? p.cost_nano_usd : 0;
	f.n_tools = p.tools_open;
	f.columns = terminal_columns (STDERR_FILENO);
	status_tick (&r->status, &f);
}

/* Stop ourselves for Ctrl-Z.  The terminal is left as if we had ended; an agent
 * that reads it goes on only once we are in the foreground again. */
static void
suspend (struct run_command *r)
{
	int64_t since = clock_now_ms ();

	if (!signals_can_stop ())
		return;
	(void) !lhk_run_pause (r->run);
	status_wipe (&r->status, since);
	run_command_reset_screen (r);
	terminal_leave (&r->terminal);
	signals_stop_self (SIGTSTP);
	run_command_await_terminal (r);
	terminal_return (&r->terminal);
	(void) !lhk_run_resume (r->run);
	status_skip (&r->status, since, clock_now_ms ());
}

void
run_command_await_terminal (const struct run_command *r)
{
	if (r->input.fd != STDIN_FILENO)
		return;
	while (signals_count () == 0 && terminal_is_anothers (STDIN_FILENO)
	       && signals_can_stop ())
		signals_stop_self (SIGTTIN);
}

static void
handle_signals (struct run_command *r)
{
	if (signals_stop_requested ())
		suspend (r);
	if (r->session->stdio.n_reported == signals_count ())
		return;
	r->session->stdio.n_reported = signals_count ();
	run_command_explain_signal (r);
}

/* ", --NAME 5.0 s" behind what is in TEXT; 0 is no limit. */
static void
append_clock (char *text, size_t size, const char *name, uint32_t ms)
{
	char time[UNITS_SIZE] = "none";
	size_t len = strlen (text);

	if (ms > 0)
		units_print_duration (ms, time);
	snprintf (text + len, size - len, ", --%s %s", name, time);
}

/* With -v: which process it is, who reads it, and what may end it. */
static void
tell_start (struct run_command *r)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;
	char clocks[4 * UNITS_SIZE + 64] = "";
	const char *plugin = lhk_plugin_ref_name (r->plugin);

	if (r->is_start_told || lhk_run_progress (r->run, &p) < 0 || p.pid <= 0)
		return;
	r->is_start_told = 1;
	append_clock (clocks, sizeof clocks, "timeout", r->opts->total_ms);
	append_clock (clocks, sizeof clocks, "idle-timeout", r->opts->idle_ms);
	append_clock (clocks, sizeof clocks, "grace", r->opts->grace_ms);
	log_say (&r->session->log, LHK_LOG_INFO, "started",
		 "the agent is process %d, %s%s%s%s", (int) p.pid,
		 plugin == NULL ? "its output decides which plugin reads it"
				: "plugin '",
		 plugin == NULL ? "" : plugin,
		 plugin == NULL ? "" : "' reads its output", clocks);
}

/* Run the loop once.  0, or -1 after a sentence. */
static int
turn (struct run_command *r)
{
	struct main_loop *loop = &r->session->loop;
	int code = main_loop_turn (
		loop, r->detach.is_started
			      ? detach_await (main_loop_fd (loop))
			      : status_due (&r->status, clock_now_ms ()));

	detach_check_start (&r->detach, r->run, r->record_dir);
	tell_start (r);
	output_flush (&r->session->out);
	if (code < 0) {
		async_stdio_say (&r->session->stdio, "the loop failed: %s",
				 lhk_strerror (code));
		return -1;
	}
	handle_signals (r);
	if (r->status.on)
		show_status (r);
	return 0;
}

const struct lhk_result *
run_command_follow (struct run_command *r)
{
	const struct lhk_result *result;

	/* An agent whose stdin is the terminal may write to it past us. */
	if (r->input.mode == LHK_STDIN_FD && r->input.fd == STDIN_FILENO
	    && isatty (STDIN_FILENO))
		terminal_screen_doubt (&r->screen);
	signals_catch_stop (r->session->host);
	signals_cancel (r->run);
	while ((result = lhk_run_result (r->run)) == NULL)
		if (turn (r) < 0)
			break;
	run_command_settle (r);
	return result;
}

void
run_command_settle (struct run_command *r)
{
	signals_cancel (NULL);
	r->session->stdio.n_settled = signals_count ();
	status_wipe (&r->status, 0);
	run_command_reset_screen (r);
	/* In raw mode a newline does not go back to the first column. */
	if (terminal_restore (&r->terminal) && r->interactive)
		run_command_forward (r, "\r", 1);
	signals_catch_stop (NULL);
	log_lines_end (&r->lines);
}
