/* SPDX-License-Identifier: MIT */
/* object_file.c - may the loader map a file as a shared object? */
#include "config.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <string.h>

#include "plugin/object_file.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/limits.h"
#include "common/trusted_path.h"

static int
no_object (const char *path, struct lhk_error *err)
{
	return error_set (err, LHK_EABI, 0,
			  "plugin '%s': cannot load: it is not a shared "
			  "object: link it with -shared",
			  trusted_path_tail (path));
}

static int
cannot_read (const char *path, struct lhk_error *err)
{
	return error_set (err, LHK_ESYS, errno,
			  "plugin '%s': cannot read it: %s",
			  trusted_path_tail (path), strerror (errno));
}

static int
too_short (const char *path, uint64_t size, uint64_t wanted,
	   struct lhk_error *err)
{
	return error_set (err, LHK_EABI, 0,
			  "plugin '%s': the file is shorter than its segments: "
			  "it has %llu bytes, expected %llu: copy it again",
			  trusted_path_tail (path), (unsigned long long) size,
			  (unsigned long long) wanted);
}

/* A + B, or the greatest number if that is too large for one. */
static uint64_t
sum (uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/* Read N bytes at AT: LHK_OK, or LHK_EABI, LHK_ESYS with a sentence. */
static int
read_at (const char *path, int fd, uint64_t size, void *data, size_t n,
	 uint64_t at, struct lhk_error *err)
{
	ssize_t r;

	if (size < n || at > size - n)
		return too_short (path, size, sum (at, n), err);
	r = fd_pread_full (fd, data, n, at);
	if (r < 0)
		return cannot_read (path, err);
	return (size_t) r == n
		       ? LHK_OK
		       : too_short (path, (uint64_t) r, sum (at, n), err);
}

/* The header of the object that this file is in; NULL where none is mapped. */
static const ElfW (Ehdr) *
own_header (void)
{
	static const char here;
	Dl_info info;

	return dladdr (&here, &info) != 0
			       && memcmp (info.dli_fbase, ELFMAG, SELFMAG) == 0
		       ? info.dli_fbase
		       : NULL;
}

static int
check_header (const char *path, const ElfW (Ehdr) *h, struct lhk_error *err)
{
	const ElfW (Ehdr) *own = own_header ();

	if (own != NULL
	    && (h->e_ident[EI_CLASS] != own->e_ident[EI_CLASS]
		|| h->e_ident[EI_DATA] != own->e_ident[EI_DATA]
		|| h->e_machine != own->e_machine))
		return error_set (
			err, LHK_EABI, 0,
			"plugin '%s': it is for another machine: its ELF class "
			"is %d and its machine %d, expected %d and %d: compile "
			"it for this one",
			trusted_path_tail (path), h->e_ident[EI_CLASS],
			h->e_machine, own->e_ident[EI_CLASS], own->e_machine);
	if (h->e_type != ET_DYN || h->e_phentsize != sizeof (ElfW (Phdr)))
		return no_object (path, err);
	if (h->e_phnum > LIMIT_PLUGIN_SEGMENTS)
		return error_set (err, LHK_EABI, 0,
				  "plugin '%s': it has %d segments, expected "
				  "at most %d",
				  trusted_path_tail (path), h->e_phnum,
				  LIMIT_PLUGIN_SEGMENTS);
	return LHK_OK;
}

static int
check_magic (const char *path, int fd, struct lhk_error *err)
{
	char magic[SELFMAG];
	ssize_t n = fd_pread_full (fd, magic, SELFMAG, 0);

	if (n < 0)
		return cannot_read (path, err);
	return n == SELFMAG && memcmp (magic, ELFMAG, SELFMAG) == 0
		       ? LHK_OK
		       : no_object (path, err);
}

/* Where in the file the segment of the program header at AT ends; 0 for one that
 * is not mapped. */
static int
segment_end (const char *path, int fd, uint64_t size, uint64_t at,
	     uint64_t *ret, struct lhk_error *err)
{
	ElfW (Phdr) segment;
	int r = read_at (path, fd, size, &segment, sizeof segment, at, err);

	if (r < 0)
		return r;
	*ret = segment.p_type == PT_LOAD
		       ? sum (segment.p_offset, segment.p_filesz)
		       : 0;
	return LHK_OK;
}

int
object_file_check (const char *path, int fd, uint64_t size,
		   struct lhk_error *err)
{
	ElfW (Ehdr) h;
	uint64_t wanted = 0, end = 0;
	int i, r;

	r = check_magic (path, fd, err);
	if (r == LHK_OK)
		r = read_at (path, fd, size, &h, sizeof h, 0, err);
	if (r == LHK_OK)
		r = check_header (path, &h, err);
	for (i = 0; r == LHK_OK && i < h.e_phnum; i++) {
		r = segment_end (
			path, fd, size,
			sum (h.e_phoff, (uint64_t) i * sizeof (ElfW (Phdr))),
			&end, err);
		if (end > wanted)
			wanted = end;
	}
	if (r == LHK_OK && wanted > size)
		r = too_short (path, size, wanted, err);
	return r;
}
