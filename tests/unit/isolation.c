/* SPDX-License-Identifier: MIT */
/* isolation.c - which plugin files are isolated: all but those of one directory. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "lib/tap.h"
#include "run/isolation.h"

static struct isolation isolation;
static char top[256];

/* The path of NAME below the directory of the test. */
static const char *
path (const char *name)
{
	static char paths[2][512];
	static int i;

	i = !i;
	snprintf (paths[i], sizeof paths[i], "%s/%s", top, name);
	return paths[i];
}

static void
begin (void)
{
	const char *tmp = getenv ("TMPDIR");

	snprintf (top, sizeof top, "%s/linehook-test-XXXXXX",
		  tmp != NULL ? tmp : "/tmp");
	CU_ASSERT_FATAL (mkdtemp (top) != NULL);
	CU_ASSERT (mkdir (path ("installed"), 0755) == 0);
	CU_ASSERT (mkdir (path ("installed/more"), 0755) == 0);
	CU_ASSERT (mkdir (path ("other"), 0755) == 0);
	CU_ASSERT (symlink ("installed", path ("link")) == 0);
	isolation.alloc = &mem_system;
	CU_ASSERT_FATAL (isolation_init (&isolation, "/libexec/linehook-exec")
			 == LHK_OK);
}

static void
end (void)
{
	static const char *const dirs[] = { "installed/more", "installed",
					    "other", "" };
	size_t i;

	isolation_done (&isolation);
	unlink (path ("link"));
	for (i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
		CU_ASSERT (rmdir (path (dirs[i])) == 0);
}

static int
wants (const char *name)
{
	return isolation.registry.wants (&isolation.registry, path (name));
}

static void
the_program_is_beside_the_monitor (void)
{
	begin ();
	TAP_EQ_STR (isolation.program, "/libexec/linehook-isolate");
	end ();
}

static void
without_a_directory_all_are (void)
{
	begin ();
	isolation.trusted_dir = NULL;
	CU_ASSERT (wants ("installed/claude.so") == 1);
	CU_ASSERT (wants ("other/claude.so") == 1);
	end ();
}

static void
files_of_the_directory_itself_are_not (void)
{
	char trusted[512];

	begin ();
	snprintf (trusted, sizeof trusted, "%s", path ("installed"));
	isolation.trusted_dir = trusted;
	CU_ASSERT (wants ("installed/claude.so") == 0);
	CU_ASSERT (wants ("installed/./claude.so") == 0);
	CU_ASSERT (wants ("link/claude.so") == 0);
	CU_ASSERT (wants ("installed/more/claude.so") == 1);
	CU_ASSERT (wants ("other/claude.so") == 1);
	CU_ASSERT (wants ("installed/../other/claude.so") == 1);
	CU_ASSERT (wants ("installedclaude.so") == 1);
	CU_ASSERT (wants ("missing/claude.so") == 1);
	isolation.trusted_dir = "/nowhere/at/all";
	CU_ASSERT (wants ("installed/claude.so") == 1);
	end ();
}

static const struct tap_case cases[] = {
	{ "isolation_finds_its_program_beside_the_monitor",
	  the_program_is_beside_the_monitor },
	{ "isolation_is_for_all_files_without_a_trusted_directory",
	  without_a_directory_all_are },
	{ "isolation_is_not_for_files_of_the_trusted_directory_itself",
	  files_of_the_directory_itself_are_not },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("isolation", cases);
}
