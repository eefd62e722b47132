/* SPDX-License-Identifier: MIT */
/*
 * tool_private.h - struct lhk_tool and its parts; private to tool/.
 *
 *	tool.c		from options to a call; what it hears; its end
 *	tool_opts.c	what was asked for
 *	tool_api.c	the other public functions
 *	id.c envs.c	what may be asked for
 *	request.c	what the tool is given
 *	decode.c	what it answers, as a tree; digits.c its numbers
 *	answer.c	from the tree to an output or an error
 *	judge.c		from the answer and the outcome to a kind
 *	say.c		sentences with words of the tool in them
 *	redact.c	secrets; redact_parts.h is their map
 *	capture.c	stderr
 *	write.c		the result as JSON
 *	write_tree.c	trees as JSON
 */
#ifndef TOOL_TOOL_PRIVATE_H
#define TOOL_TOOL_PRIVATE_H

#include <linehook/tool.h>

#include "run/host.h"
#include "tool/stderr_capture.h"
#include "tool/decode.h"
#include "tool/redact.h"

#define TOOL_MAGIC 0x746f6f6cu

/* Bytes of the answer that are kept as they came, for the sentence about one
 * that is no JSON; and of that sentence's quotation. */
#define TOOL_PREVIEW 512u

/* Bytes of what a tool says of its error. */
#define TOOL_SAID 4096u
#define TOOL_NAME 256u
#define TOOL_TRACE 16384u

/* Memory that the tree may take, for each byte that an answer may have: json-c
 * needs 800 bytes for "{}", and 13 a byte for usual objects. */
#define TOOL_TREE_FACTOR 64u
#define TOOL_TREE_MIN 65536u

/* For those who hold its outputs after it has ended. */
#define TOOL_DRAIN_MS 2000u

struct lhk_tool {
	struct host_child guest; /* first */
	uint32_t magic;
	int busy;	  /* a callback runs */
	int free_pending; /* freed inside it */
	struct lhk_host *host;
	struct lhk_run *run; /* NULL: not started */

	/* What was asked for. */
	char *id, *exec_id, *program;
	uint32_t flags; /* LHK_TOOL_* */
	uint32_t timeout_ms;
	uint64_t max_output;
	void (*on_end) (void *user, struct lhk_tool *tool);
	void *user;

	/* What comes. */
	struct decode decode;
	char preview[TOOL_PREVIEW];
	size_t n_preview;
	uint64_t n_out; /* bytes of stdout */
	int gave_up;	/* no memory for it: it was ended */
	struct redact *redact;
	struct stderr_capture capture;

	/* What came of it. */
	int kind; /* LHK_TOOL_ERROR_*, or -1 */
	int our_fault;
	struct lhk_outcome outcome; /* with the stderr of CAPTURE */
	struct json_object *output, *metadata;
	struct json_object *error; /* as told by the tool */
	char *name, *trace, *when; /* of that, or NULL */
	char message[TOOL_SAID + 256];
};

/* ---- judge.c ---- */

/* Its outcome and answer are known: kind and message. */
void tool_judge (struct lhk_tool *t);

/* ---- say.c ---- */

/* N bytes of anything, behind what MESSAGE holds: redacted, valid UTF-8, made
 * harmless for a terminal, and cut at MOST bytes with "..".  ONE_LINE 1: so
 * are newlines.  CUT 1: it was cut before. */
void message_words (struct lhk_tool *t, char *message, size_t most,
		    const char *text, size_t len, int one_line, int cut);

/* A copy of that, to be freed with mem_free_str; or NULL. */
char *message_copy (struct lhk_tool *t, size_t most, const char *text,
		    size_t len);

/* ---- write_tree.c ---- */

struct outbuf;

/* A tree as JSON on one line, strings in the normal form of sink/json.h.
 * Stops early when *STOP is not 0. */
void json_tree_write (struct outbuf *o, struct json_object *tree,
		      const int *stop);

#endif /* TOOL_TOOL_PRIVATE_H */
