/* SPDX-License-Identifier: MIT */
/* explain.c - sentences about the start and the end of a run. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run/cmd_run.h"
#include "cli/run/limit_options.h"
#include "cli/opt/plugin_name.h"
#include "cli/output/signals.h"
#include "cli/elf.h"
#include "cli/program.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* Pids that are named. */
#define NAMED 16

/* ---- signals ---- */

static const struct {
	int signo;
	const char *name;
	const char *again; /* what the user does to send it once more */
} signals[] = {
	{ SIGINT, "SIGINT", "Ctrl-C again" },
	{ SIGQUIT, "SIGQUIT", "Ctrl-\\ again" },
	{ SIGTERM, "SIGTERM", "another signal" },
	{ SIGHUP, "SIGHUP", "another signal" },
};

void
run_command_explain_signal (struct run_command *r)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;
	uint32_t grace = r->opts->grace_ms;
	size_t i;

	for (i = 0; i + 1 < COUNT (signals); i++)
		if (signals[i].signo == signals_first ())
			break;
	(void) !lhk_run_progress (r->run, &p);
	if (p.phase >= LHK_PHASE_EXITED)
		run_command_inform (r, "cancel",
				    "%s: the command has ended; its other "
				    "processes are killed",
				    signals[i].name);
	else if (r->session->stdio.n_reported > 1 || grace == 0)
		run_command_inform (r, "cancel", "%s: the command is killed",
				    signals[i].name);
	else
		run_command_inform (r, "cancel",
				    "canceling with %s: the command has "
				    "%u%s to end; %s kills it",
				    signals[i].name,
				    grace % 1000 == 0 ? grace / 1000 : grace,
				    grace % 1000 == 0 ? "s" : "ms",
				    signals[i].again);
}

/* ---- starts ---- */

/* As much of the first line as the kernel looks at. */
#define LINE_MAX_SEEN 256

static int
open_program (const struct run_command *r)
{
	return program_open (r->argv[0], environ_strings (&r->env),
			     r->opts->cwd);
}

static int
read_first_line (const char *line, char *buf, size_t size)
{
	size_t len;

	line += strspn (line, " \t");
	len = strcspn (line, " \t\n");
	if (len == 0 || len >= size)
		return 0;
	memcpy (buf, line, len);
	buf[len] = '\0';
	return 1;
}

/* The interpreter of the first line of the file that the command names, or its
 * loader: the kernel says only that something is not there.  Read after the
 * start has failed, for a sentence: nothing depends on it.  1 and a path in
 * BUF; 0: it names none. */
static int
find_interpreter (const struct run_command *r, char *buf, size_t size)
{
	char head[LINE_MAX_SEEN + 1] = { 0 };
	int fd = open_program (r);
	int found = 0;

	if (fd < 0)
		return 0;
	/* Of a short file the rest of HEAD is zero. */
	if (pread (fd, head, LINE_MAX_SEEN, 0) < 0)
		head[0] = '\0';
	if (head[0] == '#' && head[1] == '!')
		found = read_first_line (head + 2, buf, size);
	else
		found = elf_loader (fd, buf, size);
	close (fd);
	return found;
}

static const struct {
	const char *step;
	int sys_errno;	  /* 0: any */
	const char *text; /* before the system's own words */
	const char *hint; /* behind them */
} starts[] = {
	{ "exec", EACCES, "", "; give a file that can be executed" },
	{ "exec", ENOEXEC, "",
	  "; it has no #! line, or is made for another machine" },
	{ "exec", ETXTBSY, "", "; another program has it open for writing" },
	{ "exec", E2BIG, "",
	  "; its arguments and environment are longer than the system "
	  "allows, so give a long text with --stdin" },
	{ "exec", 0, "", "" },
	{ "limit", 0,
	  "--limit: ", "; give no more than linehook's own hard limits" },
	{ "fork", EAGAIN,
	  "no process: ", "; this user has as many as the limit allows" },
};

static void
explain_interpreter (struct run_command *r, int sys_errno)
{
	char path[256];
	size_t len;

	if (!find_interpreter (r, path, sizeof path)) {
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': its interpreter: %s",
				 r->argv[0], strerror (sys_errno));
		return;
	}
	len = strlen (path);
	if (len > 0 && path[len - 1] == '\r')
		async_stdio_say (
			&r->session->stdio,
			"cannot start '%.120s': its interpreter '%.120s': %s; "
			"its first line ends with CR LF; save the file with LF "
			"line ends",
			r->argv[0], path, strerror (sys_errno));
	else
		async_stdio_say (
			&r->session->stdio,
			"cannot start '%.120s': its interpreter '%.120s'"
			": %s",
			r->argv[0], path, strerror (sys_errno));
}

/* Of a command line that was made for --agent: it is not installed, or the
 * prompt is too long for a word.  1: a sentence was printed. */
static int
explain_agent (struct run_command *r, int sys_errno)
{
	const struct lhk_command *command;

	if (r->command == NULL)
		return 0;
	command = lhk_plugin_ref_descriptor (r->plugin)->command;
	if (sys_errno == ENOENT && strchr (r->argv[0], '/') == NULL) {
		async_stdio_say (
			&r->session->stdio,
			"cannot start '%.120s': it is not installed, "
			"or not in PATH%s%.200s%s",
			r->argv[0], command->install == NULL ? "" : " (",
			command->install == NULL ? "" : command->install,
			command->install == NULL ? "" : ")");
		return 1;
	}
	if (sys_errno != E2BIG || r->prompt == NULL)
		return 0;
	async_stdio_say (&r->session->stdio,
			 "cannot start '%.120s': the prompt, of %zu bytes, is "
			 "too long for a command line; give it with --stdin "
			 "FILE or --stdin -",
			 r->argv[0], strlen (r->prompt));
	return 1;
}

/* The kernel does not say which of the limits it refused.  1: a sentence was
 * printed. */
static int
explain_limit (struct run_command *r)
{
	struct lhk_run_opts opts = LHK_RUN_OPTS_INIT;
	struct lhk_rlimit rlimits[LIMIT_OPTIONS_MAX];
	const char *name;
	uint64_t hard;

	limit_options_apply (&r->opts->limits, rlimits, &opts);
	name = limit_options_over_hard (&opts, &hard);
	if (name == NULL)
		return 0;
	async_stdio_say (&r->session->stdio,
			 "cannot start '%.120s': --limit: %s= is above "
			 "linehook's own hard limit; give at most %" PRIu64,
			 r->argv[0], name, hard);
	return 1;
}

void
run_command_explain_start (struct run_command *r, const struct lhk_outcome *how)
{
	const char *name = r->argv[0];
	const char *step = how->step == NULL ? "exec" : how->step;
	const char *why = strerror (how->sys_errno);
	size_t i;

	if (strcmp (step, "contain") == 0) {
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': --contain: %.300s",
				 name, how->detail != NULL ? how->detail : why);
		return;
	}
	if (strcmp (step, "limit") == 0 && how->detail != NULL) {
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': --limit: %.300s", name,
				 how->detail);
		return;
	}
	if (strcmp (step, "limit") == 0 && explain_limit (r))
		return;
	if (strcmp (step, "interpreter") == 0) {
		explain_interpreter (r, how->sys_errno);
		return;
	}
	if (strcmp (step, "chdir") == 0) {
		async_stdio_say (
			&r->session->stdio,
			"cannot start '%.120s': chdir to %.120s: %s%s", name,
			r->opts->cwd != NULL ? r->opts->cwd : ".", why,
			r->opts->cwd != NULL && r->opts->cwd[0] == '~'
				? "; a shell replaces ~ only at the start of a "
				  "word: write --cwd DIR"
				: "");
		return;
	}
	if (strcmp (step, "exec") == 0 && how->detail != NULL) {
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': %s; %.300s", name, why,
				 how->detail);
		return;
	}
	if (strcmp (step, "exec") == 0 && explain_agent (r, how->sys_errno))
		return;
	if (strcmp (step, "exec") == 0 && how->sys_errno == ENOENT
	    && strchr (name, '/') == NULL) {
		const char *near =
			plugin_program_nearest (r->session->host, name);

		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': command not found"
				 "%s%s%s",
				 name, near == NULL ? "" : "; did you mean '",
				 near == NULL ? "" : near,
				 near == NULL ? "" : "'?");
		return;
	}
	for (i = 0; i < COUNT (starts); i++)
		if (strcmp (starts[i].step, step) == 0
		    && (starts[i].sys_errno == 0
			|| starts[i].sys_errno == how->sys_errno))
			break;
	if (i < COUNT (starts))
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': %s%s%s", name,
				 starts[i].text, why, starts[i].hint);
	else
		async_stdio_say (&r->session->stdio,
				 "cannot start '%.120s': %s: %s", name, step,
				 why);
}

/* ---- ends ---- */

static const struct {
	uint32_t flag; /* LHK_FLAG_* */
	int level;
	const char *code;
	const char *text;
} ends[] = {
	{ LHK_FLAG_HUNG_AFTER_RESULT, LHK_LOG_WARN, "ended",
	  "the command reported its result but kept running, so it was ended "
	  "after --linger or --idle-timeout" },
	{ LHK_FLAG_DRAIN_CUT, LHK_LOG_WARN, "drain",
	  "processes it started kept its output open; what they wrote after "
	  "--drain was dropped" },
	{ LHK_FLAG_LEFTOVER_KILLED, LHK_LOG_INFO, "leftover",
	  "processes that the command left running were ended" },
};

static void
report_survivors (struct run_command *r, const struct lhk_outcome *how)
{
	char pids[NAMED * 12 + 8];
	size_t len = 0;
	uint32_t i;

	for (i = 0; i < how->n_survivors && i < NAMED; i++)
		len += (size_t) snprintf (pids + len, sizeof pids - len, "%s%d",
					  i == 0 ? "" : ", ",
					  (int) how->survivors[i]);
	if (how->n_survivors > NAMED)
		snprintf (pids + len, sizeof pids - len, ", ..");
	log_say (&r->session->log, LHK_LOG_ERROR, "survivors",
		 how->n_survivors == 1 ? "%u process could not be killed: %s"
				       : "%u processes could not be killed: %s",
		 how->n_survivors, pids);
}

/* A monitor that ends before the agent was started is usually one of another
 * version. */
static void
report_monitor_lost (struct run_command *r, const struct lhk_outcome *how)
{
	if (how->step != NULL)
		log_say (&r->session->log, LHK_LOG_ERROR, "monitor",
			 "linehook-exec ended before the command was started; "
			 "use the one of linehook %s (LINEHOOK_EXEC may name "
			 "another)",
			 lhk_version ());
	else
		log_say (&r->session->log, LHK_LOG_ERROR, "monitor",
			 "linehook-exec, which supervises the command, was "
			 "killed; processes of the command may still run");
}

void
run_command_explain_end (struct run_command *r, const struct lhk_outcome *how)
{
	size_t i;

	if (how->contain != NULL)
		log_say (&r->session->log, LHK_LOG_INFO, "contain",
			 "the processes of the agent were contained by %s",
			 how->contain);
	for (i = 0; i < COUNT (ends); i++)
		if ((ends[i].flag & how->flags) != 0)
			log_say (&r->session->log, ends[i].level, ends[i].code,
				 "%s", ends[i].text);
	if (how->oom && how->detail == NULL)
		log_say (&r->session->log, LHK_LOG_WARN, "oom",
			 "the command was killed because memory ran out");
	if (how->n_survivors > 0)
		report_survivors (r, how);
	if ((how->flags & LHK_FLAG_MONITOR_LOST) != 0)
		report_monitor_lost (r, how);
}
