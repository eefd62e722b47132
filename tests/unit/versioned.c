/* SPDX-License-Identifier: MIT */
/* versioned.c - options of callers of other versions of the headers. */
#include "config.h"

#include <string.h>

#include "common/versioned.h"
#include "lib/tap.h"

/* Three versions of one struct of options. */
struct first {
	uint32_t size;
	uint32_t a;
};
struct second {
	uint32_t size;
	uint32_t a, b;
};
struct third {
	uint32_t size;
	uint32_t a, b, c;
};

static int
copy (struct second *own, const void *given, struct lhk_error *err)
{
	own->size = sizeof *own;
	own->a = 10;
	own->b = 20;
	return versioned_copy (own, sizeof *own, given, sizeof (struct first),
			       "test options", "TEST_INIT", err);
}

static void
older (void)
{
	struct first given = { sizeof given, 1 };
	struct second own;

	TAP_EQ_INT (copy (&own, &given, NULL), LHK_OK);
	TAP_EQ_INT (own.a, 1);
	TAP_EQ_INT (own.b, 20);
	TAP_EQ_INT (own.size, sizeof own);
}

static void
newer (void)
{
	struct third given = { sizeof given, 1, 2, 3 };
	struct second own[2];

	memset (own, 0x55, sizeof own);
	TAP_EQ_INT (copy (&own[0], &given, NULL), LHK_OK);
	TAP_EQ_INT (own[0].a, 1);
	TAP_EQ_INT (own[0].b, 2);
	TAP_EQ_INT (own[0].size, sizeof own[0]);
	TAP_EQ_INT (own[1].size, 0x55555555);
}

static void
refused (const void *given, const char *sentence)
{
	struct lhk_error err = { 0, 0, "" };
	struct second own;

	TAP_EQ_INT (copy (&own, given, &err), LHK_EINVAL);
	TAP_EQ_STR (err.text, sentence);
	TAP_EQ_INT (own.a, 10);
}

static void
too_short (void)
{
	struct first given = { sizeof given - 1, 1 };

	refused (&given, "test options have 7 bytes, expected 12: begin with "
			 "TEST_INIT");
}

static void
too_long (void)
{
	struct first given = { 4097, 1 };

	refused (&given, "test options have 4097 bytes, expected 12: begin "
			 "with TEST_INIT");
}

static void
null (void)
{
	refused (NULL, "test options have 0 bytes, expected 12: begin with "
		       "TEST_INIT");
}

static const struct tap_case cases[] = {
	{ "an_older_caller_leaves_the_defaults_of_what_it_does_not_know",
	  older },
	{ "what_a_newer_caller_knows_beyond_is_ignored", newer },
	{ "a_size_below_the_first_version_is_refused", too_short },
	{ "a_size_beyond_any_version_is_refused", too_long },
	{ "no_options_at_all_are_refused", null },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("versioned", cases);
}
