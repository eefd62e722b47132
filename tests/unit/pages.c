/* SPDX-License-Identifier: MIT */
/* pages.c - what is given back, and what is not. */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "common/pages.h"
#include "lib/tap.h"

/* So many that its middle is in no page that is read along with another one. */
#define BIG (1 << 19)

#define PRESENT ((uint64_t) 1 << 63) /* in an entry of the page map */

static const unsigned char constants[BIG] = { 1, [BIG / 2] = 2 };
static volatile int variable = 1;

/* The loader writes the address. */
static const unsigned char *const volatile middle = &constants[BIG / 2];

/* Is the page of P counted as ours?  -1: the system does not say. */
static int
is_present (const void *p)
{
	int fd = open ("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	const size_t page = (size_t) sysconf (_SC_PAGESIZE);
	const size_t at = (uintptr_t) p / page * sizeof (uint64_t);
	uint64_t entry;
	ssize_t n = pread (fd, &entry, sizeof entry, (off_t) at);

	close (fd);
	return n != (ssize_t) sizeof entry ? -1 : (entry & PRESENT) != 0;
}

static void
constants_are_given_back (void)
{
	TAP_EQ_INT (*middle, 2);
	/* An emulated processor has another map. */
	if (is_present (middle) != 1) {
		tap_skip ("the map of our pages cannot be read");
		return;
	}
	pages_release_code ();
	TAP_EQ_INT (is_present (middle), 0);
	TAP_EQ_INT (*(const volatile unsigned char *) middle, 2);
	TAP_EQ_INT (is_present (middle), 1);
}

static void
what_was_written_stays (void)
{
	variable = 3;
	pages_release_code ();
	TAP_EQ_INT (variable, 3);
	CU_ASSERT (middle == &constants[BIG / 2]);
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "pages_release_code_gives_constants_back",
		  constants_are_given_back },
		{ "pages_release_code_loses_nothing_that_was_written",
		  what_was_written_stays },
		{ NULL, NULL },
	};

	return tap_run ("pages", cases);
}
