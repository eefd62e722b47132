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

#define WANT_TIME                                                              \
	"a number with ms, s, m, h or d, e.g. 90s or 1h30m, at most 49d (0: "  \
	"no limit)"

/* ---- checks ---- */

static const char *
check_name (const char *value)
{
	return *value != '\0' && strchr (value, '=') == NULL
		       ? NULL
		       : "not the name of a variable; give NAME";
}

static const char *
check_id (const char *value)
{
	return run_id_is_valid (value) ? NULL
				       : "not a run id; give " RUN_ID_WANT;
}

static const char *
check_label (const char *value)
{
	return label_is_valid (value) ? NULL : "not a label; give " LABEL_WANT;
}

/* ---- the table ---- */

static const char *const stdout_modes[] = { "auto", "pipe", "file", NULL };
static const char *const detachments[] = { "none", "session", "scope", NULL };
static const char *const stderr_modes[] = { "log", "pass", "quiet", NULL };
static const char *const exits[] = { "verdict", "zero", "child", NULL };

/* clang-format off: a table */
static const struct opt clock_opts[] = {
	{ .name = "timeout",
	  .often = 1,
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, total_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "end the run after this time",
	  .initial = "no limit" },
	{ .name = "idle-timeout",
	  .often = 1,
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, idle_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "end the run (verdict stalled) after this long without "
		  "progress while no tool call is in progress",
	  .initial = "no limit" },
	{ .name = "tool-timeout",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, tool_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "how long a tool call or background task may put off "
		  "--idle-timeout and --linger",
	  .initial = "30m" },
	{ .name = "linger",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, linger_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "how long the agent may keep running after it reported its "
		  "result",
	  .initial = "30s" },
	{ .name = "grace",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, grace_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "how long to wait between SIGTERM and SIGKILL",
	  .initial = "5s" },
	{ .name = "drain",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct run_options, drain_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = WANT_TIME,
	  .help = "after the agent has exited, how long its other processes "
		  "may keep writing, and may take to end after SIGTERM",
	  .initial = "2s" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt agent_opts[] = {
	{ .name = "agent",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, agent),
	  .offers = OPT_AGENTS,
	  .word = "NAME",
	  .check = opt_check_given,
	  .help = "run this agent with a command line that linehook makes; "
		  "PROMPT or --stdin says what to do" },
	{ .name = "model",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, model),
	  .word = "NAME",
	  .check = opt_check_given,
	  .help = "the model that the agent uses",
	  .initial = "the agent's own choice" },
	{ .name = "resume",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, resume),
	  .word = "SESSION",
	  .check = opt_check_given,
	  .help = "continue this session of the agent",
	  .initial = "a new session" },
	{ .name = "permissions",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, permissions),
	  .offers = "read-only edit all",
	  .word = "WHAT",
	  .check = opt_check_given,
	  .help = "what the agent may do: read-only, edit (change files in "
		  "its directory) or all",
	  .initial = "the agent's own settings" },
	{ .name = "agent-arg",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, agent_args),
	  .word = "WORD",
	  .help = "add WORD to the agent's command line; repeatable" },
	{ .name = "no-deltas",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, no_deltas),
	  .help = "do not ask the agent to print its texts in pieces" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt child_opts[] = {
	{ .name = "stdin",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, stdin_from),
	  .offers = "null inherit - " OPT_FILES,
	  .word = "null|inherit|-|FILE",
	  .want = "null, inherit, - or FILE",
	  .check = opt_check_path,
	  .help = "the agent's standard input: null, inherit, - (linehook's "
		  "own, copied) or FILE",
	  .initial = "null" },
	{ .name = "stdout",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, stdout_mode),
	  .choices = stdout_modes,
	  .help = "how to read the agent's standard output (auto: as the "
		  "plugin needs it)",
	  .initial = "auto" },
	{ .name = "stderr",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, stderr_mode),
	  .choices = stderr_modes,
	  .help = "what to do with the agent's standard error (quiet: only "
		  "keep it for the result)",
	  .initial = "log" },
	{ .name = "stderr-keep",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, stderr_keep),
	  .word = "SIZE",
	  .max = UINT64_C (64) << 20,
	  .want = "0 to 64M, e.g. 64k",
	  .help = "how much of standard error the result keeps, half from its "
		  "beginning and half from its end",
	  .initial = "64k" },
	{ .name = "cwd",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, cwd),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "start the agent in DIR" },
	{ .name = "env",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, env),
	  .word = "NAME=VALUE",
	  .check = opt_check_assignment,
	  .help = "set a variable for the agent; repeatable" },
	{ .name = "unset",
	  .kind = OPT_LIST,
	  /* In one list with --env: the last of a name counts. */
	  .offset = offsetof (struct run_options, env),
	  .word = "NAME",
	  .offers = OPT_VARIABLES,
	  .check = check_name,
	  .help = "remove a variable from the agent's environment; repeatable" },
	{ .name = "clear-env",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, clear_env),
	  .help = "start from an empty environment" },
	{ .name = "run-id",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, run_id),
	  .word = "ID",
	  .check = check_id,
	  .help = "the name of the run",
	  .initial = "a new id" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt keep_opts[] = {
	{ .name = "keep",
	  .often = 1,
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, keep),
	  .help = "keep a record of the run; see linehook runs" },
	{ .name = "detach",
	  .kind = OPT_CHOICE,
	  .without = "session",
	  .offset = offsetof (struct run_options, detach),
	  .word = "HOW",
	  .choices = detachments,
	  .help = "print the id of the run as soon as the agent has started, "
		  "and exit; the run goes on without a terminal" },
	{ .name = "run-dir",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct run_options, run_dir),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "the directory of the records",
	  .initial = "in the user's state directory" },
	{ .name = "label",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, labels),
	  .word = "KEY=VALUE",
	  .check = check_label,
	  .help = "a label of the record, by which linehook runs finds it; "
		  "repeatable" },
	{ .name = "stderr-max",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, stderr_max),
	  .word = "SIZE",
	  .max = INT64_MAX,
	  .want = "a number of bytes, or with k, M or G, e.g. 64M (0: no limit)",
	  .help = "how much of standard error the record keeps",
	  .initial = "64M, or --max-output if that is less" },
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
	  .want = "a number of tokens, e.g. 200000 or 200k",
	  .help = "end the run when it has used more than N tokens",
	  .initial = "no limit" },
	{ .name = "max-cost",
	  .often = 1,
	  .kind = OPT_MONEY,
	  .offset = offsetof (struct run_options, max_cost_nano),
	  .word = "USD",
	  .max = INT64_MAX,
	  .want = "US dollars, e.g. 0.50",
	  .help = "end the run when it has cost more than this",
	  .initial = "no limit" },
	{ .name = "max-output",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct run_options, max_output),
	  .word = "SIZE",
	  .max = UINT64_MAX,
	  .want = "a number of bytes, or with k, M or G, e.g. 1G",
	  .help = "end the run when the agent has printed more than this",
	  .initial = "no limit" },
	{ .name = "limit",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct run_options, limits),
	  .offers = "nofile= nproc= as= core= fsize= cpu= mem= pids= cpus=",
	  .word = "NAME=N,..",
	  .check = limit_options_check,
	  .help = "limits of each process: nofile, nproc, as, core, fsize, "
		  "cpu; of the whole run: mem, pids, cpus" },
	{ .name = "contain",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct run_options, contain),
	  .choices = options_containments,
	  .help = "how the process tree is held together",
	  .initial = "auto" },
	{ .name = "unscoped",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct run_options, unscoped),
	  .help = "allow the agent to signal other processes and to use sudo" },
	{ .name = "exit",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct options, exit),
	  .choices = exits,
	  .help = "what the exit status reports",
	  .initial = "verdict" },
	{ .name = NULL },
};
/* clang-format on */

const struct opt_group run_groups[] = {
	{ "Output:", options_stream },
	{ "Time limits (ms, s, m, h, d; a bare number is seconds):",
	  clock_opts },
	{ "Choosing the agent:", agent_opts },
	{ "The agent:", child_opts },
	{ "Records:", keep_opts },
	{ "Limits and exit status:", bound_opts },
	{ "Plugins:", options_plugins },
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
	for (i = 0; i < o->env.n && r == LHK_OK; i++) {
		const char *item = o->env.items[i];

		if (strchr (item, '=') == NULL)
			environ_unset (e, item);
		else
			r = environ_put (e, item);
	}
	return r;
}

void
run_options_free (struct run_options *o)
{
	options_free (&o->common);
	opt_list_free (&o->env);
	opt_list_free (&o->limits);
	opt_list_free (&o->agent_args);
	opt_list_free (&o->labels);
}
