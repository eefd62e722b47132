/* SPDX-License-Identifier: MIT */
/* stream_quarantine.c - tests of a plugin that is not given the rest of a
 * stream. */
#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "common/limits.h"
#include "lib/machine.h"
#include "lib/stream_fixture.h"
#include "lib/tap.h"
#include "run/stream.h"

/* A race is none with a thread that is stopped, which this one cannot know. */
#if defined __SANITIZE_THREAD__
#define WATCHES_THREADS 1
#elif defined __has_feature
#if __has_feature(thread_sanitizer)
#define WATCHES_THREADS 1
#endif
#endif
#ifndef WATCHES_THREADS
#define WATCHES_THREADS 0
#endif

#define SENTENCE "it is over; lines pass as text from here on"

static void
open_and_write (struct stream_fixture *r, const char *text)
{
	stream_fixture_open (r, "mock");
	stream_fixture_write (r, text);
}

static void
rest_is_text (void)
{
	struct stream_fixture r;

	open_and_write (&r, "tone\n");
	stream_quarantine (r.stream, SENTENCE);
	stream_quarantine (r.stream, "once more");
	stream_fixture_write (&r, "ttwo\n?\n\n{\"a\":\nh\n");
	TAP_EQ_STR (r.events.text, "run mock\ntext one\nnotice plugin line=1\n"
				   "text ttwo\ntext ?\ntext \ntext {\"a\":\n"
				   "text h\n");
	TAP_EQ_STR (r.events.notice, SENTENCE);
	TAP_EQ_INT (stream_fixture_stats (&r).unparsed, 0);
	TAP_EQ_INT (stream_fixture_logs (&r, "plugin " SENTENCE), 1);
	/* Its flush and its exited would have said so. */
	stream_fixture_finish (&r);
	TAP_EQ_INT (event_log_count (&r.events, "text flushed"), 0);
	TAP_EQ_INT (event_log_count (&r.events, "text exit"), 0);
	stream_fixture_done (&r);
}

static void
handle_is_closed (void)
{
	struct stream_fixture r;
	int before = mock_plugin_open_handles;

	open_and_write (&r, "tone\n");
	TAP_EQ_INT (mock_plugin_open_handles, before + 1);
	stream_quarantine (r.stream, SENTENCE);
	TAP_EQ_INT (mock_plugin_open_handles, before);
	lhk_stream_free (r.stream);
	r.stream = NULL;
	stream_fixture_done (&r);
}

/* The mock demands a claim; nobody can make one now. */
static void
no_claim (void)
{
	const struct lhk_outcome failed = {
		.size = sizeof failed,
		.end_reason = LHK_END_EXITED,
		.has_exit = 1,
		.exit_code = 3,
	};
	const struct lhk_result *result = NULL;
	struct stream_fixture r;

	open_and_write (&r, "u7\n");
	stream_quarantine (r.stream, SENTENCE);
	result = stream_fixture_finish (&r);
	TAP_EQ_STR (lhk_verdict_name (result->verdict), "ok");
	TAP_EQ_MEM (result->error.ptr, result->error.len, SENTENCE,
		    strlen (SENTENCE));
	TAP_EQ_INT (result->complete_usage, 0);
	TAP_EQ_INT (result->outcome.flags & LHK_FLAG_DEGRADED,
		    LHK_FLAG_DEGRADED);
	TAP_EQ_STR (result->header->plugin.ptr, "mock");
	stream_fixture_done (&r);

	open_and_write (&r, "u7\n");
	stream_quarantine (r.stream, SENTENCE);
	TAP_EQ_INT (lhk_stream_finish (r.stream, &failed, &result), LHK_OK);
	TAP_EQ_STR (lhk_verdict_name (result->verdict), "failed");
	stream_fixture_done (&r);
}

/* Of CLAIM, and what came before the quarantine. */
static void
expect_verdict (const char *before, const char *after, const char *verdict)
{
	struct stream_fixture r;

	open_and_write (&r, before);
	stream_quarantine (r.stream, SENTENCE);
	stream_fixture_write (&r, after);
	TAP_EQ_STR (lhk_verdict_name (stream_fixture_finish (&r)->verdict),
		    verdict);
	stream_fixture_done (&r);
}

static void
claims (void)
{
	expect_verdict ("x\n", "", "failed");
	expect_verdict ("x\n", "r\n", "failed");
	expect_verdict ("x\ntmore\n", "", "ok");
	expect_verdict ("x\nv\n", "", "ok");
	expect_verdict ("", "x\n", "ok");
}

static void
answer (void)
{
	struct stream_fixture r;
	const struct lhk_result *result;

	open_and_write (&r, "tanswer\n");
	stream_quarantine (r.stream, SENTENCE);
	stream_fixture_write (&r, "{}\n");
	result = stream_fixture_finish (&r);
	TAP_EQ_MEM (result->text.ptr, result->text.len, "answer", 6);
	stream_fixture_done (&r);

	open_and_write (&r, "k\n");
	stream_quarantine (r.stream, SENTENCE);
	stream_fixture_write (&r, "{}\n");
	result = stream_fixture_finish (&r);
	TAP_EQ_MEM (result->text.ptr, result->text.len, "{}", 2);
	stream_fixture_done (&r);
}

static void
open_call (void)
{
	struct stream_fixture r;

	open_and_write (&r, "ocall\n");
	TAP_EQ_INT (lhk_stream_tools_open (r.stream), 1);
	stream_quarantine (r.stream, SENTENCE);
	TAP_EQ_INT (lhk_stream_tools_open (r.stream), 0);
	stream_fixture_done (&r);
}

/* The installed plugin raw and its copy agree on a line that is too long. */
static void
oversize (void)
{
	struct stream_fixture r;

	stream_fixture_init (&r, 0);
	r.opts.line_max = LHK_LINE_MAX_MIN;
	TAP_EQ_INT (stream_fixture_start (&r, "mock"), LHK_OK);
	stream_quarantine (r.stream, SENTENCE);
	stream_fixture_long (&r, 5000, 0);
	stream_fixture_write (&r, "\n\xff\xfe\n");
	TAP_EQ_STR (r.events.text,
		    "run mock\nnotice plugin\nnotice oversize line=1\n"
		    "text \xef\xbf\xbd\xef\xbf\xbd\n");
	stream_fixture_done (&r);
}

static void
slow (void)
{
	struct stream_fixture r;
	char line[16];
	uint32_t i;

	stream_fixture_open (&r, "mock");
	snprintf (line, sizeof line, "z%u\n", LIMIT_CALL_MS + 50);
	for (i = 1; i < LIMIT_SLOW_CALLS; i++) {
		stream_fixture_write (&r, line);
		CU_ASSERT (
			strncmp (r.events.notice, "plugin 'mock' is slow", 21)
			== 0);
	}
	stream_fixture_write (&r, "tgood\n");
	TAP_EQ_INT (event_log_count (&r.events, "text good"), 1);
	stream_fixture_write (&r, line);
	CU_ASSERT (strncmp (r.events.notice,
			    "plugin 'mock' is not used any more", 34)
		   == 0);
	stream_fixture_write (&r, "tgood\n");
	TAP_EQ_INT (event_log_count (&r.events, "text late"),
		    (int) LIMIT_SLOW_CALLS);
	TAP_EQ_INT (event_log_count (&r.events, "text tgood"), 1);
	TAP_EQ_INT (stream_fixture_stats (&r).plugin_errors, LIMIT_SLOW_CALLS);
	stream_fixture_done (&r);
}

static void *
sleep_in_callback (void *user)
{
	struct stream_fixture *r = user;

	stream_fixture_write (r, "tone\nz3600000\ntwo\n");
	return NULL;
}

/* The thread sleeps until the process ends, so nothing is freed. */
static void
abandoned (void)
{
	static struct stream_fixture r;
	/* The stage of the callback is left alone: it is not a leak. */
	static const union event_union *volatile stage;
	struct lhk_callback callback = { .line = 0 };
	const struct lhk_result *result;
	pthread_t thread;

	if (WATCHES_THREADS || machine_is_valgrind ()) {
		tap_skip ("a thread that is stopped is a race, and a leak");
		return;
	}
	stream_fixture_open (&r, "mock");
	stage = r.stream->instance.stage.events;
	CU_ASSERT (stage != NULL);
	TAP_EQ_INT (pthread_create (&thread, NULL, sleep_in_callback, &r), 0);
	while (!lhk_host_callback (r.host, &callback) || callback.line != 2
	       || callback.ms == 0)
		sched_yield ();
	TAP_EQ_STR (callback.plugin->name, "mock");
	TAP_EQ_INT (lhk_stream_abandon (r.stream, SENTENCE), LHK_OK);
	TAP_EQ_INT (lhk_host_callback (r.host, &callback), 0);
	TAP_EQ_INT (lhk_stream_write (r.stream, "t\n", 2), LHK_ESTATE);
	result = stream_fixture_finish (&r);
	TAP_EQ_STR (r.events.text, "run mock\ntext one\nnotice plugin\n"
				   "final ok\n");
	TAP_EQ_MEM (result->error.ptr, result->error.len, SENTENCE,
		    strlen (SENTENCE));
	TAP_EQ_INT (result->stats.plugin_errors, 1);
	pthread_detach (thread);
}

static const struct tap_case cases[] = {
	{ "every_further_line_is_a_text", rest_is_text },
	{ "the_handle_is_closed_once", handle_is_closed },
	{ "no_claim_is_demanded", no_claim },
	{ "a_terminal_claim_that_stands_counts", claims },
	{ "the_answer_stays", answer },
	{ "an_open_call_holds_nothing", open_call },
	{ "long_lines_and_bad_bytes_are_as_with_raw", oversize },
	{ "three_slow_calls_end_the_plugin", slow },
	{ "a_callback_that_does_not_return_is_abandoned", abandoned },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_quarantine", cases);
}
