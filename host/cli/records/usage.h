/* SPDX-License-Identifier: MIT */
/* usage.h - what runs_usage.c sums up and runs_print.c prints. */
#ifndef CLI_RECORDS_USAGE_H
#define CLI_RECORDS_USAGE_H

#include <inttypes.h>

#include "cli/records/runs.h"

#define RUNS_KEY 96

struct runs_line {
	char keys[BY_MAX][RUNS_KEY]; /* UTF-8; NUL to their ends */
	uint64_t runs, incomplete;
	int64_t session; /* tokens */
	struct runs_sum sum;
	uint64_t last; /* the run that was last counted here */
};

struct usage_table {
	struct runs_by by;
	struct runs_line *lines;
	size_t n, cap;
	uint64_t run;
	struct runs_line total;
};

/* Of BY_*. */
extern const char *const runs_by_titles[BY_MAX];

#endif /* CLI_RECORDS_USAGE_H */
