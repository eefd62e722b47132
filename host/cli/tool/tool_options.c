/* SPDX-License-Identifier: MIT */
/* tool_options.c - what the command line of `linehook tool' asks for. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/tool/cmd_tool.h"
#include "common/error.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/strbuf.h"

/* ---- options ---- */

static const char *
check_redact (const char *value)
{
	return value[0] != '\0' && strcmp (value, "=") != 0
		       ? NULL
		       : "incomplete; give NAME or =TEXT";
}

/* clang-format off: a table */
static const struct opt request_opts[] = {
	{ .name = "id",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, id),
	  .word = "ID",
	  .help = "the id of the tool",
	  .initial = "from the name of COMMAND" },
	{ .name = "exec-id",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, exec_id),
	  .excludes = "jobs",
	  .word = "ID",
	  .help = "the id of this call",
	  .initial = "a new id" },
	{ .name = "input",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, input),
	  .word = "FILE",
	  .want = "a JSON object, a file or -",
	  .check = opt_check_given,
	  .help = "the tool's input: a JSON object, a FILE with one, or - for "
		  "standard input",
	  .initial = "null" },
	{ .name = "config",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, config),
	  .word = "FILE",
	  .want = "a JSON object, a file or -",
	  .check = opt_check_given,
	  .help = "the tool's configuration: a JSON object, a FILE with one, "
		  "or - for standard input",
	  .initial = "null" },
	{ .name = "env",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct tool_options, env),
	  .word = "NAME=VALUE",
	  .check = opt_check_assignment,
	  .help = "set a variable for the tool and name it in the request; "
		  "repeatable" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt jobs_opts[] = {
	{ .name = "jobs",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, jobs),
	  .word = "FILE",
	  .check = opt_check_given,
	  .help = "make many calls: each line of FILE is a JSON object that "
		  "describes one; - is standard input" },
	{ .name = "at-once",
	  .letter = 'j',
	  .kind = OPT_COUNT,
	  .offset = offsetof (struct tool_options, at_once),
	  .needs = "jobs",
	  .word = "N",
	  .min = 1,
	  .max = TOOL_AT_ONCE_MAX,
	  .want = "a number from 1 to 256",
	  .help = "how many calls of --jobs run at the same time",
	  .initial = "number of processors" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt child_opts[] = {
	{ .name = "inherit-env",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct tool_options, inherit_env),
	  .help = "pass the whole environment instead of a small part of it" },
	{ .name = "cwd",
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct tool_options, cwd),
	  .word = "DIR",
	  .check = opt_check_path,
	  .help = "start the tool in DIR" },
	{ .name = "contain",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct tool_options, contain),
	  .choices = options_containments,
	  .help = "how the process tree is held together",
	  .initial = "auto" },
	{ .name = "unscoped",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct tool_options, unscoped),
	  .help = "allow the tool to signal other processes and to use sudo" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt bound_opts[] = {
	{ .name = "timeout",
	  .often = 1,
	  .kind = OPT_TIME,
	  .offset = offsetof (struct tool_options, timeout_ms),
	  .word = "TIME",
	  .min = 1,
	  .max = OPT_TIME_MAX,
	  .want = "a number with ms, s, m, h or d, e.g. 90s, from 1ms to 49d",
	  .help = "how long one call may take",
	  .initial = "60s" },
	{ .name = "grace",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct tool_options, grace_ms),
	  .word = "TIME",
	  .max = OPT_TIME_MAX,
	  .want = "a number with ms, s, m, h or d, e.g. 5s, at most 49d",
	  .help = "how long to wait between SIGTERM and SIGKILL",
	  .initial = "2s" },
	{ .name = "max-output",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct tool_options, max_output),
	  .word = "SIZE",
	  .min = 1,
	  .max = UINT64_C (1) << 30,
	  .want = "1 to 1G, e.g. 10M",
	  .help = "the longest answer",
	  .initial = "10M" },
	{ .name = "stderr-keep",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct tool_options, stderr_keep),
	  .word = "SIZE",
	  .min = 2,
	  .max = UINT64_C (64) << 20,
	  .want = "2 to 64M, e.g. 64k",
	  .help = "how much of standard error the result keeps, half from its "
		  "beginning and half from its end",
	  .initial = "1M" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt secret_opts[] = {
	{ .name = "redact",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct tool_options, redact),
	  .word = "NAME|=TEXT",
	  .want = "NAME or =TEXT",
	  .offers = OPT_VARIABLES,
	  .check = check_redact,
	  .help = "hide the value of variable NAME, or TEXT, in standard "
		  "error and messages; repeatable" },
	{ .name = "stack",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct tool_options, stack),
	  .help = "include the stack trace of an error that the tool reports" },
	{ .name = NULL },
};
/* clang-format on */

const struct opt_group tool_groups[] = {
	{ "The request:", request_opts },
	{ "Many calls:", jobs_opts },
	{ "The process:", child_opts },
	{ "Limits (ms, s, m, h, d; k, M, G):", bound_opts },
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
tool_options_check (const struct tool_options *o, size_t n_argv,
		    struct lhk_error *err)
{
	const char *const reads[] = { o->input, o->config, o->jobs };
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE (reads); i++)
		n += reads[i] != NULL && strcmp (reads[i], "-") == 0;
	if (n > 1)
		return error_set (
			err, LHK_EINVAL, 0,
			"standard input can be read only once; give '-' to "
			"only one of --input, --config and --jobs");
	if (n_argv == 0 && o->jobs == NULL)
		return error_set (
			err, LHK_EINVAL, 0,
			"a command is missing; write linehook tool [OPTIONS] "
			"-- COMMAND [ARG...]");
	return LHK_OK;
}

void
tool_options_free (struct tool_options *o)
{
	options_free (&o->common);
	opt_list_free (&o->env);
	opt_list_free (&o->redact);
}

/* ---- the request ---- */

/* A tool without an id has that of its program. */
void
tool_id_of (const char *program, char ret[LHK_TOOL_ID_MAX + 1])
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";
	const char *slash = strrchr (program, '/');
	const char *p = slash == NULL ? program : slash + 1;
	size_t n = 0;

	for (; *p != '\0' && n < LHK_TOOL_ID_MAX; p++) {
		/* A dot at the start, or after a dot, is refused in ids. */
		int is_bad_dot = *p == '.' && (n == 0 || ret[n - 1] == '.');

		ret[n++] =
			strchr (allowed, *p) != NULL && !is_bad_dot ? *p : '-';
	}
	ret[n] = '\0';
	if (n == 0)
		memcpy (ret, "tool", sizeof "tool");
}

#define READ_SIZE ((size_t) 64 << 10)

/* A text is in memory once, and once more in the request. */
#define TEXT_MAX ((size_t) 256 << 20)

/* Read all of FD; WHAT and NAME are for the sentence. */
static int
read_all (int fd, const char *what, const char *name, struct strbuf *ret,
	  struct lhk_error *err)
{
	for (;;) {
		ssize_t n;

		if (ret->len > TEXT_MAX)
			return error_set (
				err, LHK_EINVAL, 0,
				"--%s: '%.120s' has more than 256 MiB", what,
				name);
		if (strbuf_reserve (ret, READ_SIZE) < 0)
			return error_set (err, LHK_ENOMEM, 0, "out of memory");
		n = signals_read (fd, ret->data + ret->len, READ_SIZE);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			return LHK_AGAIN;
		if (n < 0)
			return error_set (err, LHK_EINVAL, errno,
					  "--%s: cannot read '%.120s': %s",
					  what, name, strerror (errno));
		ret->len += (size_t) n;
	}
	if (ret->len == 0)
		return error_set (err, LHK_EINVAL, 0,
				  "--%s: '%.120s' is empty; give a JSON object "
				  "or null",
				  what, name);
	return LHK_OK;
}

/* Is WORD the text itself, and no name of a file? */
static int
is_json (const char *word)
{
	word += strspn (word, " \t\n\r");
	return *word == '{' || strcmp (word, "null") == 0;
}

/* The text of --input or --config; absent if NAME is NULL. */
static int
read_text (const char *what, const char *name, struct strbuf *ret,
	   struct lhk_str *text, struct lhk_error *err)
{
	int is_stdin = name != NULL && strcmp (name, "-") == 0;
	int fd = STDIN_FILENO;
	int r;

	if (name == NULL)
		return LHK_OK;
	if (is_json (name)) {
		text->ptr = name;
		text->len = strlen (name);
		return LHK_OK;
	}
	if (is_stdin && isatty (fd))
		cli_say ("tool",
			 "reading standard input; press Ctrl-D to end it");
	if (!is_stdin)
		fd = open (name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && errno == EINTR)
		return LHK_AGAIN;
	if (fd < 0)
		return error_set (err, LHK_EINVAL, errno,
				  "--%s: cannot read '%.120s': %s; give a JSON "
				  "object, a file or -",
				  what, name, strerror (errno));
	r = read_all (fd, what, name, ret, err);
	if (!is_stdin)
		close (fd);
	if (r == LHK_OK) {
		text->ptr = ret->data;
		text->len = ret->len;
	}
	return r;
}

/* The list of --env with a NULL at its end. */
static int
copy_env (const struct opt_list *from, struct tool_texts *texts)
{
	texts->env_size = (from->n + 1) * sizeof texts->env[0];
	texts->env = mem_zero (&mem_system, texts->env_size);
	if (texts->env == NULL)
		return LHK_ENOMEM;
	if (from->n > 0)
		memcpy (texts->env, from->items,
			from->n * sizeof texts->env[0]);
	return LHK_OK;
}

int
tool_request_opts_read (const struct tool_options *o, const char *const *argv,
			struct tool_texts *texts, struct tool_request_opts *ret,
			struct lhk_error *err)
{
	int r;

	memset (texts, 0, sizeof *texts);
	memset (ret, 0, sizeof *ret);
	strbuf_init (&texts->input, &mem_system);
	strbuf_init (&texts->config, &mem_system);
	tool_id_of (argv[0] == NULL ? "" : argv[0], texts->id);
	ret->id = o->id != NULL ? o->id : texts->id;
	ret->id_derived = o->id == NULL;
	ret->exec_id = o->exec_id;
	ret->argv = argv[0] == NULL ? NULL : argv;
	ret->timeout_ms = o->timeout_ms;
	if (copy_env (&o->env, texts) < 0)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	ret->env = texts->env;
	r = read_text ("input", o->input, &texts->input, &ret->input, err);
	if (r == LHK_OK)
		r = read_text ("config", o->config, &texts->config,
			       &ret->config, err);
	return r;
}

void
tool_texts_free (struct tool_texts *texts)
{
	strbuf_free (&texts->input);
	strbuf_free (&texts->config);
	mem_free (&mem_system, texts->env, texts->env_size);
	memset (texts, 0, sizeof *texts);
}
