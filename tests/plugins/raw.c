/* SPDX-License-Identifier: MIT */
/* raw.c - every line is a text, whatever it is. */
#include "config.h"

#include <linehook/plugin.h>

#include "plugins/gives.h"

static void
lines_are_texts (void)
{
	gives ("one\n{\"type\":\"result\"}\n\nlast",
	       "text role=assistant text=\"one\"\n"
	       "text role=assistant text=\"{\\\"type\\\":\\\"result\\\"}\"\n"
	       "text role=assistant text=\"\"\n"
	       "text role=assistant text=\"last\"\n");
}

static void
escapes_are_not_read (void)
{
	gives ("a\\nb \"c\" \\ud83d\r\n",
	       "text role=assistant text=\"a\\\\nb \\\"c\\\" \\\\ud83d\"\n");
}

static void
any_byte_will_do (void)
{
	static const char in[] = "a\0b\n\xff\xfe"
				 "c\n";
	char *found;

	found = collect_text (&linehook_plugin_1, in, sizeof (in) - 1, NULL);
	TAP_EQ_STR (found, "text role=assistant text=\"a\\x00b\"\n"
			   "text role=assistant text=\"\xef\xbf\xbd\xef\xbf\xbd"
			   "c\"\n");
	free (found);
}

static void
salvaged_lines (void)
{
	gives_salvaged ("{\"type\":\"result\"}\n", "");
}

static void
it_claims_nothing (void)
{
	TAP_EQ_INT (linehook_plugin_1.flags,
		    LHK_PLUGIN_NO_TOKENS | LHK_PLUGIN_NO_COST);
	CU_ASSERT_PTR_NULL (linehook_plugin_1.programs);
	CU_ASSERT_PTR_NULL (linehook_plugin_1.probe);
	CU_ASSERT_PTR_NULL (linehook_plugin_1.flush);
	CU_ASSERT_PTR_NULL (linehook_plugin_1.exited);
}

static const struct tap_case cases[] = {
	{ "every_line_is_a_whole_text_also_an_unterminated_one",
	  lines_are_texts },
	{ "what_looks_like_an_escape_is_plain_text", escapes_are_not_read },
	{ "nul_and_bad_utf8_make_no_difference", any_byte_will_do },
	{ "salvaged_fields_are_not_the_line", salvaged_lines },
	{ "raw_serves_no_program_and_makes_no_claims", it_claims_nothing },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("raw", cases);
}
