/* SPDX-License-Identifier: MIT */
/*
 * unload.c - the library can be loaded, used and unloaded again: nothing of it
 * stays, and the process exits normally.
 *
 * This program does not link the library.  Plugins stay loaded, each once,
 * because libraries that they link may still use their code.
 */
#include "config.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/run.h>

#include "lib/leaks.h"
#include "lib/tap.h"

#define N_ROUNDS 10

static struct api {
	int (*host_new) (const struct lhk_host_opts *, struct lhk_host **,
			 struct lhk_error *);
	int (*add_dir) (struct lhk_host *, const char *);
	int (*start) (struct lhk_host *, const struct lhk_run_opts *,
		      struct lhk_run **, struct lhk_error *);
	int (*wait) (struct lhk_run *, int);
	const struct lhk_result *(*result) (const struct lhk_run *);
	void (*host_free) (struct lhk_host *);
} api;

static int
find (void *library, const char *name, void *ret)
{
	void *p = dlsym (library, name);

	memcpy (ret, &p, sizeof p);
	return p != NULL;
}

static int
find_all (void *library)
{
	return find (library, "lhk_host_new", &api.host_new)
	       && find (library, "lhk_host_add_plugin_dir", &api.add_dir)
	       && find (library, "lhk_run_start", &api.start)
	       && find (library, "lhk_run_wait", &api.wait)
	       && find (library, "lhk_run_result", &api.result)
	       && find (library, "lhk_host_free", &api.host_free);
}

/* The verdict of one run with the plugin in its file, or -1. */
static int
one_run (void)
{
	const char *argv[] = { getenv ("AGENT"), "out", "a", NULL };
	struct lhk_host_opts ho = LHK_HOST_OPTS_INIT;
	struct lhk_run_opts ro = LHK_RUN_OPTS_INIT;
	struct lhk_host *host;
	struct lhk_run *run;
	int verdict = -1;

	ho.monitor = getenv ("LINEHOOK_EXEC");
	ro.argv = argv;
	if (api.host_new (&ho, &host, NULL) < 0)
		return -1;
	if (api.add_dir (host, getenv ("PLUGIN_DIR")) == LHK_OK
	    && api.start (host, &ro, &run, NULL) == LHK_OK
	    && api.wait (run, 60000) == LHK_OK)
		verdict = api.result (run)->verdict;
	api.host_free (host);
	return verdict;
}

/* The number of mapped files whose path contains PART. */
static int
mapped (const char *part)
{
	FILE *f = fopen ("/proc/self/maps", "r");
	char line[4096];
	int n = 0;

	while (f != NULL && fgets (line, sizeof line, f) != NULL)
		n += strstr (line, part) != NULL;
	if (f != NULL)
		fclose (f);
	return n;
}

static void
unloaded (void)
{
	int fds = count_fds (), threads = count_threads ();
	int i, all = 0;
	void *library;

	TAP_EQ_INT (mapped ("liblinehook"), 0);
	for (i = 0; i < N_ROUNDS; i++) {
		library = dlopen (getenv ("LIBLINEHOOK"), RTLD_NOW);
		if (library == NULL || !find_all (library)) {
			tap_note ("%s", dlerror ());
			CU_FAIL ("the library cannot be loaded");
			return;
		}
		CU_ASSERT (mapped ("liblinehook") > 0);
		TAP_EQ_INT (one_run (), LHK_VERDICT_OK);
		TAP_EQ_INT (dlclose (library), 0);
		if (!TAP_EQ_INT (mapped ("liblinehook"), 0))
			return;
		if (i == 0)
			all = mapped (".so");
		TAP_EQ_INT (mapped (".so"), all);
	}
	TAP_EQ_INT (count_fds (), fds);
	TAP_EQ_INT (count_threads (), threads);
	TAP_EQ_INT (count_children (), 0);
}

static const struct tap_case cases[] = {
	{ "a_library_that_was_used_can_be_unloaded_and_is_gone", unloaded },
	{ NULL, NULL },
};

int
main (void)
{
	if (getenv ("AGENT") == NULL || getenv ("LIBLINEHOOK") == NULL) {
		puts ("Bail out! no AGENT: run by make check");
		return 99;
	}
	return tap_run ("unload", cases);
}
