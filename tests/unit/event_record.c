/* SPDX-License-Identifier: MIT */
/* event_record.c - an event goes to another process and comes back the same, and
 * a record that was damaged does no harm. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "common/outbuf.h"
#include "event/event_record.h"
#include "event/validate.h"
#include "format/event_json.h"
#include "lib/failing.h"
#include "lib/prng.h"
#include "lib/tap.h"

#define LINE "{\"text\":\"words of the line\",\"id\":\"m-1\"}"

static const char line[sizeof LINE + LHK_LINE_PADDING] = LINE "\n";

/* The words of the line from OFF on. */
static struct lhk_text
in_line (size_t off, size_t len)
{
	return (struct lhk_text){ line + off, len, LHK_TEXT_PLAIN, 0 };
}

static struct lhk_text
outside (const char *words)
{
	return (struct lhk_text){ words, strlen (words), LHK_TEXT_PLAIN, 0 };
}

/* Print EVENT as JSON to TEXT. */
static void
print (struct strbuf *text, const struct lhk_event *event)
{
	const struct lhk_meta meta = { .size = sizeof meta,
				       .seq = 1,
				       .turn = 1 };
	static struct outbuf out;

	strbuf_clear (text);
	outbuf_init (&out, strbuf_write, text);
	format_json_event (&out, &meta, event, 0);
	outbuf_flush (&out);
}

/* An event of each kind, with texts of both places and absent ones. */
static void
make (uint32_t kind, union event_union *e)
{
	static struct lhk_text list[2];
	static struct lhk_plan_entry entries[2];

	list[0] = outside ("one");
	list[1] = in_line (9, 5);
	entries[0] = (struct lhk_plan_entry){ list[0], LHK_PLAN_DONE, 0 };
	entries[1] = (struct lhk_plan_entry){ list[1], LHK_PLAN_PENDING, 0 };
	memset (e, 0, sizeof *e);
	e->ev.size = sizeof *e;
	e->ev.kind = kind;
	e->ev.parent = outside ("call-7");
	switch (kind) {
	case LHK_EV_SESSION:
		e->session.id = in_line (34, 3);
		e->session.model = outside ("model");
		e->session.tools = list;
		e->session.n_tools = 2;
		break;
	case LHK_EV_TEXT:
		e->text.role = LHK_ROLE_ASSISTANT;
		e->text.id = outside ("");
		e->text.text = in_line (9, 17);
		break;
	case LHK_EV_TOOL:
		e->tool.status = LHK_TOOL_DONE;
		e->tool.id = outside ("t-1");
		e->tool.name = outside ("Write");
		e->tool.input = (struct lhk_str){ "{\"n\":[1,2]}", 11 };
		e->tool.output = in_line (9, 17);
		e->tool.paths = list;
		e->tool.n_paths = 2;
		break;
	case LHK_EV_PLAN:
		e->plan.entries = entries;
		e->plan.n_entries = 2;
		break;
	case LHK_EV_ASK:
		e->ask.text = outside ("really?");
		e->ask.options = list;
		e->ask.n_options = 2;
		break;
	case LHK_EV_USAGE:
		e->usage.scope = LHK_SCOPE_RUN;
		e->usage.has = LHK_USAGE_INPUT;
		e->usage.input = 12;
		e->usage.model = outside ("model");
		break;
	case LHK_EV_NOTICE:
		e->notice.level = LHK_LOG_WARN;
		e->notice.code = outside ("retry");
		e->notice.text = in_line (9, 17);
		e->notice.data = (struct lhk_str){ line, sizeof LINE - 1 };
		break;
	default:
		e->result.verdict = LHK_VERDICT_FAILED;
		e->result.error = outside ("why");
		break;
	}
}

/* EVENT as the validator leaves it. */
static void
validate (struct validator *v, union event_union *e)
{
	union event_union copy = *e;

	validator_begin (v, line, sizeof LINE - 1);
	TAP_EQ_INT (event_validate (v, &copy.ev, e), LHK_OK);
	TAP_EQ_INT (v->faults, 0);
}

static void
there_and_back (void)
{
	struct strbuf record, before, after;
	struct validator v;
	union event_union e;
	struct lhk_event *back;
	uint32_t kind;
	size_t len;

	strbuf_init (&record, &mem_system);
	strbuf_init (&before, &mem_system);
	strbuf_init (&after, &mem_system);
	validator_init (&v, &mem_system);
	for (kind = LHK_EV_SESSION; kind <= LHK_EV_RESULT; kind++) {
		make (kind, &e);
		validate (&v, &e);
		print (&before, &e.ev);
		strbuf_clear (&record);
		event_record_write (&record, &e, line, sizeof LINE - 1);
		TAP_EQ_INT (strbuf_failed (&record), LHK_OK);
		validator_forget (&v);
		back = event_record_read (record.data, record.len, line,
					  sizeof LINE - 1, &len);
		CU_ASSERT_FATAL (back != NULL);
		TAP_EQ_INT (len, record.len);
		TAP_EQ_INT (len % EVENT_RECORD_ALIGNMENT, 0);
		print (&after, back);
		TAP_EQ_STR (strbuf_str (&after), strbuf_str (&before));
	}
	validator_done (&v);
	strbuf_free (&record);
	strbuf_free (&before);
	strbuf_free (&after);
}

/* A record of an event of KIND, in memory of its own without a byte to spare. */
static char *
record_of (uint32_t kind, size_t *ret_len)
{
	struct strbuf record;
	struct validator v;
	union event_union e;
	char *copy;

	validator_init (&v, &mem_system);
	strbuf_init (&record, &mem_system);
	make (kind, &e);
	validate (&v, &e);
	event_record_write (&record, &e, line, sizeof LINE - 1);
	copy = mem_new (&mem_system, record.len);
	CU_ASSERT_FATAL (copy != NULL);
	memcpy (copy, record.data, record.len);
	*ret_len = record.len;
	strbuf_free (&record);
	validator_done (&v);
	return copy;
}

/* Read the record, which may be damaged; if it is good, what it points to can be
 * read. */
static int
try (char *record, size_t len, struct validator *v, struct strbuf *text)
{
	struct lhk_event *event;
	union event_union e;
	size_t used;

	event = event_record_read (record, len, line, sizeof LINE - 1, &used);
	if (event == NULL)
		return 0;
	CU_ASSERT (used <= len);
	validator_begin (v, line, sizeof LINE - 1);
	if (event_validate (v, event, &e) == LHK_OK)
		print (text, &e.ev);
	validator_forget (v);
	return 1;
}

static void
damaged (void)
{
	struct prng r = { 7 };
	struct validator v;
	struct strbuf text;
	uint32_t kind;
	size_t len, i, n_good = 0, n_bad = 0;
	char *record;

	validator_init (&v, &mem_system);
	strbuf_init (&text, &mem_system);
	for (kind = LHK_EV_SESSION; kind <= LHK_EV_RESULT; kind++)
		for (i = 0; i < 3000; i++) {
			record = record_of (kind, &len);
			record[prng_below (&r, (uint32_t) len)] =
				(char) prng_below (&r, 256);
			if (try (record, len, &v, &text))
				n_good++;
			else
				n_bad++;
			mem_free (&mem_system, record, len);
		}
	CU_ASSERT (n_good > 1000);
	CU_ASSERT (n_bad > 1000);
	strbuf_free (&text);
	validator_done (&v);
}

static void
cut (void)
{
	struct validator v;
	struct strbuf text;
	uint32_t kind;
	size_t len, n, all;
	char *record, *part;

	validator_init (&v, &mem_system);
	strbuf_init (&text, &mem_system);
	for (kind = LHK_EV_SESSION; kind <= LHK_EV_RESULT; kind++) {
		record = record_of (kind, &all);
		for (n = 1; n < all; n++) {
			part = mem_new (&mem_system, n);
			CU_ASSERT_FATAL (part != NULL);
			memcpy (part, record, n);
			TAP_EQ_INT (try (part, n, &v, &text), 0);
			mem_free (&mem_system, part, n);
		}
		len = all;
		TAP_EQ_INT (try (record, len, &v, &text), 1);
		mem_free (&mem_system, record, all);
	}
	strbuf_free (&text);
	validator_done (&v);
}

static void
no_memory (void)
{
	struct failing memory;
	struct strbuf record;
	struct validator v;
	union event_union e;
	uint64_t n;

	failing_init (&memory);
	validator_init (&v, &mem_system);
	make (LHK_EV_TOOL, &e);
	validate (&v, &e);
	for (n = 1;; n++) {
		strbuf_init (&record, &memory.alloc);
		memory.fail_at = memory.calls + n;
		event_record_write (&record, &e, line, sizeof LINE - 1);
		if (strbuf_failed (&record) == LHK_OK)
			break;
		strbuf_free (&record);
	}
	CU_ASSERT (n > 1);
	strbuf_free (&record);
	validator_done (&v);
	CU_ASSERT (failing_clean (&memory));
}

static const struct tap_case cases[] = {
	{ "an_event_of_every_kind_comes_back_as_it_was", there_and_back },
	{ "a_damaged_record_is_refused_or_is_an_event", damaged },
	{ "a_record_that_was_cut_is_refused", cut },
	{ "a_record_for_which_memory_runs_out_fails", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("event_record", cases);
}
