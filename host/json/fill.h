/* SPDX-License-Identifier: MIT */
/*
 * fill.h - the members of an object into a struct, by a table; a template.
 *
 * It stands behind the template of walk_value.  A stack of frames has one for
 * each open table; all values that no table wants go through walk_value.
 */

/* An open table. */
struct fill_frame {
	const struct lhk_fields *table;
	char *base;    /* where its offsets count from */
	uint64_t seen; /* bit per field */
	uint32_t next; /* the field that is expected */
};

/* Not zero if 8 bytes fill_differ. */
static inline uint64_t
fill_differ (const char *a, const char *b)
{
	uint64_t x, y;

	memcpy (&x, a, 8);
	memcpy (&y, b, 8);
	return x ^ y;
}

/* Keys are short: loads from both ends, which may overlap, cover them.  This
 * is faster than memcmp. */
static inline int
fill_same_bytes (const char *a, const char *b, size_t len)
{
	uint32_t c0, c1, d0, d1;

	if (len > 32)
		return memcmp (a, b, len) == 0;
	if (len > 16)
		return (fill_differ (a, b) | fill_differ (a + 8, b + 8)
			| fill_differ (a + len - 16, b + len - 16)
			| fill_differ (a + len - 8, b + len - 8))
		       == 0;
	if (len >= 8)
		return (fill_differ (a, b)
			| fill_differ (a + len - 8, b + len - 8))
		       == 0;
	if (len >= 4) {
		memcpy (&c0, a, 4);
		memcpy (&d0, b, 4);
		memcpy (&c1, a + len - 4, 4);
		memcpy (&d1, b + len - 4, 4);
		return ((c0 ^ d0) | (c1 ^ d1)) == 0;
	}
	for (; len; len--) {
		if (*a++ != *b++)
			return 0;
	}
	return 1;
}

/* The index of the field of a key that has escapes, or n_fields. */
static uint32_t
fill_find_escaped_key (const struct lhk_fields *table, const char *ptr,
		       size_t len, uint32_t form)
{
	const struct lhk_text key = { ptr, len, form, 0 };
	uint32_t i;

	for (i = 0; i < table->n_fields; i++) {
		if (lhk_text_is (&key, table->fields[i].key,
				 table->fields[i].key_len))
			break;
	}
	return i;
}

/* The index of a key's field, or n_fields.  The search begins at NEXT, where
 * the key is if keys come in the order of the table. */
static inline uint32_t
fill_find_field (const struct lhk_fields *table, uint32_t next, const char *ptr,
		 size_t len, uint32_t form)
{
	const struct lhk_field *fields = table->fields;
	const uint32_t n = table->n_fields;
	uint32_t i;

	if (form != LHK_TEXT_CLEAN)
		return fill_find_escaped_key (table, ptr, len, form);
	for (i = next; i < n; i++) {
		if (fields[i].key_len == len
		    && fill_same_bytes (ptr, fields[i].key, len))
			return i;
	}
	for (i = 0; i < next; i++) {
		if (fields[i].key_len == len
		    && fill_same_bytes (ptr, fields[i].key, len))
			return i;
	}
	return n;
}

static inline const char *
fill_text (struct lhk_json *j, const char *p, struct lhk_text *ret)
{
	const char *start = p + 1;
	uint32_t form = 0;

	ret->reserved = 0;
	if (*p != '"') {
		ret->ptr = NULL;
		ret->len = 0;
		ret->form = 0;
		return walk_value (j, p);
	}
	p = walk_string (j, p, &form);
	if (p != NULL) {
		ret->ptr = start;
		ret->len = (size_t) (p - 1 - start);
		ret->form = form;
	}
	return p;
}

static inline const char *
fill_num (struct lhk_json *j, const char *p, struct lhk_num *ret)
{
	const char *start = p;

	ret->value = 0;
	ret->has = 0;
	ret->reserved = 0;
	if (*p != '-' && !walk_is_digit (*p))
		return walk_value (j, p);
	p = walk_number (j, p);
	if (p != NULL)
		lhk_json_num (start, (size_t) (p - start), ret);
	return p;
}

static inline const char *
fill_raw (struct lhk_json *j, const char *p, struct lhk_raw *ret)
{
	const char *start = p;
	uint32_t form = 0;

	ret->type = lhk_json_types[(uint8_t) *p];
	p = *p == '"' ? walk_string (j, p, &form) : walk_value (j, p);
	if (p != NULL) {
		ret->ptr = start;
		ret->len = (size_t) (p - start);
		ret->form = (int32_t) form;
	}
	return p;
}

/* P is at the value of field F, which has no sub-table.  Returns the byte
 * behind the value, or NULL. */
static inline const char *
fill_field (struct lhk_json *j, const char *p, const struct lhk_field *f,
	    char *base)
{
	void *member = base + f->offset;

	switch (f->kind) {
	case LHK_FIELD_TEXT:
		return fill_text (j, p, member);
	case LHK_FIELD_INT:
		return fill_num (j, p, member);
	case LHK_FIELD_BOOL:
		*(int32_t *) member = *p == 't' ? 1 : *p == 'f' ? -1 : 0;
		return walk_value (j, p);
	case LHK_FIELD_RAW:
		return fill_raw (j, p, member);
	default:
		return walk_value (j, p);
	}
}

/* P is at the value of field I.  Fill its member; or, if it has a sub-table,
 * push a frame for it, but none behind LAST. */
static inline const char *
fill_known (struct lhk_json *j, const char *p, struct fill_frame **top,
	    const struct fill_frame *last, uint32_t i)
{
	struct fill_frame *f = *top;
	const struct lhk_field *field = &f->table->fields[i];
	const int again = f->seen >> (i & 63) & 1;

	f->seen |= (uint64_t) 1 << (i & 63);
	f->next = i + 1;
	if (again && (field->flags & LHK_FIELD_FIRST))
		return walk_value (j, p);
	if (field->kind != LHK_FIELD_OBJECT)
		return fill_field (j, p, field, f->base);
	if (again)
		lhk_json_clear (field->sub, f->base + field->offset);
	if (*p != '{' || f == last)
		return walk_value (j, p);
	if (!walk_push (j, p, 1))
		return NULL;
	f[1].table = field->sub;
	f[1].base = f->base + field->offset;
	f[1].seen = 0;
	f[1].next = 0;
	*top = f + 1;
	return p + 1;
}

/* P is at a key.  Returns the byte behind its value or, if a frame was pushed
 * for that, the byte behind its brace. */
static inline const char *
fill_member (struct lhk_json *j, const char *p, struct fill_frame **top,
	     const struct fill_frame *last)
{
	const struct fill_frame *f = *top;
	const char *key = p + 1;
	uint32_t form, i;
	size_t len;

	if (*p != '"')
		return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
	p = walk_string (j, p, &form);
	if (p == NULL)
		return NULL;
	len = (size_t) (p - 1 - key);
	p = walk_skip_blank (p);
	if (*p != ':')
		return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
	p = walk_skip_blank (p + 1);
	i = fill_find_field (f->table, f->next, key, len, form);
	if (i == f->table->n_fields)
		return walk_value (j, p);
	return fill_known (j, p, top, last, i);
}

/* P is at the brace of an object.  Returns the byte behind the object, or
 * NULL. */
static const char *
fill_object (struct lhk_json *j, const char *p, const struct lhk_fields *table,
	     void *ret)
{
	struct fill_frame frames[LHK_FIELDS_DEPTH];
	const struct fill_frame *last = frames + LHK_FIELDS_DEPTH - 1;
	struct fill_frame *f = frames, *before;
	int entered = 1;

	f->table = table;
	f->base = ret;
	f->seen = 0;
	f->next = 0;
	if (!walk_push (j, p++, 1))
		return NULL;
	for (;;) {
		p = walk_skip_blank (p);
		if (!entered && *p == ',') {
			p = walk_skip_blank (p + 1);
		} else if (*p == '}') {
			p++;
			j->depth--;
			if (f-- == frames)
				return p;
			entered = 0;
			continue;
		} else if (!entered) {
			return lhk_json_fail (j, p, LHK_JSON_ESYNTAX);
		}
		before = f;
		p = fill_member (j, p, &f, last);
		if (p == NULL)
			return NULL;
		entered = f != before;
	}
}
