/* SPDX-License-Identifier: MIT */
/* event_reader_private.h - what the files of the reader of events share. */
#ifndef FORMAT_EVENT_READER_PRIVATE_H
#define FORMAT_EVENT_READER_PRIVATE_H

#include <linehook/json.h>

#include "format/event_reader.h"

/* The members that every event may have. */
struct event_common {
	struct lhk_num seq, t, turn, line, off, len;
	struct lhk_text parent;
	struct lhk_raw raw;
};

/* Their fields, for a struct that has them as its member `common'. */
#define EVENT_COMMON_HEAD(type)                                                \
	LHK_FIELD ("seq", LHK_FIELD_INT, type, common.seq),                    \
		LHK_FIELD ("t", LHK_FIELD_INT, type, common.t),                \
		LHK_FIELD ("turn", LHK_FIELD_INT, type, common.turn),          \
		LHK_FIELD ("parent", LHK_FIELD_TEXT, type, common.parent)
#define EVENT_COMMON_TAIL(type)                                                \
	LHK_FIELD ("line", LHK_FIELD_INT, type, common.line),                  \
		LHK_FIELD ("off", LHK_FIELD_INT, type, common.off),            \
		LHK_FIELD ("len", LHK_FIELD_INT, type, common.len),            \
		LHK_FIELD ("raw", LHK_FIELD_RAW, type, common.raw)

/* Counts of tokens and a cost, of an event or of one model in a result. */
struct event_counts {
	struct lhk_num input, output, cache_read, cache_write, reasoning;
	struct lhk_raw cost;
	struct lhk_text cost_source;
};

#define EVENT_COUNTS(type)                                                     \
	LHK_FIELD ("input_tokens", LHK_FIELD_INT, type, counts.input),         \
		LHK_FIELD ("output_tokens", LHK_FIELD_INT, type,               \
			   counts.output),                                     \
		LHK_FIELD ("cache_read_input_tokens", LHK_FIELD_INT, type,     \
			   counts.cache_read),                                 \
		LHK_FIELD ("cache_creation_input_tokens", LHK_FIELD_INT, type, \
			   counts.cache_write),                                \
		LHK_FIELD ("reasoning_output_tokens", LHK_FIELD_INT, type,     \
			   counts.reasoning)
#define EVENT_COST(type)                                                       \
	LHK_FIELD ("cost_usd", LHK_FIELD_RAW, type, counts.cost),              \
		LHK_FIELD ("cost_source", LHK_FIELD_TEXT, type,                \
			   counts.cost_source)

/* A result: a claim has some of its members. */
struct event_result_members {
	struct event_common common;
	int32_t final, complete_usage;
	struct lhk_text verdict, stop_reason, text, error, session_id, model;
	struct lhk_text usage_scope, contain;
	struct lhk_text run, plugin, provider, started, cwd;
	struct lhk_raw argv;
	struct lhk_num exit_status, ended_ms;
	struct lhk_raw outcome, flags, usage, cost, tools, survivors, rusage;
	struct lhk_raw err, counters;
};

extern const struct lhk_fields event_result_table;

/* Read the strings of an array, into memory of R that the next event reuses; what
 * is no string is left out.  LHK_OK or LHK_ENOMEM. */
int event_reader_texts (struct event_reader *r, const struct lhk_raw *raw,
			const struct lhk_text **ret, size_t *ret_n);

/* Make R's event of the line, which is of KIND, LHK_EV_*.  *RET gets what is in
 * every line.  LHK_OK, LHK_EPARSE, LHK_ENOMEM. */
int event_reader_fill_event (struct event_reader *r, int kind, const char *line,
			     size_t len, struct event_common *ret);

/* Make R's final result of M.  LHK_OK or LHK_ENOMEM. */
int event_reader_fill_result (struct event_reader *r,
			      const struct event_result_members *m);

/* LHK_VERDICT_*; 0: TEXT is no verdict. */
int32_t event_reader_verdict (const struct lhk_text *text);

/* The number N, if it is a whole one from MIN to MAX: 1.  Else 0, and *RET is
 * 0. */
int event_reader_i32 (const struct lhk_num *n, int32_t min, int32_t max,
		      int32_t *ret);

/* The number N, if it is a whole one and not negative; else 0. */
uint64_t event_reader_u64 (const struct lhk_num *n);

/* The counts of C that are given, into a struct of counts and its `has'. */
struct event_reader_counts {
	uint32_t has; /* LHK_USAGE_* */
	int64_t input, output, cache_read, cache_write, reasoning;
	int64_t cost_nano_usd;
};

struct event_reader_counts event_reader_counts (const struct event_counts *c);

/* The number N as a count that BIT stands for in *HAS; 0 if it is none. */
int64_t event_reader_count (const struct lhk_num *n, uint32_t bit,
			    uint32_t *has);

/* An element of SIZE bytes at the end of A, zeroed; NULL: no memory. */
void *event_reader_append (struct event_reader *r, struct event_reader_array *a,
			   size_t size);

#endif /* FORMAT_EVENT_READER_PRIVATE_H */
