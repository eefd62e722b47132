/* SPDX-License-Identifier: MIT */
/* model.c - tables of fields by the pull reader. */
#include "config.h"

#include <string.h>

#include "fuzz/model.h"

static const size_t sizes[] = {
	[LHK_FIELD_TEXT] = sizeof (struct lhk_text),
	[LHK_FIELD_INT] = sizeof (struct lhk_num),
	[LHK_FIELD_BOOL] = sizeof (int32_t),
	[LHK_FIELD_RAW] = sizeof (struct lhk_raw),
};

static void
clear (const struct lhk_fields *table, char *base)
{
	uint32_t i;

	for (i = 0; i < table->n_fields; i++) {
		const struct lhk_field *f = &table->fields[i];

		if (f->kind == LHK_FIELD_OBJECT)
			clear (f->sub, base + f->offset);
		else
			memset (base + f->offset, 0, sizes[f->kind]);
	}
}

static void fill (struct lhk_json *j, const struct lhk_fields *table,
		  char *base);

/* Take the value at J as field F: what does not fit leaves it absent. */
static void
take (struct lhk_json *j, const struct lhk_field *f, char *base)
{
	void *member = base + f->offset;

	switch (f->kind) {
	case LHK_FIELD_TEXT:
		lhk_json_string (j, member);
		break;
	case LHK_FIELD_INT:
		lhk_json_int (j, member);
		break;
	case LHK_FIELD_BOOL:
		lhk_json_bool (j, member);
		break;
	case LHK_FIELD_RAW:
		lhk_json_raw (j, member);
		break;
	default:
		if (lhk_json_peek (j) == LHK_JSON_OBJECT)
			fill (j, f->sub, member);
		break;
	}
}

static void
fill (struct lhk_json *j, const struct lhk_fields *table, char *base)
{
	uint64_t seen = 0;
	struct lhk_text key;
	uint32_t i;

	lhk_json_enter (j);
	while (lhk_json_key (j, &key)) {
		for (i = 0; i < table->n_fields; i++) {
			const struct lhk_field *f = &table->fields[i];

			if (!lhk_text_is (&key, f->key, f->key_len))
				continue;
			if (seen >> i & 1 && f->flags & LHK_FIELD_FIRST)
				break;
			seen |= (uint64_t) 1 << i;
			if (f->kind == LHK_FIELD_OBJECT)
				clear (f->sub, base + f->offset);
			else
				memset (base + f->offset, 0, sizes[f->kind]);
			take (j, f, base);
			break;
		}
	}
}

int
model_object (struct lhk_json *j, const struct lhk_fields *table, void *ret)
{
	memset (ret, 0, table->size);
	if (lhk_json_peek (j) != LHK_JSON_OBJECT)
		return 0;
	fill (j, table, ret);
	return j->error == LHK_JSON_OK;
}

static int
same_text (const struct lhk_text *a, const struct lhk_text *b)
{
	return (a->ptr == NULL) == (b->ptr == NULL) && a->form == b->form
	       && a->len == b->len
	       && (a->len == 0 || memcmp (a->ptr, b->ptr, a->len) == 0);
}

static int
same_raw (const struct lhk_raw *a, const struct lhk_raw *b)
{
	return (a->ptr == NULL) == (b->ptr == NULL) && a->type == b->type
	       && a->form == b->form && a->len == b->len
	       && (a->len == 0 || memcmp (a->ptr, b->ptr, a->len) == 0);
}

int
model_equal (const struct lhk_fields *table, const void *a, const void *b)
{
	uint32_t i;
	int same = 1;

	for (i = 0; i < table->n_fields && same; i++) {
		const struct lhk_field *f = &table->fields[i];
		const void *x = (const char *) a + f->offset;
		const void *y = (const char *) b + f->offset;

		if (f->kind == LHK_FIELD_OBJECT)
			same = model_equal (f->sub, x, y);
		else if (f->kind == LHK_FIELD_TEXT)
			same = same_text (x, y);
		else if (f->kind == LHK_FIELD_RAW)
			same = same_raw (x, y);
		else
			same = memcmp (x, y, sizes[f->kind]) == 0;
	}
	return same;
}
