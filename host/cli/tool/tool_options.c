/* SPDX-License-Identifier: MIT */
/* tool_options.c - the table of `tool'. */
#include "config.h"

#include <string.h>

#include "cli/tool/cmd_tool.h"
#include "common/error.h"

#define AT(member) ((uint32_t) offsetof (struct tool_options, member))
#define HOURS_1176 (UINT64_C (1176) * 3600 * 1000)

static const char *
check_assignment (const char *value)
{
	return strchr (value, '=') != NULL && value[0] != '='
		       ? NULL
		       : "not an assignment (want NAME=VALUE)";
}

static const char *
check_file (const char *value)
{
	return *value != '\0' ? NULL : "empty (want a path, or '-')";
}

static const char *
check_dir (const char *value)
{
	return *value != '\0' ? NULL : "empty (want a path)";
}

static const char *
check_redact (const char *value)
{
	return value[0] != '\0' && strcmp (value, "=") != 0
		       ? NULL
		       : "empty (want a NAME, or =TEXT)";
}

static const char *const contains[] = { "auto", "cgroup", "pidns", "subreaper",
					NULL }; /* LHK_CONTAIN_* */

/* clang-format off: a table */
static const struct opt request_opts[] = {
	{ .name = "id",
	  .kind = OPT_TEXT,
	  .offset = AT (id),
	  .word = "ID",
	  .help = "id of the tool (default: from the name of COMMAND)" },
	{ .name = "exec-id",
	  .kind = OPT_TEXT,
	  .offset = AT (exec_id),
	  .word = "ID",
	  .help = "id of this call (default: a new one)" },
	{ .name = "input",
	  .kind = OPT_TEXT,
	  .offset = AT (input),
	  .word = "FILE",
	  .check = check_file,
	  .help = "JSON object that is its input; - is stdin (null)" },
	{ .name = "config",
	  .kind = OPT_TEXT,
	  .offset = AT (config),
	  .word = "FILE",
	  .check = check_file,
	  .help = "JSON object that is its configuration; - is stdin (null)" },
	{ .name = "env",
	  .kind = OPT_LIST,
	  .offset = AT (env),
	  .word = "NAME=VALUE",
	  .check = check_assignment,
	  .help = "set a variable of the tool and tell it in the request; "
		  "repeatable" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt jobs_opts[] = {
	{ .name = "jobs",
	  .kind = OPT_TEXT,
	  .offset = AT (jobs),
	  .word = "FILE",
	  .check = check_file,
	  .help = "file with one JSON object a line, each a call; - is stdin" },
	{ .name = "at-once",
	  .letter = 'j',
	  .kind = OPT_COUNT,
	  .offset = AT (at_once),
	  .word = "N",
	  .min = 1,
	  .max = TOOL_AT_ONCE_MAX,
	  .want = "1 to 256",
	  .help = "calls that run at the same time (number of processors)" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt child_opts[] = {
	{ .name = "inherit-env",
	  .kind = OPT_FLAG,
	  .offset = AT (inherit_env),
	  .help = "pass all of the environment, not only the small set" },
	{ .name = "cwd",
	  .kind = OPT_TEXT,
	  .offset = AT (cwd),
	  .word = "DIR",
	  .check = check_dir,
	  .help = "working directory of the tool" },
	{ .name = "contain",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = AT (contain),
	  .choices = contains,
	  .help = "what holds the process tree together (auto)" },
	{ .name = "unscoped",
	  .kind = OPT_FLAG,
	  .offset = AT (unscoped),
	  .help = "allow it to signal any process and to use sudo" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt bound_opts[] = {
	{ .name = "timeout",
	  .kind = OPT_TIME,
	  .offset = AT (timeout_ms),
	  .word = "TIME",
	  .min = 1,
	  .max = HOURS_1176,
	  .want = "1ms to 1176h, e.g. 90s",
	  .help = "time one call may take (60s)" },
	{ .name = "grace",
	  .kind = OPT_TIME,
	  .offset = AT (grace_ms),
	  .word = "TIME",
	  .max = HOURS_1176,
	  .want = "0 to 1176h, e.g. 5s",
	  .help = "time between SIGTERM and SIGKILL (2s)" },
	{ .name = "max-output",
	  .kind = OPT_SIZE,
	  .offset = AT (max_output),
	  .word = "SIZE",
	  .min = 1,
	  .max = UINT64_C (1) << 30,
	  .want = "1 to 1G, e.g. 10M",
	  .help = "largest answer, in bytes (10M)" },
	{ .name = "stderr-keep",
	  .kind = OPT_SIZE,
	  .offset = AT (stderr_keep),
	  .word = "SIZE",
	  .min = 2,
	  .max = UINT64_C (64) << 20,
	  .want = "2 to 64M, e.g. 64k",
	  .help = "stderr kept for the result: the first and last half of "
		  "SIZE (1M)" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt secret_opts[] = {
	{ .name = "redact",
	  .kind = OPT_LIST,
	  .offset = AT (redact),
	  .word = "NAME|=TEXT",
	  .check = check_redact,
	  .help = "hide this variable's value, or TEXT, in stderr and "
		  "messages; repeatable" },
	{ .name = "stack",
	  .kind = OPT_FLAG,
	  .offset = AT (stack),
	  .help = "include the stack trace of a tool's error" },
	{ .name = NULL },
};
/* clang-format on */

const struct opt_group tool_groups[] = {
	{ "The request:", request_opts },
	{ "Many calls:", jobs_opts },
	{ "The process:", child_opts },
	{ "Bounds (ms, s, m, h; k, M, G):", bound_opts },
	{ "Secrets:", secret_opts },
	{ "Diagnostics:", options_log },
	{ NULL, NULL },
};

void
tool_options_init (struct tool_options *o)
{
	const struct tool_options none = { .common = OPTIONS_INIT };
	const struct lhk_tool_opts defaults = LHK_TOOL_OPTS_INIT;

	*o = none;
	o->grace_ms = defaults.grace_ms;
}

int
tool_options_check (const struct tool_options *o, size_t n_words,
		    struct lhk_error *err)
{
	const char *const reads[] = { o->input, o->config, o->jobs };
	size_t i, n = 0;

	for (i = 0; i < sizeof reads / sizeof reads[0]; i++)
		n += reads[i] != NULL && strcmp (reads[i], "-") == 0;
	if (n > 1)
		return error_set (
			err, LHK_EINVAL, 0,
			"'-': standard input can be "
			"read once (want it for one of --input, --config "
			"and --jobs)");
	if (n_words == 0 && o->jobs == NULL)
		return error_set (
			err, LHK_EINVAL, 0,
			"a command is missing (want "
			"linehook tool [OPTIONS] -- COMMAND [ARG...])");
	if (o->jobs == NULL && o->at_once != 0)
		return error_set (err, LHK_EINVAL, 0,
				  "'-j': there is one call "
				  "alone (want it with --jobs)");
	if (o->jobs != NULL && o->exec_id != NULL)
		return error_set (
			err, LHK_EINVAL, 0,
			"'--exec-id': one name for "
			"many calls (want \"exec_id\" in the lines of "
			"--jobs)");
	return LHK_OK;
}

void
tool_options_free (struct tool_options *o)
{
	options_free (&o->common);
	opt_list_free (&o->env);
	opt_list_free (&o->redact);
}
