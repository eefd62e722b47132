/* SPDX-License-Identifier: MIT */
/*
 * detect.h - what a stream knows while its plugin is not known.
 *
 * Until a probe accepts a line, a stream has the plugin that its caller gave it
 * (raw).  The header, which names the plugin, and the first lines are held back
 * for a while: if a line is accepted then, no event of the other plugin was
 * ever delivered.  How long is told by the bytes, and by lhk_stream_release.
 */
#ifndef RUN_DETECT_H
#define RUN_DETECT_H

#include "frame/frame.h"
#include "plugin/choose.h"
#include "run/open_args.h"
#include "common/strbuf.h"

/* Bytes that are held back, newlines included, and lines. */
#define DETECT_HELD_MAX 65536u
#define DETECT_LINES_MAX 8192u

/* Objects that no probe accepts and that are looked at once more. */
#define DETECT_LOOKS_MAX 64u

/* A line that is held back. */
struct detect_line {
	struct frame_line line; /* without its data */
	size_t at;		/* of its bytes in `bytes' */
	int64_t now_ms;
	int has_object;
};

struct detect {
	int32_t on;	    /* no line was accepted yet */
	int32_t holding;    /* the header was not delivered yet */
	int32_t loaded;	    /* PROBES are there */
	uint32_t n_offered; /* objects that were offered to them */
	int32_t has_type;   /* one of them looked like a line of an agent */
	struct plugin_probes probes;
	/* What was said already, borrowed; or NULL. */
	const struct plugin_refusal *said;
	struct open_args args;
	int64_t header_ms; /* time of the header */
	struct strbuf bytes;
	struct detect_line *lines;
	size_t n, cap;
};

#endif /* RUN_DETECT_H */
