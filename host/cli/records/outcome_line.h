/* SPDX-License-Identifier: MIT */
/* outcome_line.h - how a run stands or ended, as one line for people. */
#ifndef CLI_RECORDS_OUTCOME_LINE_H
#define CLI_RECORDS_OUTCOME_LINE_H

#include "cli/records/record_info.h"
#include "common/outbuf.h"

/* Write "ok (3.2 s)", "failed: .." or "running", without a newline and with
 * nothing that could move a terminal's cursor. */
void outcome_line_put (struct outbuf *o, const struct record_info *info);

/* Print "ID: ok (3.2 s)" and its likes to stdout. */
void outcome_line_print (const char *id, const struct record_info *info);

#endif /* CLI_RECORDS_OUTCOME_LINE_H */
