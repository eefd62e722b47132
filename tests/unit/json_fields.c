/* SPDX-License-Identifier: MIT */
/* json_fields.c - structs filled by tables. */
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
					       &node_table, &other),
			    r);
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

#define IS(text, literal)                                                      \
	TAP_EQ_MEM ((text).ptr, (text).len, literal, sizeof (literal) - 1)

static void
every_kind (void)
{
	struct node n;

	TAP_EQ_INT (fill ("{\"id\":\"x\",\"unknown\":{\"id\":\"no\"},"
			  "\"number\":-3,\"flag\":true,\"any\":[1, 2],"
			  "\"leaf\":{\"name\":\"l\",\"count\":4,\"x\":[]},"
			  "\"inner\":{\"flat\":\"f\"}}",
			  &n),
		    LHK_OK);
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
		"{}",	"[]",	"\"s\"",
		"1",	"true", "false",
		"null", "-0.5", "{\"name\":1,\"count\":\"x\",\"flat\":{}}",
	};
	static const char *const keys[] = {
		"id",  "first", "number",     "flag",
		"any", "leaf",	"first_leaf", "inner",
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
			CU_ASSERT_EQUAL (n.number.has != 0,
					 i == 2 && (k == 3 || k == 7));
			TAP_EQ_INT (n.flag, i != 3   ? 0
					    : k == 4 ? 1
					    : k == 5 ? -1
						     : 0);
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
	      "\"flag\":true,\"flag\":0,\"any\":1,\"any\":\"z\"}",
	      &n);
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
	      "\"leaf\":{\"name\":\"b\"}}",
	      &n);
	IS (n.leaf.name, "b");
	TAP_EQ_INT (n.leaf.count.has, 0);
	IS (n.id, "keep");
	fill ("{\"leaf\":{\"name\":\"a\"},\"leaf\":7}", &n);
	CU_ASSERT_PTR_NULL (n.leaf.name.ptr);
	fill ("{\"leaf\":[],\"leaf\":{\"name\":\"b\"}}", &n);
	IS (n.leaf.name, "b");
	fill ("{\"id\":\"keep\",\"inner\":{\"flat\":\"a\"},\"inner\":{}}", &n);
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
	      "\"first_leaf\":{\"name\":\"b\",\"count\":1}}",
	      &n);
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

static void
any_order (void)
{
	static const char *const members[] = {
		"\"id\":\"a\"",
		"\"number\":2",
		"\"flag\":false",
		"\"any\":null",
		"\"leaf\":{\"count\":5,\"name\":\"l\"}",
	};
	char line[256];
	struct node n;
	int i, k, at;

	for (i = 0; i < 5; i++) {
		for (k = 1; k < 5; k++) {
			snprintf (line, sizeof (line),
				  "{%s,\"x\":0,%s,%s,%s,%s}", members[i],
				  members[(i + k) % 5],
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
	      "\"id\":\"no\"}}",
	      &n);
	CU_ASSERT_PTR_NULL (n.id.ptr);
	CU_ASSERT_PTR_NULL (n.leaf.name.ptr);
	TAP_EQ_INT (fill ("{\"other\":{\"id\":\"\\q\"}}", &n), LHK_EPARSE);
	TAP_EQ_INT (fill ("{\"other\":[1,{]}", &n), LHK_EPARSE);
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
	{ "absent_fields_and_other_types_are_absent", absent_and_wrong_types },
	{ "of_duplicates_the_last_counts", last_duplicate },
	{ "a_second_object_replaces_the_first_whole",
	  last_object_counts_whole },
	{ "of_duplicates_the_first_counts_where_said", first_duplicate },
	{ "escaped_spellings_of_a_key_are_the_key", key_spellings },
	{ "keys_come_in_any_order", any_order },
	{ "unknown_values_are_validated_and_not_taken", unknown_objects },
	{ "a_slice_is_filled_like_a_line", slices_by_table },
	{ "objects_are_filled_within_a_document", in_a_document },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_fields", cases);
}
