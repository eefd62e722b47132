/* SPDX-License-Identifier: MIT */
/* label.c - what a label of a run may be. */
#include "config.h"

#include <string.h>

#include "common/label.h"
#include "common/macros.h"
#include "lib/tap.h"

static void
good (void)
{
	static const char *const labels[] = { "a=b",  "a=",	"0=1",
					      "a.b=", "a_b-c=", "a==" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE (labels); i++)
		CU_ASSERT (label_is_valid (labels[i]));
	TAP_EQ_INT ((int) label_key_len ("job=x"), 3);
	TAP_EQ_INT ((int) label_key_len ("job"), 3);
}

static void
bad (void)
{
	static const char *const labels[] = {
		"",	"a",	"=",	"=b",  "A=b",
		"a b=", ".a=b", "-a=b", "_=b", "\xc3\xa9=b"
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE (labels); i++)
		CU_ASSERT (!label_is_valid (labels[i]));
}

static void
lengths (void)
{
	char text[LABEL_KEY_MAX + LABEL_VALUE_MAX + 3];

	memset (text, 'k', sizeof text);
	text[LABEL_KEY_MAX] = '=';
	text[sizeof text - 2] = '\0';
	CU_ASSERT (label_is_valid (text));
	text[sizeof text - 2] = 'v';
	text[sizeof text - 1] = '\0';
	CU_ASSERT (!label_is_valid (text));
	text[LABEL_KEY_MAX] = 'k';
	text[LABEL_KEY_MAX + 1] = '=';
	CU_ASSERT (!label_is_valid (text));
}

static const struct tap_case cases[] = {
	{ "a_label_is_a_key_and_a_value", good },
	{ "what_is_none_is_refused", bad },
	{ "keys_and_values_are_bounded", lengths },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("label", cases);
}
