/* SPDX-License-Identifier: MIT */
/* options.c - the command line by tables. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/opt/opt.h"
#include "common/macros.h"
#include "common/mem.h"
#include "common/strbuf.h"
#include "lib/tap.h"

struct values {
	int32_t flag;
	int32_t other;
	int32_t choice;
	int32_t needy;
	int64_t age_ms;
	uint32_t time_ms;
	uint32_t late_ms;
	uint64_t size;
	uint64_t count;
	int64_t nano;
	const char *text;
	struct opt_list list;
};

static const char *const choices[] = { "red", "green", NULL };

static const char *
no_spaces (const char *value)
{
	return strchr (value, ' ') == NULL ? NULL
					   : "text with a space; give a word";
}

/* clang-format off: a table */
static const struct opt opts[] = {
	{ .name = "flag",
	  .letter = 'f',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct values, flag),
	  .help = "a flag" },
	{ .name = "other",
	  .letter = 'o',
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct values, other),
	  .help = "another one" },
	{ .name = "choice",
	  .kind = OPT_CHOICE,
	  .offset = offsetof (struct values, choice),
	  .word = "COLOR",
	  .choices = choices,
	  .help = "a color",
	  .initial = "red" },
	{ .name = "time",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct values, time_ms),
	  .word = "TIME",
	  .min = 10,
	  .max = 3600000,
	  .want = "10ms to 1h",
	  .help = "a time" },
	{ .name = "size",
	  .letter = 's',
	  .kind = OPT_SIZE,
	  .offset = offsetof (struct values, size),
	  .word = "SIZE",
	  .max = UINT64_MAX,
	  .want = "bytes",
	  .help = "a size" },
	{ .name = NULL },
};
/* clang-format on */

/* clang-format off: a table */
static const struct opt more_opts[] = {
	{ .name = "count",
	  .kind = OPT_COUNT,
	  .offset = offsetof (struct values, count),
	  .word = "N",
	  .max = UINT64_MAX,
	  .want = "a number",
	  .help = "a number" },
	{ .name = "cost",
	  .often = 1,
	  .kind = OPT_MONEY,
	  .offset = offsetof (struct values, nano),
	  .word = "USD",
	  .max = INT64_MAX,
	  .want = "US dollars",
	  .help = "an amount" },
	{ .name = "text",
	  .letter = 't',
	  .kind = OPT_TEXT,
	  .offset = offsetof (struct values, text),
	  .word = "WORD",
	  .check = no_spaces,
	  .help = "a word" },
	{ .name = "late",
	  .kind = OPT_TIME,
	  .offset = offsetof (struct values, late_ms),
	  .word = "TIME",
	  .max = 3600000,
	  .want = "0 to 1h",
	  .without = "1h",
	  .help = "a time, or none" },
	{ .name = "list",
	  .kind = OPT_LIST,
	  .offset = offsetof (struct values, list),
	  .word = "WORD",
	  .help = "words" },
	{ .name = "age",
	  .kind = OPT_AGE,
	  .offset = offsetof (struct values, age_ms),
	  .word = "AGE",
	  .want = "an age",
	  .help = "an age" },
	{ .name = "needy",
	  .kind = OPT_FLAG,
	  .offset = offsetof (struct values, needy),
	  .needs = "count",
	  .excludes = "list",
	  .help = "one that needs another" },
	{ .name = NULL },
};
/* clang-format on */

static const struct opt_group groups[] = {
	{ "One:", opts },
	{ "Two:", more_opts },
	{ NULL, NULL },
};

/* One command line: words parted by spaces, `_' in a word for a space. */
struct parsed {
	struct values v;
	struct opt_operands operands;
	struct lhk_error err;
	int r;
	char line[256];
	char *argv[32];
};

static void
parse (struct parsed *p, unsigned int flags, const char *line)
{
	int argc = 0;
	char *at = p->line;
	char *c;

	memset (p, 0, sizeof *p);
	snprintf (p->line, sizeof p->line, "%s", line);
	while (*at != '\0') {
		p->argv[argc++] = at;
		at += strcspn (at, " ");
		if (*at == ' ')
			*at++ = '\0';
	}
	for (c = p->line; c < p->line + sizeof p->line; c++)
		if (*c == '_')
			*c = ' ';
	p->r = opt_parse (groups, flags, argc, p->argv, &p->v, &p->operands,
			  &p->err);
}

static void
done (struct parsed *p)
{
	opt_operands_free (&p->operands);
	opt_list_free (&p->v.list);
}

static void
flags (void)
{
	struct parsed p;

	parse (&p, 0, "--flag");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.flag, 1);
	TAP_EQ_INT (p.v.other, 0);
	done (&p);
}

static void
choice (void)
{
	struct parsed p;

	parse (&p, 0, "--choice green");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.choice, 1);
	done (&p);
}

static void
time_in_ms (void)
{
	struct parsed p;

	parse (&p, 0, "--time 90");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.time_ms, 90000);
	done (&p);
}

static void
size_in_bytes (void)
{
	struct parsed p;

	parse (&p, 0, "--size=4k");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.size, 4096);
	done (&p);
}

static void
count (void)
{
	struct parsed p;

	parse (&p, 0, "--count 5");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.count, 5);
	done (&p);
}

static void
money (void)
{
	struct parsed p;

	parse (&p, 0, "--cost 0.25");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.nano, 250000000);
	done (&p);
}

static void
text (void)
{
	struct parsed p;

	parse (&p, 0, "--text word");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_STR (p.v.text, "word");
	done (&p);
}

static void
list (void)
{
	struct parsed p;

	parse (&p, 0, "--list a --list=b");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.list.n, 2);
	TAP_EQ_STR (p.v.list.items[0], "a");
	TAP_EQ_STR (p.v.list.items[1], "b");
	done (&p);
}

static void
every_kind (void)
{
	struct parsed p;

	parse (&p, 0,
	       "--flag --choice green --time 90 --size=4k --count 5 "
	       "--cost 0.25 --text word --list a --list=b operand");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.operands.n, 1);
	TAP_EQ_STR (p.operands.items[0], "operand");
	CU_ASSERT (p.operands.items[1] == NULL);
	done (&p);
}

static void
letters (void)
{
	static const char *const lines[] = {
		"-fo -s 8 -t x",  "-of -s8 -tx", "-fos8 -tx",
		"-f -o -s8 -t x", "-fotx -s 8",
	};
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct parsed p;

		tap_note ("%s", lines[i]);
		parse (&p, 0, lines[i]);
		TAP_EQ_INT (p.r, LHK_OK);
		TAP_EQ_INT (p.v.flag + p.v.other, 2);
		TAP_EQ_INT (p.v.size, 8);
		TAP_EQ_STR (p.v.text == NULL ? "" : p.v.text, "x");
		TAP_EQ_INT (p.operands.n, 0);
		done (&p);
	}
}

/* Operands of LINE, joined by commas, must be WANTED. */
static void
operands (unsigned int flags, const char *line, const char *wanted)
{
	struct parsed p;
	char found[256] = "";
	size_t len = 0;
	size_t i;

	parse (&p, flags, line);
	TAP_EQ_INT (p.r, LHK_OK);
	for (i = 0; i < p.operands.n; i++)
		len += (size_t) snprintf (found + len, sizeof found - len,
					  "%s,", p.operands.items[i]);
	tap_note ("%s", line);
	TAP_EQ_STR (found, wanted);
	done (&p);
}

static void
operands_end_options (void)
{
	operands (0, "-f sh -c x --flag", "sh,-c,x,--flag,");
	operands (0, "-f -- sh -- -x", "sh,--,-x,");
	operands (0, "-- --flag", "--flag,");
	operands (0, "- -f", "-,-f,");
	operands (0, "", "");
}

static void
operands_mixed_with_options (void)
{
	operands (OPT_MIXED, "a -f b --size 3 c", "a,b,c,");
	operands (OPT_MIXED, "a -- -f b", "a,-f,b,");
	operands (OPT_MIXED, "- -f", "-,");
}

static void
refuses (unsigned int flags, const char *line, const char *sentence)
{
	struct parsed p;

	parse (&p, flags, line);
	TAP_EQ_INT (p.r, LHK_EINVAL);
	TAP_EQ_STR (p.err.text, sentence);
	done (&p);
}

static void
no_operand_is_wanted (void)
{
	operands (OPT_NO_OPERAND, "-f", "");
	refuses (OPT_NO_OPERAND, "a b", "unexpected argument 'a'");
}

static void
one_operand_is_wanted (void)
{
	operands (OPT_ONE_OPERAND | OPT_MIXED, "a -f", "a,");
	refuses (OPT_ONE_OPERAND, "a b", "unexpected argument 'b'");
}

static void
a_value_may_look_like_an_option (void)
{
	struct parsed p;

	parse (&p, 0, "--text=--flag");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_STR (p.v.text, "--flag");
	TAP_EQ_INT (p.v.flag, 0);
	done (&p);
	parse (&p, 0, "-t-f --list - --list -1");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_STR (p.v.text, "-f");
	TAP_EQ_INT (p.v.list.n, 2);
	done (&p);
}

static void
the_last_value_counts (void)
{
	struct parsed p;

	parse (&p, 0, "--size 1 -s 2 --size=3 --text= --choice red");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.size, 3);
	TAP_EQ_STR (p.v.text, "");
	done (&p);
}

struct mistake {
	const char *line;
	const char *wanted; /* the sentence */
};

static void
check_mistakes (const struct mistake *table, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct parsed p;

		tap_note ("%s", table[i].line);
		parse (&p, 0, table[i].line);
		TAP_EQ_INT (p.r, LHK_EINVAL);
		TAP_EQ_STR (p.err.text, table[i].wanted);
		done (&p);
	}
}

static void
unknown_options (void)
{
	static const struct mistake table[] = {
		{ "--nope", "unknown option '--nope'; --help lists the "
			    "options" },
		{ "-x", "unknown option '-x'; --help lists the options" },
		{ "-fx", "unknown option '-x'; --help lists the options" },
		{ "--x", "unknown option '--x'; --help lists the options" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
similar_options (void)
{
	static const struct mistake table[] = {
		{ "--siez 3",
		  "unknown option '--siez'; did you mean '--size'?" },
		{ "--siez=3", "unknown option '--siez=3'; did you mean "
			      "'--size'?" },
		{ "-size 3", "unknown option '-size'; did you mean '--size'?" },
		{ "-flag", "unknown option '-flag'; did you mean '--flag'?" },
		{ "-text=3", "unknown option '-text=3'; did you mean "
			     "'--text'?" },
		{ "--hlep", "unknown option '--hlep'; did you mean '--help'?" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
values_of_flags (void)
{
	static const struct mistake table[] = {
		{ "--flag=1", "--flag takes no value, but '--flag=1' has one" },
		{ "--flag=", "--flag takes no value, but '--flag=' has one" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
optional_values (void)
{
	struct parsed p;

	parse (&p, OPT_MIXED, "--late word");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.late_ms, 3600000);
	TAP_EQ_INT (p.operands.n, 1);
	opt_operands_free (&p.operands);
	parse (&p, OPT_MIXED, "word --late=5s");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.late_ms, 5000);
	opt_operands_free (&p.operands);
	parse (&p, OPT_MIXED, "word --late=2h");
	TAP_EQ_INT (p.r, LHK_EINVAL);
	opt_operands_free (&p.operands);
	parse (&p, OPT_MIXED, "word --late 5s");
	TAP_EQ_INT (p.r, LHK_EINVAL);
	TAP_EQ_STR (p.err.text, "the value of --late goes after '=': write "
				"--late=5s");
	opt_operands_free (&p.operands);
}

static void
missing_values (void)
{
	static const struct mistake table[] = {
		{ "--size", "--size needs a value: bytes" },
		{ "-s", "-s needs a value: bytes" },
		{ "--text", "--text needs a value: WORD" },
		{ "--choice", "--choice needs a value: red or green" },
		{ "--text --flag", "--text needs a value before '--flag': "
				   "WORD" },
		{ "--text --size=3", "--text needs a value before '--size=3': "
				     "WORD" },
		{ "--text -f", "--text needs a value before '-f': WORD" },
		{ "--size -- x", "--size needs a value before '--': bytes" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
unknown_choices (void)
{
	static const struct mistake table[] = {
		{ "--choice blue", "--choice: 'blue' is not a valid value; "
				   "give red or green" },
		{ "--choice grean", "--choice: 'grean' is not a valid value "
				    "(did you mean 'green'?); give red or "
				    "green" },
		{ "--choice RED", "--choice: 'RED' is not a valid value (did "
				  "you mean 'red'?); give red or green" },
		{ "--choice=", "--choice: '' is not a valid value; give red or "
			       "green" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
malformed_values (void)
{
	static const struct mistake table[] = {
		{ "--size x", "--size: 'x' is not a size; give bytes" },
		{ "-sx", "-s: 'x' is not a size; give bytes" },
		{ "--size=", "--size: '' is not a size; give bytes" },
		{ "--time x", "--time: 'x' is not a time; give 10ms to 1h" },
		{ "--count -1", "--count: '-1' is not a number; give a "
				"number" },
		{ "--cost x", "--cost: 'x' is not an amount; give US "
			      "dollars" },
		{ "--age x",
		  "--age: 'x' is not an age or a date; give an age" },
		{ "--age 30", "--age: '30' has no unit; give an age" },
		{ "--age 1.5", "--age: '1.5' has no unit; give an age" },
		{ "--age 1.5.9",
		  "--age: '1.5.9' is not an age or a date; give an age" },
		{ "--age 30days", "--age: '30days' is not an age or a date "
				  "(did you mean '30d'?); give an age" },
		{ "--time 5MIN", "--time: '5MIN' is not a time (did you mean "
				 "'5m'?); give 10ms to 1h" },
		{ "--time 1h30", "--time: '1h30' is not a time (did you mean "
				 "'1h30m'?); give 10ms to 1h" },
		{ "--size 1mb", "--size: '1mb' is not a size (did you mean "
				"'1MB'?); give bytes" },
		{ "--count 1m", "--count: '1m' is not a number (did you mean "
				"'1M'?); give a number" },
		{ "--cost 1m", "--cost: '1m' is not an amount; give US "
			       "dollars" },
		{ "--age 9999-12-31", "--age: '9999-12-31' is in the future; "
				      "give an age" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
values_out_of_range (void)
{
	static const struct mistake table[] = {
		{ "--time 9ms", "--time: '9ms' is out of range; give 10ms to "
				"1h" },
		{ "--time 2h", "--time: '2h' is out of range; give 10ms to "
			       "1h" },
		{ "--time 99999999999999999999",
		  "--time: '99999999999999999999' is out of range; give 10ms "
		  "to 1h" },
		{ "--size 99999999999999999999G",
		  "--size: '99999999999999999999G' is out of range; give "
		  "bytes" },
		{ "--time 0.1234567890123x", "--time: '0.1234567890123x' is "
					     "not a time; give 10ms to 1h" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
checked_values (void)
{
	static const struct mistake table[] = {
		{ "--text a_b", "--text: 'a b' is text with a space; give a "
				"word" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
options_together (void)
{
	static const struct mistake table[] = {
		{ "--needy", "--needy needs --count" },
		{ "--needy --count 1 --list x",
		  "--needy and --list exclude each other; give one of them" },
		{ "--list x --count 1 --needy",
		  "--needy and --list exclude each other; give one of them" },
	};
	struct parsed p;

	check_mistakes (table, ARRAY_SIZE (table));
	parse (&p, 0, "--count 1 --needy");
	TAP_EQ_INT (p.r, LHK_OK);
	done (&p);
}

static void
options_of_a_command (void)
{
	refuses (OPT_COMMAND_LINE, "--model x",
		 "unknown option '--model'; options of the command go after "
		 "its name (--help lists those of linehook)");
}

static void
ages (void)
{
	struct parsed p;

	parse (&p, 0, "--age 1970-01-02");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_INT (p.v.age_ms, 86400000);
	done (&p);
}

static void
first_mistake (void)
{
	static const struct mistake table[] = {
		{ "-f --nope --x", "unknown option '--nope'; --help lists the "
				   "options" },
		{ "--nope --help", "unknown option '--nope'; --help lists the "
				   "options" },
	};

	check_mistakes (table, ARRAY_SIZE (table));
}

static void
two_dashes (void)
{
	struct parsed p;

	parse (&p, 0, "--");
	TAP_EQ_INT (p.r, LHK_OK);
	TAP_EQ_STR (p.err.text, "");
	done (&p);
}

static void
a_long_word_is_cut (void)
{
	struct parsed p;
	char line[200] = "--";
	size_t i;

	for (i = 2; i < sizeof line - 1; i++)
		line[i] = 'z';
	line[i] = '\0';
	parse (&p, 0, line);
	TAP_EQ_INT (p.r, LHK_EINVAL);
	CU_ASSERT (strstr (p.err.text, "--help lists the options") != NULL);
	done (&p);
}

static void
help_wins_over_what_follows (void)
{
	static const char *const lines[] = {
		"--help", "-h", "-f --help --nope", "-fh", "--help -x",
	};
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct parsed p;

		tap_note ("%s", lines[i]);
		parse (&p, 0, lines[i]);
		TAP_EQ_INT (p.r, LHK_END);
		done (&p);
	}
}

static void
help_is_made_of_the_tables (void)
{
	char text[4096];
	static struct outbuf out;
	const struct opt_group *g;
	const struct opt *o;
	char *line, *save = NULL;
	struct strbuf b;

	strbuf_init (&b, &mem_system);
	outbuf_init (&out, strbuf_write, &b);
	opt_help (groups, &out, 79);
	outbuf_flush (&out);
	CU_ASSERT_FATAL (b.len < sizeof text);
	strcpy (text, strbuf_str (&b));
	strbuf_free (&b);
	for (g = groups; g->opts != NULL; g++) {
		CU_ASSERT (strstr (text, g->title) != NULL);
		for (o = g->opts; o->name != NULL; o++) {
			CU_ASSERT (strstr (text, o->name) != NULL);
			CU_ASSERT (strstr (text, o->help + 1) != NULL);
		}
	}
	CU_ASSERT (strstr (text, "A color: red or green [default: red]")
		   != NULL);
	for (line = strtok_r (text, "\n", &save); line != NULL;
	     line = strtok_r (NULL, "\n", &save))
		CU_ASSERT (strlen (line) < 80);
}

/* The row of an option that is used often comes before all groups. */
static void
help_begins_with_what_is_used_most (void)
{
	static struct outbuf out;
	const char *text, *often, *first;
	struct strbuf b;

	strbuf_init (&b, &mem_system);
	outbuf_init (&out, strbuf_write, &b);
	opt_help (groups, &out, 60);
	outbuf_flush (&out);
	text = strbuf_str (&b);
	often = strstr (text, "Common options:\n      --cost USD");
	first = strstr (text, "One:");
	CU_ASSERT (often != NULL && first != NULL && often < first);
	CU_ASSERT (often != NULL && strstr (often + 40, "--cost") == NULL);
	for (; *text != '\0'; text += strcspn (text, "\n") + 1)
		CU_ASSERT (strcspn (text, "\n") <= 60);
	strbuf_free (&b);
}

static const struct tap_case cases[] = {
	{ "opt_a_flag_sets_its_member_and_no_other", flags },
	{ "opt_a_choice_is_its_index", choice },
	{ "opt_a_time_without_unit_is_in_seconds", time_in_ms },
	{ "opt_a_size_is_in_bytes", size_in_bytes },
	{ "opt_a_count_is_a_number", count },
	{ "opt_money_is_in_nano_dollars", money },
	{ "opt_a_text_is_its_word", text },
	{ "opt_a_list_keeps_every_value_in_order", list },
	{ "opt_what_follows_options_of_all_kinds_is_an_operand", every_kind },
	{ "opt_letters_cluster_and_take_values_at_once", letters },
	{ "opt_the_first_operand_ends_the_options", operands_end_options },
	{ "opt_mixed_operands_do_not", operands_mixed_with_options },
	{ "opt_an_operand_is_refused_where_none_is_wanted",
	  no_operand_is_wanted },
	{ "opt_a_second_operand_is_refused_where_one_is_wanted",
	  one_operand_is_wanted },
	{ "opt_a_value_may_look_like_an_option",
	  a_value_may_look_like_an_option },
	{ "opt_the_last_value_counts", the_last_value_counts },
	{ "opt_an_unknown_option_is_refused", unknown_options },
	{ "opt_an_unknown_option_names_the_nearest_one", similar_options },
	{ "opt_a_flag_takes_no_value", values_of_flags },
	{ "opt_an_optional_value_stands_behind_an_equals_sign",
	  optional_values },
	{ "opt_a_missing_value_says_what_is_wanted", missing_values },
	{ "opt_an_unknown_choice_names_the_choices", unknown_choices },
	{ "opt_a_malformed_value_says_what_is_wanted", malformed_values },
	{ "opt_a_value_out_of_range_names_the_range", values_out_of_range },
	{ "opt_a_value_can_have_a_check_of_its_own", checked_values },
	{ "opt_some_options_need_or_exclude_others", options_together },
	{ "opt_options_of_the_command_are_told_apart", options_of_a_command },
	{ "opt_an_age_is_a_time_since_1970", ages },
	{ "opt_the_first_mistake_is_reported", first_mistake },
	{ "opt_two_dashes_alone_are_no_mistake", two_dashes },
	{ "opt_a_long_word_does_not_push_the_rest_out", a_long_word_is_cut },
	{ "opt_help_wins_over_what_follows", help_wins_over_what_follows },
	{ "opt_help_is_made_of_the_tables_and_fits",
	  help_is_made_of_the_tables },
	{ "opt_help_begins_with_what_is_used_most",
	  help_begins_with_what_is_used_most },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("options", cases);
}
