/* SPDX-License-Identifier: MIT */
/* event_copies.c - an event that was emitted has nothing of its author's. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/limits.h"
#include "common/outbuf.h"
#include "event/copies.h"
#include "format/event_json.h"
#include "lib/stream_fixture.h"
#include "lib/tap.h"

/* ---- a plugin that changes and frees all that it has given ---- */

#define BLOCKS 64

struct careless {
	const struct lhk_api *api;
	void *blocks[BLOCKS];
	size_t sizes[BLOCKS];
	size_t n;
	int keeps; /* it does neither */
};

/* A block of its own, exactly as long as the bytes. */
static void *
block (struct careless *c, const void *bytes, size_t len)
{
	void *p = malloc (len);

	if (p == NULL || c->n == BLOCKS)
		abort ();
	memcpy (p, bytes, len);
	c->blocks[c->n] = p;
	c->sizes[c->n++] = len;
	return p;
}

static struct lhk_text
text (struct careless *c, const char *words)
{
	struct lhk_text t = { NULL, strlen (words), LHK_TEXT_PLAIN, 0 };

	t.ptr = block (c, words, t.len);
	return t;
}

static struct lhk_str
json (struct careless *c, const char *value)
{
	struct lhk_str s = { NULL, strlen (value) };

	s.ptr = block (c, value, s.len);
	return s;
}

static void
spoil (struct careless *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		memset (c->blocks[i], 0xa5, c->sizes[i]);
		free (c->blocks[i]);
	}
	c->n = 0;
}

static void
give (struct careless *c, const struct lhk_event *event)
{
	if (c->api->emit (c->api->ctx, event) != LHK_OK)
		abort ();
	if (!c->keeps)
		spoil (c);
}

static void
give_session (struct careless *c)
{
	struct lhk_text tools[2] = { text (c, "Read"), text (c, "Write") };
	struct lhk_ev_session e = {
		.ev = LHK_EV (struct lhk_ev_session, LHK_EV_SESSION),
		.id = text (c, "s-1"),
		.model = text (c, "model"),
		.cwd = text (c, "/home/user"),
		.agent_version = text (c, "1.2"),
		.tools = block (c, tools, sizeof tools),
		.n_tools = 2,
	};

	give (c, &e.ev);
}

static void
give_text (struct careless *c, const char *id)
{
	struct lhk_ev_text e = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
		.role = LHK_ROLE_ASSISTANT,
		.id = text (c, id),
		.text = text (c, "hello"),
	};

	e.ev.parent = text (c, "p-1");
	give (c, &e.ev);
}

static void
give_tool (struct careless *c)
{
	struct lhk_text paths[2] = { text (c, "a.c"), text (c, "b.c") };
	struct lhk_ev_tool e = {
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_DONE,
		.id = text (c, "t-1"),
		.name = text (c, "Write"),
		.server = text (c, "files"),
		.brief = text (c, "two files"),
		.input = json (c, "{\"n\":2}"),
		.output = text (c, "done"),
		.paths = block (c, paths, sizeof paths),
		.n_paths = 2,
	};

	give (c, &e.ev);
	e = (struct lhk_ev_tool){
		.ev = LHK_EV (struct lhk_ev_tool, LHK_EV_TOOL),
		.status = LHK_TOOL_DONE,
		.flags = LHK_TOOL_OUTPUT_JSON,
		.id = text (c, "t-2"),
		.output = text (c, "[1,2]"),
	};
	give (c, &e.ev);
}

static void
give_plan (struct careless *c)
{
	struct lhk_plan_entry entries[2] = {
		{ text (c, "one"), LHK_PLAN_DONE, 0 },
		{ text (c, "two"), LHK_PLAN_PENDING, 0 },
	};
	struct lhk_ev_plan e = {
		.ev = LHK_EV (struct lhk_ev_plan, LHK_EV_PLAN),
		.entries = block (c, entries, sizeof entries),
		.n_entries = 2,
	};

	give (c, &e.ev);
}

static void
give_ask (struct careless *c)
{
	struct lhk_text options[1] = { text (c, "yes") };
	struct lhk_ev_ask e = {
		.ev = LHK_EV (struct lhk_ev_ask, LHK_EV_ASK),
		.id = text (c, "q-1"),
		.tool = text (c, "t-1"),
		.text = text (c, "really?"),
		.options = block (c, options, sizeof options),
		.n_options = 1,
	};

	give (c, &e.ev);
}

static void
give_rest (struct careless *c)
{
	struct lhk_ev_usage usage = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = LHK_SCOPE_CALL,
		.has = LHK_USAGE_INPUT,
		.input = 5,
		.id = text (c, "u-1"),
		.model = text (c, "model"),
	};
	struct lhk_ev_notice notice = {
		.ev = LHK_EV (struct lhk_ev_notice, LHK_EV_NOTICE),
		.level = LHK_LOG_WARN,
	};
	struct lhk_ev_result result = {
		.ev = LHK_EV (struct lhk_ev_result, LHK_EV_RESULT),
		.verdict = LHK_VERDICT_FAILED,
	};

	give (c, &usage.ev);
	notice.code = text (c, "retry");
	notice.text = text (c, "once more");
	notice.data = json (c, "{\"attempt\":1}");
	give (c, &notice.ev);
	result.stop_reason = text (c, "error");
	result.text = text (c, "an answer");
	result.error = text (c, "a reason");
	give (c, &result.ev);
}

static int
careless_open (const struct lhk_api *api, const struct lhk_option *options,
	       size_t n_options, void **ret)
{
	struct careless *c = calloc (1, sizeof *c);

	(void) options;
	if (c == NULL)
		abort ();
	c->api = api;
	c->keeps = n_options > 0;
	*ret = c;
	return LHK_OK;
}

/* What it keeps it keeps until its next callback. */
static int
careless_line (void *handle, const struct lhk_line *line)
{
	struct careless *c = handle;

	spoil (c);
	(void) line;
	give_session (c);
	give_text (c, "m-1");
	give_text (c, "m-2");
	give_tool (c);
	give_plan (c);
	give_ask (c);
	give_rest (c);
	return LHK_OK;
}

static void
careless_close (void *handle)
{
	spoil (handle);
	free (handle);
}

static const struct lhk_plugin careless = {
	LHK_PLUGIN_HEADER,
	.name = "careless",
	.provider = "tests",
	.version = "1",
	.summary = "frees what it has emitted",
	.open = careless_open,
	.line_hook = careless_line,
	.close = careless_close,
};

/* ---- what comes out ---- */

struct printed {
	struct outbuf out;
	char text[8192];
	size_t len;
};

static void
print (void *user, const char *data, size_t len)
{
	struct printed *p = user;

	if (len > sizeof p->text - p->len)
		abort ();
	memcpy (p->text + p->len, data, len);
	p->len += len;
}

static void
print_event (void *user, const struct lhk_meta *meta,
	     const struct lhk_event *event)
{
	struct printed *p = user;

	format_json_event (&p->out, meta, event, 0);
}

/* Give a stream of the plugin two lines, and print its events. */
static void
run (struct printed *p, int keeps)
{
	static const struct lhk_option keep = { "keep", "1" };
	struct lhk_stream_opts opts = LHK_STREAM_OPTS_INIT;
	const struct lhk_plugin_ref *ref;
	struct lhk_stream_stats stats;
	struct lhk_host *host;
	struct lhk_stream *s;

	memset (p, 0, sizeof *p);
	outbuf_init (&p->out, print, p);
	opts.on_event = print_event;
	opts.user = p;
	opts.options = &keep;
	opts.n_options = keeps ? 1 : 0;
	TAP_EQ_INT (lhk_host_new (NULL, &host, NULL), LHK_OK);
	TAP_EQ_INT (lhk_host_add_plugin (host, &careless, NULL), LHK_OK);
	TAP_EQ_INT (lhk_host_plugin (host, "careless", &ref, NULL), LHK_OK);
	TAP_EQ_INT (lhk_stream_new (host, ref, &opts, &s, NULL), LHK_OK);
	lhk_stream_write (s, "one\ntwo\n", 8);
	stats.size = sizeof stats;
	lhk_stream_stats (s, &stats);
	TAP_EQ_INT (stats.plugin_errors, 0);
	outbuf_flush (&p->out);
	lhk_stream_free (s);
	lhk_host_free (host);
}

static void
freed_after_emit (void)
{
	static struct printed careful, spoiled;

	run (&careful, 1);
	run (&spoiled, 0);
	CU_ASSERT (careful.len > 1500);
	TAP_EQ_MEM (spoiled.text, spoiled.len, careful.text, careful.len);
}

/* ---- the memory ---- */

static const char *
copy (struct copies *c, const char *words)
{
	const char *p = words;

	TAP_EQ_INT (copies_add (c, 1, &p, strlen (words)), LHK_OK);
	CU_ASSERT (p != words && memcmp (p, words, strlen (words)) == 0);
	TAP_EQ_INT ((uintptr_t) p % sizeof (uint64_t), 0);
	return p;
}

static void
same_again (void)
{
	struct failing memory;
	struct copies c;
	const char *one, *two;
	uint64_t calls;

	failing_init (&memory);
	copies_init (&c, &memory.alloc);
	copies_begin (&c, 0);
	one = copy (&c, "name");
	CU_ASSERT (copy (&c, "name") == one);
	two = copy (&c, "nome");
	CU_ASSERT (two != one);
	CU_ASSERT (copy (&c, "") != NULL);
	TAP_EQ_MEM (one, 4, "name", 4);
	calls = memory.calls;
	copies_clear (&c);
	CU_ASSERT (copy (&c, "nome") != NULL);
	TAP_EQ_INT (memory.calls, calls);
	copies_done (&c);
	CU_ASSERT (failing_clean (&memory));
}

/* Each line needs as much as the one before: nothing is allocated for it. */
static void
steady (void)
{
	struct failing memory;
	struct copies c;
	char words[64];
	uint64_t calls = 0;
	size_t round, i;

	failing_init (&memory);
	copies_init (&c, &memory.alloc);
	for (round = 0; round < 8; round++) {
		copies_begin (&c, 0);
		for (i = 0; i < 500; i++) {
			snprintf (words, sizeof words, "text %zu", i);
			copy (&c, words);
		}
		copies_clear (&c);
		if (round == 4)
			calls = memory.calls;
	}
	TAP_EQ_INT (memory.calls, calls);
	TAP_EQ_INT (memory.blocks, 1);
	copies_done (&c);
	CU_ASSERT (failing_clean (&memory));
}

static void
limits (void)
{
	static char large[1 << 20];
	struct failing memory;
	struct copies c;
	const char *p = large;
	size_t n = 0;

	failing_init (&memory);
	copies_init (&c, &memory.alloc);
	copies_begin (&c, sizeof large);
	while (large[0] = (char) n, p = large,
	       copies_add (&c, 1, &p, sizeof large) == LHK_OK)
		n++;
	/* The line's length twice, and less than one text of what is left. */
	TAP_EQ_INT (n, LIMIT_COPIES / sizeof large + 1);
	TAP_EQ_INT (copies_add (&c, 1, &p, sizeof large), LHK_ELIMIT);
	CU_ASSERT (p == large);
	copies_clear (&c);
	TAP_EQ_INT (memory.held, 0);
	memory.fail_at = memory.calls + 1;
	TAP_EQ_INT (copies_add (&c, 1, &p, 1), LHK_ENOMEM);
	TAP_EQ_INT (copies_add (&c, 1, &p, 1), LHK_OK);
	copies_done (&c);
	CU_ASSERT (failing_clean (&memory));
}

static const struct tap_case cases[] = {
	{ "an_event_may_point_to_memory_that_is_freed_after_emit",
	  freed_after_emit },
	{ "copies_of_the_same_text_are_one", same_again },
	{ "copies_of_lines_alike_allocate_nothing", steady },
	{ "copies_are_limited_and_large_ones_are_given_back", limits },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("event_copies", cases);
}
