/* SPDX-License-Identifier: MIT */
/*
 * journal.h - the process's side of the memory that it shares with its host: the
 * message of answers is made there, so what was answered before a crash is not lost
 * with the process.
 */
#ifndef ISOLATE_JOURNAL_H
#define ISOLATE_JOURNAL_H

#include <linehook/host.h>

#include "common/isolate_proto.h"
#include "common/strbuf.h"

struct journal {
	struct lhk_alloc alloc; /* of the buffer of answers, which is in the
				   journal while it fits */
	struct isolate_journal *shared; /* or NULL */
};

/* SHARED, which may be NULL, is borrowed. */
void journal_init (struct journal *j, struct isolate_journal *shared);

/* A message begins in ANSWERS, which has the allocator of the journal. */
void journal_begin (struct journal *j, struct strbuf *answers);

/* N whole answers are in it. */
void journal_note (struct journal *j, const struct strbuf *answers, uint32_t n);

#endif /* ISOLATE_JOURNAL_H */
