/* SPDX-License-Identifier: MIT */
/* path_search.c - the files that a command may be. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "common/path_search.h"

static const struct {
	const char *path;
	const char *name;
	const char *wanted; /* candidates, with a space after each */
} searches[] = {
	{ "/a:/b", "x", "/a/x /b/x " },	   { "/a", "x", "/a/x " },
	{ "/a/", "x", "/a//x " },	   { "", "x", "x " },
	{ ":/a", "x", "x /a/x " },	   { "/a:", "x", "/a/x x " },
	{ "/a::/b", "x", "/a/x x /b/x " }, { "/a:/b", "./x", "./x " },
	{ "/a:/b", "/x/y", "/x/y " },	   { "/a:/b", "d/x", "d/x " },
	{ "rel", "x", "rel/x " },
};

static void
search (void)
{
	char buf[PATH_SEARCH_SIZE], found[256];
	const char *at;
	size_t i;

	for (i = 0; i < sizeof searches / sizeof searches[0]; i++) {
		at = NULL;
		found[0] = '\0';
		while (path_search_candidate (searches[i].path,
					      searches[i].name, &at, buf)) {
			strcat (found, buf);
			strcat (found, " ");
		}
		TAP_EQ_STR (found, searches[i].wanted);
	}
}

static void
search_too_long (void)
{
	static char path[2 * PATH_SEARCH_SIZE];
	static char name[PATH_SEARCH_SIZE + 1];
	char buf[PATH_SEARCH_SIZE];
	const char *at = NULL;

	memset (path, 'd', PATH_SEARCH_SIZE);
	strcpy (path + PATH_SEARCH_SIZE, ":/b");
	TAP_EQ_INT (path_search_candidate (path, "x", &at, buf), 1);
	TAP_EQ_STR (buf, "/b/x");
	TAP_EQ_INT (path_search_candidate (path, "x", &at, buf), 0);

	/* The longest name that fits, with its NUL, and one byte more. */
	memset (name, 'n', PATH_SEARCH_SIZE - 3);
	at = NULL;
	TAP_EQ_INT (path_search_candidate ("/", name, &at, buf), 1);
	TAP_EQ_INT (strlen (buf), PATH_SEARCH_SIZE - 1);
	memset (name, 'n', PATH_SEARCH_SIZE - 2);
	at = NULL;
	TAP_EQ_INT (path_search_candidate ("/", name, &at, buf), 0);
	memset (name, '/', PATH_SEARCH_SIZE);
	at = NULL;
	TAP_EQ_INT (path_search_candidate ("/", name, &at, buf), 0);
}

static void
variable (void)
{
	static const char *const env[] = { "PATHX=1", "PATH",	"PATH=a=b",
					   "PATH=2",  "EMPTY=", NULL };

	TAP_EQ_STR (path_search_getenv (env, "PATH"), "a=b");
	TAP_EQ_STR (path_search_getenv (env, "EMPTY"), "");
	CU_ASSERT_PTR_NULL (path_search_getenv (env, "PAT"));
	CU_ASSERT_PTR_NULL (path_search_getenv (env + 5, "PATH"));
}

static void
goes_on (void)
{
	CU_ASSERT (path_search_continues (ENOENT));
	CU_ASSERT (path_search_continues (EACCES));
	CU_ASSERT (path_search_continues (ENOTDIR));
	CU_ASSERT (!path_search_continues (ENOEXEC));
	CU_ASSERT (!path_search_continues (E2BIG));
	CU_ASSERT (!path_search_continues (ETXTBSY));
}

static const struct tap_case cases[] = {
	{ "path_search_candidates_follow_path_in_order", search },
	{ "path_search_skips_candidates_that_are_too_long", search_too_long },
	{ "path_search_getenv_takes_the_first_whole_name", variable },
	{ "path_search_stops_at_errors_of_the_program_itself", goes_on },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("path_search", cases);
}
