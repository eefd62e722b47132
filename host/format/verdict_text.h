/* SPDX-License-Identifier: MIT */
/* verdict_text.h - one sentence on a run that did not end well. */
#ifndef FORMAT_VERDICT_TEXT_H
#define FORMAT_VERDICT_TEXT_H

#include <linehook/run.h>

#include "common/outbuf.h"

/*
 * Write "VERDICT: REASON (PLUGIN, exit status 1, 0.1 s); REMEDY; see linehook
 * show RECORD", without a newline and with nothing that could move a
 * terminal's cursor.  PLUGIN names whose agent it was; RECORD is the argument
 * of `linehook show', with options before the id if needed.  Either may be NULL.
 */
void format_verdict (struct outbuf *o, const struct lhk_result *r,
		     const char *plugin, const char *record);

/* Write how the process ended, "exit status 1" or "SIGKILL"; nothing if that is
 * not known. */
void format_verdict_end (struct outbuf *o, const struct lhk_outcome *how);

/* Why the run ended as it did, in words of ours, for who shows the error and the
 * end of the process too: a constant, "" if those say it all. */
const char *format_verdict_cause (const struct lhk_result *r);

#endif /* FORMAT_VERDICT_TEXT_H */
