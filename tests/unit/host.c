/* SPDX-License-Identifier: MIT */
/* host.c - tests of lhk_host_* and of streams in their host: life and death. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/host.h"
#include "lib/tempdir.h"
#include "lib/stream_fixture.h"
#include "lib/tap.h"

static void
options_checked (void)
{
	struct lhk_alloc hollow = { NULL, NULL };
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;
	struct lhk_error err = { 0 };

	opts.size = 3;
	TAP_EQ_INT (lhk_host_new (&opts, &host, &err), LHK_EINVAL);
	CU_ASSERT (strstr (err.text, "host options have 3 bytes") != NULL);
	opts.size = sizeof opts;
	opts.alloc = &hollow;
	TAP_EQ_INT (lhk_host_new (&opts, &host, &err), LHK_EINVAL);
	TAP_EQ_STR (err.text, "host options: alloc has no resize");
	TAP_EQ_INT (lhk_host_new (NULL, NULL, &err), LHK_EINVAL);
	CU_ASSERT_PTR_NULL (host);
	TAP_EQ_INT (lhk_host_new (NULL, &host, &err), LHK_OK);
	lhk_host_free (host);
	lhk_host_free (NULL);
}

/* Options of an older caller: what it does not know has its default. */
static void
older_caller (void)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_host *host = NULL;

	opts.size = offsetof (struct lhk_host_opts, monitor);
	opts.monitor = (const char *) 1;
	opts.buffer_budget = 77;
	TAP_EQ_INT (lhk_host_new (&opts, &host, NULL), LHK_OK);
	CU_ASSERT_PTR_NULL (host->monitor);
	TAP_EQ_INT (host->budget.limit, 0);
	lhk_host_free (host);
}

static void
null_arguments (void)
{
	const char *const argv[] = { "x", NULL };
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_error err = { 0 };
	struct lhk_stream *s = NULL;
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	TAP_EQ_INT (lhk_host_plugin (NULL, "x", &ref, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_plugin (r.host, NULL, &ref, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_plugin (r.host, "x", NULL, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_add_plugin (r.host, NULL, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_add_plugin_dir (r.host, NULL), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_list_plugins (r.host, NULL, NULL), LHK_EINVAL);
	TAP_EQ_INT (lhk_host_plugin_for_command (r.host, NULL, &ref),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_host_plugin_for_command (r.host, argv, NULL),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_host_plugin_for_line (r.host, NULL, 0, &ref),
		    LHK_EINVAL);
	TAP_EQ_INT (lhk_stream_new (r.host, NULL, NULL, &s, &err), LHK_EINVAL);
	TAP_EQ_INT (lhk_stream_new (NULL, NULL, NULL, &s, &err), LHK_EINVAL);
	CU_ASSERT_PTR_NULL (lhk_plugin_ref_name (NULL));
	CU_ASSERT_PTR_NULL (lhk_plugin_ref_path (NULL));
	CU_ASSERT_PTR_NULL (lhk_plugin_ref_descriptor (NULL));
	CU_ASSERT (lhk_plugin_dir ()[0] == '/');
	stream_fixture_done (&r);
}

static void
plugin_from_file (void)
{
	const struct lhk_plugin_ref *ref = NULL;
	struct tempdir p;
	struct stream_fixture r;

	tempdir_init (&p);
	tempdir_put (&p, "good.so", bad_plugin_path ("good.so"), NULL, 0644);
	stream_fixture_init (&r, 0);
	TAP_EQ_INT (lhk_host_add_plugin_dir (r.host, p.dir), LHK_OK);
	TAP_EQ_INT (lhk_host_plugin (r.host, "good", &ref, &r.err), LHK_OK);
	TAP_EQ_STR (lhk_plugin_ref_name (ref), "good");
	TAP_EQ_STR (lhk_plugin_ref_path (ref), tempdir_path (&p, "good.so"));
	TAP_EQ_STR (lhk_plugin_ref_descriptor (ref)->provider, "test");
	TAP_EQ_INT (stream_fixture_start (&r, "good"), LHK_OK);
	stream_fixture_write (&r, "a line\n");
	TAP_EQ_STR (r.events.text, "run good\ntext a line\n");
	lhk_stream_free (r.stream);
	r.stream = NULL;
	stream_fixture_done (&r);
	tempdir_done (&p);
}

static void
two_hosts (void)
{
	struct stream_fixture a, b;

	stream_fixture_open (&a, "mock");
	stream_fixture_open (&b, "mock");
	stream_fixture_write (&a, "tfrom a\n");
	stream_fixture_write (&b, "tfrom b\nl\n");
	stream_fixture_done (&a);
	stream_fixture_write (&b, "tstill b\n");
	TAP_EQ_STR (b.events.text, "run mock\ntext from b\ntext still b\n");
	TAP_EQ_INT (b.n_logs, 1);
	stream_fixture_done (&b);
}

/* In the child: every answer must be LHK_EFORKED, and free is harmless. */
static int
forked_child (struct stream_fixture *r)
{
	const struct lhk_result *result = NULL;
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_stream_stats stats;
	struct lhk_stream *s = NULL;
	int faults = 0;

	faults += lhk_stream_write (r->stream, "tb\n", 3) != LHK_EFORKED;
	faults += lhk_stream_end (r->stream) != LHK_EFORKED;
	faults += lhk_stream_finish (r->stream, NULL, &result) != LHK_EFORKED;
	faults += lhk_stream_notice (r->stream, 4, "host", "x") != LHK_EFORKED;
	faults += lhk_host_plugin (r->host, "mock", &ref, NULL) != LHK_EFORKED;
	faults += lhk_host_add_plugin (r->host, &mock_plugin, NULL)
		  != LHK_EFORKED;
	faults += lhk_host_add_plugin_dir (r->host, "/x") != LHK_EFORKED;
	faults += lhk_stream_new (r->host, ref, NULL, &s, NULL) != LHK_EFORKED;
	faults += lhk_stream_tools_open (r->stream) != 0;
	lhk_stream_stats (r->stream, &stats);
	faults += stats.events != 0;
	faults += r->events.n != 2;
	lhk_host_free (r->host);
	lhk_stream_free (r->stream);
	faults += mock_plugin_open_handles != 1;
	return faults;
}

static void
forked (void)
{
	struct stream_fixture r;
	int status = -1;
	pid_t pid;

	stream_fixture_open (&r, "mock");
	stream_fixture_write (&r, "ta\n");
	pid = fork ();
	if (pid == 0) {
		/* It cannot free the stream, so it does not exit: that would
		 * be a leak to those who look for leaks. */
		status = forked_child (&r);
		if (status == 0)
			kill (getpid (), SIGKILL);
		_exit (status);
	}
	CU_ASSERT (pid > 0);
	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED (status))
		tap_note ("%d wrong answers", WEXITSTATUS (status));
	CU_ASSERT (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
	stream_fixture_write (&r, "tb\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext a\ntext b\n");
	stream_fixture_done (&r);
}

/* A consumer that calls back into its stream. */
struct caller {
	struct stream_fixture *rig;
	int code;	/* what the forbidden calls said */
	uint64_t lines; /* what the stats said */
	int do_free;
	int calls;
};

static void
call_back (void *user, const struct lhk_meta *meta,
	   const struct lhk_event *event)
{
	struct caller *c = user;
	const struct lhk_result *result = NULL;
	struct lhk_stream *s = c->rig->stream;

	(void) meta;
	c->calls++;
	if (event->kind != LHK_EV_TEXT)
		return;
	c->code = lhk_stream_write (s, "tx\n", 3);
	if (lhk_stream_end (s) != c->code
	    || lhk_stream_finish (s, NULL, &result) != c->code
	    || lhk_stream_notice (s, 4, "host", "x") != c->code)
		c->code = LHK_OK;
	c->lines = stream_fixture_stats (c->rig).lines;
	if (c->do_free) {
		lhk_stream_free (s);
		c->rig->stream = NULL;
	}
}

static void
called_back (void)
{
	struct caller c = { .code = 0 };
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	c.rig = &r;
	r.opts.on_event = call_back;
	r.opts.user = &c;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	TAP_EQ_INT (lhk_stream_write (r.stream, "ta\ntb\n", 6), LHK_OK);
	TAP_EQ_INT (c.code, LHK_ESTATE);
	TAP_EQ_INT (c.lines, 2);
	TAP_EQ_INT (c.calls, 3);
	stream_fixture_done (&r);
}

static void
freed_inside (void)
{
	struct caller c = { .do_free = 1 };
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	c.rig = &r;
	r.opts.on_event = call_back;
	r.opts.user = &c;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	TAP_EQ_INT (lhk_stream_write (r.stream, "ta\ntb\ntc", 8), LHK_ESTATE);
	CU_ASSERT_PTR_NULL (r.stream);
	TAP_EQ_INT (c.calls, 2);
	TAP_EQ_INT (mock_plugin_open_handles, 0);
	stream_fixture_done (&r);
}

static void
host_first (void)
{
	struct stream_fixture r;

	stream_fixture_open (&r, "mock");
	lhk_host_free (r.host);
	r.host = NULL;
	stream_fixture_write (&r, "ta\n?\n");
	TAP_EQ_INT (r.n_logs, 0);
	TAP_EQ_STR (r.events.text,
		    "run mock\ntext a\nnotice unparsed line=2\n");
	stream_fixture_done (&r);
}

static void
log_fields (void)
{
	const char *const fields[] = { "key", "value", NULL };
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	host_log (r.host, LHK_LOG_INFO, "host", fields, "number %d", 7);
	host_log (r.host, LHK_LOG_INFO, "host", NULL, "none");
	TAP_EQ_STR (r.logs[0], "host number 7 key=value");
	TAP_EQ_STR (r.logs[1], "host none");
	stream_fixture_done (&r);
}

static const struct tap_case cases[] = {
	{ "host_options_are_checked", options_checked },
	{ "host_options_of_an_older_caller_are_completed", older_caller },
	{ "host_null_arguments_are_einval", null_arguments },
	{ "host_runs_a_plugin_from_a_file", plugin_from_file },
	{ "host_two_of_them_do_not_know_of_each_other", two_hosts },
	{ "host_in_a_forked_child_answers_eforked", forked },
	{ "stream_called_from_its_consumer_answers_estate", called_back },
	{ "stream_freed_by_its_consumer_ends_after_the_call", freed_inside },
	{ "host_freed_before_its_stream_waits_for_it", host_first },
	{ "host_log_passes_level_code_text_and_fields", log_fields },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("host", cases);
}
