/* SPDX-License-Identifier: MIT */
/* outcome_line.h - how a run stands or ended, as one line for people. */
#ifndef CLI_RECORDS_OUTCOME_LINE_H
#define CLI_RECORDS_OUTCOME_LINE_H

#include <linehook/record.h>

/* Print "ID: ok (3.2 s)" and its likes to stdout.  STATUS is LHK_RECORD_*, ANSWER
 * that of lhk_store_show or lhk_store_wait. */
void outcome_line_print (const char *id, int status,
			 const struct lhk_str *answer);

#endif /* CLI_RECORDS_OUTCOME_LINE_H */
