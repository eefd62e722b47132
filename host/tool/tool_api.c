/* SPDX-License-Identifier: MIT */
/* tool_api.c - the public functions on a call that was started. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "tool/tool_private.h"

static const struct {
	const char *name;
	int status; /* of the program */
} kinds[] = {
	[LHK_CALL_OK] = { "ok", 0 },
	[LHK_CALL_VALIDATE] = { "validate", 2 },
	[LHK_CALL_START] = { "start", 126 },
	[LHK_CALL_STDIN] = { "stdin", 125 },
	[LHK_CALL_STDOUT] = { "stdout", 1 },
	[LHK_CALL_STDERR] = { "stderr", 125 },
	[LHK_CALL_WAIT] = { "wait", 125 },
	[LHK_CALL_PARSE] = { "parse", 1 },
	[LHK_CALL_TIMEOUT] = { "timeout", 124 },
	[LHK_CALL_CANCELED] = { "canceled", 128 + SIGTERM },
	[LHK_CALL_EXIT] = { "exit", 1 },
	[LHK_CALL_SIGNAL] = { "signal", 1 },
	[LHK_CALL_TOOL] = { "tool", 1 },
};

const char *
lhk_tool_kind_name (int kind)
{
	return kind >= 0 && (size_t) kind < sizeof kinds / sizeof kinds[0]
		       ? kinds[kind].name
		       : "unknown";
}

static int
check (const struct lhk_tool *tool)
{
	if (tool == NULL || tool->magic != TOOL_MAGIC)
		return LHK_EINVAL;
	return host_check (tool->host);
}

void
lhk_tool_cancel (struct lhk_tool *tool, int signo)
{
	if (check (tool) == LHK_OK && tool->run != NULL)
		lhk_run_cancel (tool->run, signo);
}

int
lhk_tool_kind (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->kind : -1;
}

const char *
lhk_tool_message (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->message : "";
}

struct json_object *
lhk_tool_output (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? tool->output : NULL;
}

const struct lhk_outcome *
lhk_tool_outcome (const struct lhk_tool *tool)
{
	return check (tool) == LHK_OK ? &tool->outcome : NULL;
}

/* "Not found" is the program alone, not what it needs. */
static int
not_found (const struct lhk_outcome *o)
{
	return o->sys_errno == ENOENT
	       && (o->step == NULL || strcmp (o->step, "exec") == 0);
}

int
lhk_tool_status (const struct lhk_tool *tool)
{
	int kind = lhk_tool_kind (tool);

	if (kind < 0 || tool->our_fault)
		return 125;
	if (kind == LHK_CALL_CANCELED && tool->outcome.cancel_signal > 0)
		return 128 + tool->outcome.cancel_signal;
	if (kind == LHK_CALL_START && not_found (&tool->outcome))
		return 127;
	return kinds[kind].status;
}
