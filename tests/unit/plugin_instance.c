/* SPDX-License-Identifier: MIT */
/* plugin_instance.c - a callback that fails gives no events; a bad event costs
 * itself alone. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "plugin/instance.h"
#include "lib/mock_plugin.h"
#include "lib/failing.h"
#include "lib/tap.h"
#include "common/limits.h"

struct bench {
	struct failing memory;
	struct plugin_instance instance;
	struct lhk_error err;
	char said[PLUGIN_LOG_MAX];
	int level;
};

static void
take_log (void *user, int level, const char *text)
{
	struct bench *b = user;

	snprintf (b->said, sizeof b->said, "%s", text);
	b->level = level;
}

static void
bench_init (struct bench *b)
{
	memset (b, 0, sizeof *b);
	failing_init (&b->memory);
	TAP_EQ_INT (plugin_instance_init (&b->instance, &b->memory.alloc,
					  &mock_plugin, NULL, take_log, b),
		    LHK_OK);
	TAP_EQ_INT (plugin_instance_open (&b->instance, NULL, 0, &b->err),
		    LHK_OK);
}

static void
bench_done (struct bench *b)
{
	plugin_instance_done (&b->instance);
	TAP_EQ_INT (mock_plugin_open_handles, 0);
	CU_ASSERT (failing_clean (&b->memory));
}

static int
give (struct bench *b, const char *text)
{
	char padded[256];
	struct lhk_line line = {
		.size = sizeof line,
		.data = padded,
		.len = strlen (text),
		.full_len = strlen (text),
		.number = 1,
	};

	memset (padded, '\n', sizeof padded);
	memcpy (padded, text, line.len);
	return plugin_instance_line (&b->instance, &line);
}

/* What a callback returns, and how many events then wait. */
static void
outcomes (void)
{
	static const struct {
		const char *line;
		int r;
		size_t events;
	} rows[] = {
		{ "tone", LHK_OK, 1 },	     { "n3", LHK_OK, 3 },
		{ "n0", LHK_OK, 0 },	     { "k", LHK_SKIP, 0 },
		{ "p", LHK_EPARSE, 0 },	     { "f", LHK_EBUG, 0 },
		{ "w", LHK_EINVAL, 0 },	     { "b", LHK_OK, 1 },
		{ "e", LHK_OK, 1 },	     { "?", LHK_EPARSE, 0 },
		{ "n65536", LHK_OK, 65536 }, { "n65537", LHK_OK, 65536 },
		{ "tafter", LHK_OK, 1 },
	};
	struct bench b;
	size_t i;

	bench_init (&b);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int r = give (&b, rows[i].line);

		if (r != rows[i].r || b.instance.stage.n != rows[i].events)
			tap_note ("line \"%s\"", rows[i].line);
		TAP_EQ_INT (r, rows[i].r);
		TAP_EQ_INT (b.instance.stage.n, rows[i].events);
	}
	bench_done (&b);
}

static int
emit_kind (struct bench *b, uint32_t kind, int32_t value)
{
	union event_union e;

	memset (&e, 0, sizeof e);
	e.ev.size = sizeof e;
	e.ev.kind = kind;
	if (kind == LHK_EV_RESULT)
		e.result.verdict = value;
	return plugin_stage_add (&b->instance.stage, &e.ev);
}

/* Emit N events of KIND; how many were taken. */
static size_t
emit_kinds (struct bench *b, uint32_t kind, size_t n)
{
	size_t taken = 0;

	while (n-- > 0)
		taken += emit_kind (b, kind, 0) == LHK_OK;
	return taken;
}

/* The stage is full of tool calls: how the run went is still told. */
static void
reserve (void)
{
	const size_t more = LIMIT_EVENTS_RESERVE;
	struct bench b;
	struct plugin_stage *s = &b.instance.stage;

	bench_init (&b);
	plugin_stage_begin (s, NULL, 0);
	TAP_EQ_INT (emit_kinds (&b, LHK_EV_TOOL, LIMIT_EVENTS_PER_LINE + 9),
		    LIMIT_EVENTS_PER_LINE);
	TAP_EQ_INT (s->refused, LHK_ELIMIT);
	TAP_EQ_INT (s->validator.faults, 9);
	TAP_EQ_STR (s->validator.kind, "tool");
	TAP_EQ_INT (emit_kinds (&b, LHK_EV_USAGE, more + 2), more);
	TAP_EQ_INT (s->validator.lost_usage, 1);
	TAP_EQ_INT (emit_kinds (&b, LHK_EV_SESSION, 1), 0);
	TAP_EQ_INT (emit_kinds (&b, LHK_EV_RESULT, more), more);
	TAP_EQ_INT (s->validator.faults, 12);
	TAP_EQ_INT (emit_kind (&b, LHK_EV_RESULT, LHK_VERDICT_LIMIT), LHK_OK);
	TAP_EQ_INT (s->validator.faults, 13);
	TAP_EQ_INT (s->n, LIMIT_EVENTS_PER_LINE + 2 * more);
	TAP_EQ_INT (s->events[s->n - 1].result.verdict, LHK_VERDICT_LIMIT);
	bench_done (&b);
}

static void
not_inside (void)
{
	struct lhk_ev_text text = {
		.ev = LHK_EV (struct lhk_ev_text, LHK_EV_TEXT),
	};
	struct bench b;

	bench_init (&b);
	TAP_EQ_INT (b.instance.api.emit (b.instance.api.ctx, &text.ev),
		    LHK_ESTATE);
	TAP_EQ_INT (b.instance.stage.n, 0);
	bench_done (&b);
}

static void
says (void)
{
	struct bench b;

	bench_init (&b);
	TAP_EQ_INT (give (&b, "l"), LHK_OK);
	TAP_EQ_STR (b.said, "hello 5");
	TAP_EQ_INT (b.level, LHK_LOG_INFO);
	b.instance.api.log (b.instance.api.ctx, 99, "%s", "a\nb\x1b[31m");
	TAP_EQ_STR (b.said, "a?b?[31m");
	TAP_EQ_INT (b.level, LHK_LOG_WARN);
	bench_done (&b);
}

static void
refuses_to_open (void)
{
	const struct lhk_option option = { "refuse", "service" };
	struct bench b;

	memset (&b, 0, sizeof b);
	failing_init (&b.memory);
	TAP_EQ_INT (plugin_instance_init (&b.instance, &b.memory.alloc,
					  &mock_plugin, NULL, take_log, &b),
		    LHK_OK);
	TAP_EQ_INT (plugin_instance_open (&b.instance, &option, 1, &b.err),
		    LHK_EREFUSED);
	TAP_EQ_STR (b.err.text,
		    "plugin 'mock' did not open: no service today?");
	bench_done (&b);
}

static void
optional_callbacks (void)
{
	struct lhk_plugin bare = mock_plugin;
	struct lhk_exit how = { .size = sizeof how };
	struct bench b;

	bare.flush = NULL;
	bare.exited = NULL;
	bench_init (&b);
	b.instance.plugin = &bare;
	TAP_EQ_INT (give (&b, "b"), LHK_OK);
	TAP_EQ_INT (b.instance.stage.validator.faults, 1);
	TAP_EQ_INT (plugin_instance_flush (&b.instance), LHK_OK);
	TAP_EQ_INT (b.instance.stage.validator.faults, 0);
	TAP_EQ_INT (give (&b, "b"), LHK_OK);
	TAP_EQ_INT (plugin_instance_exited (&b.instance, &how), LHK_OK);
	TAP_EQ_INT (b.instance.stage.validator.faults, 0);
	bench_done (&b);
}

static void
room (void)
{
	struct bench b;
	uint64_t calls;
	size_t held;

	bench_init (&b);
	TAP_EQ_INT (give (&b, "n32"), LHK_OK);
	held = b.memory.held;
	calls = b.memory.calls;
	TAP_EQ_INT (give (&b, "n32"), LHK_OK);
	TAP_EQ_INT (b.memory.calls, calls);
	TAP_EQ_INT (give (&b, "n60000"), LHK_OK);
	CU_ASSERT (b.memory.held > 60000 * sizeof (union event_union));
	plugin_stage_clear (&b.instance.stage);
	TAP_EQ_INT (b.memory.held, held);
	bench_done (&b);
}

static void
no_memory (void)
{
	struct bench b;

	bench_init (&b);
	TAP_EQ_INT (give (&b, "n32"), LHK_OK);
	b.memory.fail_at = b.memory.calls + 1;
	b.memory.fail_on = 1;
	TAP_EQ_INT (give (&b, "n33"), LHK_OK);
	TAP_EQ_INT (b.instance.stage.n, 32);
	TAP_EQ_INT (b.instance.stage.refused, LHK_ENOMEM);
	TAP_EQ_INT (give (&b, "n32"), LHK_OK);
	bench_done (&b);
}

static const struct tap_case cases[] = {
	{ "stage_has_the_good_events_of_a_callback_that_did_not_fail",
	  outcomes },
	{ "stage_that_is_full_has_room_for_usage_and_for_the_last_claim",
	  reserve },
	{ "stage_takes_nothing_outside_of_a_callback", not_inside },
	{ "instance_passes_on_what_the_plugin_says_on_one_line", says },
	{ "instance_says_why_a_plugin_did_not_open", refuses_to_open },
	{ "instance_does_without_flush_and_exited", optional_callbacks },
	{ "stage_gives_large_room_back_and_allocates_no_small", room },
	{ "stage_without_memory_has_the_events_before", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("plugin_instance", cases);
}
