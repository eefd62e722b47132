/* SPDX-License-Identifier: MIT */
/*
 * isolate_journal.h - the library's side of the memory in which the process of a
 * plugin makes its answers.
 */
#ifndef PROCESS_ISOLATE_JOURNAL_H
#define PROCESS_ISOLATE_JOURNAL_H

#include "common/isolate_proto.h"

/* Make one, of which *RET_FD is for the process; the caller closes it.  NULL and -1:
 * the system has no such memory, and the process does without. */
struct isolate_journal *isolate_journal_new (int *ret_fd);

/* J may be NULL. */
void isolate_journal_free (struct isolate_journal *j);

/* The answers of a message of this number and GENERATION that was not sent, when
 * the process is gone.  HEAD and *BODY as of a message that came.  1; 0: there are
 * none. */
int isolate_journal_read (const struct isolate_journal *j, uint32_t message,
			  uint32_t generation, struct isolate_head *head,
			  const char **body);

#endif /* PROCESS_ISOLATE_JOURNAL_H */
