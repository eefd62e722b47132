/* SPDX-License-Identifier: MIT */
/* limit_options.h - the values of `run --limit'. */
#ifndef CLI_RUN_LIMIT_OPTIONS_H
#define CLI_RUN_LIMIT_OPTIONS_H

#include <linehook/run.h>

#include "cli/opt/opt.h"

/* How many limits of one process there are. */
#define LIMIT_OPTIONS_MAX 6

/* Is VALUE a list NAME=VALUE,..?  NULL, or what is wrong, behind the value. */
const char *limit_options_check (const char *value);

/* Set the limits of OPTS; the last one of a name counts.  RLIMITS belongs to
 * the caller and is borrowed by OPTS. */
void limit_options_apply (const struct opt_list *list,
			  struct lhk_rlimit rlimits[LIMIT_OPTIONS_MAX],
			  struct lhk_run_opts *opts);

/* The name of a limit of the whole run that is set; NULL: none is. */
const char *limit_options_need_cgroup (const struct opt_list *list);

/* The name of a limit that is above the hard limit of this process, which goes
 * into RET_HARD; NULL: none is. */
const char *limit_options_over_hard (const struct lhk_run_opts *opts,
				     uint64_t *ret_hard);

#endif /* CLI_RUN_LIMIT_OPTIONS_H */
