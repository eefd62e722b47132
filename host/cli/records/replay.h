/* SPDX-License-Identifier: MIT */
/*
 * replay.h - `linehook replay': how a recorded run was started, and the
 * difference between two readings of its raw stream.
 */
#ifndef CLI_RECORDS_REPLAY_H
#define CLI_RECORDS_REPLAY_H

#include <json-c/json.h>

#include <linehook/plugin.h>
#include <linehook/record.h>

#include "cli/records/record_info.h"

/* What a record says of the run.  Anybody may have written it; its texts belong
 * to `info'. */
struct replay_run {
	struct record_info info;
	char *plugin;
	int detect;		  /* 1: the output told which plugin read it */
	uint64_t line_max;	  /* 0: the default */
	int oversize;		  /* LHK_OVERSIZE_* */
	struct lhk_ev_run header; /* as the run's own, but for the plugin */
	struct lhk_text *argv;
	struct lhk_option *options; /* the arguments of the command */
	size_t n_words;		    /* of both */
	char *words;		    /* the values of the options */
	int has_outcome;
	struct lhk_outcome outcome; /* the verdict needs it */
};

/* Read the record of ID; call replay_run_free in either case.  LHK_OK; LHK_*
 * with a sentence. */
int replay_run_read (struct replay_run *run, struct lhk_store *store,
		     const char *id, struct lhk_error *err);
void replay_run_free (struct replay_run *run);

/*
 * Events as they are made anew are compared with those that are stored: by the
 * line of the stream they come from, without seq and t.  What only the host
 * that ran the command could know (its own notices, what the supervisor saw)
 * is no difference.  "-{..}" is printed for a stored, "+{..}" for a new event.
 */
struct replay_diff {
	struct lhk_cursor *stored;
	json_object *ahead; /* the next stored event, or NULL at the end */
	uint64_t n_same, n_different;
	int failed; /* no memory, or an event could not be read */
};

/* The event of LEN bytes of JSON, to be put by the caller; NULL: it is none, or
 * there is no memory. */
json_object *replay_parse_event (const char *line, size_t len);

void replay_diff_begin (struct replay_diff *d, struct lhk_cursor *stored);

/* LINE is an event in JSON. */
void replay_diff_event (struct replay_diff *d, const char *line, size_t len);

void replay_diff_end (struct replay_diff *d);

#endif /* CLI_RECORDS_REPLAY_H */
