/* SPDX-License-Identifier: MIT */
/* follow_output.c - the lines of a record on their way to stdout. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/stdout.h"
#include "cli/output/terminal.h"
#include "cli/output/terminal_caps.h"
#include "cli/records/follow_output.h"
#include "cli/records/resume.h"
#include "common/clock.h"
#include "common/error.h"
#include "common/mem.h"

/* ---- the terminal ---- */

/* What is on the terminal when Ctrl-C ends us. */
enum { LINE_NONE, LINE_OPEN, LINE_STATUS };

static volatile sig_atomic_t line_shown;

static void
end_by_signal (int signo)
{
	static const char wipe[] = "\r\x1b[2K";

	if (line_shown == LINE_OPEN)
		(void) !write (STDOUT_FILENO, "\n", 1);
	else if (line_shown == LINE_STATUS)
		(void) !write (STDERR_FILENO, wipe, sizeof wipe - 1);
	/* The handler is no longer set: this is the default action. */
	raise (signo);
}

/* Ctrl-C waits while the terminal is written to: what is on it and line_shown
   must not differ when the handler reads it. */
static void
hold_ctrl_c (sigset_t *found)
{
	sigset_t set;

	sigemptyset (&set);
	sigaddset (&set, SIGINT);
	pthread_sigmask (SIG_BLOCK, &set, found);
}

static void
release_ctrl_c (const sigset_t *found)
{
	pthread_sigmask (SIG_SETMASK, found, NULL);
}

/* Ctrl-C ends us as it would anyway, but leaves no line behind. */
static void
catch_ctrl_c (void)
{
	struct sigaction action = { .sa_handler = end_by_signal,
				    .sa_flags =
					    (int) SA_RESETHAND | SA_NODEFER };
	struct sigaction found;

	sigemptyset (&action.sa_mask);
	if (sigaction (SIGINT, NULL, &found) == 0
	    && found.sa_handler == SIG_DFL)
		sigaction (SIGINT, &action, NULL);
}

static void
before_write (void *user)
{
	struct follow_output *f = user;

	status_wipe (&f->status, clock_now_ms ());
	/* Until the next flush, which knows better. */
	line_shown = LINE_OPEN;
}

/* A sentence has a line of its own. */
static void
write_err (void *user, const char *data, size_t len)
{
	struct follow_output *f = user;

	status_wipe (&f->status, clock_now_ms ());
	output_end_line (&f->out);
	async_stdio_write_err (&f->stdio, data, len);
}

/* The run may have begun long before us. */
static void
note_start (struct follow_output *f, const struct lhk_ev_run *header)
{
	char text[CLOCK_RFC3339_SIZE];
	int64_t started, ago;
	size_t n =
		lhk_text_decode (&header->started, text, sizeof text - 1, NULL);

	text[n] = '\0';
	if (!clock_parse_rfc3339 (text, &started))
		return;
	ago = clock_unix_ms () - started;
	if (ago > 0)
		f->status.started_ms = clock_now_ms () - ago;
}

/* Without the first events the sum of what was used is not known: it is not
 * shown. */
static int
open_status (struct follow_output *f, int is_whole)
{
	const int on = f->out.format != FORMAT_EVENTS && f->out.with_stderr
		       && terminal_is_able (STDOUT_FILENO);

	if (on && is_whole) {
		f->usage = usage_new (&mem_system);
		if (f->usage == NULL)
			return LHK_ENOMEM;
	}
	outbuf_init (&f->status_out, async_stdio_write_err, &f->stdio);
	status_init (&f->status, on ? &f->status_out : NULL, clock_now_ms ());
	f->status.dim = terminal_has_colors (STDERR_FILENO);
	return LHK_OK;
}

/* ---- how to resume ---- */

/* Data of a notice of code "plugin". */
struct adopted {
	struct lhk_text plugin;
};

static const struct lhk_field adopted_fields[] = {
	LHK_FIELD ("plugin", LHK_FIELD_TEXT, struct adopted, plugin),
};
LHK_FIELDS (adopted_table, struct adopted, adopted_fields);

static void
set_plugin (struct follow_output *f, const struct lhk_text *name)
{
	if (record_info_name (name, f->plugin) == NULL)
		f->plugin[0] = '\0';
}

/* The header names the plugin, or a notice when it was found out later. */
static void
note_plugin (struct follow_output *f, const struct lhk_ev_notice *e)
{
	const struct lhk_raw data = { e->data.ptr, e->data.len, LHK_JSON_OBJECT,
				      0 };
	struct adopted adopted;

	if (LHK_TEXT_IS (&e->code, LHK_CODE_PLUGIN)
	    && lhk_json_raw_object (&data, &adopted_table, &adopted) == LHK_OK
	    && adopted.plugin.ptr != NULL)
		set_plugin (f, &adopted.plugin);
}

/* For the view: USER is the struct follow_output.  Who does not begin with the
 * first event has not read the header. */
static void
put_resume (void *user, struct outbuf *to, const struct lhk_text *session)
{
	struct follow_output *f = user;
	struct record_info info;

	if (f->plugin[0] == '\0') {
		if (record_info_read (&info, f->store, f->run,
				      LHK_INCLUDE_REQUEST, NULL)
		    == LHK_OK)
			set_plugin (f, &info.plugin);
		record_info_free (&info);
	}
	records_put_resume (to, f->plugin, session);
}

/* ---- lines ---- */

/* When an event of the run was, by our clock; now if that is not known. */
static int64_t
time_of (const struct follow_output *f, const struct lhk_meta *meta)
{
	const int64_t now = clock_now_ms ();

	return meta->time_ms >= 0 && meta->time_ms < now - f->status.started_ms
		       ? f->status.started_ms + meta->time_ms
		       : now;
}

/* What later events depend on. */
static void
note_event (struct follow_output *f, const struct lhk_meta *meta,
	    const struct lhk_event *event)
{
	const struct lhk_ev_run *header = (const struct lhk_ev_run *) event;

	if (event->kind == LHK_EV_RUN) {
		set_plugin (f, &header->plugin);
		note_start (f, header);
	} else if (event->kind == LHK_EV_NOTICE) {
		note_plugin (f, (const struct lhk_ev_notice *) event);
	} else if (event->kind == LHK_EV_TOOL) {
		status_event (&f->status, event, time_of (f, meta));
	} else if (event->kind == LHK_EV_USAGE && f->usage != NULL) {
		usage_add (f->usage, (const struct lhk_ev_usage *) event);
	}
}

/* An event for people.  LHK_OK, or LHK_ENOMEM. */
static int
show_event (struct follow_output *f, const struct lhk_str *line)
{
	const struct lhk_event *event;
	struct lhk_meta meta;
	int r = event_reader_read (&f->reader, line->ptr, line->len, &meta,
				   &event);

	/* What this linehook does not know is of a later one. */
	if (r != LHK_OK)
		return r == LHK_ENOMEM ? r : LHK_OK;
	note_event (f, &meta, event);
	if (f->out.format != FORMAT_RESULT)
		output_event (&f->out, &meta, event);
	return LHK_OK;
}

/* How a cursor gives every line. */
#define PREFIX "{\"seq\":"

static void
note_seq (struct follow_output *f, const struct lhk_str *line)
{
	uint64_t seq = strtoull (line->ptr + strlen (PREFIX), NULL, 10);

	f->has_event = 1;
	if (seq > f->next_seq && f->n_missing == 0)
		f->first_missing = f->next_seq;
	if (seq > f->next_seq)
		f->n_missing += seq - f->next_seq;
	if (seq >= f->next_seq && seq < UINT64_MAX)
		f->next_seq = seq + 1;
}

int
follow_output_line (struct follow_output *f, const struct lhk_str *line,
		    struct lhk_error *err)
{
	note_seq (f, line);
	if (f->out.format == FORMAT_EVENTS) {
		/* As they are stored, byte for byte. */
		stdout_put (line->ptr, line->len);
		stdout_put ("\n", 1);
	} else if (show_event (f, line) < 0) {
		return error_set (err, LHK_ENOMEM, 0,
				  "no memory for an event of run '%s'", f->run);
	}
	return stdout_is_taken () ? LHK_OK : LHK_END;
}

static void
flush_shown (struct follow_output *f)
{
	output_flush (&f->out);
	line_shown = output_is_mid_line (&f->out) ? LINE_OPEN
		     : f->status.shown		  ? LINE_STATUS
						  : LINE_NONE;
}

int
follow_output_flush (struct follow_output *f)
{
	sigset_t found;

	if (f->out.format == FORMAT_EVENTS)
		return stdout_flush () ? LHK_OK : LHK_END;
	hold_ctrl_c (&found);
	flush_shown (f);
	release_ctrl_c (&found);
	return stdout_is_taken () ? LHK_OK : LHK_END;
}

void
follow_output_result (struct follow_output *f, const struct lhk_result *result)
{
	output_result (&f->out, result);
}

static void
show_status (struct follow_output *f, struct status_facts *facts)
{
	sigset_t found;
	int has_cost;

	if (f->usage != NULL)
		usage_sum (f->usage, &facts->tokens, &facts->cost_nano,
			   &has_cost);
	facts->n_tools = (int32_t) f->status.n_calls;
	facts->columns = terminal_columns (STDERR_FILENO);
	hold_ctrl_c (&found);
	status_tick (&f->status, facts);
	if (f->status.shown)
		line_shown = LINE_STATUS;
	release_ctrl_c (&found);
}

int
follow_output_wait (struct follow_output *f, int is_awaited)
{
	struct status_facts facts = { .now_ms = clock_now_ms (),
				      .is_awaited = is_awaited };

	if (!f->status.on)
		return -1;
	if (!output_is_mid_line (&f->out)
	    && !terminal_is_anothers (STDERR_FILENO))
		show_status (f, &facts);
	return status_due (&f->status, facts.now_ms);
}

void
follow_output_end (struct follow_output *f)
{
	sigset_t found;

	(void) follow_output_flush (f);
	hold_ctrl_c (&found);
	status_wipe (&f->status, clock_now_ms ());
	output_end_line (&f->out);
	line_shown = LINE_NONE;
	release_ctrl_c (&found);
}

/* ---- life ---- */

int
follow_output_open (struct follow_output *f,
		    const struct follow_output_opts *opts,
		    struct lhk_error *err)
{
	struct options common = OPTIONS_INIT;

	common.format = opts->format;
	f->store = opts->store;
	f->run = opts->run;
	f->next_seq = opts->from > 0 ? opts->from : 1;
	async_stdio_init (&f->stdio, opts->who);
	if (output_init (&f->out, &common, 0, &f->stdio, err) < 0)
		return LHK_ENOMEM;
	output_set_run (&f->out, f->run);
	f->out.put_resume = put_resume;
	f->out.resume_user = f;
	f->out.before_write = before_write;
	f->out.user = f;
	f->stdio.write_err = write_err;
	f->stdio.user = f;
	event_reader_init (&f->reader, &mem_system);
	if (open_status (f, opts->from <= 1) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	if (f->out.tty && f->out.format != FORMAT_EVENTS)
		catch_ctrl_c ();
	return LHK_OK;
}

void
follow_output_close (struct follow_output *f)
{
	if (f->store == NULL)
		return;
	output_done (&f->out);
	event_reader_free (&f->reader);
	usage_free (f->usage);
}
