/* SPDX-License-Identifier: MIT */
/* isolate_journal.c - what a process has left behind is read with care. */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fd.h"
#include "lib/tap.h"
#include "process/isolate_journal.h"

#define START (sizeof (struct isolate_journal) + sizeof (struct isolate_head))

static struct isolate_journal *ours, *theirs;
static int fd;

static void
begin (void)
{
	ours = isolate_journal_new (&fd);
	CU_ASSERT_FATAL (ours != NULL && fd >= FD_MIN);
	theirs = mmap (NULL, ISOLATE_JOURNAL_SIZE, PROT_READ | PROT_WRITE,
		       MAP_SHARED, fd, 0);
	CU_ASSERT_FATAL (theirs != MAP_FAILED);
}

static void
end (void)
{
	munmap (theirs, ISOLATE_JOURNAL_SIZE);
	isolate_journal_free (ours);
	fd_close (&fd);
}

/* Two answers of 16 bytes in message 3. */
static void
write_two (void)
{
	theirs->message = 3;
	theirs->n = 2;
	theirs->len = 16;
	memcpy ((char *) theirs + START, "answers of the p", 16);
}

static int
reads (uint32_t message)
{
	struct isolate_head head;
	const char *body;

	return isolate_journal_read (ours, message, 7, &head, &body);
}

static void
gives_what_was_not_sent (void)
{
	struct isolate_head head;
	const char *body;

	begin ();
	CU_ASSERT (!reads (1));
	write_two ();
	CU_ASSERT_FATAL (isolate_journal_read (ours, 3, 7, &head, &body) == 1);
	TAP_EQ_INT (head.type, ISOLATE_ANSWERS);
	TAP_EQ_INT (head.version, ISOLATE_VERSION);
	TAP_EQ_INT (head.generation, 7);
	TAP_EQ_INT (head.n, 2);
	TAP_EQ_MEM (body, head.len, "answers of the p", 16);
	CU_ASSERT (!reads (2));
	CU_ASSERT (!reads (4));
	theirs->n = 0;
	CU_ASSERT (!reads (3));
	end ();
}

static void
is_not_believed (void)
{
	static const uint64_t bad[] = {
		1,
		15,
		ISOLATE_JOURNAL_SIZE,
		ISOLATE_JOURNAL_SIZE - START + 8,
		UINT64_MAX - 7,
		UINT64_MAX,
	};
	size_t i;

	begin ();
	write_two ();
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		theirs->len = bad[i];
		CU_ASSERT (!reads (3));
	}
	theirs->len = ISOLATE_JOURNAL_SIZE - START;
	CU_ASSERT (reads (3));
	end ();
}

static void
cannot_be_cut_off (void)
{
	struct stat st;

	begin ();
	CU_ASSERT (ftruncate (fd, 0) < 0);
	CU_ASSERT (ftruncate (fd, (off_t) ISOLATE_JOURNAL_SIZE * 2) < 0);
	CU_ASSERT (fstat (fd, &st) == 0
		   && st.st_size == (off_t) ISOLATE_JOURNAL_SIZE);
	end ();
}

static void
may_be_missing (void)
{
	struct isolate_head head;
	const char *body;

	CU_ASSERT (isolate_journal_read (NULL, 0, 1, &head, &body) == 0);
	isolate_journal_free (NULL);
}

static const struct tap_case cases[] = {
	{ "isolate_journal_gives_the_answers_that_were_not_sent",
	  gives_what_was_not_sent },
	{ "isolate_journal_is_not_believed", is_not_believed },
	{ "isolate_journal_cannot_be_cut_off", cannot_be_cut_off },
	{ "isolate_journal_may_be_missing", may_be_missing },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("isolate_journal", cases);
}
