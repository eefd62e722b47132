/* SPDX-License-Identifier: MIT */
/*
 * row.h - one run of a list: what its record says of time, tokens and money.
 *
 * A record may say anything: a number that cannot be is absent, and sums end at
 * INT64_MAX.
 */
#ifndef CLI_RECORDS_ROW_H
#define CLI_RECORDS_ROW_H

#include <linehook/json.h>
#include <linehook/record.h>

#include "common/clock.h"
#include "common/strbuf.h"
#include "common/units.h"

/* The counts of tokens that somebody has reported: absent is not zero. */
enum {
	RUNS_INPUT = 1 << 0,
	RUNS_OUTPUT = 1 << 1,
	RUNS_CACHE_READ = 1 << 2,
	RUNS_CACHE_WRITE = 1 << 3,
	RUNS_REASONING = 1 << 4
};

/* Tokens and money; none is less than 0. */
struct runs_sum {
	int64_t input, output, cache_read, cache_write, reasoning;
	unsigned int has;	/* RUNS_* */
	int64_t cost_nano;	/* 10^-9 USD */
	int64_t estimated_nano; /* the part of it that is an estimate */
	int has_cost;		/* 0: nobody reported a price */
};

struct runs_row {
	const struct lhk_record_info *info;
	struct runs_sum sum; /* of all models */
	int64_t wall_ms;     /* -1: not reported */
	int complete;	     /* the usage is known to be whole */
	int session;	    /* the usage is that of a session, not of the run */
	struct strbuf text; /* of the result */
	struct lhk_raw usage; /* in it, the list of models; or absent */
	size_t n_models;
	/* How the run was started, as far as it is known; in `text'. */
	struct lhk_text cwd, prompt;
	struct lhk_raw argv, labels;
};

/* Read the record of the run INFO; INCLUDE is of lhk_store_show:
 * LHK_INCLUDE_REQUEST reads how it was started.  INFO is borrowed; free with
 * runs_row_free. */
void runs_row_read (struct runs_row *row, struct lhk_store *store,
		    const struct lhk_record_info *info, uint32_t include);
void runs_row_free (struct runs_row *row);

/* The entries of `usage', which are of one model each, in turn. */
struct runs_models {
	const struct runs_row *row;
	struct lhk_json reader;
};

void runs_models_begin (struct runs_models *m, const struct runs_row *row);

/* The next one: its sum, and the name of its model, absent when it is not
 * reported.  1; 0: no more. */
int runs_models_next (struct runs_models *m, struct lhk_text *ret_model,
		      struct runs_sum *ret);

/* The count WHICH (RUNS_*) of S, N, for people; NONE when it is absent. */
void runs_count_text (const struct runs_sum *s, unsigned int which, int64_t n,
		      const char *none, char text[UNITS_SIZE]);

/* The value of the label KEY, absent if there is none. */
void runs_row_label (const struct runs_row *row, const char *key,
		     struct lhk_text *ret);

/* The word of the command that tells most: the longest one with blanks, behind
 * the first; else all of it.  As one line that fits into SIZE bytes. */
void runs_row_command (const struct runs_row *row, char *text, size_t size);

/* A + B, of numbers that are not less than 0; at most INT64_MAX. */
int64_t runs_add (int64_t a, int64_t b);

/* Add S to TO. */
void runs_sum_add (struct runs_sum *to, const struct runs_sum *s);

/* "2026-11-21T05:43:50Z". */
void runs_time (int64_t unix_ms, char text[CLOCK_RFC3339_SIZE]);

#endif /* CLI_RECORDS_ROW_H */
