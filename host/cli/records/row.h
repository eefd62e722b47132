/* SPDX-License-Identifier: MIT */
/* row.h - one run of a list: what its record says of time, tokens and money. */
#ifndef CLI_RECORDS_ROW_H
#define CLI_RECORDS_ROW_H

#include <json-c/json.h>

#include <linehook/record.h>

#include "common/clock.h"

/* Tokens and money. */
struct runs_sum {
	int64_t input, output, cache_read, cache_write, reasoning;
	int64_t cost_nano;	/* 10^-9 USD */
	int64_t estimated_nano; /* the part of it that is an estimate */
	int has_cost;		/* 0: nobody reported a price */
};

struct runs_row {
	const struct lhk_record_info *info;
	json_object *result; /* NULL: not ended, or not readable */
	struct runs_sum sum; /* of all models */
	int64_t wall_ms;     /* -1: not reported */
	int complete;	     /* the usage is known to be whole */
	int session; /* the usage is that of a session, not of the run */
};

/* Read the result of the run INFO, if there is one.  INFO is borrowed; free with
 * runs_row_free. */
void runs_row_read (struct runs_row *row, struct lhk_store *store,
		    const struct lhk_record_info *info);
void runs_row_free (struct runs_row *row);

/* The entries of `usage', which are of one model each; 0: there are none. */
size_t runs_row_models (const struct runs_row *row);

/* Entry I of them: its sum.  Returns the name of the model, borrowed; NULL when
 * it is not reported. */
const char *runs_row_model (const struct runs_row *row, size_t i,
			    struct runs_sum *ret);

/* Add S to TO; no number overflows. */
void runs_sum_add (struct runs_sum *to, const struct runs_sum *s);

/* "2026-11-21T05:43:50Z". */
void runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE]);

#endif /* CLI_RECORDS_ROW_H */
