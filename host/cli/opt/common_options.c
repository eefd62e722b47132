/* SPDX-License-Identifier: MIT */
/*
 * common_options.c - the options that subcommands share, and the host that they
 * and the environment describe.
 *
 * The library reads no environment.  What the subcommands with these options
 * read is here: LINEHOOK_PLUGIN_PATH, XDG_DATA_HOME, HOME, LINEHOOK_EXEC,
 * LINEHOOK_LINE_MAX and LINEHOOK_ISOLATE.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/alloc.h"
#include "cli/opt/common_options.h"
#include "cli/opt/plugin_name.h"
#include "common/error.h"
#include "common/macros.h"
#include "common/path_absolute.h"
#include "common/units.h"

#define WANT_SIZE "4k to 1G, e.g. 10M"
#define LINE_MAX_ENV "LINEHOOK_LINE_MAX"
#define ISOLATE_ENV "LINEHOOK_ISOLATE"

/*
 * The next of the SIZEs and NAME=SIZEs of a list with commas: 1, *AT behind
 * it; 0 at the end; -1 if it is none.  *RET_NAME is "" for a bare SIZE.
 */
static int
next_cap (const char **at, char name[64], uint64_t *ret)
{
	char word[96];
	const char *size = word;
	const char *eq;
	size_t len = strcspn (*at, ",");

	if (**at == '\0')
		return 0;
	if (len == 0 || len >= sizeof word)
		return -1;
	memcpy (word, *at, len);
	word[len] = '\0';
	name[0] = '\0';
	eq = strchr (word, '=');
	if (eq != NULL) {
		if (eq == word || eq - word >= 64)
			return -1;
		memcpy (name, word, (size_t) (eq - word));
		name[eq - word] = '\0';
		size = eq + 1;
	}
	if (!units_parse_size (size, ret) || *ret < LHK_LINE_MAX_MIN
	    || *ret > LHK_LINE_MAX_MAX)
		return -1;
	*at += len + ((*at)[len] == ',');
	return 1;
}

static const char *
check_line_max (const char *value)
{
	char name[64];
	uint64_t size;
	const char *at = value;
	int r;

	do
		r = next_cap (&at, name, &size);
	while (r > 0);
	if (r == 0 && *value != '\0')
		return NULL;
	return units_parse_size (value, &size)
		       ? "out of range; give " WANT_SIZE
		       : "not a size; give " WANT_SIZE
			 ", or NAME=SIZE for one plugin";
}

static const char *const formats[] = { "view",	 "text", "answer", "events",
				       "result", "raw",	 "none",   NULL };
static const char *const old_formats[] = { "verbose", "view", NULL };
static const char *const oversizes[] = { "drop", "head", "raw", NULL };
static const char *const logs[] = { "logfmt", "json", "journal", "off", NULL };
static const char *const levels[] = { "error", "warn", "info", "debug", NULL };

const char *const options_containments[] = { "auto", "cgroup", "pidns",
					     "subreaper", NULL };

static const int level_of[] = { LHK_LOG_ERROR, LHK_LOG_WARN, LHK_LOG_INFO,
				LHK_LOG_DEBUG };

/* clang-format off: a table */
const struct opt options_stream[] = {
	{ .name = "plugin",
	  .often = 1,
	  .letter = 'p',
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct options, plugin),
	  .offers = OPT_PLUGINS,
	  .word = "NAME",
	  .check = opt_check_given,
	  .help = "the plugin that reads the output, by name or path",
	  .initial = "auto" },
	{ .name = "format",
	  .often = 1,
	  .kind = OPT_CHOICE,
	  .word = "FORMAT",
	  .offset = offsetof (struct options, format),
	  .choices = formats,
	  .synonyms = old_formats,
	  .help = "what to print on standard output",
	  .initial = "view on a terminal, otherwise events" },
	{ .name = "line-max",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct options, line_max),
	  .word = "[NAME=]SIZE",
	  .want = WANT_SIZE,
	  .check = check_line_max,
	  .help = "the longest line that is read as a whole; with NAME=, for "
		  "that plugin only",
	  .initial = "10M" },
	{ .name = "buffer-budget",
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct options, buffer_budget),
	  .word = "SIZE",
	  .min = 65536,
	  .max = UINT64_C (1) << 40,
	  .want = "64k to 1024G, e.g. 64M",
	  .help = "the most memory for all line buffers together",
	  .initial = "no limit" },
	{ .name = "oversize",
	  .kind = OPT_CHOICE,
	  .word = "HOW",
	  .offset = offsetof (struct options, oversize),
	  .choices = oversizes,
	  .help = "what to do with a line longer than --line-max",
	  .initial = "drop" },
	{ .name = "raw-events",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, raw_events),
	  .help = "add the source line to each event" },
	{ .name = "source",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, source),
	  .help = "add the source line's number and byte range to each event" },
	{ .name = "result",
	  .often = 1,
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct options, result),
	  .word = "FILE",
	  .check = opt_check_given,
	  .help = "write the final result to FILE as JSON; - is standard "
		  "output" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
#define PLUGIN_DIR                                                             \
	{                                                                      \
		.name = "plugin-dir", .kind = OPT_LIST,                        \
		.offset = offsetof (struct options, plugin_dirs),              \
		.word = "DIR", .check = opt_check_given,                       \
		.help = "search DIR for plugins first; repeatable"             \
	}

const struct opt options_dirs[] = {
	PLUGIN_DIR,
	{ .name = NULL },
};

const struct opt options_plugins[] = {
	PLUGIN_DIR,
	{ .name = "isolate",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, isolate),
	  .excludes = "no-isolate",
	  .help = "run each plugin in a process that can do nothing else" },
	{ .name = "no-isolate",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, no_isolate),
	  .help = "run each plugin in the process of linehook, also one that "
		  "is not in the installed directory" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
const struct opt options_log[] = {
	{ .name = "log",
	  .kind = OPT_CHOICE,
	  .word = "FORMAT",
	  .offset = offsetof (struct options, log),
	  .choices = logs,
	  .help = "format of the diagnostics on standard error",
	  .initial = "logfmt" },
	{ .name = "log-level",
	  .kind = OPT_CHOICE,
	  .word = "LEVEL",
	  .offset = offsetof (struct options, log_level),
	  .choices = levels,
	  .help = "lowest level of the diagnostics to print",
	  .initial = "warn" },
	{ .name = "quiet",
	  .often = 1,
	  .letter = 'q',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, quiet),
	  .excludes = "verbose",
	  .help = "print errors only, as --log-level error does" },
	{ .name = "verbose",
	  .letter = 'v',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct options, verbose),
	  .help = "print more diagnostics, as --log-level info does" },
	{ .name = NULL },
};
/* clang-format on */

/* The value of a variable that is set and not empty, or NULL. */
static const char *
given (const char *variable)
{
	const char *value = getenv (variable);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* What LINEHOOK_ISOLATE may be, and what it means for a host. */
static const struct {
	const char *word;
	uint32_t flags;
} isolate_words[] = {
	{ "yes", LHK_HOST_ISOLATE },
	{ "no", 0 },
};

/* The row of a word, or -1. */
static int
isolate_word (const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (isolate_words); i++)
		if (strcmp (word, isolate_words[i].word) == 0)
			return (int) i;
	return -1;
}

int
options_check_environ (struct lhk_error *err)
{
	const char *line_max = given (LINE_MAX_ENV);
	const char *isolate = given (ISOLATE_ENV);
	const char *wanted =
		line_max == NULL ? NULL : check_line_max (line_max);

	if (wanted != NULL)
		return error_set (err, LHK_EINVAL, 0,
				  LINE_MAX_ENV ": '%.60s' is %s", line_max,
				  wanted);
	if (isolate != NULL && isolate_word (isolate) < 0)
		return error_set (err, LHK_EINVAL, 0,
				  ISOLATE_ENV
				  ": '%.60s' is not a valid value; give yes or "
				  "no",
				  isolate);
	return LHK_OK;
}

/* LHK_HOST_* */
static uint32_t
host_flags (const struct options *o)
{
	const char *env = given (ISOLATE_ENV);
	int row = env == NULL ? -1 : isolate_word (env);

	if (o->isolate)
		return LHK_HOST_ISOLATE;
	if (o->no_isolate)
		return 0;
	return row < 0 ? LHK_HOST_ISOLATE_OTHERS : isolate_words[row].flags;
}

int
options_level (const struct options *o)
{
	if (o->log_level >= 0)
		return level_of[o->log_level];
	if (o->quiet)
		return LHK_LOG_ERROR;
	return o->verbose ? LHK_LOG_INFO : LHK_LOG_WARN;
}

/* From one list: its last SIZE into *ALL, its last NAME=SIZE into *ONE. */
static void
scan_caps (const char *list, const char *plugin, uint64_t *all, uint64_t *one)
{
	char name[64];
	uint64_t size;

	while (next_cap (&list, name, &size) > 0) {
		if (name[0] == '\0')
			*all = size;
		else if (strcmp (name, plugin) == 0)
			*one = size;
	}
}

size_t
options_line_max (const struct options *o, const char *plugin)
{
	const char *env = getenv (LINE_MAX_ENV);
	uint64_t all = 0, one = 0;
	size_t i;

	for (i = 0; i < o->line_max.n; i++)
		scan_caps (o->line_max.items[i], plugin, &all, &one);
	if (one == 0 && all == 0 && env != NULL)
		scan_caps (env, plugin, &all, &one);
	if (one != 0)
		return (size_t) one;
	return all != 0 ? (size_t) all : LHK_LINE_MAX_DEFAULT;
}

/* Is there each plugin that LIST names?  WHO gave it. */
static int
check_cap_names (const char *who, const char *list, struct lhk_host *host,
		 struct lhk_error *err)
{
	char name[64];
	uint64_t size;

	while (next_cap (&list, name, &size) > 0) {
		const struct lhk_plugin_ref *plugin;
		char why[sizeof err->text];
		int r = LHK_OK;

		if (name[0] != '\0')
			r = lhk_host_plugin (host, name, &plugin, err);
		if (r != LHK_ENOTFOUND && r != LHK_EINVAL)
			continue;
		plugin_name_explain (host, name, err);
		memcpy (why, err->text, sizeof why);
		return error_set (err, LHK_EINVAL, 0, "%s: %s", who, why);
	}
	return LHK_OK;
}

int
options_check_line_max (const struct options *o, struct lhk_host *host,
			struct lhk_error *err)
{
	const char *env = getenv (LINE_MAX_ENV);
	size_t i;
	int r = LHK_OK;

	for (i = 0; i < o->line_max.n && r == LHK_OK; i++)
		r = check_cap_names ("--line-max", o->line_max.items[i], host,
				     err);
	if (r == LHK_OK && env != NULL)
		r = check_cap_names (LINE_MAX_ENV, env, host, err);
	return r;
}

/* ---- the host ---- */

#define USER_DIR "linehook/plugins"

static int
add_dir (struct lhk_host *host, const char *dir, struct lhk_error *err)
{
	int r = lhk_host_add_plugin_dir (host, dir);

	if (r < 0)
		return error_set (err, r, 0, "plugin directory '%s': %s", dir,
				  lhk_strerror (r));
	return LHK_OK;
}

/* What was typed must be there; what is configured may be. */
static int
add_typed (const struct options *o, struct lhk_host *host,
	   struct lhk_error *err)
{
	struct stat st;
	size_t i;
	int r = LHK_OK;

	for (i = 0; i < o->plugin_dirs.n && r == LHK_OK; i++) {
		const char *dir = o->plugin_dirs.items[i];
		char path[PATH_MAX];

		if (stat (dir, &st) < 0 || !S_ISDIR (st.st_mode)
		    || path_absolute (dir, path) < 0)
			return error_set (
				err, LHK_EINVAL, 0,
				"--plugin-dir: '%.120s' is not a directory",
				dir);
		r = add_dir (host, path, err);
	}
	return r;
}

/* Who starts us in a directory of his must not choose what we load. */
static void
say_relative (struct log *log, const char *variable, const char *dir)
{
	log_say (log, LHK_LOG_WARN, "plugin",
		 "%s: '%.200s' is not searched for plugins because it is a "
		 "relative path; give a path that begins with '/'",
		 variable, dir);
}

static int
add_path (const char *list, struct lhk_host *host, struct log *log,
	  struct lhk_error *err)
{
	char dir[PATH_MAX];
	int r = LHK_OK;

	while (list != NULL && *list != '\0' && r == LHK_OK) {
		size_t len = strcspn (list, ":");

		if (len > 0 && len < sizeof dir) {
			memcpy (dir, list, len);
			dir[len] = '\0';
			if (dir[0] == '/')
				r = add_dir (host, dir, err);
			else
				say_relative (log, "LINEHOOK_PLUGIN_PATH", dir);
		}
		list += len + (list[len] == ':');
	}
	return r;
}

static int
add_user (struct lhk_host *host, struct log *log, struct lhk_error *err)
{
	const char *data = getenv ("XDG_DATA_HOME");
	const char *home = getenv ("HOME");
	char dir[PATH_MAX];
	int len;

	/* The specification of these directories: a relative one is ignored. */
	if (data != NULL && data[0] != '\0' && data[0] != '/')
		say_relative (log, "XDG_DATA_HOME", data);
	if (data != NULL && data[0] == '/')
		len = snprintf (dir, sizeof dir, "%s/" USER_DIR, data);
	else if (home != NULL && home[0] == '/')
		len = snprintf (dir, sizeof dir, "%s/.local/share/" USER_DIR,
				home);
	else
		return LHK_OK;
	if (len < 0 || (size_t) len >= sizeof dir)
		return LHK_OK;
	return add_dir (host, dir, err);
}

int
options_host (const struct options *o, struct log *log, struct lhk_host **ret,
	      struct lhk_error *err)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	const char *monitor = getenv ("LINEHOOK_EXEC");
	struct lhk_host *host;
	int r;

	opts.user = log;
	opts.log = log_record;
	opts.alloc = &cli_alloc;
	opts.buffer_budget = (size_t) o->buffer_budget;
	opts.flags = host_flags (o);
	if (monitor != NULL && *monitor != '\0')
		opts.monitor = monitor;
	r = lhk_host_new (&opts, &host, err);
	if (r < 0)
		return r;
	r = add_typed (o, host, err);
	if (r == LHK_OK)
		r = add_path (getenv ("LINEHOOK_PLUGIN_PATH"), host, log, err);
	if (r == LHK_OK)
		r = add_user (host, log, err);
	if (r == LHK_OK)
		r = add_dir (host, lhk_plugin_dir (), err);
	if (r < 0) {
		lhk_host_free (host);
		return r;
	}
	*ret = host;
	return LHK_OK;
}

void
options_free (struct options *o)
{
	opt_list_free (&o->plugin_dirs);
	opt_list_free (&o->line_max);
}
