/* SPDX-License-Identifier: MIT */
/*
 * format_check.h - what a stream knows until a line of its plugin's format came.
 *
 * A plugin may have been named for the output of another program, or the
 * program started without the options by which it prints its stream.  Then the
 * result says so, and the text is not lost: it is delivered as one text.
 */
#ifndef RUN_FORMAT_CHECK_H
#define RUN_FORMAT_CHECK_H

#include "frame/frame.h"
#include "plugin/choose.h"
#include "common/strbuf.h"

/* Bytes of lines that are kept; one that does not fit is not kept. */
#define FORMAT_CHECK_KEPT (1u << 20)

/* Bytes of the sentence. */
#define FORMAT_CHECK_TEXT 320

struct format_check {
	int32_t settled;    /* the format is right, or nobody can tell */
	int32_t is_wide;    /* the bytes are of UTF-16: nothing is read */
	int32_t loaded;	    /* PROBES are there */
	uint32_t n_offered; /* objects that the probes have seen */
	uint64_t n_lines;   /* that are not blank */
	uint64_t n_read;    /* that the plugin has read */
	const struct lhk_plugin *other; /* whose probe accepts a line */
	struct plugin_probes probes;
	struct strbuf text; /* the lines, until the format is settled */
	char first[2]; /* bytes of the stream, of which N_FIRST are there */
	uint32_t n_first;
	char sentence[FORMAT_CHECK_TEXT]; /* for the result; "": none */
};

#endif /* RUN_FORMAT_CHECK_H */
