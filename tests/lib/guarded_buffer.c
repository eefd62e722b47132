/* SPDX-License-Identifier: MIT */
/* guarded_buffer.c - a buffer that ends at an unreadable page. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/guarded_buffer.h"

void
guarded_buffer_init (struct guarded_buffer *g, const void *data, size_t len)
{
	size_t page = (size_t) sysconf (_SC_PAGESIZE);
	size_t body = (len / page + 1) * page;
	void *map;

	map = mmap (NULL, body + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED
	    || mprotect ((char *) map + body, page, PROT_NONE) < 0)
		abort ();
	g->map = map;
	g->map_len = body + page;
	g->data = g->map + body - len;
	g->len = len;
	if (len > 0)
		memcpy (g->data, data, len);
}

void
guarded_buffer_lock (struct guarded_buffer *g)
{
	size_t page = (size_t) sysconf (_SC_PAGESIZE);

	if (mprotect (g->map, g->map_len - page, PROT_READ) < 0)
		abort ();
}

void
guarded_buffer_done (struct guarded_buffer *g)
{
	munmap (g->map, g->map_len);
	g->map = NULL;
}
