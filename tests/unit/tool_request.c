/* SPDX-License-Identifier: MIT */
/* tool_request.c - the request that a tool reads on its stdin. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "lib/failing.h"
#include "lib/tap.h"
#include "tool/request.h"
#include "common/mem.h"

static char text[1 << 20];

static const char *
written (const struct request *r)
{
	int fd = request_file (&mem_system, r);
	ssize_t n = read (fd, text, sizeof text - 1);

	CU_ASSERT_FATAL (n > 0);
	text[n] = '\0';
	close (fd);
	return text;
}

static void
fields (void)
{
	const char *const env[] = { "A=1", "B=\"x\\\"", "A=2", NULL };
	struct request r = { "t/x",
			     "e\"1",
			     LHK_STR_INIT ("{\"a\": [1,\n2]}"),
			     LHK_STR_INIT ("null"),
			     env,
			     60000 };

	TAP_EQ_STR (written (&r),
		    "{\"tool_id\":\"t/x\","
		    "\"tool_exec_id\":\"e\\\"1\",\"input\":{\"a\": [1, 2]},"
		    "\"config\":null,\"env\":{\"B\":\"\\\"x\\\\\\\"\","
		    "\"A\":\"2\"},\"timeout_ms\":60000}\n");
}

static void
absent (void)
{
	struct request r = { "t", "e", { NULL, 0 }, { NULL, 0 }, NULL, 1 };

	TAP_EQ_STR (written (&r), "{\"tool_id\":\"t\",\"tool_exec_id\":\"e\","
				  "\"input\":null,\"config\":null,\"env\":{},"
				  "\"timeout_ms\":1}\n");
}

static void
large (void)
{
	size_t len = 900000;
	char *input = malloc (len + 1);
	struct request r = { "t", "e", { input, len }, { NULL, 0 }, NULL, 1 };
	struct json_object *tree, *v;

	memset (input, 'x', len);
	memcpy (input, "{\"a\":\"", 6);
	memcpy (input + len - 2, "\"}", 2);
	tree = json_tokener_parse (written (&r));
	json_object_object_get_ex (tree, "input", &v);
	json_object_object_get_ex (v, "a", &v);
	TAP_EQ_INT (json_object_get_string_len (v), len - 8);
	json_object_put (tree);
	free (input);
}

static int
check (const char *s, size_t len)
{
	struct lhk_str str = { s, len };

	return request_check (&mem_system, "input", &str, NULL);
}

#define CHECK(s) check (s, sizeof (s) - 1)

static void
accepted_texts (void)
{
	TAP_EQ_INT (CHECK ("{}"), LHK_OK);
	TAP_EQ_INT (CHECK (" null "), LHK_OK);
	TAP_EQ_INT (CHECK (""), LHK_OK);
}

static void
texts_of_other_types (void)
{
	TAP_EQ_INT (CHECK ("[1]"), LHK_EREFUSED);
	TAP_EQ_INT (CHECK ("1"), LHK_EREFUSED);
	TAP_EQ_INT (CHECK (" "), LHK_EREFUSED);
	TAP_EQ_INT (CHECK ("{} {}"), LHK_EREFUSED);
}

static void
texts_with_bad_bytes (void)
{
	TAP_EQ_INT (CHECK ("{\"a\":\"\xff\"}"), LHK_EREFUSED);
	TAP_EQ_INT (CHECK ("{\"a\":\"\0\"}"), LHK_EREFUSED);
}

static void
reason_and_place (void)
{
	struct lhk_str bad = LHK_STR_INIT ("{\"a\":1,}");
	struct lhk_error err;

	TAP_EQ_INT (request_check (&mem_system, "input", &bad, &err),
		    LHK_EREFUSED);
	TAP_EQ_STR (err.text, "input is not one JSON object or null:"
			      " unexpected character, at byte 8");
}

static void
no_memory (void)
{
	struct request r = { "t",	  "e",	LHK_STR_INIT ("{\"a\\n\":1}"),
			     { NULL, 0 }, NULL, 1 };
	struct failing f;
	int k, fd, code;

	for (k = 1; k < 50; k++) {
		failing_init (&f);
		f.fail_at = (uint64_t) k;
		code = request_check (&f.alloc, "input", &r.input, NULL);
		fd = code == LHK_OK ? request_file (&f.alloc, &r) : -1;
		CU_ASSERT (failing_clean (&f));
		if (f.failed == 0)
			break;
		CU_ASSERT (code == LHK_ENOMEM || fd == -ENOMEM);
	}
	CU_ASSERT (fd >= 0);
	close (fd);
	CU_ASSERT (k > 2 && k < 50);
}

static const struct tap_case cases[] = {
	{ "the_request_has_its_fields_on_one_line", fields },
	{ "what_is_absent_is_null", absent },
	{ "a_large_input_is_copied_as_it_is", large },
	{ "an_object_null_or_nothing_is_accepted", accepted_texts },
	{ "what_is_not_one_object_is_refused", texts_of_other_types },
	{ "bytes_that_are_no_text_are_refused", texts_with_bad_bytes },
	{ "a_refusal_says_why_and_at_which_byte", reason_and_place },
	{ "any_allocation_may_fail", no_memory },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("tool_request", cases);
}
