/* SPDX-License-Identifier: MIT */
/* json_case.h - what the tests of json/ share. */
#ifndef TESTS_JSON_CASE_H
#define TESTS_JSON_CASE_H

#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "json/ops.h"
#include "lib/tap.h"

/* Every way to scan that this machine has. */
static inline size_t
json_ways (const struct lhk_json_ops **ret)
{
	size_t n = 0;

	ret[n++] = &lhk_json_ops_portable;
#ifdef LHK_JSON_X86
	ret[n++] = &lhk_json_ops_sse2;
	if (lhk_json_ops_here () == &lhk_json_ops_avx2)
		ret[n++] = &lhk_json_ops_avx2;
#endif
	return n;
}

#define JSON_MAX_WAYS 3

/* A copy as line_hook gets it, with not a byte more than that; to be freed. */
static inline char *
json_pad (const char *data, size_t len)
{
	char *copy = malloc (len + LHK_LINE_PADDING);

	if (copy == NULL)
		abort ();
	if (len > 0)
		memcpy (copy, data, len);
	memset (copy + len, 0, LHK_LINE_PADDING);
	copy[len] = '\n';
	return copy;
}

/* Error of reading LEN bytes as one value; the data needs its padding. */
static inline int
json_error_of (const struct lhk_json_ops *way, const char *data, size_t len)
{
	struct lhk_json j;

	lhk_json_begin_ops (&j, way, data, len);
	lhk_json_skip (&j);
	lhk_json_end (&j);
	return j.error;
}

/* A number that is the same in each run. */
static inline uint32_t
json_draw (uint64_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t) (*state >> 32) % below;
}

#endif /* TESTS_JSON_CASE_H */
