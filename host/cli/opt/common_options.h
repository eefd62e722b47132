/* SPDX-License-Identifier: MIT */
/*
 * common_options.h - the options that subcommands share, and their effects.
 */
#ifndef CLI_OPT_COMMON_OPTIONS_H
#define CLI_OPT_COMMON_OPTIONS_H

#include <linehook/stream.h>

#include "cli/output/log.h"
#include "cli/opt/opt.h"

enum {
	FORMAT_AUTO = -1, /* the view on a terminal, else events */
	FORMAT_VIEW = 0,
	FORMAT_TEXT = 1,
	FORMAT_ANSWER = 2,
	FORMAT_EVENTS = 3,
	FORMAT_RESULT = 4,
	FORMAT_RAW = 5,
	FORMAT_NONE = 6
};

enum { EXIT_VERDICT = 0, EXIT_ZERO = 1, EXIT_CHILD = 2 };

struct options {
	const char *plugin; /* NULL: auto */
	struct opt_list plugin_dirs;
	int32_t isolate, no_isolate; /* none of both: as the environment says */
	int32_t format;		     /* FORMAT_* */
	struct opt_list line_max;
	uint64_t buffer_budget;
	int32_t oversize; /* LHK_OVERSIZE_* */
	int32_t raw_events;
	int32_t source;
	int32_t log;	   /* LOG_* */
	int32_t log_level; /* index in its choices; -1: by -q and -v */
	const char *result;
	int32_t quiet;
	int32_t verbose;
	int32_t exit; /* EXIT_* */
};

/* clang-format off */
#define OPTIONS_INIT \
	{ .format = FORMAT_AUTO, .log_level = -1 }
/* clang-format on */

/* Tables for structs that begin with a struct options. */
extern const struct opt options_stream[];  /* in and out */
extern const struct opt options_dirs[];	   /* --plugin-dir */
extern const struct opt options_plugins[]; /* that, --isolate, --no-isolate */
extern const struct opt options_log[];	   /* --log, --log-level, -q, -v */

/* The choices of --contain; their indexes are LHK_CONTAIN_*. */
extern const char *const options_containments[];

/* Check the environment.  LHK_OK, or LHK_EINVAL with a sentence in ERR.  Call
 * it before any other function here. */
int options_check_environ (struct lhk_error *err);

/* LHK_LOG_*. */
int options_level (const struct options *o);

/* The cap for this plugin: --line-max NAME=SIZE, --line-max SIZE, the same in
 * LINEHOOK_LINE_MAX, 10M; of each sort the last one. */
size_t options_line_max (const struct options *o, const char *plugin);

/* Is there each plugin that --line-max names?  LHK_OK, or LHK_EINVAL and a
 * sentence. */
int options_check_line_max (const struct options *o, struct lhk_host *host,
			    struct lhk_error *err);

/* A host with the plugin directories of the options, the environment and the
 * installation; its records go to LOG, which must outlive it. */
int options_host (const struct options *o, struct log *log,
		  struct lhk_host **ret, struct lhk_error *err);

void options_free (struct options *o);

#endif /* CLI_OPT_COMMON_OPTIONS_H */
