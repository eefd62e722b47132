/* SPDX-License-Identifier: MIT */
/* elf.c - read the headers of a program or a shared object. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/elf.h"
#include "common/error.h"

#define FILE_MAX ((off_t) 1 << 30)

#if UINTPTR_MAX > 0xffffffffu
#define ELF_CLASS ELFCLASS64
#define SYMBOL_BIND ELF64_ST_BIND
#define SYMBOL_SEEN ELF64_ST_VISIBILITY
#else
#define ELF_CLASS ELFCLASS32
#define SYMBOL_BIND ELF32_ST_BIND
#define SYMBOL_SEEN ELF32_ST_VISIBILITY
#endif

/* ---- symbols: of files of this machine's own word size and byte order;
 * every offset is checked against the size of the file ---- */

struct image {
	const char *data;
	size_t len;
};

/* LEN bytes at OFF, aligned for what is read there; or NULL. */
static const void *
at (const struct image *image, uint64_t off, uint64_t len, uint64_t align)
{
	if (off > image->len || len > image->len - off || off % align != 0)
		return NULL;
	return image->data + off;
}

static int
is_name (const struct image *image, const ElfW (Shdr) *strings, uint64_t name)
{
	return name < strings->sh_size
	       && at (image, strings->sh_offset, strings->sh_size, 1) != NULL
	       && memchr (image->data + strings->sh_offset + name, '\0',
			  strings->sh_size - name)
			  != NULL;
}

static int
walk_symbols (const struct image *image, const ElfW (Shdr) *table,
	      const ElfW (Shdr) *strings,
	      void (*fn) (void *user, const struct elf_symbol *symbol),
	      void *user)
{
	const ElfW (Sym) *s = at (image, table->sh_offset, table->sh_size,
				  _Alignof(ElfW (Sym)));
	size_t n = table->sh_size / sizeof *s;
	size_t i;

	if (s == NULL)
		return LHK_EPARSE;
	for (i = 1; i < n; i++) {
		unsigned int bind = SYMBOL_BIND (s[i].st_info);
		unsigned int seen = SYMBOL_SEEN (s[i].st_other);
		struct elf_symbol found = {
			.defined = s[i].st_shndx != SHN_UNDEF,
		};

		if (!is_name (image, strings, s[i].st_name))
			return LHK_EPARSE;
		found.name = image->data + strings->sh_offset + s[i].st_name;
		if (bind == STB_LOCAL
		    || (found.defined && seen != STV_DEFAULT
			&& seen != STV_PROTECTED))
			continue;
		fn (user, &found);
	}
	return LHK_OK;
}

static int
walk_image (const struct image *image,
	    void (*fn) (void *user, const struct elf_symbol *symbol),
	    void *user)
{
	const ElfW (Ehdr) *head = at (image, 0, sizeof *head, 1);
	const ElfW (Shdr) *sections;
	size_t i;

	if (head == NULL || memcmp (head->e_ident, ELFMAG, SELFMAG) != 0
	    || head->e_ident[EI_CLASS] != ELF_CLASS || head->e_type != ET_DYN
	    || head->e_shentsize != sizeof *sections)
		return LHK_EPARSE;
	sections = at (image, head->e_shoff,
		       (uint64_t) head->e_shnum * sizeof *sections,
		       _Alignof(ElfW (Shdr)));
	if (sections == NULL)
		return LHK_EPARSE;
	for (i = 0; i < head->e_shnum; i++)
		if (sections[i].sh_type == SHT_DYNSYM
		    && sections[i].sh_link < head->e_shnum)
			return walk_symbols (image, &sections[i],
					     &sections[sections[i].sh_link], fn,
					     user);
	return LHK_EPARSE;
}

int
elf_symbols (const char *path,
	     void (*fn) (void *user, const struct elf_symbol *symbol),
	     void *user, struct lhk_error *err)
{
	struct image image;
	struct stat st;
	void *map = MAP_FAILED;
	int fd = open (path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd >= 0 && fstat (fd, &st) == 0 && st.st_size > 0
	    && st.st_size <= FILE_MAX)
		map = mmap (NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE,
			    fd, 0);
	if (map == MAP_FAILED) {
		r = error_set (err, LHK_ESYS, errno, "cannot read '%.200s': %s",
			       path, strerror (errno));
	} else {
		image.data = map;
		image.len = (size_t) st.st_size;
		r = walk_image (&image, fn, user);
		munmap (map, (size_t) st.st_size);
		if (r < 0)
			error_set (err, r, 0,
				   "'%.200s' is not a shared object for this "
				   "machine",
				   path);
	}
	if (fd >= 0)
		close (fd);
	return r;
}

/* ---- the loader: of files of any word size ---- */

/* Headers of segments that are looked at. */
#define SEGMENTS_MAX 64

/* Where the numbers are in files of 32 and of 64 bits. */
static const struct layout {
	unsigned int size;		  /* of an offset in the file */
	unsigned int table, entry, count; /* in the file's header */
	unsigned int offset, length;	  /* in a segment's */
} layouts[] = {
	[ELFCLASS32] = { 4, 28, 42, 44, 4, 16 },
	[ELFCLASS64] = { 8, 32, 54, 56, 8, 32 },
};

/* N bytes at OFF, in this machine's order; 0 where the file has ended. */
static uint64_t
read_number (int fd, uint64_t off, unsigned int n)
{
	uint64_t wide = 0;
	uint32_t word = 0;
	uint16_t half = 0;
	void *to = n == 8   ? (void *) &wide
		   : n == 4 ? (void *) &word
			    : (void *) &half;

	if (pread (fd, to, n, (off_t) off) != (ssize_t) n)
		return 0;
	return n == 8 ? wide : n == 4 ? word : half;
}

/* The path of the first PT_INTERP. */
static int
read_loader (int fd, int class, char *buf, size_t size)
{
	const struct layout *l = &layouts[class];
	uint64_t at = read_number (fd, l->table, l->size);
	uint64_t entry = read_number (fd, l->entry, 2);
	uint64_t n = read_number (fd, l->count, 2);
	uint64_t i, len;

	for (i = 0; i < n && i < SEGMENTS_MAX; i++, at += entry) {
		if (read_number (fd, at, 4) != PT_INTERP)
			continue;
		len = read_number (fd, at + l->length, l->size);
		if (len < 2 || len > size)
			return 0;
		if (pread (fd, buf, (size_t) len,
			   (off_t) read_number (fd, at + l->offset, l->size))
		    != (ssize_t) len)
			return 0;
		buf[len - 1] = '\0';
		return 1;
	}
	return 0;
}

int
elf_loader (int fd, char *buf, size_t size)
{
	char head[EI_NIDENT] = { 0 };

	if (pread (fd, head, sizeof head, 0) != (ssize_t) sizeof head
	    || memcmp (head, ELFMAG, SELFMAG) != 0
	    || (head[EI_CLASS] != ELFCLASS32 && head[EI_CLASS] != ELFCLASS64))
		return 0;
	return read_loader (fd, head[EI_CLASS], buf, size);
}
