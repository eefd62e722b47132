/* SPDX-License-Identifier: MIT */
/* event_reader.c - lines of events back into events. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linehook/json.h>

#include "common/macros.h"
#include "common/mem.h"
#include "format/event_json.h"
#include "fuzz/mutate.h"
#include "lib/event_rewrite.h"
#include "lib/failing.h"
#include "lib/prng.h"
#include "lib/tap.h"

static struct event_reader reader;
static struct capture got;

/* Every kind with all of its members, in the order of the writer. */
static const char *const full[] = {
	"{\"seq\":1,\"kind\":\"run\",\"t\":0,\"parent\":\"p\",\"v\":1,"
	"\"run\":\"r\",\"plugin\":\"a\",\"provider\":\"b\",\"started\":\"c\","
	"\"argv\":[\"x\",\"\",\"\\u001b[m\\n\"],\"cwd\":\"/d\",\"line\":3,\"off\":4,\"len\":5,"
	"\"raw\":[1,{\"a\":\"\\u0041\"}]}",
	"{\"seq\":2,\"kind\":\"session\",\"t\":1,\"turn\":2,\"parent\":\"p\","
	"\"provider\":\"a\",\"id\":\"b\",\"model\":\"c\",\"cwd\":\"/d\","
	"\"agent_version\":\"e\",\"tools\":[\"f\",\"g\"],\"resumed\":true,"
	"\"line\":1,\"off\":0,\"len\":0,\"raw\":\"\\\"x\"}",
	"{\"seq\":3,\"kind\":\"text\",\"role\":\"thought\",\"id\":\"m\","
	"\"text\":\"a\\u0085\\u2028\\\"\\\\\\t\303\244\",\"delta\":true,"
	"\"synthetic\":true,\"line\":1,\"off\":2,\"len\":3,\"raw\":1e400}",
	"{\"seq\":4,\"kind\":\"tool\",\"id\":\"i\",\"name\":\"n\",\"type\":"
	"\"execute\",\"status\":\"failed\",\"brief\":\"b\",\"input\":"
	"{\"n\":[1e5,\"\\/\"]},\"output\":\"o\\n\",\"truncated\":true,"
	"\"exit_code\":-2,\"paths\":[\"a\",\"b\"],\"server\":\"s\"}",
	"{\"seq\":5,\"kind\":\"tool\",\"id\":\"i\",\"output\":{\"a\":[]}}",
	"{\"seq\":6,\"kind\":\"plan\",\"entries\":[{\"text\":\"a\",\"status\":"
	"\"pending\"},{\"text\":\"\",\"status\":\"in_progress\"},"
	"{\"text\":\"c\",\"status\":\"completed\"},{\"text\":\"d\"}]}",
	"{\"seq\":7,\"kind\":\"ask\",\"id\":\"i\",\"tool\":\"t\",\"text\":"
	"\"?\",\"options\":[\"y\",\"n\"],\"outcome\":\"y\"}",
	"{\"seq\":8,\"kind\":\"usage\",\"scope\":\"session\",\"id\":\"i\","
	"\"model\":\"m\",\"input_tokens\":0,\"output_tokens\":1,"
	"\"cache_read_input_tokens\":2,\"cache_creation_input_tokens\":3,"
	"\"reasoning_output_tokens\":4,\"context_used\":5,\"context_size\":"
	"9223372036854775807,\"cost_usd\":1.000000001,\"cost_source\":"
	"\"reported\"}",
	"{\"seq\":9,\"kind\":\"notice\",\"level\":\"debug\",\"code\":\"gap\","
	"\"text\":\"t\",\"data\":{\"from\":1}}",
	"{\"seq\":10,\"kind\":\"result\",\"turn\":3,\"final\":false,"
	"\"verdict\":\"refused\",\"stop_reason\":\"r\",\"text\":\"t\","
	"\"error\":\"e\"}",
	"{\"seq\":11,\"kind\":\"result\",\"t\":9,\"final\":true,\"verdict\":"
	"\"spawn_failed\",\"stop_reason\":\"r\",\"text\":\"t\",\"error\":"
	"\"e\",\"run\":\"r\",\"exit_status\":126,\"session_id\":\"s\","
	"\"model\":\"m\",\"outcome\":{\"how\":\"spawn_failed\",\"exit_code\":-1,\"signal\":9,\"step\":\"exec\","
	"\"errno\":2,\"detail\":\"a \\\"b\\\"\"},\"flags\":[\"stdin_failed\","
	"\"drain_cut\",\"leftover_killed\",\"hung_after_result\","
	"\"monitor_lost\",\"degraded\"],\"usage\":[{\"model\":\"m\","
	"\"input_tokens\":1,\"output_tokens\":2,\"cache_read_input_tokens\":3,"
	"\"cache_creation_input_tokens\":4,\"reasoning_output_tokens\":5,"
	"\"cost_usd\":0.5,\"cost_source\":\"estimated\"},{\"input_tokens\":0},"
	"{}],\"usage_scope\":\"run\",\"complete_usage\":true,\"cost_usd\":0.5,"
	"\"cost_source\":\"estimated\",\"tools\":{\"started\":1,"
	"\"completed\":2,\"failed\":3,\"denied\":4,\"canceled\":5,\"open\":6},"
	"\"survivors\":[12,345],\"contain\":\"cgroup+scope\",\"rusage\":"
	"{\"wall_ms\":1,\"user_ms\":2,\"sys_ms\":3,\"max_rss_kib\":4},"
	"\"stderr\":{\"head\":\"\\u001bh\",\"tail\":\"\357\277\275\","
	"\"bytes\":7},\"counters\":{\"lines\":1,\"bytes\":2,\"events\":3,"
	"\"oversize\":4,\"unparsed\":5,\"repaired\":6,\"skipped\":7,"
	"\"plugin_errors\":8,\"buffer_peak\":9,\"forgotten\":10}}",
};

/* Every kind with as few members as the writer writes. */
static const char *const empty[] = {
	"{\"seq\":1,\"kind\":\"run\",\"v\":1}",
	"{\"seq\":1,\"kind\":\"session\"}",
	"{\"seq\":1,\"kind\":\"session\",\"resumed\":false}",
	"{\"seq\":1,\"kind\":\"text\",\"text\":\"\",\"delta\":false}",
	"{\"seq\":1,\"kind\":\"tool\"}",
	"{\"seq\":1,\"kind\":\"plan\",\"entries\":[]}",
	"{\"seq\":1,\"kind\":\"ask\",\"text\":\"\",\"options\":[]}",
	"{\"seq\":1,\"kind\":\"usage\"}",
	"{\"seq\":1,\"kind\":\"notice\",\"text\":\"\"}",
	"{\"seq\":1,\"kind\":\"result\",\"final\":false}",
	"{\"seq\":1,\"kind\":\"result\",\"final\":true,\"verdict\":\"ok\","
	"\"flags\":[],\"usage\":[],\"usage_scope\":\"run\","
	"\"complete_usage\":false,\"tools\":{\"started\":0,\"completed\":0,"
	"\"failed\":0,\"denied\":0,\"canceled\":0,\"open\":0},\"counters\":"
	"{\"lines\":0,\"bytes\":0,\"events\":0,\"oversize\":0,\"unparsed\":0,"
	"\"repaired\":0,\"skipped\":0,\"plugin_errors\":0,\"buffer_peak\":0,"
	"\"forgotten\":0}}",
};

static void
line_stays (const char *line)
{
	CU_ASSERT (event_rewrite (&reader, line, strlen (line),
				  FORMAT_JSON_SOURCE | FORMAT_JSON_RAW, &got)
		   == LHK_OK);
	TAP_EQ_MEM (got.data, got.len > 0 ? got.len - 1 : 0, line,
		    strlen (line));
}

static void
lines_stay (void)
{
	size_t i;

	event_reader_init (&reader, &mem_system);
	for (i = 0; i < ARRAY_SIZE (full); i++)
		line_stays (full[i]);
	for (i = 0; i < ARRAY_SIZE (empty); i++)
		line_stays (empty[i]);
	event_reader_free (&reader);
}

/* Every word that stands for a number: "KEY":"WORD" in a line of KIND. */
static void
words_stay (void)
{
	static const struct {
		const char *kind, *key, *words, *rest;
	} lists[] = {
		{ "text", "role", "assistant user thought system",
		  ",\"text\":\"\",\"delta\":false" },
		{ "tool", "status",
		  "pending in_progress completed failed canceled denied", "" },
		{ "tool", "name\":\"n\",\"type",
		  "other read edit delete move search execute think fetch",
		  "" },
		{ "usage", "scope", "call turn run session", "" },
		{ "notice", "level", "error warn info debug",
		  ",\"text\":\"\"" },
		{ "result", "final\":false,\"verdict",
		  "ok failed refused limit canceled timeout stalled truncated "
		  "killed oom spawn_failed host_error",
		  "" },
	};
	char line[256], words[128];
	const char *word;
	size_t i;

	event_reader_init (&reader, &mem_system);
	for (i = 0; i < ARRAY_SIZE (lists); i++) {
		snprintf (words, sizeof words, "%s", lists[i].words);
		for (word = strtok (words, " "); word != NULL;
		     word = strtok (NULL, " ")) {
			snprintf (line, sizeof line,
				  "{\"seq\":1,\"kind\":\"%s\",\"%s\":\"%s\"%s}",
				  lists[i].kind, lists[i].key, word,
				  lists[i].rest);
			line_stays (line);
		}
	}
	event_reader_free (&reader);
}

/* The result in LINE, with its newline and padding. */
static const struct lhk_result *
result_of (const char *line)
{
	static char copy[4096];
	const struct lhk_result *result = NULL;

	memset (copy, '\n', sizeof copy);
	memcpy (copy, line, strlen (line));
	CU_ASSERT (event_reader_result (&reader, copy, strlen (line), &result)
		   == LHK_OK);
	return result;
}

static void
ends_of_runs (void)
{
	static const char *const words[] = {
		[LHK_END_EXITED] = "exited",
		[LHK_END_SIGNALED] = "signaled",
		[LHK_END_TIMEOUT] = "timeout",
		[LHK_END_IDLE] = "idle",
		[LHK_END_CANCELED] = "canceled",
		[LHK_END_LINGER] = "linger",
		[LHK_END_OUTPUT_LIMIT] = "output_limit",
		[LHK_END_BUDGET] = "budget",
		[LHK_END_SPAWN_FAILED] = "spawn_failed",
		[LHK_END_HOST_ERROR] = "host_error",
	};
	static const char *const contains[] = {
		"cgroup",    "cgroup+scope",	"pidns", "pidns+scope",
		"subreaper", "subreaper+scope", "scan",
	};
	char line[128];
	size_t i;

	event_reader_init (&reader, &mem_system);
	for (i = 1; i < ARRAY_SIZE (words); i++) {
		snprintf (line, sizeof line, "{\"outcome\":{\"how\":\"%s\"}}",
			  words[i]);
		TAP_EQ_INT (result_of (line)->outcome.end_reason, i);
	}
	for (i = 0; i < ARRAY_SIZE (contains); i++) {
		snprintf (line, sizeof line, "{\"contain\":\"%s\"}",
			  contains[i]);
		TAP_EQ_STR (result_of (line)->outcome.contain, contains[i]);
	}
	event_reader_free (&reader);
}

/* What people are shown of a result comes from its members. */
static void
result_alone (void)
{
	const struct lhk_result *r;

	event_reader_init (&reader, &mem_system);
	r = result_of (
		"{\"v\":1,\"run\":\"x\",\"status\":\"ended\","
		"\"argv\":[\"a\",7,\"b\"],\"cwd\":\"/d\",\"ended_ms\":9,"
		"\"exit_status\":256,"
		"\"final\":true,\"verdict\":\"failed\",\"text\":\"\\u0041\","
		"\"outcome\":{\"how\":\"exited\",\"exit_code\":3,"
		"\"step\":\"a\\u0000b\"},\"flags\":[\"degraded\",7,\"x\"],"
		"\"usage\":[{\"model\":\"m\",\"output_tokens\":2}],"
		"\"survivors\":[0,-1,7,\"8\",9999999999],"
		"\"stderr\":{\"head\":\"a\\tb\",\"tail\":\"\"}}");
	TAP_EQ_INT (r->verdict, LHK_VERDICT_FAILED);
	CU_ASSERT (LHK_TEXT_IS (&r->text, "A"));
	CU_ASSERT (r->outcome.has_exit == 1 && r->outcome.exit_code == 3);
	TAP_EQ_STR (r->outcome.step, "a");
	TAP_EQ_INT (r->outcome.flags, LHK_FLAG_DEGRADED);
	CU_ASSERT (r->n_usage == 1 && r->usage[0].has == LHK_USAGE_OUTPUT
		   && r->usage[0].output == 2);
	CU_ASSERT (r->outcome.n_survivors == 1 && r->outcome.survivors[0] == 7);
	TAP_EQ_MEM (r->outcome.stderr_head.ptr, r->outcome.stderr_head.len,
		    "a\tb", 3);
	CU_ASSERT (r->outcome.stderr_tail.ptr != NULL
		   && r->outcome.stderr_tail.len == 0);
	CU_ASSERT (r->has_cost == 0 && r->session_id.ptr == NULL);
	CU_ASSERT_FATAL (r->header != NULL);
	CU_ASSERT (LHK_TEXT_IS (&r->header->id, "x")
		   && LHK_TEXT_IS (&r->header->cwd, "/d"));
	CU_ASSERT (r->header->n_argv == 2
		   && LHK_TEXT_IS (&r->header->argv[1], "b"));
	/* No process has such a status. */
	CU_ASSERT (r->ended_ms == 9 && r->has_status == 0);
	event_reader_free (&reader);
}

/* ---- lines that no linehook wrote ---- */

/* What is not understood is left out: WANTED is the line written again, or empty
 * if nothing is to be read, with CODE. */
static const struct {
	int code;
	const char *line, *wanted;
} hostile[] = {
	{ LHK_EPARSE, "", "" },
	{ LHK_EPARSE, "x", "" },
	{ LHK_EPARSE, "[]", "" },
	{ LHK_EPARSE, "{}", "" },
	{ LHK_EPARSE, "\"kind\"", "" },
	{ LHK_EPARSE, "{\"kind\":7}", "" },
	{ LHK_EPARSE, "{\"kind\":\"text\"", "" },
	{ LHK_EPARSE, "{\"kind\":\"text\"}}", "" },
	{ LHK_EPARSE, "{\"kind\":\"text\",\"text\":\"\xff\"}", "" },
	{ LHK_EPARSE, "{\"kind\":\"text\",\"text\":\"\x1b[2J\"}", "" },
	{ LHK_EPARSE, "{\"kind\":\"new\",\"x\":", "" },
	{ LHK_SKIP, "{\"seq\":1,\"kind\":\"new\",\"x\":{}}", "" },
	{ LHK_SKIP, "{\"seq\":1,\"kind\":\"\"}", "" },
	{ LHK_OK, "{\"kind\":\"t\\u0065xt\"}",
	  "{\"seq\":0,\"kind\":\"text\",\"text\":\"\",\"delta\":false}" },
	{ LHK_OK,
	  "{ \"new\":[{}], \"kind\":\"text\",\"seq\":-1,\"t\":-5,\"turn\":0,"
	  "\"role\":\"god\",\"text\":7,\"delta\":\"yes\",\"id\":null,"
	  "\"line\":1e99 }",
	  "{\"seq\":0,\"kind\":\"text\",\"text\":\"\",\"delta\":false}" },
	{ LHK_OK,
	  "{\"seq\":1.5,\"kind\":\"tool\",\"t\":9999999999999999999,"
	  "\"type\":\"hack\",\"status\":[],\"exit_code\":2147483648,"
	  "\"paths\":{\"a\":1},\"truncated\":1,\"output\":null}",
	  "{\"seq\":0,\"kind\":\"tool\",\"output\":null}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"tool\",\"paths\":[1,\"a\",[\"b\"],null,\"c\"]}",
	  "{\"seq\":1,\"kind\":\"tool\",\"paths\":[\"a\",\"c\"]}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"plan\",\"entries\":[1,{\"text\":2,\"status\":"
	  "\"x\"},[],{\"text\":\"a\",\"status\":\"completed\",\"more\":{}}]}",
	  "{\"seq\":1,\"kind\":\"plan\",\"entries\":[{\"text\":\"\"},"
	  "{\"text\":\"a\",\"status\":\"completed\"}]}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"usage\",\"scope\":\"all\",\"input_tokens\":-1,"
	  "\"output_tokens\":0.5,\"context_used\":1e30,\"cost_usd\":-1,"
	  "\"context_size\":1e3}",
	  "{\"seq\":1,\"kind\":\"usage\",\"context_size\":1000}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"run\",\"v\":9999999999,\"argv\":\"sh\"}",
	  "{\"seq\":1,\"kind\":\"run\",\"v\":0}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"result\",\"final\":\"true\",\"verdict\":"
	  "\"unknown\",\"error\":\"a\",\"error\":\"b\"}",
	  "{\"seq\":1,\"kind\":\"result\",\"final\":false,\"error\":\"b\"}" },
	{ LHK_OK,
	  "{\"seq\":1,\"kind\":\"result\",\"final\":true,\"verdict\":[],"
	  "\"outcome\":{\"how\":\"by magic\"},\"flags\":{},\"usage\":7,"
	  "\"usage_scope\":1,\"tools\":[],\"survivors\":{},\"contain\":"
	  "\"a\\\"b\",\"counters\":null,\"stderr\":\"\",\"rusage\":3}",
	  "{\"seq\":1,\"kind\":\"result\",\"final\":true,\"verdict\":"
	  "\"unknown\",\"flags\":[],\"usage\":[],\"complete_usage\":false,"
	  "\"tools\":{\"started\":0,\"completed\":0,\"failed\":0,\"denied\":0,"
	  "\"canceled\":0,\"open\":0},\"counters\":{\"lines\":0,\"bytes\":0,"
	  "\"events\":0,\"oversize\":0,\"unparsed\":0,\"repaired\":0,"
	  "\"skipped\":0,\"plugin_errors\":0,\"buffer_peak\":0,"
	  "\"forgotten\":0}}" },
};

static void
hostile_lines (void)
{
	size_t i, len;

	event_reader_init (&reader, &mem_system);
	for (i = 0; i < ARRAY_SIZE (hostile); i++) {
		TAP_EQ_INT (event_rewrite (&reader, hostile[i].line,
					   strlen (hostile[i].line),
					   FORMAT_JSON_SOURCE, &got),
			    hostile[i].code);
		len = strlen (hostile[i].wanted);
		if (!TAP_EQ_MEM (got.data, got.len > 0 ? got.len - 1 : 0,
				 hostile[i].wanted, len))
			tap_note ("line %s", hostile[i].line);
	}
	event_reader_free (&reader);
}

/* A line that ends anywhere is no event, and nothing behind it is read. */
static void
cut_lines (void)
{
	size_t i, len;

	event_reader_init (&reader, &mem_system);
	for (i = 0; i < ARRAY_SIZE (full); i++)
		for (len = 0; len < strlen (full[i]); len++)
			CU_ASSERT (
				event_rewrite (&reader, full[i], len, 0, &got)
				== LHK_EPARSE);
	event_reader_free (&reader);
}

/* Change up to three bytes of LINE, mostly to such as JSON is made of. */
static void
damage (struct prng *p, char *line, size_t len)
{
	static const char bytes[] = "\"\\{}[]:,0159-.eEu \n\x1b\x80\xff";
	uint32_t n = 1 + prng_below (p, 3);

	for (; n > 0; n--)
		line[prng_below (p, (uint32_t) len)] =
			bytes[prng_below (p, sizeof bytes - 1)];
}

/* Whatever is read of a damaged line is written as a line that stays: nothing
 * gets through the reader that is no event. */
static void
damaged_lines (void)
{
	static struct capture line;
	struct prng prng = { 1 };
	unsigned long n, read = 0;
	size_t i;

	event_reader_init (&reader, &mem_system);
	for (n = 0; n < 4000; n++) {
		for (i = 0; i < ARRAY_SIZE (full); i++) {
			line.len = strlen (full[i]);
			memcpy (line.data, full[i], line.len);
			damage (&prng, line.data, line.len);
			if (event_rewrite (&reader, line.data, line.len,
					   FORMAT_JSON_SOURCE | FORMAT_JSON_RAW,
					   &got)
			    != LHK_OK)
				continue;
			read++;
			if (!event_rewrite_is_same (
				    &reader, got.data, got.len - 1,
				    FORMAT_JSON_SOURCE | FORMAT_JSON_RAW)) {
				tap_note ("%.*s", (int) line.len, line.data);
				CU_FAIL ("the line is another one");
			}
		}
	}
	tap_note ("%lu damaged lines are events", read);
	CU_ASSERT (read > 1000);
	event_reader_free (&reader);
}

/* ---- memory ---- */

static void
no_memory (void)
{
	struct failing memory;
	uint64_t calls;
	size_t i;
	int code;

	for (i = 0; i < ARRAY_SIZE (full); i++) {
		failing_init (&memory);
		event_reader_init (&reader, &memory.alloc);
		(void) event_rewrite (&reader, full[i], strlen (full[i]), 0,
				      &got);
		calls = memory.calls;
		for (memory.fail_at = memory.calls + 1; calls > 0; calls--) {
			event_reader_free (&reader);
			event_reader_init (&reader, &memory.alloc);
			memory.fail_at = memory.calls + calls;
			code = event_rewrite (&reader, full[i],
					      strlen (full[i]), 0, &got);
			TAP_EQ_INT (code, LHK_ENOMEM);
			TAP_EQ_INT (got.len, 0);
			memory.fail_at = 0;
			code = event_rewrite (&reader, full[i],
					      strlen (full[i]), 0, &got);
			TAP_EQ_INT (code, LHK_OK);
		}
		event_reader_free (&reader);
		CU_ASSERT (failing_clean (&memory));
	}
}

/* The same lines again need no more memory; a long list needs some times its
 * length. */
static void
memory_is_kept (void)
{
	enum { N = 100000 };
	struct failing memory;
	uint64_t calls;
	char *line = malloc (64 + 3 * N);
	size_t i, len;

	if (line == NULL)
		abort ();
	failing_init (&memory);
	event_reader_init (&reader, &memory.alloc);
	len = (size_t) sprintf (line, "{\"kind\":\"ask\",\"options\":[\"\"");
	for (i = 0; i < N; i++, len += 3)
		memcpy (line + len, ",\"\"", 3);
	memcpy (line + len, "]}", 2);
	len += 2;
	CU_ASSERT (event_rewrite (&reader, line, len, 0, &got) == LHK_OK);
	CU_ASSERT (memory.peak < 20 * len);
	for (i = 0; i < ARRAY_SIZE (full); i++)
		line_stays (full[i]);
	calls = memory.calls;
	for (i = 0; i < ARRAY_SIZE (full); i++)
		line_stays (full[i]);
	TAP_EQ_INT (memory.calls, calls);
	event_reader_free (&reader);
	CU_ASSERT (failing_clean (&memory));
	free (line);
}

/* ---- recordings of the real agents ---- */

struct recorded {
	struct outbuf out;
	struct capture line;
	unsigned int flags;
	unsigned long lines, kinds;
};

/* Each event is written, read, and written again. */
static void
on_event (void *user, const struct lhk_meta *meta,
	  const struct lhk_event *event)
{
	struct recorded *t = user;

	t->line.len = 0;
	format_json_event (&t->out, meta, event, t->flags);
	outbuf_flush (&t->out);
	t->lines++;
	t->kinds |= 1ul << event->kind;
	if (!event_rewrite_is_same (&reader, t->line.data, t->line.len - 1,
				    t->flags)) {
		tap_note ("%.*s", (int) t->line.len - 1, t->line.data);
		CU_FAIL ("the line is another when it is written again");
	}
}

static void
replay (struct lhk_host *host, const struct recording *recording,
	struct recorded *t)
{
	const struct lhk_outcome how = {
		.size = sizeof how,
		.end_reason = LHK_END_EXITED,
		.has_exit = 1,
		.contain = "subreaper",
		.stderr_head = { "a\n", 2 },
		.stderr_tail = { "", 0 },
	};
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *plugin;
	const struct lhk_result *result;
	struct lhk_stream *stream;

	opts.on_event = on_event;
	opts.user = t;
	opts.flags =
		(t->flags & FORMAT_JSON_RAW) != 0 ? LHK_STREAM_RAW_LINES : 0;
	if (lhk_host_plugin (host, recording->plugin, &plugin, NULL) < 0
	    && lhk_host_plugin (host, "raw", &plugin, NULL) < 0)
		abort ();
	if (lhk_stream_new (host, plugin, &opts, &stream, NULL) < 0)
		abort ();
	lhk_stream_write (stream, recording->data, recording->len);
	CU_ASSERT (lhk_stream_finish (stream, &how, &result) == LHK_OK);
	lhk_stream_free (stream);
}

static void
recorded_streams (void)
{
	const char *srcdir = tap_need_env ("srcdir");
	struct recordings recordings = { NULL, 0 };
	static struct recorded t;
	struct lhk_host *host;
	char folder[4096];
	size_t i;

	event_reader_init (&reader, &mem_system);
	outbuf_init (&t.out, capture_write, &t.line);
	snprintf (folder, sizeof folder, "%s/streams", srcdir);
	CU_ASSERT_FATAL (recordings_add (&recordings, folder) == 0);
	snprintf (folder, sizeof folder, "%s/transcripts", srcdir);
	CU_ASSERT_FATAL (recordings_add (&recordings, folder) == 0);
	CU_ASSERT_FATAL (lhk_host_new (NULL, &host, NULL) == LHK_OK);
	CU_ASSERT_FATAL (
		lhk_host_add_plugin_dir (host, tap_need_env ("PLUGIN_DIR"))
		== LHK_OK);
	for (i = 0; i < 2 * recordings.n; i++) {
		t.flags = i % 2 ? FORMAT_JSON_SOURCE | FORMAT_JSON_RAW : 0;
		replay (host, &recordings.list[i / 2], &t);
	}
	tap_note ("%lu lines of %zu recordings", t.lines, recordings.n);
	CU_ASSERT (recordings.n > 50 && t.lines > 2000);
	/* All kinds are among them. */
	TAP_EQ_INT (t.kinds, (2ul << LHK_EV_RUN) - (1ul << LHK_EV_SESSION));
	lhk_host_free (host);
	recordings_free (&recordings);
	event_reader_free (&reader);
}

static const struct tap_case cases[] = {
	{ "a_line_of_every_kind_is_the_same_when_written_again", lines_stay },
	{ "every_word_for_a_number_is_read", words_stay },
	{ "every_end_of_a_run_is_read", ends_of_runs },
	{ "a_result_is_read_without_its_event", result_alone },
	{ "the_events_of_real_agents_are_the_same_when_written_again",
	  recorded_streams },
	{ "what_is_not_understood_is_absent", hostile_lines },
	{ "a_line_that_is_cut_is_no_event", cut_lines },
	{ "what_is_read_of_a_damaged_line_is_an_event", damaged_lines },
	{ "no_memory_is_an_error_and_nothing_leaks", no_memory },
	{ "memory_serves_the_next_line", memory_is_kept },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("event_reader", cases);
}
