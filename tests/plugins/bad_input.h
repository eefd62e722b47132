/* SPDX-License-Identifier: MIT */
/*
 * bad_input.h - sixty ways for a stream to be bad, and what comes of each.
 *
 * The catalogue that every version must survive.  `%T' of an input is the
 * head of an assistant line up to its text, `%E' its end and newline; other
 * bytes are as they stand.  Large inputs are made by a function.
 */
#ifndef TESTS_BAD_INPUT_H
#define TESTS_BAD_INPUT_H

#include <stddef.h>

#define CAP 4096u
#define BIG (1u << 20)
#define SIZED(literal) .input = literal, .len = sizeof (literal) - 1

/* What large inputs are made of: HEAD, N times PIECE, TAIL; at most BIG. */
struct large {
	const char *head, *piece;
	size_t n;
	const char *tail;
};

/* A line of CAP + OVER bytes of content, TIMES times, then END. */
struct sized {
	long over;
	size_t times;
	const char *end;
};

struct bad_input {
	const char *name;
	const char *input;
	size_t len;
	struct large large;
	struct sized sized;
	/* what must have been counted */
	unsigned int texts, unparsed, repaired, oversize, skipped, errors;
};

static const struct bad_input bad_inputs[] = {
	{ "J01_an_empty_line", SIZED ("\n") },
	{ "J02_only_blanks", SIZED (" \t  \n\t\n") },
	{ "J03_cr_lf", SIZED ("%Ta\"}]}}\r\n"), .texts = 1 },
	{ "J04_a_lone_cr_between_and_in_strings",
	  SIZED ("{\"type\":\r\"keep_alive\"}\n%Ta\rb%E"), .texts = 1,
	  .repaired = 1 },
	{ "J05_a_byte_order_mark_at_the_start_and_later",
	  SIZED ("\xef\xbb\xbf%Ta%E\xef\xbb\xbf%Tb%E"), .texts = 2,
	  .repaired = 1 },
	{ "J06_utf_16",
	  SIZED ("{\0\"\0a\0\"\0:\0"
		 "1\0}\0\n\0\n"),
	  .unparsed = 2 },
	{ "J07_a_raw_nul_in_a_string_and_outside",
	  SIZED ("%Ta\0b%E{\"type\":\0\"x\"}\n"), .texts = 1, .repaired = 1,
	  .unparsed = 1 },
	{ "J08_an_escaped_nul", SIZED ("%Ta\\u0000b%E"), .texts = 1 },
	{ "J09_a_lone_continuation_and_a_cut_sequence",
	  SIZED ("%T\x80%E%T\xe2\x82%E"), .texts = 2, .repaired = 2 },
	{ "J10_overlong_forms", SIZED ("%T\xc0\xaf\xc0\x80%E"), .texts = 1,
	  .repaired = 1 },
	{ "J11_above_u10ffff_and_raw_surrogates",
	  SIZED ("%T\xf4\x90\x80\x80%E%T\xed\xa0\x80%E"), .texts = 2,
	  .repaired = 2 },
	{ "J12_lone_escaped_surrogates", SIZED ("%T\\ud800 \\udfff%E"),
	  .texts = 1 },
	{ "J13_a_pair_turned_round", SIZED ("%T\\udf48\\ud800%E"), .texts = 1 },
	{ "J14_four_bytes_and_combining",
	  SIZED ("%T\xf0\x9f\x98\x80 e\xcc\x81%E"), .texts = 1 },
	{ "J15_cap_less_one", .sized = { -1, 1, "\n" }, .texts = 1 },
	{ "J16_the_cap", .sized = { 0, 1, "\n" }, .texts = 1 },
	{ "J17_cap_and_one", .sized = { 1, 1, "\n" }, .oversize = 1 },
	{ "J18_cap_and_one_at_the_end", .sized = { 1, 1, "" }, .oversize = 1 },
	{ "J19_the_cap_at_the_end", .sized = { 0, 1, "" }, .texts = 1 },
	{ "J20_every_line_oversize", .sized = { 4000, 50, "\n" },
	  .oversize = 50 },
	{ "J21_the_end_inside_an_oversize_line", .sized = { 9000, 1, "" },
	  .oversize = 1 },
	{ "J22_its_newline_at_the_edge_of_a_read", .sized = { 4095, 1, "\n" },
	  .oversize = 1 },
	{ "J23_brackets_without_end", .large = { "", "[", 100000, "\n" },
	  .unparsed = 1 },
	{ "J24_objects_without_end", .large = { "", "{\"a\":", 100000, "\n" },
	  .unparsed = 1 },
	{ "J25_numbers_out_of_range",
	  SIZED ("{\"type\":\"keep_alive\",\"a\":1e999,\"b\":-1e999}\n") },
	{ "J26_a_number_of_100000_digits",
	  .large = { "{\"type\":\"keep_alive\",\"a\":1", "0", 100000, "}\n" } },
	{ "J27_exact_and_odd_integers",
	  SIZED ("{\"type\":\"keep_alive\",\"a\":[9007199254740993,-0,"
		 "9223372036854775808,18446744073709551616,1E+00001]}\n") },
	{ "J28_what_only_looks_like_a_number",
	  SIZED ("{\"a\":NaN}\n{\"a\":Infinity}\n{\"a\":0x10}\n{\"a\":01}\n"
		 "{\"a\":+1}\n{\"a\":.5}\n"),
	  .unparsed = 6 },
	{ "J29_duplicate_keys", SIZED ("{\"type\":\"x\",\"type\":"
				       "\"keep_alive\"}\n") },
	{ "J30_many_keys",
	  .large = { "{\"type\":\"keep_alive\"", ",\"k\":1", 100000, "}\n" } },
	{ "J31_many_keys_of_one_shape",
	  .large = { "{\"type\":\"keep_alive\"", ",\"typf\":{}", 90000,
		     "}\n" } },
	{ "J32_a_key_spelled_with_escapes",
	  SIZED ("{\"ty\\u0070e\":\"keep_alive\"}\n") },
	{ "J33_a_key_with_a_nul", SIZED ("{\"type\\u0000x\":\"assistant\"}\n"),
	  .skipped = 1 },
	{ "J34_garbage_behind_the_value", SIZED ("{\"type\":\"x\"} y\n"),
	  .repaired = 1, .skipped = 1, .unparsed = 1 },
	{ "J35_two_values_on_a_line", SIZED ("{\"type\":\"x\"}{}\n"),
	  .repaired = 1, .skipped = 1 },
	{ "J36_a_value_on_two_lines", SIZED ("{\"type\":\n\"x\"}\n"),
	  .unparsed = 2 },
	{ "J37_other_types_at_the_top", SIZED ("[1]\n\"x\"\n1\nnull\n"),
	  .unparsed = 4 },
	{ "J38_wrong_types",
	  SIZED ("{\"type\":\"assistant\",\"message\":7}\n"
		 "{\"type\":\"result\",\"usage\":[],"
		 "\"result\":{}}\n"),
	  .skipped = 1 },
	{ "J39_an_unknown_type", SIZED ("{\"type\":\"from_the_future\"}\n"),
	  .skipped = 1 },
	{ "J40_quotes_comments_and_commas",
	  SIZED ("{'type':'x'}\n{\"a\":1/**/}\n{\"a\":1,}\n"), .unparsed = 3 },
	{ "J41_words_of_a_log", SIZED ("npm warn deprecated\n"),
	  .unparsed = 1 },
	{ "J42_a_progress_bar", SIZED ("10%\r20%\r30%\n"), .unparsed = 1 },
	{ "J43_escape_sequences_in_text",
	  SIZED ("%T\\u001b[31m\\u001b]0;t\\u0007\\u001b]52;c;eA==\\u0007"
		 "\\u001bP1\\u001b\\\\%E"),
	  .texts = 1 },
	{ "J44_c1_controls",
	  SIZED ("%T\xc2\x9b"
		 "31m\\u009b%E"),
	  .texts = 1 },
	{ "J45_bidi_zero_width_and_tags",
	  SIZED ("%T\xe2\x80\xae\\u2066\\u200b\xf3\xa0\x81\x81%E"),
	  .texts = 1 },
	{ "J46_controls_in_names",
	  SIZED ("{\"type\":\"system\",\"subtype\":\"init\",\"model\":"
		 "\"m\\u001b\\nx\",\"session_id\":\"s\"}\n{\"type\":"
		 "\"assistant\",\"session_id\":\"s\",\"message\":{\"id\":\"i\","
		 "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
		 "\"B\\nok  0 in\",\"input\":{\"command\":\"\\u001b\\n\"}}]}}"
		 "\n") },
	{ "J47_a_forged_log_line", SIZED ("%Ta\\nlevel=error msg=x%E"),
	  .texts = 1 },
	{ "J48_markup", SIZED ("%T<script>alert(1)</script>&amp;%E"),
	  .texts = 1 },
	{ "J49_format_directives", SIZED ("%T%n%s%1000000d%E"), .texts = 1 },
	{ "J50_paths_that_climb",
	  SIZED ("{\"type\":\"assistant\",\"session_id\":\"s\",\"message\":{"
		 "\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
		 "\"Read\",\"input\":{\"file_path\":\"../../etc/\\u0000x\"}}]"
		 "}}\n") },
	{ "J51_negative_and_huge_counts",
	  SIZED ("{\"type\":\"result\",\"subtype\":\"success\",\"usage\":{"
		 "\"input_tokens\":-5,\"output_tokens\":9999999999999999999999},"
		 "\"total_cost_usd\":-1e300}\n{\"type\":\"result\",\"subtype\":"
		 "\"success\",\"usage\":{\"input_tokens\":9223372036854775807,"
		 "\"output_tokens\":9223372036854775807}}\n"),
	  .errors = 1 },
	{ "J52_odd_times", SIZED ("{\"type\":\"keep_alive\",\"timestamp\":"
				  "\"0000-99-99T\"}\n") },
	{ "J53_nothing_but_escapes", .large = { "%T", "\\u0000", 100000, "%E" },
	  .texts = 1 },
	{ "J54_an_image",
	  .large = { "%T", "iVBORw0KGgoAAAANSUhE", 50000, "%E" }, .texts = 1 },
	{ "J55_a_session_id_that_changes_and_is_huge",
	  .large = { "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":"
		     "\"first\"}\n{\"type\":\"system\",\"subtype\":\"init\","
		     "\"session_id\":\"",
		     "x", 500000, "\"}\n" } },
	{ "J56_results_twice_and_more_behind",
	  SIZED ("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":"
		 "true,\"result\":\"a\"}\n{\"type\":\"result\",\"subtype\":"
		 "\"success\",\"result\":\"b\"}\n%Tc%E"),
	  .texts = 1 },
	{ "J57_an_error_with_status_0",
	  SIZED ("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":"
		 "true,\"result\":\"API Error\"}\n") },
	{ "J58_two_writers_in_one_line", SIZED ("%Ta%Tb%E\"}]}}\n"), .texts = 1,
	  .repaired = 1, .unparsed = 1 },
	{ "J59_a_split_in_an_escape_and_a_cr_lf",
	  SIZED ("%T\\ud83d\\ude00\\n\"}]}}\r\n"), .texts = 1 },
	{ "J60_random_bytes", .large = { NULL, NULL, 300000, NULL } },
};

#endif /* TESTS_BAD_INPUT_H */
