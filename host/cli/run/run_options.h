/* SPDX-License-Identifier: MIT */
/* run_options.h - the options of `run' alone, and what they turn into. */
#ifndef CLI_RUN_RUN_OPTIONS_H
#define CLI_RUN_RUN_OPTIONS_H

#include <linehook/run.h>

#include "cli/opt/common_options.h"
#include "common/environ.h"

enum {
	STDERR_UNSET = -1, /* log; detached: quiet */
	STDERR_LOG = 0,
	STDERR_PASS = 1,
	STDERR_QUIET = 2
};

/* More than the option takes. */
#define RUN_STDERR_MAX_UNSET UINT64_MAX

struct run_options {
	struct options common; /* first: the shared tables fill it */
	uint32_t total_ms;
	uint32_t idle_ms;
	uint32_t linger_ms;
	uint32_t tool_ms;
	uint32_t grace_ms;
	uint32_t drain_ms;
	const char *stdin_from; /* null, inherit, - or a path */
	int32_t stdout_mode;	/* LHK_STDOUT_* */
	const char *cwd;
	struct opt_list env; /* NAME=VALUE sets, NAME alone unsets */
	int32_t clear_env;
	int32_t stderr_mode; /* STDERR_* */
	uint64_t stderr_keep;
	uint64_t stderr_max; /* RUN_STDERR_MAX_UNSET: as --max-output says */
	uint64_t max_tokens;
	int64_t max_cost_nano;
	uint64_t max_output;
	struct opt_list limits;
	struct opt_list labels;
	int32_t keep;
	const char *run_dir; /* as --keep, if not NULL */
	int32_t detach;	     /* DETACH_* */
	int32_t contain;     /* LHK_CONTAIN_* */
	int32_t unscoped;
	const char *run_id;
	const char *agent; /* --agent; what follows is for it alone */
	const char *model;
	const char *resume;
	const char *permissions;
	struct opt_list agent_args;
	int32_t no_deltas;
};

extern const struct opt_group run_groups[];

/* The defaults. */
void run_options_init (struct run_options *o);
void run_options_free (struct run_options *o);

/* Is a record of the run to be kept?  --run-dir and --label say so, too. */
int run_options_want_record (const struct run_options *o);

/* The environment: the caller's (or none), changed by --env and --unset in the
 * order in which they were given; strings are borrowed.  LHK_OK or LHK_ENOMEM. */
int run_options_environ (const struct run_options *o, struct environ_list *e);

/* The agent's standard input. */
struct run_input {
	int32_t mode; /* LHK_STDIN_* */
	int32_t fd;
};

/* Open what --stdin says; WORD NULL: nothing was said.  LHK_OK, or LHK_EINVAL
 * and a sentence. */
int run_input_open (struct run_input *in, const char *word,
		    struct lhk_error *err);
void run_input_free (struct run_input *in);

/* Does our own standard input have bytes that nobody has read: of a file, or in
 * a pipe or socket?  1 or 0. */
int run_input_is_waiting (void);

#endif /* CLI_RUN_RUN_OPTIONS_H */
