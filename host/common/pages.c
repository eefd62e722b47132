/* SPDX-License-Identifier: MIT */
/* pages.c - memory that a process has used and may not need again. */
#include "config.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "common/pages.h"

/* An object has one of code, and one or two of constants; the pages of objects
 * beyond these stay. */
#define RANGES_MAX 64

/* Did the loader write into code and constants of the object?  Then they are no
 * longer those of its file. */
static int
has_text_relocations (const struct dl_phdr_info *o)
{
	const ElfW (Dyn) *d = NULL;
	size_t i;

	for (i = 0; i < o->dlpi_phnum; i++)
		if (o->dlpi_phdr[i].p_type == PT_DYNAMIC)
			d = (const void *) (o->dlpi_addr
					    + o->dlpi_phdr[i].p_vaddr);
	for (; d != NULL && d->d_tag != DT_NULL; d++)
		if (d->d_tag == DT_TEXTREL
		    || (d->d_tag == DT_FLAGS
			&& (d->d_un.d_val & DF_TEXTREL) != 0))
			return 1;
	return 0;
}

/* Ranges of pages. */
struct ranges {
	uintptr_t page; /* bytes */
	size_t n;
	struct iovec items[RANGES_MAX];
};

/* A segment that may be written is left out: what was written would be lost. */
static int
add_object (struct dl_phdr_info *o, size_t size, void *user)
{
	struct ranges *r = user;
	size_t i;

	(void) size;
	if (has_text_relocations (o))
		return 0;
	for (i = 0; i < o->dlpi_phnum && r->n < RANGES_MAX; i++) {
		const ElfW (Phdr) *p = &o->dlpi_phdr[i];
		uintptr_t at = o->dlpi_addr + p->p_vaddr;
		uintptr_t from = at & ~(r->page - 1);

		if (p->p_type != PT_LOAD || (p->p_flags & PF_W) != 0)
			continue;
		r->items[r->n].iov_base = (void *) from;
		r->items[r->n++].iov_len = at + p->p_memsz - from;
	}
	return 0;
}

/* All ranges are found first, because walking over the objects and reading
 * their headers brings pages back. */
void
pages_release_code (void)
{
	struct ranges r = { .page = (uintptr_t) sysconf (_SC_PAGESIZE) };
	size_t i;

	(void) dl_iterate_phdr (add_object, &r);
	for (i = 0; i < r.n; i++)
		(void) madvise (r.items[i].iov_base, r.items[i].iov_len,
				MADV_DONTNEED);
}
