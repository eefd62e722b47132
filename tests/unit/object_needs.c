/* SPDX-License-Identifier: MIT */
/* object_needs.c - what a plugin's file needs is read from any bytes. */
#include "config.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/object_file.h"
#include "plugin/object_needs.h"
#include "lib/tempdir.h"
#include "lib/tap.h"

/* A copy of good.so, open for reading and writing. */
struct fixture {
	struct tempdir place;
	int fd;
	uint64_t size;
	ElfW (Ehdr) header;
	ElfW (Phdr) dynamic;
	off_t dynamic_at; /* of its program header */
	struct lhk_error err;
};

static void
fixture_init (struct fixture *f)
{
	const char *path;
	struct stat st;
	off_t at;
	int i;

	memset (f, 0, sizeof *f);
	tempdir_init (&f->place);
	path = tempdir_put (&f->place, "good.so", bad_plugin_path ("good.so"),
			    NULL, 0644);
	f->fd = open (path, O_RDWR | O_CLOEXEC);
	CU_ASSERT_FATAL (f->fd >= 0 && fstat (f->fd, &st) == 0);
	f->size = (uint64_t) st.st_size;
	CU_ASSERT_FATAL (pread (f->fd, &f->header, sizeof f->header, 0)
			 == (ssize_t) sizeof f->header);
	for (i = 0; f->dynamic.p_type != PT_DYNAMIC; i++) {
		CU_ASSERT_FATAL (i < f->header.e_phnum);
		at = (off_t) f->header.e_phoff + i * (off_t) sizeof f->dynamic;
		CU_ASSERT_FATAL (
			pread (f->fd, &f->dynamic, sizeof f->dynamic, at)
			== (ssize_t) sizeof f->dynamic);
		f->dynamic_at = at;
	}
}

static void
fixture_done (struct fixture *f)
{
	close (f->fd);
	tempdir_done (&f->place);
}

/* As the loader of plugins asks. */
static int
check (struct fixture *f)
{
	const char *path = tempdir_path (&f->place, "good.so");
	int r;

	memset (&f->err, 0, sizeof f->err);
	r = object_file_check (path, f->fd, f->size, &f->err);
	return r < 0 ? r : object_needs_check (path, f->fd, f->size, &f->err);
}

static void
is_damaged (struct fixture *f)
{
	TAP_EQ_INT (check (f), LHK_EABI);
	if (strstr (f->err.text, "its dynamic section is damaged") == NULL)
		tap_note ("found \"%s\"", f->err.text);
	CU_ASSERT (strstr (f->err.text, "its dynamic section is damaged")
		   != NULL);
}

/* Write ENTRY over the first one of TAG. */
static void
put_entry (struct fixture *f, ElfW (Sxword) tag, const ElfW (Dyn) *entry)
{
	off_t at = (off_t) f->dynamic.p_offset;
	ElfW (Dyn) old;

	do {
		CU_ASSERT_FATAL (pread (f->fd, &old, sizeof old, at)
				 == (ssize_t) sizeof old);
		CU_ASSERT_FATAL (old.d_tag == tag || old.d_tag != DT_NULL);
		at += (off_t) sizeof old;
	} while (old.d_tag != tag);
	CU_ASSERT (pwrite (f->fd, entry, sizeof *entry, at - (off_t) sizeof old)
		   == (ssize_t) sizeof *entry);
}

static void
as_it_was (void)
{
	struct fixture f;

	fixture_init (&f);
	TAP_EQ_INT (check (&f), LHK_OK);
	fixture_done (&f);
}

/* Strings that lie nowhere, or that are not there. */
static void
damaged_entries (void)
{
	static const struct {
		ElfW (Sxword) over;
		ElfW (Dyn) entry;
	} rows[] = {
		{ DT_SYMENT, { DT_NEEDED, { (ElfW (Addr)) -1 } } },
		{ DT_SYMENT, { DT_RUNPATH, { 1 << 30 } } },
		{ DT_STRTAB, { DT_STRTAB, { (ElfW (Addr)) -1 } } },
		{ DT_STRTAB, { DT_SYMENT, { 0 } } },
		{ DT_STRSZ, { DT_STRSZ, { 0 } } },
	};
	static const ElfW (Dyn) needed = { DT_NEEDED, { 0 } };
	struct fixture f;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fixture_init (&f);
		put_entry (&f, rows[i].over, &rows[i].entry);
		put_entry (&f, DT_SYMTAB, &needed);
		is_damaged (&f);
		fixture_done (&f);
	}
	fixture_init (&f);
	f.dynamic.p_offset = (ElfW (Off)) -1;
	CU_ASSERT (pwrite (f.fd, &f.dynamic, sizeof f.dynamic, f.dynamic_at)
		   == (ssize_t) sizeof f.dynamic);
	is_damaged (&f);
	fixture_done (&f);
}

/* The bytes from AT on, each with other values: an answer with its sentence. */
static void
change_bytes (struct fixture *f, uint64_t at, uint64_t n)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
	unsigned char old;
	size_t i;
	int r;

	for (; n > 0 && at < f->size; at++, n--) {
		CU_ASSERT (pread (f->fd, &old, 1, (off_t) at) == 1);
		for (i = 0; i < sizeof values; i++) {
			CU_ASSERT (pwrite (f->fd, &values[i], 1, (off_t) at)
				   == 1);
			r = check (f);
			CU_ASSERT (r == LHK_OK || r == LHK_EABI
				   || r == LHK_EREFUSED);
			TAP_EQ_INT (f->err.text[0] != '\0', r != LHK_OK);
		}
		CU_ASSERT (pwrite (f->fd, &old, 1, (off_t) at) == 1);
	}
}

static void
changed_bytes (void)
{
	struct fixture f;

	fixture_init (&f);
	change_bytes (&f, f.header.e_phoff,
		      f.header.e_phnum * sizeof f.dynamic);
	change_bytes (&f, f.dynamic.p_offset, f.dynamic.p_filesz);
	TAP_EQ_INT (check (&f), LHK_OK);
	fixture_done (&f);
}

static const struct tap_case cases[] = {
	{ "needs_of_a_plugin_are_in_order", as_it_was },
	{ "needs_of_a_damaged_dynamic_section_are_refused", damaged_entries },
	{ "needs_have_an_answer_whatever_the_bytes_are", changed_bytes },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("object_needs", cases);
}
