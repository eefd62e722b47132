/* SPDX-License-Identifier: MIT */
/*
 * abi.c - plugins of other versions meet this host.
 *
 * old.so and future.so are found in the directory that the environment names
 * as LINEHOOK_TEST_ABI, else in abi/.libs.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tempdir.h"
#include "lib/stream_fixture.h"
#include "lib/tap.h"

/* A rig with a stream for the plugin NAME. */
static void
start (struct stream_fixture *r, struct tempdir *p, const char *name)
{
	const char *dir = getenv ("LINEHOOK_TEST_ABI");
	char from[512], file[64];

	snprintf (from, sizeof from, "%s/%s.so",
		  dir != NULL ? dir : "abi/.libs", name);
	snprintf (file, sizeof file, "%s.so", name);
	tempdir_init (p);
	tempdir_put (p, file, from, NULL, 0644);
	stream_fixture_init (r, 0);
	TAP_EQ_INT (lhk_host_add_plugin_dir (r->host, p->dir), LHK_OK);
	TAP_EQ_INT (stream_fixture_start (r, name), LHK_OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL (r->stream);
}

static void
stop (struct stream_fixture *r, struct tempdir *p)
{
	lhk_stream_free (r->stream);
	r->stream = NULL;
	stream_fixture_done (r);
	tempdir_done (p);
}

static void
old_plugin (void)
{
	const char *const argv[] = { "/usr/bin/old-agent", "-p", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct tempdir p;
	struct stream_fixture r;

	start (&r, &p, "old");
	stream_fixture_write (&r, "all\nother\n");
	TAP_EQ_INT (stream_fixture_finish (&r)->verdict, LHK_VERDICT_OK);
	TAP_EQ_STR (r.events.text,
		    "run old\nsession s1\ntext old\n"
		    "tool Read 3\nplan 1\nask a1\nusage 11 7\n"
		    "notice retry line=1\nresult ok\nfinal ok\n");
	TAP_EQ_STR (r.logs[0], "plugin line 2 plugin=old");
	TAP_EQ_INT (stream_fixture_stats (&r).skipped, 1);
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 0);
	TAP_EQ_INT (lhk_host_plugin_for_command (r.host, argv, &ref), LHK_OK);
	TAP_EQ_STR (lhk_plugin_ref_name (ref), "old");
	TAP_EQ_INT (lhk_host_plugin_for_line (r.host, "all\n", 3, &ref),
		    LHK_OK);
	stop (&r, &p);
}

static void
future_plugin (void)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct tempdir p;
	struct stream_fixture r;

	start (&r, &p, "future");
	stream_fixture_write (&r, "line\n");
	stream_fixture_finish (&r);
	TAP_EQ_STR (r.events.text, "run future\ntext new\nfinal ok\n");
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, 0);
	TAP_EQ_INT (lhk_host_plugin (r.host, "future", &ref, &r.err), LHK_OK);
	TAP_EQ_INT (lhk_plugin_ref_descriptor (ref)->size,
		    sizeof (struct lhk_plugin));
	TAP_EQ_INT (lhk_plugin_ref_descriptor (ref)->abi_minor,
		    LHK_ABI_MINOR + 3);
	stop (&r, &p);
}

static const struct tap_case cases[] = {
	{ "abi_plugin_of_the_frozen_headers_works", old_plugin },
	{ "abi_plugin_of_a_later_minor_works", future_plugin },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("abi", cases);
}
