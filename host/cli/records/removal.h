/* SPDX-License-Identifier: MIT */
/* removal.h - runs that are removed, and what is told of it at the end. */
#ifndef CLI_RECORDS_REMOVAL_H
#define CLI_RECORDS_REMOVAL_H

#include "cli/records/records.h"
#include "json/writer.h"

struct removal {
	struct records_call *call;
	int is_dry; /* 1: only tell what would be removed */
	int for_people;
	uint64_t n, bytes; /* of what was removed */
	int status; /* of the first run that could not be removed, or 0 */
	struct jw json;
};

/* CALL and O are borrowed. */
void removal_begin (struct removal *r, struct records_call *call,
		    const struct records_options *o, int is_dry);

/* Remove the run ID.  A failure is a sentence, and noted; that it is not there
 * is none: somebody else has removed it meanwhile. */
void removal_of (struct removal *r, const char *id);

/* Note the exit status of a run that was not found. */
void removal_fail (struct removal *r, int status);

/* Print how many runs and how much. */
void removal_end (struct removal *r);

#endif /* CLI_RECORDS_REMOVAL_H */
