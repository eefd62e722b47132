/* SPDX-License-Identifier: MIT */
/*
 * record_info.h - what the record of one run says, for subcommands that show it
 * to people.
 *
 * A record may say anything: what has another type than it should is absent, and
 * texts are as hostile as the agent made them.
 */
#ifndef CLI_RECORDS_RECORD_INFO_H
#define CLI_RECORDS_RECORD_INFO_H

#include <linehook/json.h>
#include <linehook/record.h>

#include "common/strbuf.h"
#include "format/event_reader.h"

struct record_info {
	int status; /* LHK_RECORD_* */
	/* Of an ended run from its result, else from its request. */
	struct lhk_text plugin, provider, started, ended;
	struct lhk_num started_ms, ended_ms; /* since 1970 */
	struct lhk_num exit_status;
	int32_t complete; /* 1, -1 or 0 as LHK_FIELD_BOOL: the whole record */
	/* How it was started, if run.json was asked for and is whole: all of
	 * it, and of its members these. */
	struct lhk_raw request;
	struct lhk_text cwd, prompt;
	struct lhk_raw argv, labels;
	struct lhk_num host_pid;
	int32_t is_detached; /* 1, or 0 */
	/* What the events come to, if that was asked for, and of that the last
	 * text of the assistant. */
	struct lhk_raw state;
	struct lhk_text last_text;
	const struct lhk_result *result; /* of a running run: all absent */

	/* ---- private ---- */
	struct event_reader reader;
	struct strbuf text;
};

/*
 * Read the record of the run ID.  INCLUDE is LHK_INCLUDE_*; run.json is read
 * with LHK_INCLUDE_REQUEST.  Free INFO with record_info_free in any case.
 * LHK_OK, or what lhk_store_show returns.
 */
int record_info_read (struct record_info *info, struct lhk_store *store,
		      const char *id, uint32_t include, struct lhk_error *err);

/* The same from TEXT, the answer of lhk_store_wait or lhk_store_show, of a run
 * whose status is STATUS.  TEXT is copied. */
int record_info_parse (struct record_info *info, const char *id, int status,
		       const struct lhk_str *text, struct lhk_error *err);
void record_info_free (struct record_info *info);

/* TEXT, the name of a plugin or a provider, in BUF; NULL: it is absent, or no
 * name.  A name has letters, digits, '_', '-' and '.' alone. */
#define RECORD_INFO_NAME_SIZE 32
const char *record_info_name (const struct lhk_text *text,
			      char buf[RECORD_INFO_NAME_SIZE]);

#endif /* CLI_RECORDS_RECORD_INFO_H */
