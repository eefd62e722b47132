/* SPDX-License-Identifier: MIT */
/*
 * embed.c - a runner that links liblinehook.so and nothing else of ours.
 *
 * What it needs is public: a host, a plugin from a directory, a stream of
 * bytes, one supervised run pulled as JSON, the names and statuses.  Prints
 * TAP itself, since the test library is made of the rooms.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>
#include <linehook/run.h>

static int n_cases;
static int n_failed;

static void
ok (int holds, const char *name)
{
	n_failed += !holds;
	printf ("%s %d - %s\n", holds ? "ok" : "not ok", ++n_cases, name);
}

static void
count (void *user, const struct lhk_meta *meta, const struct lhk_event *event)
{
	unsigned int *kinds = user;

	(void) meta;
	if (event->kind < 16)
		kinds[event->kind]++;
}

static void
bytes_in (struct lhk_host *host)
{
	static const char lines[] =
		"{\"type\":\"thread.started\",\"thread_id\":\"T\"}\n"
		"{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\","
		"\"type\":\"agent_message\",\"text\":\"caf\\u00e9\"}}\n"
		"{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":7,"
		"\"output_tokens\":2}}\n";
	struct lhk_stream_opts so = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *plugin;
	const struct lhk_result *result = NULL;
	struct lhk_stream *stream = NULL;
	unsigned int kinds[16] = { 0 };
	char text[16];
	size_t len;

	so.on_event = count;
	so.user = kinds;
	ok (lhk_host_plugin (host, "codex", &plugin, NULL) == LHK_OK
		    && lhk_stream_new (host, plugin, &so, &stream, NULL)
			       == LHK_OK,
	    "a_plugin_is_loaded_and_a_stream_made");
	if (stream == NULL)
		return;
	lhk_stream_write (stream, lines, sizeof lines - 1);
	ok (lhk_stream_finish (stream, NULL, &result) == LHK_OK
		    && strcmp (lhk_verdict_name (result->verdict), "ok") == 0
		    && lhk_result_status (result, 0) == 0,
	    "the_verdict_of_a_stream_is_ok");
	len = lhk_text_decode (&result->text, text, sizeof text, NULL);
	ok (len == 5 && memcmp (text, "caf\xc3\xa9", 5) == 0,
	    "the_final_text_is_decoded");
	ok (kinds[LHK_EV_RUN] == 1 && kinds[LHK_EV_SESSION] == 1
		    && kinds[LHK_EV_TEXT] == 1 && kinds[LHK_EV_RESULT] == 2,
	    "events_come_as_callbacks");
	ok (result->n_usage == 1 && result->usage[0].input == 7,
	    "usage_is_counted");
	lhk_stream_free (stream);
}

static void
one_run (struct lhk_host *host)
{
	static const char *const argv[] = { "sh", "-c", "echo hi; exit 3",
					    NULL };
	struct lhk_run_opts ro = LHK_RUN_OPTS_INIT;
	struct lhk_run *run = NULL;
	struct lhk_str line;
	int n = 0, text = 0;

	ro.argv = argv;
	ok (lhk_run_start (host, &ro, &run, NULL) == LHK_OK
		    && lhk_run_wait (run, 20000) == LHK_OK,
	    "a_run_is_started_and_ends");
	while (lhk_run_next_json (run, &line) == LHK_OK) {
		n++;
		text += line.len > 8
			&& memchr (line.ptr, '\n', line.len) == NULL;
	}
	ok (n == 3 && text == 3, "its_events_are_pulled_as_lines_of_json");
	ok (lhk_run_result (run) != NULL
		    && lhk_run_result (run)->outcome.exit_code == 3
		    && lhk_result_status (lhk_run_result (run), 1) == 3,
	    "its_result_has_the_exit_status");
	lhk_run_free (run);
}

int
main (void)
{
	struct lhk_host_opts ho = LHK_HOST_OPTS_INIT;
	const char *plugins = getenv ("PLUGIN_DIR");
	struct lhk_host *host;

	ho.monitor = getenv ("LINEHOOK_EXEC");
	puts ("1..9");
	ok (plugins != NULL && lhk_host_new (&ho, &host, NULL) == LHK_OK
		    && lhk_host_add_plugin_dir (host, plugins) == LHK_OK,
	    "a_host_is_made");
	if (n_failed != 0)
		return 1;
	bytes_in (host);
	one_run (host);
	lhk_host_free (host);
	return n_failed != 0;
}
