/* SPDX-License-Identifier: MIT */
/*
 * follow_output.h - the lines of a record on their way to stdout, in the format
 * asked for.
 *
 * Everything blocks: nobody waits for who follows.  On a terminal a status line
 * stands below the output while the run is silent, and Ctrl-C ends the line that
 * is open.
 */
#ifndef CLI_RECORDS_FOLLOW_OUTPUT_H
#define CLI_RECORDS_FOLLOW_OUTPUT_H

#include "cli/output/async_stdio.h"
#include "cli/output/event_output.h"
#include "cli/output/status_line.h"
#include "cli/records/record_info.h"
#include "event/usage.h"

/* All members are private but OUT.format and those of the events, which can be
 * read. */
struct follow_output {
	struct lhk_store *store; /* borrowed, as the id */
	const char *run;
	struct async_stdio stdio;
	struct output out;
	struct event_reader reader;
	char plugin[RECORD_INFO_NAME_SIZE]; /* that reads the run; empty: not
					       known */
	struct usage *usage; /* for the status line; NULL: not shown */
	struct status status;
	struct outbuf status_out; /* to stderr */
	/* Events are numbered without a gap. */
	uint64_t next_seq;	/* of the event that is due */
	uint64_t n_missing;	/* events that should have come before it.. */
	uint64_t first_missing; /* ..and the number of the first one */
	int has_event;		/* one came */
};

struct follow_output_opts {
	const char *who;	 /* the subcommand */
	int32_t format;		 /* FORMAT_* */
	uint64_t from;		 /* number of the first event; 0: 1 */
	struct lhk_store *store; /* borrowed, as RUN */
	const char *run;	 /* id */
};

/* OPTS is borrowed for the call.  LHK_OK or LHK_ENOMEM. */
int follow_output_open (struct follow_output *f,
			const struct follow_output_opts *opts,
			struct lhk_error *err);

/* Also for one that is all zero. */
void follow_output_close (struct follow_output *f);

/* Print a line of the record.  It stands as a cursor gives it.  LHK_OK; LHK_END:
 * stdout has lost its reader; LHK_ENOMEM with a sentence. */
int follow_output_line (struct follow_output *f, const struct lhk_str *line,
			struct lhk_error *err);

/* What was made so far goes out.  LHK_OK; LHK_END: stdout has lost its reader. */
int follow_output_flush (struct follow_output *f);

/* Nothing comes for a while: show the status line, if it is time.  IS_AWAITED 1:
 * the run has not started yet.  In how many milliseconds to call this again; -1:
 * never. */
int follow_output_wait (struct follow_output *f, int is_awaited);

/* Print the final result, as --format result has it. */
void follow_output_result (struct follow_output *f,
			   const struct lhk_result *result);

/* No more lines come: what follows is written by the caller, to stderr. */
void follow_output_end (struct follow_output *f);

#endif /* CLI_RECORDS_FOLLOW_OUTPUT_H */
