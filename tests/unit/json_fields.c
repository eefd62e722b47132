/* SPDX-License-Identifier: MIT */
/* json_fields.c - tests of json/: structs filled by tables. */
#include "config.h"

#include <stdio.h>

#include "fuzz/model.h"
#include "json_case.h"

struct leaf {
	struct lhk_text name;
	struct lhk_num count;
};

struct node {
	struct lhk_text id;
	struct lhk_text first;
	struct lhk_num number;
	int32_t flag;
	struct lhk_raw any;
	struct leaf leaf;
	struct leaf first_leaf;
	struct lhk_text flat;
	struct lhk_text long_key;
};

static const struct lhk_field leaf_fields[] = {
	LHK_FIELD ("name", LHK_FIELD_TEXT, struct leaf, name),
	LHK_FIELD ("count", LHK_FIELD_INT, struct leaf, count),
};
LHK_FIELDS (leaf_table, struct leaf, leaf_fields);

static const struct lhk_field flat_fields[] = {
	LHK_FIELD ("flat", LHK_FIELD_TEXT, struct node, flat),
};
LHK_FIELDS (flat_table, struct node, flat_fields);

static const struct lhk_field node_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct node, id),
	{ "first", 5, LHK_FIELD_TEXT, LHK_FIELD_FIRST,
	  (uint32_t) offsetof (struct node, first), 0, NULL },
	LHK_FIELD ("number", LHK_FIELD_INT, struct node, number),
	LHK_FIELD ("flag", LHK_FIELD_BOOL, struct node, flag),
	LHK_FIELD ("any", LHK_FIELD_RAW, struct node, any),
	LHK_FIELD_SUB ("leaf", &leaf_table, struct node, leaf),
	{ "first_leaf", 10, LHK_FIELD_OBJECT, LHK_FIELD_FIRST,
	  (uint32_t) offsetof (struct node, first_leaf), 0, &leaf_table },
	{ "inner", 5, LHK_FIELD_OBJECT, 0, 0, 0, &flat_table },
	LHK_FIELD ("a_key_of_forty_seven_bytes_is_the_longest_of_all",
		   LHK_FIELD_TEXT, struct node, long_key),
};
LHK_FIELDS (node_table, struct node, node_fields);

/* Read in every way; the results must be alike, and the model's. */
static int
fill (const char *text, struct node *ret)
{
	const struct lhk_json_ops *ways[JSON_MAX_WAYS];
	size_t n_ways = json_ways (ways), way, len = strlen (text);
	static char *line;
	struct node other;
	struct lhk_json j;
	int r;

	free (line);
	line = json_pad (text, len);
	r = lhk_json_line_ops (ways[0], line, len, &node_table, ret);
	for (way = 1; way < n_ways; way++) {
		TAP_EQ_INT (lhk_json_line_ops (ways[way], line, len,
					       &node_table, &other), r);
		CU_ASSERT (r != LHK_OK
			   || memcmp (&other, ret, sizeof (other)) == 0);
	}
	if (r == LHK_OK) {
		lhk_json_begin (&j, line, len);
		CU_ASSERT (model_object (&j, &node_table, &other));
		CU_ASSERT (model_equal (&node_table, &other, ret));
	}
	return r;
}

#define IS(text, literal) \
	TAP_EQ_MEM ((text).ptr, (text).len, literal, sizeof (literal) - 1)

static void
every_kind (void)
{
	struct node n;

	TAP_EQ_INT (fill ("{\"id\":\"x\",\"unknown\":{\"id\":\"no\"},"
			  "\"number\":-3,\"flag\":true,\"any\":[1, 2],"
			  "\"leaf\":{\"name\":\"l\",\"count\":4,\"x\":[]},"
			  "\"inner\":{\"flat\":\"f\"}}", &n), LHK_OK);
	IS (n.id, "x");
	TAP_EQ_INT (n.number.value, -3);
	TAP_EQ_INT (n.flag, 1);
	TAP_EQ_MEM (n.any.ptr, n.any.len, "[1, 2]", 6);
	TAP_EQ_INT (n.any.type, LHK_JSON_ARRAY);
	IS (n.leaf.name, "l");
	TAP_EQ_INT (n.leaf.count.value, 4);
	IS (n.flat, "f");
	CU_ASSERT_PTR_NULL (n.first.ptr);
}

static void
absent_and_wrong_types (void)
{
	static const char *const values[] = {
		"{}", "[]", "\"s\"", "1", "true", "false", "null", "-0.5",
		"{\"name\":1,\"count\":\"x\",\"flat\":{}}",
	};
	static const char *const keys[] = {
		"id", "first", "number", "flag", "any", "leaf", "first_leaf",
		"inner",
	};
	char line[256];
	struct node n;
	size_t i, k;

	for (i = 0; i < sizeof (keys) / sizeof (keys[0]); i++) {
		for (k = 0; k < sizeof (values) / sizeof (values[0]); k++) {
			snprintf (line, sizeof (line), "{\"%s\":%s}", keys[i],
				  values[k]);
			TAP_EQ_INT (fill (line, &n), LHK_OK);
			CU_ASSERT_EQUAL (n.id.ptr != NULL, i == 0 && k == 2);
			CU_ASSERT_EQUAL (n.number.has != 0, i == 2
					 && (k == 3 || k == 7));
			TAP_EQ_INT (n.flag, i != 3 ? 0 : k == 4 ? 1
				    : k == 5 ? -1 : 0);
			CU_ASSERT_EQUAL (n.any.ptr != NULL, i == 4);
			CU_ASSERT_PTR_NULL (n.leaf.name.ptr);
		}
	}
	TAP_EQ_INT (fill ("{}", &n), LHK_OK);
	CU_ASSERT (n.id.ptr == NULL && n.any.ptr == NULL && n.any.type == 0);
}

static void
last_duplicate (void)
{
	struct node n;

	fill ("{\"id\":\"a\",\"id\":\"b\",\"number\":1,\"number\":2}", &n);
	IS (n.id, "b");
	TAP_EQ_INT (n.number.value, 2);
	fill ("{\"id\":\"a\",\"id\":null,\"number\":1,\"number\":\"x\","
	      "\"flag\":true,\"flag\":0,\"any\":1,\"any\":\"z\"}", &n);
	CU_ASSERT_PTR_NULL (n.id.ptr);
	TAP_EQ_INT (n.id.form, 0);
	TAP_EQ_INT (n.number.has, 0);
	TAP_EQ_INT (n.number.value, 0);
	TAP_EQ_INT (n.flag, 0);
	TAP_EQ_MEM (n.any.ptr, n.any.len, "\"z\"", 3);
	TAP_EQ_INT (n.any.type, LHK_JSON_STRING);
}

static void
last_object_counts_whole (void)
{
	struct node n;

	fill ("{\"leaf\":{\"name\":\"a\",\"count\":1},\"id\":\"keep\","
	      "\"leaf\":{\"name\":\"b\"}}", &n);
	IS (n.leaf.name, "b");
	TAP_EQ_INT (n.leaf.count.has, 0);
	IS (n.id, "keep");
	fill ("{\"leaf\":{\"name\":\"a\"},\"leaf\":7}", &n);
	CU_ASSERT_PTR_NULL (n.leaf.name.ptr);
	fill ("{\"leaf\":[],\"leaf\":{\"name\":\"b\"}}", &n);
	IS (n.leaf.name, "b");
	fill ("{\"id\":\"keep\",\"inner\":{\"flat\":\"a\"},\"inner\":{}}",
	      &n);
	CU_ASSERT_PTR_NULL (n.flat.ptr);
	IS (n.id, "keep");
}

static void
first_duplicate (void)
{
	struct node n;

	fill ("{\"first\":\"a\",\"first\":\"b\",\"first\":null}", &n);
	IS (n.first, "a");
	fill ("{\"first\":1,\"first\":\"b\"}", &n);
	CU_ASSERT_PTR_NULL (n.first.ptr);
	fill ("{\"first_leaf\":{\"name\":\"a\"},"
	      "\"first_leaf\":{\"name\":\"b\",\"count\":1}}", &n);
	IS (n.first_leaf.name, "a");
	TAP_EQ_INT (n.first_leaf.count.has, 0);
	fill ("{\"first_leaf\":0,\"first_leaf\":{\"name\":\"b\"}}", &n);
	CU_ASSERT_PTR_NULL (n.first_leaf.name.ptr);
	TAP_EQ_INT (fill ("{\"first\":\"a\",\"first\":\"\\x\"}", &n),
		    LHK_EPARSE);
}

static void
key_spellings (void)
{
	struct node n;

	fill ("{\"\\u0069d\":\"x\"}", &n);
	IS (n.id, "x");
	fill ("{\"id\":\"x\",\"\\u0069\\u0064\":\"y\"}", &n);
	IS (n.id, "y");
	fill ("{\"id\\u0000\":\"x\"}", &n);
	CU_ASSERT_PTR_NULL (n.id.ptr);
	fill ("{\"i\":\"x\",\"idd\":\"x\",\"Id\":\"x\",\"\":\"x\"}", &n);
	CU_ASSERT_PTR_NULL (n.id.ptr);
	fill ("{\"numbeR\":1,\"Number\":1,\"nimber\":1,\"numbers\":1}", &n);
	TAP_EQ_INT (n.number.has, 0);
	fill ("{\"first_leae\":{\"name\":\"x\"},\"firsT_leaf\":1}", &n);
	CU_ASSERT_PTR_NULL (n.first_leaf.name.ptr);
	fill ("{\"a_key_of_forty_seven_bytes_is_the_longest_of_all\":\"x\"}",
	      &n);
	IS (n.long_key, "x");
	fill ("{\"a_key_of_forty_seven_bytes_is_thE_longest_of_all\":\"x\"}",
	      &n);
	CU_ASSERT_PTR_NULL (n.long_key.ptr);
}

/* A key of each length, and with a wrong byte in each place. */
static void
key_lengths (void)
{
	char key[48], line[128];
	struct lhk_field field = { key, 0, LHK_FIELD_INT, 0, 0, 0, NULL };
	struct lhk_fields table = { &field, 1, sizeof (struct lhk_num) };
	struct lhk_num num;
	size_t at;
	char *copy;
	int n;

	for (field.key_len = 1; field.key_len < 48; field.key_len++) {
		memset (key, 'k', sizeof (key));
		for (at = 0; at <= field.key_len; at++) {
			n = snprintf (line, sizeof (line), "{\"%.*s\":1}",
				      (int) field.key_len, key);
			if (at < field.key_len)
				line[2 + at] = 'j';
			copy = json_pad (line, (size_t) n);
			TAP_EQ_INT (lhk_json_line (copy, (size_t) n, &table,
						   &num), LHK_OK);
			TAP_EQ_INT (num.has, at == field.key_len);
			free (copy);
		}
	}
}

static void
any_order (void)
{
	static const char *const members[] = {
		"\"id\":\"a\"", "\"number\":2", "\"flag\":false",
		"\"any\":null", "\"leaf\":{\"count\":5,\"name\":\"l\"}",
	};
	char line[256];
	struct node n;
	int i, k, at;

	for (i = 0; i < 5; i++) {
		for (k = 1; k < 5; k++) {
			snprintf (line, sizeof (line),
				  "{%s,\"x\":0,%s,%s,%s,%s}",
				  members[i], members[(i + k) % 5],
				  members[(i + 2 * k) % 5],
				  members[(i + 3 * k) % 5],
				  members[(i + 4 * k) % 5]);
			TAP_EQ_INT (fill (line, &n), LHK_OK);
			IS (n.id, "a");
			TAP_EQ_INT (n.number.value, 2);
			TAP_EQ_INT (n.flag, -1);
			at = n.any.type;
			TAP_EQ_INT (at, LHK_JSON_NULL);
			TAP_EQ_INT (n.leaf.count.value, 5);
		}
	}
}

/* The members of unknown objects of the same keys are not taken. */
static void
unknown_objects (void)
{
	struct node n;

	fill ("{\"other\":{\"id\":\"no\",\"leaf\":{\"name\":\"no\"}},"
	      "\"list\":[{\"id\":\"no\"}],\"leaf\":{\"leaf\":{\"name\":1},"
	      "\"id\":\"no\"}}", &n);
	CU_ASSERT_PTR_NULL (n.id.ptr);
	CU_ASSERT_PTR_NULL (n.leaf.name.ptr);
	TAP_EQ_INT (fill ("{\"other\":{\"id\":\"\\q\"}}", &n), LHK_EPARSE);
	TAP_EQ_INT (fill ("{\"other\":[1,{]}", &n), LHK_EPARSE);
}

/* 64 fields are tracked apart; 16 tables within each other are filled. */
static struct lhk_num numbers[LHK_FIELDS_MAX];

static void
many_fields (void)
{
	static char keys[LHK_FIELDS_MAX][4];
	static struct lhk_field fields[LHK_FIELDS_MAX];
	const struct lhk_fields table = { fields, LHK_FIELDS_MAX,
					  sizeof (numbers) };
	char line[2048], *copy;
	size_t i, n = 1;

	line[0] = '{';
	for (i = 0; i < LHK_FIELDS_MAX; i++) {
		snprintf (keys[i], sizeof (keys[i]), "k%02zu", i);
		fields[i].key = keys[i];
		fields[i].key_len = 3;
		fields[i].kind = LHK_FIELD_INT;
		fields[i].flags = i % 2 ? LHK_FIELD_FIRST : 0;
		fields[i].offset = (uint32_t) (i * sizeof (numbers[0]));
		n += (size_t) snprintf (line + n, sizeof (line) - n,
					"\"k%02zu\":%zu,\"k%02zu\":%zu,", i,
					i, i, i + 100);
	}
	line[n - 1] = '}';
	copy = json_pad (line, n);
	TAP_EQ_INT (lhk_json_line (copy, n, &table, numbers), LHK_OK);
	for (i = 0; i < LHK_FIELDS_MAX; i++)
		TAP_EQ_INT (numbers[i].value, i % 2 ? i : i + 100);
	free (copy);
}

static void
deep_tables (void)
{
	static struct lhk_fields tables[LHK_FIELDS_DEPTH + 2];
	static struct lhk_field fields[LHK_FIELDS_DEPTH + 2][2];
	char line[512], *copy;
	size_t i, n = 0;

	for (i = 0; i < LHK_FIELDS_DEPTH + 2; i++) {
		fields[i][0].key = "n";
		fields[i][0].kind = LHK_FIELD_INT;
		fields[i][1].key = "o";
		fields[i][1].kind = LHK_FIELD_OBJECT;
		fields[i][1].sub = &tables[i + 1];
		fields[i][1].offset = sizeof (struct lhk_num);
		fields[i][0].key_len = fields[i][1].key_len = 1;
		tables[i].fields = fields[i];
		tables[i].n_fields = i == LHK_FIELDS_DEPTH + 1 ? 1 : 2;
		tables[i].size = sizeof (numbers);
		n += (size_t) snprintf (line + n, sizeof (line) - n,
					"{\"n\":%zu,\"o\":", i + 1);
	}
	n += (size_t) snprintf (line + n, sizeof (line) - n, "0");
	memset (line + n, '}', LHK_FIELDS_DEPTH + 2);
	n += LHK_FIELDS_DEPTH + 2;
	copy = json_pad (line, n);
	TAP_EQ_INT (lhk_json_line (copy, n, &tables[0], numbers), LHK_OK);
	for (i = 0; i < LHK_FIELDS_DEPTH + 2; i++)
		TAP_EQ_INT (numbers[i].value, i < LHK_FIELDS_DEPTH ? i + 1
			    : 0);
	free (copy);
}

static void
slices_by_table (void)
{
	const struct lhk_raw absent = { NULL, 0, 0, 0 };
	struct lhk_raw wrong;
	struct leaf leaf;
	struct node n;

	fill ("{\"any\":{\"name\":\"s\",\"count\":3},\"id\":\"x\"}", &n);
	TAP_EQ_INT (lhk_json_raw_object (&n.any, &leaf_table, &leaf), LHK_OK);
	IS (leaf.name, "s");
	TAP_EQ_INT (leaf.count.value, 3);
	TAP_EQ_INT (lhk_json_raw_object (&absent, &leaf_table, &leaf),
		    LHK_EPARSE);
	CU_ASSERT_PTR_NULL (leaf.name.ptr);
	fill ("{\"any\":[{\"name\":\"s\"}]}", &n);
	wrong = n.any;
	TAP_EQ_INT (lhk_json_raw_object (&wrong, &leaf_table, &leaf),
		    LHK_EPARSE);
	CU_ASSERT_PTR_NULL (leaf.name.ptr);
}

static void
in_a_document (void)
{
	static const char text[] = "[{\"name\":\"a\"},1,{\"name\":\"b\"}]";
	char *copy = json_pad (text, sizeof (text) - 1);
	struct leaf leaf;
	struct lhk_json j;

	lhk_json_begin (&j, copy, sizeof (text) - 1);
	lhk_json_enter (&j);
	CU_ASSERT (lhk_json_element (&j));
	CU_ASSERT (lhk_json_object (&j, &leaf_table, &leaf));
	IS (leaf.name, "a");
	CU_ASSERT (lhk_json_element (&j));
	CU_ASSERT (!lhk_json_object (&j, &leaf_table, &leaf));
	CU_ASSERT_PTR_NULL (leaf.name.ptr);
	CU_ASSERT (lhk_json_skip (&j) && lhk_json_element (&j));
	CU_ASSERT (lhk_json_object (&j, &leaf_table, &leaf));
	IS (leaf.name, "b");
	CU_ASSERT (!lhk_json_element (&j));
	TAP_EQ_INT (lhk_json_end (&j), LHK_OK);
	free (copy);
}

static const struct tap_case cases[] = {
	{ "every_kind_of_field_is_filled", every_kind },
	{ "absent_fields_and_other_types_are_absent",
	  absent_and_wrong_types },
	{ "of_duplicates_the_last_counts", last_duplicate },
	{ "a_second_object_replaces_the_first_whole",
	  last_object_counts_whole },
	{ "of_duplicates_the_first_counts_where_said", first_duplicate },
	{ "escaped_spellings_of_a_key_are_the_key", key_spellings },
	{ "keys_of_any_length_are_compared_to_the_end", key_lengths },
	{ "keys_come_in_any_order", any_order },
	{ "unknown_values_are_validated_and_not_taken", unknown_objects },
	{ "64_fields_are_told_apart", many_fields },
	{ "16_tables_within_each_other_are_filled", deep_tables },
	{ "a_slice_is_filled_like_a_line", slices_by_table },
	{ "objects_are_filled_within_a_document", in_a_document },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_fields", cases);
}
