/* SPDX-License-Identifier: MIT */
/* edit.c - how many lines a call adds to files and takes out of them. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "cli/view/view_private.h"
#include "common/mem.h"
#include "json/text_reader.h"

/* Edits of one call that are counted. */
#define EDITS_MAX 1000

struct edit {
	struct lhk_text before, after; /* what is replaced, and by what */
	struct lhk_text whole;	       /* a new content of a file */
	struct lhk_text patch;
	struct lhk_raw edits; /* an array of such objects */
};

#define TEXT(key, member) LHK_FIELD (key, LHK_FIELD_TEXT, struct edit, member)
#define RAW(key, member) LHK_FIELD (key, LHK_FIELD_RAW, struct edit, member)

/* What the agents call them. */
static const struct lhk_field edit_fields[] = {
	/* clang-format off: a table */
	TEXT ("old_string", before), TEXT ("new_string", after),
	TEXT ("oldString", before),  TEXT ("newString", after),
	TEXT ("old_str", before),    TEXT ("new_str", after),
	TEXT ("oldText", before),    TEXT ("newText", after),
	TEXT ("content", whole),     TEXT ("file_text", whole),
	TEXT ("patch", patch),	     TEXT ("patchText", patch),
	TEXT ("diff", patch),	     TEXT ("unified_diff", patch),
	TEXT ("input", patch),	     RAW ("edits", edits),
	RAW ("changes", edits),
	/* clang-format on */
};
LHK_FIELDS (edit_table, struct edit, edit_fields);

/* What is counted. */
struct counter {
	const struct lhk_alloc *alloc;
	int known; /* 1: something was counted */
	int has_removed;
	uint64_t added, removed;
};

static uint64_t
count_lines (const char *p, size_t n)
{
	uint64_t lines = n > 0 && p[n - 1] != '\n';
	size_t i;

	for (i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

/* TEXT in plain UTF-8, to be freed with its *RET_SIZE; NULL: no memory. */
static char *
decode (const struct lhk_alloc *alloc, const struct lhk_text *text,
	size_t *ret_len, size_t *ret_size)
{
	char *p;

	lhk_text_decode (text, NULL, 0, ret_len);
	*ret_size = *ret_len + 1;
	p = mem_new (alloc, *ret_size);
	if (p != NULL)
		lhk_text_decode (text, p, *ret_len, NULL);
	return p;
}

/* Lines at the beginning and at the end that are the same are no change. */
static void
count_change (struct counter *k, const char *a, size_t a_len, const char *b,
	      size_t b_len)
{
	size_t most = a_len < b_len ? a_len : b_len, head = 0, tail = 0, i;

	for (i = 0; i < most && a[i] == b[i]; i++)
		if (a[i] == '\n')
			head = i + 1;
	if (i == a_len && i == b_len)
		return;
	most -= head;
	for (i = 0; i < most && a[a_len - 1 - i] == b[b_len - 1 - i]; i++)
		if (a[a_len - 1 - i] == '\n')
			tail = i;
	if (i == most && (a_len - head == i || b_len - head == i))
		tail = i;
	k->removed += count_lines (a + head, a_len - head - tail);
	k->added += count_lines (b + head, b_len - head - tail);
}

static void
count_replaced (struct counter *k, const struct edit *e)
{
	size_t a_len, a_size, b_len, b_size;
	char *a = decode (k->alloc, &e->before, &a_len, &a_size);
	char *b = decode (k->alloc, &e->after, &b_len, &b_size);

	if (a != NULL && b != NULL) {
		count_change (k, a, a_len, b, b_len);
		k->known = k->has_removed = 1;
	}
	mem_free (k->alloc, a, a_size);
	mem_free (k->alloc, b, b_size);
}

static void
count_whole (struct counter *k, const struct edit *e)
{
	size_t len, size;
	char *p = decode (k->alloc, &e->whole, &len, &size);

	if (p != NULL) {
		k->added += count_lines (p, len);
		k->known = 1;
	}
	mem_free (k->alloc, p, size);
}

/* Lines that begin with + or -, but not the names of files above them. */
static void
count_patch (struct counter *k, const struct edit *e)
{
	size_t len, size, at = 0, n;
	char *p = decode (k->alloc, &e->patch, &len, &size);

	for (; p != NULL && at < len; at += n + 1) {
		const char *lf = memchr (p + at, '\n', len - at);

		n = lf == NULL ? len - at : (size_t) (lf - p) - at;
		if (n >= 3
		    && (memcmp (p + at, "+++", 3) == 0
			|| memcmp (p + at, "---", 3) == 0))
			continue;
		k->added += n > 0 && p[at] == '+';
		k->removed += n > 0 && p[at] == '-';
	}
	if (k->added + k->removed > 0)
		k->known = k->has_removed = 1;
	mem_free (k->alloc, p, size);
}

static void
count_edit (struct counter *k, const struct edit *e)
{
	if (e->before.ptr != NULL && e->after.ptr != NULL)
		count_replaced (k, e);
	else if (e->patch.len > 0)
		count_patch (k, e);
	else if (e->whole.len > 0)
		count_whole (k, e);
}

static void
count_list (struct counter *k, const struct lhk_raw *edits)
{
	struct lhk_json j;
	struct edit e;
	int n = 0;

	if (edits->type != LHK_JSON_ARRAY)
		return;
	lhk_json_begin_raw (&j, edits);
	if (!lhk_json_enter (&j))
		return;
	while (n++ < EDITS_MAX && lhk_json_element (&j))
		if (lhk_json_object (&j, &edit_table, &e))
			count_edit (k, &e);
}

static void
count_input (struct counter *k, const char *json, size_t len)
{
	struct edit e;

	if (lhk_json_line (json, len, &edit_table, &e) != LHK_OK)
		return;
	count_edit (k, &e);
	count_list (k, &e.edits);
}

int
view_edit_count (const struct lhk_alloc *alloc, const struct lhk_str *input,
		 uint64_t *ret_added, uint64_t *ret_removed)
{
	struct counter k = { .alloc = alloc };
	size_t size = input->len + 1 + LHK_LINE_PADDING;
	char *json = mem_new (alloc, size);

	if (json == NULL)
		return 0;
	memcpy (json, input->ptr, input->len);
	memset (json + input->len, 0, size - input->len);
	json[input->len] = '\n';
	count_input (&k, json, input->len);
	mem_free (alloc, json, size);
	*ret_added = k.added;
	*ret_removed = k.has_removed ? k.removed : UINT64_MAX;
	return k.known;
}
