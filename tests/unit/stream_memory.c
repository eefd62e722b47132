/* SPDX-License-Identifier: MIT */
/* stream_memory.c - tests of lhk_stream_*: what is held, what is allocated. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stream_fixture.h"
#include "lib/tap.h"

#define MIB ((size_t) 1 << 20)

/* Host, plugin list, stream, tables: everything but lines and the answer. */
#define FIXED ((size_t) 256 << 10)

static void
steady_state (void)
{
	static const char lines[] =
		"dsome\ndwords\nta whole text\noBash\ncBash\nu10\nk\n\n"
		"tof a second\r\n";
	struct stream_fixture r;
	uint64_t calls;
	size_t held;
	int i;

	stream_fixture_open (&r, "mock");
	for (i = 0; i < 300; i++)
		stream_fixture_feed (&r, lines, sizeof lines - 1, 13);
	calls = r.memory.calls;
	held = r.memory.held;
	for (i = 0; i < 3000; i++) {
		event_log_clear (&r.events);
		stream_fixture_feed (&r, lines, sizeof lines - 1,
				     i % 2 ? 13 : 0);
	}
	TAP_EQ_INT (r.memory.calls, calls);
	TAP_EQ_INT (r.memory.held, held);
	TAP_EQ_INT (stream_fixture_stats (&r).lines, 3300 * 9);
	stream_fixture_done (&r);
}

/* Lines of any size: never more than the cap, its slack and the answer. */
static void
bound (void)
{
	static const size_t sizes[] = {
		60000, 300000, MIB, 9 * MIB + 10, 10 * MIB, 11 * MIB, 35 * MIB,
	};
	static const size_t chunks[] = { 4096, 32768, MIB, 0 };
	size_t i, k;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (k = 0; k < sizeof chunks / sizeof chunks[0]; k++) {
			struct stream_fixture r;

			stream_fixture_open (&r, "plain");
			stream_fixture_long (&r, sizes[i], chunks[k]);
			stream_fixture_write (&r, "\nsmall\n");
			stream_fixture_finish (&r);
			if (r.memory.peak > 2 * (size_t) LHK_LINE_MAX_DEFAULT
						    + LHK_STREAM_SLACK + FIXED)
				tap_note ("line of %zu in %zu: %zu held",
					  sizes[i], chunks[k], r.memory.peak);
			CU_ASSERT (r.memory.peak
				   <= 2 * (size_t) LHK_LINE_MAX_DEFAULT
					      + LHK_STREAM_SLACK + FIXED);
			CU_ASSERT (stream_fixture_stats (&r).buffer_peak
				   <= LHK_LINE_MAX_DEFAULT + LHK_STREAM_SLACK);
			stream_fixture_done (&r);
		}
}

/* Without an answer to keep (a line that the plugin skips), the bound is the
 * cap and its slack alone. */
static void
bound_of_lines (void)
{
	static const size_t sizes[] = { 9 * MIB + 10, 11 * MIB, 35 * MIB };
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		char *data = malloc (sizes[i]);
		struct stream_fixture r;
		size_t before;

		CU_ASSERT_PTR_NOT_NULL_FATAL (data);
		memset (data, 'k', sizes[i]);
		stream_fixture_open (&r, "mock");
		before = r.memory.held;
		stream_fixture_feed (&r, data, sizes[i], 32768);
		stream_fixture_write (&r, "\n");
		CU_ASSERT (r.memory.peak - before
			   <= LHK_LINE_MAX_DEFAULT + LHK_STREAM_SLACK);
		TAP_EQ_INT (r.memory.held, before);
		TAP_EQ_INT (stream_fixture_stats (&r).skipped
				    + stream_fixture_stats (&r).oversize,
			    1);
		stream_fixture_done (&r);
		free (data);
	}
}

/* One whole scenario; 1 if it went through untouched. */
static int
scenario (uint64_t fail_at)
{
	static const char lines[] = "ssession\nta\nn40\noTool\ncTool\n?\nf\n"
				    "u5\nr\nh\n";
	const struct lhk_result *result = NULL;
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *ref = NULL;
	struct lhk_host *host = NULL;
	struct lhk_stream *s = NULL;
	struct failing memory;
	char *big = malloc (300000);
	int r;

	if (big == NULL)
		abort ();
	memset (big, 'x', 300000);
	big[0] = 't';
	big[299999] = '\n';
	failing_init (&memory);
	memory.fail_at = fail_at;
	opts.alloc = &memory.alloc;
	so.line_max = MIB;
	r = lhk_host_new (&opts, &host, NULL);
	if (r == LHK_OK)
		r = lhk_host_add_plugin (host, &mock_plugin, NULL);
	if (r == LHK_OK)
		r = lhk_host_plugin (host, "mock", &ref, NULL);
	if (r == LHK_OK)
		r = lhk_stream_new (host, ref, &so, &s, NULL);
	CU_ASSERT (r == LHK_OK || r == LHK_ENOMEM);
	if (r == LHK_OK) {
		TAP_EQ_INT (lhk_stream_write (s, lines, sizeof lines - 1),
			    LHK_OK);
		TAP_EQ_INT (lhk_stream_write (s, big, 299000), LHK_OK);
		TAP_EQ_INT (lhk_stream_write (s, big + 299000, 1000), LHK_OK);
		TAP_EQ_INT (lhk_stream_write (s, "tlast\nr\n", 8), LHK_OK);
		TAP_EQ_INT (lhk_stream_finish (s, NULL, &result), LHK_OK);
		TAP_EQ_INT (result->verdict, LHK_VERDICT_OK);
		TAP_EQ_INT (result->stats.lines, 13);
	}
	lhk_stream_free (s);
	lhk_host_free (host);
	CU_ASSERT (failing_clean (&memory));
	TAP_EQ_INT (mock_plugin_open_handles, 0);
	free (big);
	return memory.failed == 0;
}

static void
every_allocation (void)
{
	uint64_t n = 1;

	while (n < 1000 && !scenario (n))
		n++;
	CU_ASSERT (n > 10);
	CU_ASSERT (n < 1000);
	tap_note ("%llu allocations failed, one by one",
		  (unsigned long long) n - 1);
}

static const struct tap_case cases[] = {
	{ "stream_allocates_nothing_per_line", steady_state },
	{ "stream_holds_the_cap_its_slack_and_one_answer", bound },
	{ "stream_holds_no_more_than_the_cap_of_lines", bound_of_lines },
	{ "stream_survives_the_failure_of_every_allocation", every_allocation },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("stream_memory", cases);
}
