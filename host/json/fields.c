/* SPDX-License-Identifier: MIT */
/* fields.c - objects and whole lines by a table of fields. */
#include "config.h"

#include <string.h>

#include "json/ops.h"

void
lhk_json_members (struct lhk_json_members *m, const struct lhk_fields *table,
		  void *base)
{
	m->top = 0;
	m->level[0].table = table;
	m->level[0].base = base;
	m->level[0].next = 0;
}

const struct lhk_field *
lhk_json_member (struct lhk_json_members *m, char **ret_member)
{
	struct lhk_json_level *l = &m->level[m->top];
	const struct lhk_field *f;

	for (;;) {
		if (l->next == l->table->n_fields) {
			if (m->top-- == 0)
				return NULL;
			l--;
			continue;
		}
		f = &l->table->fields[l->next++];
		if (f->kind != LHK_FIELD_OBJECT)
			break;
		if (m->top + 1 == LHK_FIELDS_DEPTH)
			continue;
		l[1].table = f->sub;
		l[1].base = l->base + f->offset;
		l[1].next = 0;
		l++;
		m->top++;
	}
	*ret_member = l->base + f->offset;
	return f;
}

void
lhk_json_clear (const struct lhk_fields *table, void *base)
{
	static const size_t sizes[] = {
		[LHK_FIELD_TEXT] = sizeof (struct lhk_text),
		[LHK_FIELD_INT] = sizeof (struct lhk_num),
		[LHK_FIELD_BOOL] = sizeof (int32_t),
		[LHK_FIELD_RAW] = sizeof (struct lhk_raw),
	};
	struct lhk_json_members members;
	const struct lhk_field *f;
	char *member;

	lhk_json_members (&members, table, base);
	while ((f = lhk_json_member (&members, &member)) != NULL)
		memset (member, 0, sizes[f->kind]);
}

int
lhk_json_object (struct lhk_json *j, const struct lhk_fields *table, void *ret)
{
	memset (ret, 0, table->size);
	if (lhk_json_peek (j) != LHK_JSON_OBJECT)
		return 0;
	return lhk_json_took (j, j->ops->object (j, j->at, table, ret));
}

int
lhk_json_line_ops (const struct lhk_json_ops *ops, const char *data, size_t len,
		   const struct lhk_fields *table, void *ret)
{
	struct lhk_json j;

	lhk_json_begin_ops (&j, ops, data, len);
	lhk_json_object (&j, table, ret);
	return lhk_json_end (&j);
}

int
lhk_json_line (const char *data, size_t len, const struct lhk_fields *table,
	       void *ret)
{
	return lhk_json_line_ops (lhk_json_ops_here (), data, len, table, ret);
}

int
lhk_json_raw_object (const struct lhk_raw *raw, const struct lhk_fields *table,
		     void *ret)
{
	struct lhk_json j;

	lhk_json_begin_raw (&j, raw);
	lhk_json_object (&j, table, ret);
	return lhk_json_end (&j);
}
