/* SPDX-License-Identifier: MIT */
/* alloc.c - the memory of the program and of its host. */
#include "config.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "cli/alloc.h"
#include "common/mem.h"

#define ALIGNMENT 16u
#define PIECE ((size_t) 1 << 20)

static _Atomic int is_left;
static char *piece;
static size_t piece_left;

static char *
map (size_t size)
{
	void *p = mmap (NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* SIZE is a multiple of ALIGNMENT. */
static char *
take (size_t size)
{
	char *p;

	if (size > PIECE / 2)
		return map (size);
	if (size > piece_left) {
		p = map (PIECE);
		if (p == NULL)
			return NULL;
		piece = p;
		piece_left = PIECE;
	}
	p = piece;
	piece += size;
	piece_left -= size;
	return p;
}

static void *
resize_without_malloc (void *ptr, size_t old_size, size_t new_size)
{
	char *p;

	if (new_size == 0 || new_size > SIZE_MAX - ALIGNMENT)
		return NULL;
	p = take ((new_size + ALIGNMENT - 1) & ~(size_t) (ALIGNMENT - 1));
	if (p != NULL && ptr != NULL)
		memcpy (p, ptr, old_size < new_size ? old_size : new_size);
	return p;
}

static void *
resize (void *ctx, void *ptr, size_t old_size, size_t new_size)
{
	(void) ctx;
	if (atomic_load (&is_left))
		return resize_without_malloc (ptr, old_size, new_size);
	return mem_system.resize (mem_system.ctx, ptr, old_size, new_size);
}

const struct lhk_alloc cli_alloc = { NULL, resize };

void
cli_alloc_leave_malloc (void)
{
	atomic_store (&is_left, 1);
}
