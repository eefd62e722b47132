/* SPDX-License-Identifier: MIT */
/* journal.c - answers are made where the host can see them. */
#include "config.h"

#include <string.h>

#include "isolate/journal.h"
#include "common/mem.h"

static char *
journal_room (const struct journal *j)
{
	return (char *) (j->shared + 1);
}

static void *
journal_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	struct journal *j = ctx;
	const size_t room = ISOLATE_JOURNAL_SIZE - sizeof *j->shared;
	void *p;

	if (j->shared == NULL || (ptr != NULL && ptr != journal_room (j)))
		return mem_resize (&mem_system, ptr, old_size, new_size);
	if (new_size <= room)
		return new_size == 0 ? NULL : journal_room (j);
	p = mem_new (&mem_system, new_size);
	if (p != NULL && ptr != NULL)
		memcpy (p, ptr, old_size);
	return p;
}

void
journal_init (struct journal *j, struct isolate_journal *shared)
{
	j->shared = shared;
	j->alloc = (struct lhk_alloc){ j, journal_resize };
}

void
journal_note (struct journal *j, const struct strbuf *answers, uint32_t n)
{
	if (j->shared == NULL || answers->data != journal_room (j))
		return;
	j->shared->len = answers->len - sizeof (struct isolate_head);
	j->shared->n = n;
}

void
journal_begin (struct journal *j, struct strbuf *answers)
{
	if (j->shared == NULL)
		return;
	j->shared->n = 0;
	j->shared->message++;
	/* After a message that did not fit, the next one may. */
	if (answers->data != journal_room (j))
		strbuf_free (answers);
}
