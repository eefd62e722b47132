/* SPDX-License-Identifier: MIT */
/* object_needs.c - where the loader looks for what a shared object needs. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <string.h>

#include "plugin/object_needs.h"
#include "common/error.h"
#include "common/fd.h"
#include "common/limits.h"
#include "common/macros.h"
#include "common/trusted_path.h"

/* Bytes of a path that a sentence shows. */
#define PATH_SHOWN 40

struct object {
	const char *path;
	int fd;
	uint64_t size;
	struct lhk_error *err;
	ElfW (Ehdr) header;
	uint64_t dynamic, n_dynamic; /* the offset, and the number of entries */
	uint64_t strings, n_strings; /* the offset, and the number of bytes */
};

/* Entries of the dynamic section that name objects or directories. */
static const struct {
	ElfW (Sxword) tag;
	const char *name;
	int is_list; /* of directories, with colons between them */
} names[] = {
	{ DT_NEEDED, "NEEDED", 0 },	  { DT_FILTER, "FILTER", 0 },
	{ DT_AUXILIARY, "AUXILIARY", 0 }, { DT_RPATH, "RPATH", 1 },
	{ DT_RUNPATH, "RUNPATH", 1 },
};

static int
damaged (const struct object *o)
{
	return error_set (o->err, LHK_EABI, 0,
			  "plugin '%s': its dynamic section is damaged: copy "
			  "it again",
			  trusted_path_tail (o->path));
}

/* Read N bytes at AT. */
static int
read_at (const struct object *o, uint64_t at, void *data, size_t n)
{
	ssize_t r;

	if (o->size < n || at > o->size - n)
		return damaged (o);
	r = fd_pread_full (o->fd, data, n, at);
	if (r < 0)
		return error_set (o->err, LHK_ESYS, errno,
				  "plugin '%s': cannot read it: %s",
				  trusted_path_tail (o->path),
				  strerror (errno));
	return (size_t) r == n ? LHK_OK : damaged (o);
}

static int
read_segment (const struct object *o, int i, ElfW (Phdr) *segment)
{
	return read_at (o, o->header.e_phoff + (uint64_t) i * sizeof *segment,
			segment, sizeof *segment);
}

static int
find_dynamic (struct object *o)
{
	ElfW (Phdr) segment;
	int i, r = LHK_OK;

	for (i = 0; r == LHK_OK && i < o->header.e_phnum; i++) {
		r = read_segment (o, i, &segment);
		if (r == LHK_OK && segment.p_type == PT_DYNAMIC) {
			o->dynamic = segment.p_offset;
			o->n_dynamic = segment.p_filesz / sizeof (ElfW (Dyn));
		}
	}
	return r;
}

/* *AT is an address; it becomes the offset in the file. */
static int
address_to_offset (const struct object *o, uint64_t *at)
{
	ElfW (Phdr) segment;
	int i, r;

	for (i = 0; i < o->header.e_phnum; i++) {
		r = read_segment (o, i, &segment);
		if (r < 0)
			return r;
		if (segment.p_type == PT_LOAD && *at >= segment.p_vaddr
		    && *at - segment.p_vaddr < segment.p_filesz) {
			*at = *at - segment.p_vaddr + segment.p_offset;
			return LHK_OK;
		}
	}
	return damaged (o);
}

/* Entry I of the dynamic section; DT_NULL behind the last one. */
static int
read_entry (const struct object *o, uint64_t i, ElfW (Dyn) *entry)
{
	entry->d_tag = DT_NULL;
	if (i >= o->n_dynamic)
		return LHK_OK;
	if (i >= LIMIT_PLUGIN_DYNAMIC)
		return damaged (o);
	return read_at (o, o->dynamic + i * sizeof *entry, entry,
			sizeof *entry);
}

static int
find_strings (struct object *o)
{
	ElfW (Dyn) entry;
	uint64_t i = 0;
	int found = 0, r;

	do {
		r = read_entry (o, i++, &entry);
		if (r < 0)
			return r;
		if (entry.d_tag == DT_STRSZ)
			o->n_strings = entry.d_un.d_val;
		if (entry.d_tag != DT_STRTAB)
			continue;
		o->strings = entry.d_un.d_ptr;
		found = 1;
	} while (entry.d_tag != DT_NULL);
	if (found)
		return address_to_offset (o, &o->strings);
	o->n_strings = 0;
	return LHK_OK;
}

/* Does the current directory decide where this path of LEN bytes leads?  The
 * loader knows the directory of the object as $ORIGIN. */
static int
is_relative (const char *path, size_t len)
{
	static const char *const origins[] = { "$ORIGIN", "${ORIGIN}" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (origins); i++)
		if (len >= strlen (origins[i])
		    && memcmp (path, origins[i], strlen (origins[i])) == 0)
			return 0;
	return len == 0 || path[0] != '/';
}

static int
refuse (const struct object *o, const char *name, const char *path, size_t len)
{
	return error_set (o->err, LHK_EREFUSED, 0,
			  "plugin '%s': its %s has the relative path '%.*s', "
			  "so the current directory would decide which code is "
			  "loaded: link it with an absolute one",
			  trusted_path_tail (o->path), name,
			  len > PATH_SHOWN ? PATH_SHOWN : (int) len, path);
}

/* An object without a slash is searched in directories; a list that is empty
 * has no directory, while an empty directory in a list is the current one. */
static int
check_text (const struct object *o, size_t kind, const char *text)
{
	size_t len = strlen (text);

	if (!names[kind].is_list)
		return strchr (text, '/') != NULL && is_relative (text, len)
			       ? refuse (o, names[kind].name, text, len)
			       : LHK_OK;
	if (len == 0)
		return LHK_OK;
	for (;; text += len + 1) {
		len = strcspn (text, ":");
		if (is_relative (text, len))
			return refuse (o, names[kind].name, text, len);
		if (text[len] == '\0')
			return LHK_OK;
	}
}

static int
check_entry (const struct object *o, const ElfW (Dyn) *entry)
{
	char text[PATH_MAX];
	uint64_t left;
	size_t i, n;
	int r;

	for (i = 0; i < ARRAY_SIZE (names); i++)
		if (names[i].tag == entry->d_tag)
			break;
	if (i == ARRAY_SIZE (names))
		return LHK_OK;
	if (entry->d_un.d_val >= o->n_strings)
		return damaged (o);
	left = o->n_strings - entry->d_un.d_val;
	n = left < sizeof text ? (size_t) left : sizeof text;
	r = read_at (o, o->strings + entry->d_un.d_val, text, n);
	if (r < 0)
		return r;
	return memchr (text, '\0', n) == NULL ? damaged (o)
					      : check_text (o, i, text);
}

int
object_needs_check (const char *path, int fd, uint64_t size,
		    struct lhk_error *err)
{
	struct object o = { .path = path, .fd = fd, .size = size, .err = err };
	ElfW (Dyn) entry = { .d_tag = DT_NULL };
	uint64_t i = 0;
	int r = read_at (&o, 0, &o.header, sizeof o.header);

	if (r == LHK_OK)
		r = find_dynamic (&o);
	if (r == LHK_OK)
		r = find_strings (&o);
	while (r == LHK_OK) {
		r = read_entry (&o, i++, &entry);
		if (r < 0 || entry.d_tag == DT_NULL)
			break;
		r = check_entry (&o, &entry);
	}
	return r;
}
