/* SPDX-License-Identifier: MIT */
/* tool_private.h - struct lhk_tool: one call; private to this room. */
#ifndef TOOL_TOOL_PRIVATE_H
#define TOOL_TOOL_PRIVATE_H

#include <linehook/tool.h>

#include "common/environ.h"
#include "run/host.h"
#include "tool/decode.h"
#include "tool/redact.h"
#include "tool/stderr_capture.h"

#define TOOL_MAGIC 0x746f6f6cu

/* Bytes of stdout that are kept as they came, for the message about one that
 * is not JSON; and of that message's quotation. */
#define TOOL_PREVIEW_MAX 512u

/* Bytes of what a tool says about its error: the message, a name or a time, and
 * the stack trace. */
#define TOOL_MESSAGE_MAX 4096u
#define TOOL_NAME_MAX 256u
#define TOOL_STACK_MAX 16384u

/* Memory that the tree may take for each byte of max_output: json-c needs 800
 * bytes for "{}", and 13 a byte for usual objects. */
#define TOOL_TREE_FACTOR 64u
#define TOOL_TREE_MIN 65536u

/* How long others may hold the outputs of a tool that has exited. */
#define TOOL_DRAIN_MS 2000u

struct lhk_tool {
	struct host_child child; /* of HOST */
	uint32_t magic;
	int busy;	  /* depth of callbacks that are running */
	int free_pending; /* 1: freed inside a callback */
	struct lhk_host *host;
	struct lhk_run *run; /* NULL: no process was started */

	/* The request. */
	char *id, *exec_id, *program;
	uint32_t flags; /* LHK_TOOL_* */
	uint32_t timeout_ms;
	uint64_t max_output;
	void (*on_end) (void *user, struct lhk_tool *tool);
	void *user;

	/* While it runs. */
	struct decode decode;
	char preview[TOOL_PREVIEW_MAX];
	size_t n_preview;
	uint64_t stdout_bytes;
	int decode_failed; /* 1: no memory for the tree, the run was ended */
	struct redact *redact;
	struct stderr_capture capture;

	/* The result. */
	int error_kind;		    /* LHK_TOOL_ERROR_*, or -1: not ended */
	int host_fault;		    /* 1: the failure is ours, not the tool's */
	struct lhk_outcome outcome; /* its stderr is borrowed from CAPTURE */
	struct json_object *output, *metadata;
	struct json_object *error; /* as the tool reported it, or NULL */
	char *error_name, *error_stack, *error_time; /* of that, or NULL */
	char message[TOOL_MESSAGE_MAX + 256];
};

/*
 * The environment of the process: ENV ("NAME=value", NULL-terminated, or NULL)
 * over all of ours (INHERIT 1) or over the small part of it that every program
 * needs.  The strings are borrowed.  LHK_OK; or LHK_ENOMEM, and E is freed.
 */
int tool_environ_init (struct environ_list *e, const struct lhk_alloc *alloc,
		       const char *const *env, int inherit);

/* LHK_OK, LHK_EINVAL or LHK_EFORKED. */
static inline int
tool_check (const struct lhk_tool *tool)
{
	if (tool == NULL || tool->magic != TOOL_MAGIC)
		return LHK_EINVAL;
	return host_check (tool->host);
}

/* From the document and the outcome to output, metadata, error_kind and
 * message; the process has ended. */
void tool_conclude (struct lhk_tool *t);

#endif /* TOOL_TOOL_PRIVATE_H */
