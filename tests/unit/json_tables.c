/* SPDX-License-Identifier: MIT */
/* json_tables.c - tables as large as they may be. */
#include "config.h"

#include <stdio.h>

#include "json_case.h"

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
			TAP_EQ_INT (
				lhk_json_line (copy, (size_t) n, &table, &num),
				LHK_OK);
			TAP_EQ_INT (num.has, at == field.key_len);
			free (copy);
		}
	}
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
					"\"k%02zu\":%zu,\"k%02zu\":%zu,", i, i,
					i, i + 100);
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
		TAP_EQ_INT (numbers[i].value, i < LHK_FIELDS_DEPTH ? i + 1 : 0);
	free (copy);
}

static const struct tap_case cases[] = {
	{ "keys_of_any_length_are_compared_to_the_end", key_lengths },
	{ "64_fields_are_told_apart", many_fields },
	{ "16_tables_within_each_other_are_filled", deep_tables },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("json_tables", cases);
}
