/* SPDX-License-Identifier: MIT */
/*
 * observe.h - what comes out of a stream, and whether it is whole.
 *
 * Of any input: the first event is the header and no other is; numbers begin at 1
 * and have no gap; one final result comes, as the last event; names have at most
 * LIMIT_ID bytes; the calls of tools in the result are those of the events; each
 * event is a line of valid JSON.
 */
#ifndef TESTS_FUZZ_OBSERVE_H
#define TESTS_FUZZ_OBSERVE_H

#include <linehook/run.h>

#include "common/outbuf.h"
#include "common/strbuf.h"

struct observed {
	struct strbuf text; /* the events as JSON, with their sources */
	struct outbuf out;
	uint64_t events, finals, tools;
	const char *input; /* for a report */
	size_t size;
};

/* Begin to observe a stream that is given SIZE bytes of INPUT; *OPTS gets the
 * callback. */
void observe_begin (struct observed *o, const char *input, size_t size,
		    struct lhk_stream_opts *opts);

/* The stream has given RESULT: check what came. */
void observe_end (struct observed *o, const struct lhk_result *result);

void observe_free (struct observed *o);

/* The same came of both. */
void observe_compare (const struct observed *a, const struct observed *b);

#endif /* TESTS_FUZZ_OBSERVE_H */
