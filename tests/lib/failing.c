/* SPDX-License-Identifier: MIT */
/* failing.c - an allocator that counts and checks, and fails on request. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/failing.h"

/* The size of a block is stored in front of it; this keeps it aligned. */
#define HEAD 32u

static void
drop (struct failing *f, char *block, size_t old_size)
{
	size_t size;

	memcpy (&size, block, sizeof size);
	f->bad_sizes += size != old_size;
	f->held -= size;
	f->blocks--;
	f->frees++;
	free (block);
}

static int
must_fail (struct failing *f, size_t size)
{
	f->calls++;
	if (f->fail_above != 0 && size > f->fail_above)
		return 1;
	return f->fail_at != 0
	       && (f->calls == f->fail_at
		   || (f->fail_on && f->calls > f->fail_at));
}

static void *
failing_resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	struct failing *f = ctx;
	char *old = ptr == NULL ? NULL : (char *) ptr - HEAD;
	char *block;

	f->bad_sizes += ptr == NULL && old_size != 0;
	if (new_size == 0) {
		if (old != NULL)
			drop (f, old, old_size);
		return NULL;
	}
	if (must_fail (f, new_size)) {
		f->failed++;
		return NULL;
	}
	block = malloc (HEAD + new_size);
	if (block == NULL)
		abort ();
	memcpy (block, &new_size, sizeof new_size);
	if (old != NULL) {
		memcpy (block + HEAD, ptr,
			old_size < new_size ? old_size : new_size);
		drop (f, old, old_size);
	}
	f->blocks++;
	f->held += new_size;
	if (f->held > f->peak)
		f->peak = f->held;
	return block + HEAD;
}

void
failing_init (struct failing *f)
{
	memset (f, 0, sizeof *f);
	f->alloc.ctx = f;
	f->alloc.resize = failing_resize;
}

int
failing_clean (const struct failing *f)
{
	return f->held == 0 && f->blocks == 0 && f->bad_sizes == 0;
}
