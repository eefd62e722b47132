/* SPDX-License-Identifier: MIT */
/*
 * runs.h - `linehook runs': rows of the list, and sums over them.
 */
#ifndef CLI_RECORDS_RUNS_H
#define CLI_RECORDS_RUNS_H

#include <json-c/json.h>

#include "cli/records/records.h"
#include "common/clock.h"
#include "common/units.h"

enum { BY_MODEL = 0, BY_PROVIDER = 1, BY_DAY = 2, BY_MAX = 3 };
enum { AS_TABLE = 0, AS_JSON = 1, AS_CSV = 2 };

/* Tokens and money; has_cost 0: nobody told a price. */
struct runs_sum {
	int64_t input, output, cache_read, cache_write, reasoning;
	int64_t cost_nano;
	int64_t estimated_nano; /* of that: what is an estimate */
	int has_cost;
};

/* What one result says. */
struct runs_row {
	const struct lhk_record_info *kept;
	json_object *result; /* or NULL: not ended, not readable */
	struct runs_sum sum; /* of all models */
	int64_t wall_ms;     /* -1: not told */
	int complete;	     /* usage is known to be whole */
	int session;	     /* usage is that of a session, not of the run */
};

/* Read the result of KEPT, if there is one.  Free with runs_row_free. */
void runs_row_read (struct runs_row *row, struct lhk_store *store,
		    const struct lhk_record_info *kept);
void runs_row_free (struct runs_row *row);

/* One entry of `usage', added to SUM. */
void runs_add_usage (struct runs_sum *sum, json_object *usage);

/* A sum of what others wrote, which may not overflow. */
int64_t runs_plus (int64_t a, int64_t b);

/* "2026-11-21T05:43:50Z" in TEXT (32 bytes). */
void runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE]);

/* ---- runs_usage.c, runs_print.c: a ledger of any number of runs ---- */

struct usage_table;

/* What a sum is kept for each of, as "model,day" has it, in that order; n 0:
 * one sum of all. */
struct runs_by {
	size_t n;
	int keys[BY_MAX]; /* BY_* */
};

/* 0, or -1: TEXT says no such thing. */
int runs_by_parse (const char *text, struct runs_by *ret);

struct usage_table *usage_table_new (const struct runs_by *by);
/* 0, or -1 for no memory. */
int usage_table_add (struct usage_table *l, const struct runs_row *row);
void usage_table_print (const struct usage_table *l, int as);
void usage_table_free (struct usage_table *l);

#endif /* CLI_RECORDS_RUNS_H */
