/* SPDX-License-Identifier: MIT */
/* tool_opts.c - what was asked for, looked at before anything is made. */
#include "config.h"

#include <string.h>

#include "tool/tool_private.h"
#include "common/error.h"

/* A struct of the future is longer; one of garbage longer than that. */
#define OPTS_MAX 4096u

#define FLAGS (LHK_RUN_UNSCOPED | LHK_TOOL_STACK | LHK_TOOL_FILE)

int
tool_copy_opts (const struct lhk_tool_opts *opts, struct lhk_tool_opts *ret,
		struct lhk_error *err)
{
	struct lhk_tool_opts own = LHK_TOOL_OPTS_INIT;

	if (opts == NULL || opts->size < offsetof (struct lhk_tool_opts, env)
	    || opts->size > OPTS_MAX)
		return error_set (err, LHK_EINVAL, 0,
				  "tool options have %u bytes,"
				  " wanted %zu: begin with LHK_TOOL_OPTS_INIT",
				  opts == NULL ? 0 : opts->size, sizeof own);
	memcpy (&own, opts, opts->size < sizeof own ? opts->size : sizeof own);
	own.size = sizeof own;
	if (own.argv == NULL || own.argv[0] == NULL || own.argv[0][0] == '\0')
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: argv names no command");
	if (own.flags & ~(uint32_t) FLAGS)
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: flags are 0x%x,"
				  " wanted LHK_TOOL_*, LHK_RUN_UNSCOPED or 0",
				  own.flags);
	if ((own.input.ptr == NULL && own.input.len != 0)
	    || (own.config.ptr == NULL && own.config.len != 0)
	    || (own.redact == NULL && own.n_redact != 0))
		return error_set (err, LHK_EINVAL, 0,
				  "tool options: a length"
				  " without a pointer");
	if (own.timeout_ms == 0)
		own.timeout_ms = LHK_TOOL_TIMEOUT_DEFAULT_MS;
	if (own.max_output == 0)
		own.max_output = LHK_TOOL_OUTPUT_DEFAULT;
	if (own.stderr_keep == 0)
		own.stderr_keep = LHK_TOOL_STDERR_DEFAULT;
	*ret = own;
	return LHK_OK;
}
