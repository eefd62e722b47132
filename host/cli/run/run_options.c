/* SPDX-License-Identifier: MIT */
/* run_options.c - the table of `run'; limits and environment. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/run/limit_options.h"
#include "cli/run/run_options.h"
#include "common/label.h"
#include "common/mem.h"
#include "common/run_id.h"
#include "common/units.h"

#define WANT_TIME "0 to 1176h, e.g. 90s; 0: no limit"

/* ---- checks ---- */

static const char *
check_name (const char *value)
{
	return *value != '\0' && strchr (value, '=') == NULL
		       ? NULL
		       : "not a name (want that of a variable)";
}

static const char *
check_given (const char *value)
{
	return *value != '\0' ? NULL : "empty (want a word)";
}

static const char *
check_id (const char *value)
{
	return run_id_is_valid (value) ? NULL
				       : "not a run id (want " RUN_ID_WANT ")";
}

static const char *
check_label (const char *value)
{
	return label_is_valid (value) ? NULL
				      : "not a label (want " LABEL_WANT ")";
}

/* ---- the table ---- */

static const char *const stdout_modes[] = { "auto", "pipe", "file", NULL };
static const char *const detachments[] = { "none", "session", "scope", NULL };
static const char *const stderr_modes[] = { "log", "pass", "quiet", NULL };
static const char *const exits[] = { "verdict", "zero", "child", NULL };

/* clang-format off: a table */
static const struct opt clock_opts[] = {
	{ .name = "timeout",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, total_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "end the run after this time (no limit)" },
	{ .name = "idle-timeout",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, idle_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "end the run after this long without progress while no tool "
		  "call is at work (no limit)" },
	{ .name = "tool-timeout",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, tool_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "how long a tool call or background task holds back "
		  "--idle-timeout and --linger (30m)" },
	{ .name = "linger",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, linger_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "time the agent has to exit after its result (30s)" },
	{ .name = "grace",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, grace_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "time between SIGTERM and SIGKILL (5s)" },
	{ .name = "drain",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, drain_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "time to read what other processes still write after the "
		  "agent's exit, and for them to end after SIGTERM (2s)" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt agent_opts[] = {
	{ .name = "agent",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, agent),
	  .word = "NAME",
	  .check = check_given,
	  .help = "run this agent: its plugin makes the command line; the "
		  "operand is the prompt, or --stdin has it" },
	{ .name = "model",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, model),
	  .word = "NAME",
	  .check = check_given,
	  .help = "the model that the agent uses (the agent's own choice)" },
	{ .name = "resume",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, resume),
	  .word = "SESSION",
	  .check = check_given,
	  .help = "go on with this session of the agent (a new session)" },
	{ .name = "permissions",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, permissions),
	  .word = "WHAT",
	  .check = check_given,
	  .help = "what the agent may do: read-only, edit (files of its "
		  "directory), all (the agent's own settings)" },
	{ .name = "agent-arg",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, agent_args),
	  .word = "WORD",
	  .help = "add a word to the agent's command line; repeatable" },
	{ .name = "no-deltas",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, no_deltas),
	  .help = "do not ask the agent for its texts in pieces" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt child_opts[] = {
	{ .name = "stdin",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, stdin_from),
	  .word = "null|inherit|-|FILE",
	  .check = opt_check_path,
	  .help = "what the agent reads; - is linehook's own, as it comes (null)" },
	{ .name = "stdout",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, stdout_mode),
	  .choices = stdout_modes,
	  .help = "how the agent's stdout is read (auto: the plugin decides)" },
	{ .name = "stderr",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, stderr_mode),
	  .choices = stderr_modes,
	  .help = "log each line, pass it on unchanged, or only keep it for "
		  "the result (log)" },
	{ .name = "stderr-keep",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, stderr_keep),
	  .word = "SIZE",
	  .max = UINT64_C (64) << 20,
	  .want = "0 to 64M, e.g. 64k",
	  .help = "stderr kept for the result: the first and last half of "
		  "SIZE (64k)" },
	{ .name = "cwd",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, cwd),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "working directory of the agent" },
	{ .name = "env",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, env),
	  .word = "NAME=VALUE",
	  .check = opt_check_assignment,
	  .help = "set a variable of the agent; repeatable" },
	{ .name = "unset",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, unset),
	  .word = "NAME",
	  .check = check_name,
	  .help = "unset a variable of the agent; repeatable" },
	{ .name = "clear-env",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, clear_env),
	  .help = "start from an empty environment" },
	{ .name = "run-id",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, run_id),
	  .word = "ID",
	  .check = check_id,
	  .help = "name of the run (default: a new one)" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt keep_opts[] = {
	{ .name = "keep",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, keep),
	  .help = "keep a record of the run (see linehook runs)" },
	{ .name = "detach",
	  .kind = OPT_CHOICE,
	  .without = "session",
	  .offset = offsetof (struct run_options, detach),
	  .word = "HOW",
	  .choices = detachments,
	  .help = "print the id of the run as soon as the agent has started, "
		  "and exit; the run goes on without a terminal, with "
		  "--detach=scope in a systemd scope of its own" },
	{ .name = "run-dir",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, run_dir),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "store for records (the user's state directory)" },
	{ .name = "label",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, labels),
	  .word = "KEY=VALUE",
	  .check = check_label,
	  .help = "label of the record, by which linehook runs finds it; "
		  "repeatable" },
	{ .name = "stderr-max",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, stderr_max),
	  .word = "SIZE",
	  .max = INT64_MAX,
	  .want = "bytes, e.g. 64M; 0: no limit",
	  .help = "stderr kept in the record (64M, or --max-output if that is "
		  "less)" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt bound_opts[] = {
	{ .name = "max-tokens",
	  .kind = OPT_COUNT,
	  .offset = offsetof (struct run_options, max_tokens),
	  .word = "N",
	  .max = UINT64_MAX,
	  .want = "a number of tokens",
	  .help = "end the run beyond N tokens (no limit)" },
	{ .name = "max-cost",
	  .kind = OPT_MONEY,
	  .offset = offsetof (struct run_options, max_cost_nano),
	  .word = "USD",
	  .max = INT64_MAX,
	  .want = "US dollars, e.g. 0.50",
	  .help = "end the run beyond this cost (no limit)" },
	{ .name = "max-output",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, max_output),
	  .word = "SIZE",
	  .max = UINT64_MAX,
	  .want = "bytes, e.g. 1G",
	  .help = "end the run beyond this many bytes of stdout (no limit)" },
	{ .name = "limit",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, limits),
	  .word = "NAME=N,..",
	  .check = limit_options_check,
	  .help = "limits of each process: nofile, nproc, as, core, fsize, "
		  "cpu; of the whole run: mem, pids, cpus" },
	{ .name = "contain",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, contain),
	  .choices = options_containments,
	  .help = "what holds the process tree together (auto)" },
	{ .name = "unscoped",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, unscoped),
	  .help = "allow it to signal any process and to use sudo" },
	{ .name = "exit",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct options, exit),
	  .choices = exits,
	  .help = "what the exit status reports (verdict)" },
	{ .name = NULL },
};
/* clang-format on */

const struct opt_group run_groups[] = {
	{ "Options:", options_stream },
	{ "Clocks (ms, s, m, h; a bare number is seconds):", clock_opts },
	{ "A command line made by linehook:", agent_opts },
	{ "The agent:", child_opts },
	{ "Records:", keep_opts },
	{ "Bounds, exit:", bound_opts },
	{ "Plugins:", options_dirs },
	{ "Diagnostics:", options_log },
	{ NULL, NULL },
};

void
run_options_init (struct run_options *o)
{
	const struct run_options none = { .common = OPTIONS_INIT };
	const struct lhk_run_opts defaults = LHK_RUN_OPTS_INIT;

	*o = none;
	o->total_ms = defaults.total_ms;
	o->idle_ms = defaults.idle_ms;
	o->linger_ms = defaults.linger_ms;
	o->tool_ms = defaults.tool_ms;
	o->grace_ms = defaults.grace_ms;
	o->drain_ms = defaults.drain_ms;
	o->stderr_mode = STDERR_UNSET;
	o->stderr_keep = defaults.stderr_keep;
	o->stderr_max = RUN_STDERR_MAX_UNSET;
}

int
run_options_want_record (const struct run_options *o)
{
	return o->keep || o->run_dir != NULL || o->labels.n > 0;
}

int
run_options_environ (const struct run_options *o, struct environ_list *e)
{
	size_t i;
	int r;

	r = environ_init (e, &mem_system,
			  o->clear_env ? NULL : (const char *const *) environ);
	for (i = 0; i < o->unset.n && r == LHK_OK; i++)
		environ_unset (e, o->unset.items[i]);
	for (i = 0; i < o->env.n && r == LHK_OK; i++)
		r = environ_put (e, o->env.items[i]);
	return r;
}

void
run_options_free (struct run_options *o)
{
	options_free (&o->common);
	opt_list_free (&o->env);
	opt_list_free (&o->unset);
	opt_list_free (&o->limits);
	opt_list_free (&o->agent_args);
	opt_list_free (&o->labels);
}
