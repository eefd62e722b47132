/* SPDX-License-Identifier: MIT */
/* plugin_load.c - a plugin file becomes a descriptor, or a sentence why not. */
#include "config.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/plugin_name.h"
#include "plugin/load.h"
#include "lib/tempdir.h"
#include "lib/tap.h"

struct row {
	const char *name; /* of the bad plugin */
	int code;
	const char *part; /* of the sentence */
};

static const struct row rows[] = {
	{ "good", LHK_OK, "" },
	{ "wrong-magic", LHK_EABI, "magic is 0x12345678, expected 0x4c484b31" },
	{ "size-zero", LHK_EABI, "descriptor has 0 bytes, expected " },
	{ "size-huge", LHK_EABI, "descriptor has 4097 bytes, expected " },
	{ "unknown-flag", LHK_EABI, "flags are 0x80000000, this host knows" },
	{ "needs-minor", LHK_EABI, "needs host ABI 1." },
	{ "no-symbol", LHK_EABI, "does not export 'linehook_plugin_1'" },
	{ "no-summary", LHK_EABI, "member 'summary' is NULL" },
	{ "no-hook", LHK_EABI, "member 'line_hook' is NULL" },
	{ "no-close", LHK_EABI, "member 'close' is NULL" },
	{ "other-name", LHK_EABI,
	  "its name is 'another', expected 'other-name'" },
	{ "bad-command", LHK_EABI, "its command has no word with '{prompt}'" },
	{ "bad-name", LHK_EABI, "its name is 'Bad_Name', expected lower case" },
};

/* Load PATH and compare code and sentence. */
static void
expect (const char *path, int code, const char *part)
{
	struct lhk_plugin plugin = { 0 };
	struct lhk_error err = { 0 };
	int r = plugin_load_file (path, &plugin, &err);

	TAP_EQ_INT (r, code);
	TAP_EQ_INT (err.code, code);
	if (strstr (err.text, part) == NULL)
		tap_note ("found \"%s\", expected \"%s\" in it", err.text,
			  part);
	CU_ASSERT (strstr (err.text, part) != NULL);
	TAP_EQ_INT (plugin.magic != 0, code == LHK_OK);
	CU_ASSERT (strchr (err.text, '\n') == NULL);
	CU_ASSERT (strlen (err.text) < sizeof err.text - 1);
}

static void
each_rule (void)
{
	struct tempdir p;
	char file[64];
	size_t i;

	tempdir_init (&p);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf (file, sizeof file, "%s.so", rows[i].name);
		expect (tempdir_put (&p, file, bad_plugin_path (file), NULL,
				     0644),
			rows[i].code, rows[i].part);
	}
	tempdir_done (&p);
}

static void
no_object (void)
{
	struct tempdir p;

	tempdir_init (&p);
	expect (tempdir_put (&p, "text.so", NULL, "#!/bin/sh\n", 0755),
		LHK_EABI, "cannot load: ");
	expect (tempdir_put (&p, "empty.so", NULL, "", 0644), LHK_EABI,
		"cannot load: ");
	expect (tempdir_dir (&p, "dir.so", 0755), LHK_EREFUSED,
		"is a directory; give a regular file");
	expect (tempdir_path (&p, "none.so"), LHK_ENOTFOUND, "no such file");
	expect (tempdir_path (&p, "none.txt"), LHK_EINVAL, "not NAME.so");
	expect (tempdir_path (&p, "Big.so"), LHK_EINVAL, "not NAME.so");
	expect (tempdir_path (&p, ".so"), LHK_EINVAL, "not NAME.so");
	tempdir_done (&p);
}

/* The first SIZE bytes of a plugin, with the byte at AT changed to C, as NAME. */
static const char *
put_part (struct tempdir *p, const char *name, size_t size, size_t at, char c)
{
	static char image[1 << 20];
	FILE *f = fopen (bad_plugin_path ("good.so"), "r");
	size_t n = f == NULL ? 0 : fread (image, 1, sizeof image, f);
	const char *path = tempdir_path (p, name);

	CU_ASSERT_FATAL (f != NULL && n > at);
	fclose (f);
	if (at > 0)
		image[at] = c;
	(void) unlink (path);
	f = fopen (path, "w");
	CU_ASSERT_FATAL (f != NULL);
	n = size < n ? size : n;
	CU_ASSERT (fwrite (image, 1, n, f) == n);
	fclose (f);
	return path;
}

/* A copy that was broken off: the loader would map it, and the process die. */
static void
half_copied (void)
{
	static const size_t sizes[] = { 16, 63, 64, 100, 1000, 4096, 8000 };
	struct tempdir p;
	size_t i;

	tempdir_init (&p);
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		expect (put_part (&p, "good.so", sizes[i], 0, 0), LHK_EABI,
			"shorter than its segments: it has ");
	expect (put_part (&p, "good.so", SIZE_MAX, 0, 0), LHK_OK, "");
	tempdir_done (&p);
}

/* Bytes of the header that are those of another file. */
static void
other_header (void)
{
	struct tempdir p;

	tempdir_init (&p);
	expect (put_part (&p, "good.so", SIZE_MAX, EI_CLASS, 7), LHK_EABI,
		"it is for another machine: its ELF class is 7");
	expect (put_part (&p, "good.so", SIZE_MAX,
			  offsetof (ElfW (Ehdr), e_machine) + 1, 0x7f),
		LHK_EABI, "it is for another machine: ");
	expect (put_part (&p, "good.so", SIZE_MAX,
			  offsetof (ElfW (Ehdr), e_type), 99),
		LHK_EABI, "it is not a shared object");
	expect (put_part (&p, "good.so", SIZE_MAX,
			  offsetof (ElfW (Ehdr), e_phentsize), 1),
		LHK_EABI, "it is not a shared object");
	expect (put_part (&p, "good.so", SIZE_MAX,
			  offsetof (ElfW (Ehdr), e_phnum) + 1, 0x7f),
		LHK_EABI, "segments, expected at most 256");
	expect (put_part (&p, "good.so", SIZE_MAX,
			  offsetof (ElfW (Ehdr), e_phoff) + sizeof (ElfW (Off))
				  - 1,
			  (char) 0xff),
		LHK_EABI, "shorter than its segments");
	tempdir_done (&p);
}

static void
unsafe_file (void)
{
	struct tempdir p;
	char target[512];

	tempdir_init (&p);
	expect (tempdir_put (&p, "good.so", bad_plugin_path ("good.so"), NULL,
			     0664),
		LHK_EREFUSED, "can be written by its group");
	CU_ASSERT (unlink (p.path) == 0);
	snprintf (target, sizeof target, "%s",
		  tempdir_put (&p, "real.so", bad_plugin_path ("good.so"), NULL,
			       0644));
	CU_ASSERT (symlink (target, tempdir_path (&p, "good.so")) == 0);
	expect (tempdir_path (&p, "good.so"), LHK_EREFUSED,
		"is a symbolic link");
	tempdir_done (&p);
}

/* The descriptor number of the first is free again when the second comes:
 * the loader must not take one for the other. */
static void
two_files (void)
{
	struct lhk_plugin a = { 0 };
	struct lhk_plugin b = { 0 };
	struct lhk_error err = { 0 };
	struct tempdir p;

	tempdir_init (&p);
	CU_ASSERT (plugin_load_file (tempdir_put (&p, "good.so",
						  bad_plugin_path ("good.so"),
						  NULL, 0644),
				     &a, &err)
		   == LHK_OK);
	tempdir_dir (&p, "d", 0755);
	CU_ASSERT (plugin_load_file (tempdir_put (&p, "d/good.so",
						  bad_plugin_path ("good.so"),
						  NULL, 0644),
				     &b, &err)
		   == LHK_OK);
	CU_ASSERT (a.line_hook != b.line_hook);
	expect (tempdir_put (&p, "other-name.so",
			     bad_plugin_path ("other-name.so"), NULL, 0644),
		LHK_EABI, "'another'");
	tempdir_done (&p);
}

/* A descriptor of another version: shorter is filled up, longer is cut. */
static void
other_sizes (void)
{
	struct {
		struct lhk_plugin plugin;
		char tail[64];
	} longer;
	struct lhk_plugin copy = { 0 };
	struct lhk_plugin good = { 0 };
	struct lhk_error err = { 0 };
	struct tempdir p;

	tempdir_init (&p);
	CU_ASSERT (plugin_load_file (tempdir_put (&p, "good.so",
						  bad_plugin_path ("good.so"),
						  NULL, 0644),
				     &good, &err)
		   == LHK_OK);
	tempdir_done (&p);
	memset (&longer, 0x55, sizeof longer);
	longer.plugin = good;
	longer.plugin.size = sizeof longer;
	TAP_EQ_INT (plugin_load_descriptor (&longer.plugin, NULL, NULL, 0,
					    &copy, &err),
		    LHK_OK);
	TAP_EQ_INT (copy.size, sizeof copy);
	longer.plugin.size = offsetof (struct lhk_plugin, close);
	TAP_EQ_INT (plugin_load_descriptor (&longer.plugin, NULL, NULL, 0,
					    &copy, &err),
		    LHK_EABI);
}

static void
names (void)
{
	static const struct {
		const char *name;
		int ok;
	} table[] = {
		{ "claude", 1 }, { "a", 1 },   { "gpt-5", 1 },	  { "", 0 },
		{ "5a", 0 },	 { "-a", 0 },  { "A", 0 },	  { "a.b", 0 },
		{ "a/b", 0 },	 { "a b", 0 }, { "\xc3\xa4", 0 },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		TAP_EQ_INT (plugin_name_is_valid (table[i].name,
						  strlen (table[i].name)),
			    table[i].ok);
}

static const struct tap_case cases[] = {
	{ "load_says_for_each_rule_what_it_found_and_wanted", each_rule },
	{ "load_refuses_what_is_no_shared_object", no_object },
	{ "load_refuses_a_file_shorter_than_its_segments", half_copied },
	{ "load_refuses_the_header_of_another_kind_of_file", other_header },
	{ "load_refuses_an_unsafe_file_before_loading_it", unsafe_file },
	{ "load_takes_the_very_file_that_was_opened", two_files },
	{ "load_copies_what_both_sides_know_of_a_descriptor", other_sizes },
	{ "load_names_are_lower_case_letters_digits_and_hyphens", names },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("plugin_load", cases);
}
