/* SPDX-License-Identifier: MIT */
/* strbuf.c - bytes that grow. */
#include "config.h"

#include <string.h>

#include "common/outbuf.h"
#include "common/strbuf.h"
#include "lib/failing.h"
#include "lib/tap.h"

static void
pieces_are_joined (void)
{
	struct failing f;
	struct strbuf b;

	failing_init (&f);
	strbuf_init (&b, &f.alloc);
	TAP_EQ_STR (strbuf_str (&b), "");
	strbuf_add (&b, "ab", 2);
	strbuf_add (&b, NULL, 0);
	strbuf_add_str (&b, "cd");
	strbuf_addf (&b, "%d-%s", 7, "a text that does not fit in eight");
	TAP_EQ_STR (strbuf_str (&b), "abcd7-a text that does not fit in eight");
	TAP_EQ_INT (b.len, strlen (strbuf_str (&b)));
	TAP_EQ_INT (strbuf_failed (&b), LHK_OK);
	strbuf_free (&b);
	CU_ASSERT (failing_clean (&f));
}

static void
clear_keeps_the_memory (void)
{
	struct failing f;
	struct strbuf b;
	uint64_t calls;

	failing_init (&f);
	strbuf_init (&b, &f.alloc);
	strbuf_add_str (&b, "0123456789");
	calls = f.calls;
	strbuf_clear (&b);
	TAP_EQ_STR (strbuf_str (&b), "");
	strbuf_add_str (&b, "abc");
	TAP_EQ_STR (strbuf_str (&b), "abc");
	TAP_EQ_INT (f.calls, calls);
	strbuf_free (&b);
	CU_ASSERT (failing_clean (&f));
}

static void
no_memory_is_remembered_until_clear (void)
{
	struct failing f;
	struct strbuf b;

	failing_init (&f);
	strbuf_init (&b, &f.alloc);
	strbuf_add_str (&b, "0123");
	f.fail_at = f.calls + 1;
	strbuf_add_str (&b, "a text that needs more memory");
	TAP_EQ_INT (strbuf_failed (&b), LHK_ENOMEM);
	strbuf_add_str (&b, "x");
	strbuf_addf (&b, "%d", 1);
	TAP_EQ_STR (strbuf_str (&b), "0123");
	strbuf_clear (&b);
	TAP_EQ_INT (strbuf_failed (&b), LHK_OK);
	strbuf_add_str (&b, "y");
	TAP_EQ_STR (strbuf_str (&b), "y");
	strbuf_free (&b);
	CU_ASSERT (failing_clean (&f));
}

static void
an_outbuf_writes_into_it (void)
{
	static struct outbuf o;
	struct failing f;
	struct strbuf b;

	failing_init (&f);
	strbuf_init (&b, &f.alloc);
	outbuf_init (&o, strbuf_write, &b);
	OUTBUF_LIT (&o, "one ");
	outbuf_u64 (&o, 2);
	outbuf_flush (&o);
	TAP_EQ_STR (strbuf_str (&b), "one 2");
	strbuf_free (&b);
	CU_ASSERT (failing_clean (&f));
}

int
main (void)
{
	static const struct tap_case cases[] = {
		{ "strbuf_joins_pieces", pieces_are_joined },
		{ "strbuf_clear_keeps_the_memory", clear_keeps_the_memory },
		{ "strbuf_remembers_that_memory_ran_out",
		  no_memory_is_remembered_until_clear },
		{ "an_outbuf_can_write_into_a_strbuf",
		  an_outbuf_writes_into_it },
		{ NULL, NULL },
	};

	return tap_run ("strbuf", cases);
}
