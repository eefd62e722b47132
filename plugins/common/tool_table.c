/* SPDX-License-Identifier: MIT */
/*
 * tool_table.c - what an update of a tool event must repeat and its line does
 * not.
 *
 * A ring of TOOL_TABLE_MAX entries, which have room for usual ids and names;
 * only longer ones allocate.
 */
#include "config.h"

#include <stdlib.h>

#include "common/common.h"

/* FNV-1a, but never 0. */
static uint32_t
hash_bytes (const char *p, size_t len)
{
	uint32_t h = 2166136261u;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char) p[i]) * 16777619u;
	return h ? h : 1;
}

/* Decode an id or name, into BUF if need be: 1; 0 if it is absent, empty or too
 * long. */
static int
plain_id (const struct lhk_text *text, char buf[TOOL_TABLE_ID_MAX],
	  struct lhk_text *ret)
{
	size_t need;

	if (text_empty (text))
		return 0;
	if (text->form == LHK_TEXT_PLAIN || text->form == LHK_TEXT_CLEAN) {
		*ret = *text;
		return text->len <= TOOL_TABLE_ID_MAX;
	}
	*ret = text_of (buf,
			lhk_text_decode (text, buf, TOOL_TABLE_ID_MAX, &need));
	return need <= TOOL_TABLE_ID_MAX;
}

void
tool_table_free (struct tool_table *t)
{
	size_t i;

	for (i = 0; i < TOOL_TABLE_MAX; i++)
		free (t->list[i].large);
	memset (t, 0, sizeof (*t));
}

struct tool_entry *
tool_table_find (struct tool_table *t, const struct lhk_text *id)
{
	char buf[TOOL_TABLE_ID_MAX];
	struct lhk_text key;
	uint32_t hash;
	size_t i;

	if (!plain_id (id, buf, &key))
		return NULL;
	hash = hash_bytes (key.ptr, key.len);
	for (i = 0; i < t->used; i++) {
		if (t->hashes[i] == hash && t->list[i].id.len == key.len
		    && memcmp (t->list[i].id.ptr, key.ptr, key.len) == 0)
			return &t->list[i];
	}
	return NULL;
}

int
tool_entry_texts (struct tool_entry *entry, struct arena *a,
		  struct lhk_text *ret_name, struct lhk_text *ret_server)
{
	if (entry->copied != a->lines) {
		if (text_copy (a, &entry->name, &entry->name_copy) < 0
		    || text_copy (a, &entry->server, &entry->server_copy) < 0)
			return LHK_ENOMEM;
		entry->copied = a->lines;
	}
	*ret_name = entry->name_copy;
	*ret_server = entry->server_copy;
	return 0;
}

void
tool_table_remove (struct tool_table *t, struct tool_entry *entry)
{
	memset (&entry->id, 0, sizeof (entry->id));
	t->hashes[entry - t->list] = 0;
}

/* Room for NEED bytes of texts in an entry; NULL if there is no memory. */
static char *
reserve (struct tool_entry *entry, size_t need)
{
	char *p;

	if (need <= sizeof (entry->small))
		return entry->small;
	if (need <= entry->cap)
		return entry->large;
	p = malloc (need);
	if (p == NULL)
		return NULL;
	free (entry->large);
	entry->large = p;
	entry->cap = need;
	return p;
}

/* Copy a text to AT.  Returns where the next goes. */
static char *
append_text (char *at, const struct lhk_text *text, struct lhk_text *ret)
{
	memset (ret, 0, sizeof (*ret));
	if (text->len == 0)
		return at;
	memcpy (at, text->ptr, text->len);
	*ret = text_of (at, text->len);
	return at + text->len;
}

int
tool_table_add (struct tool_table *t, const struct lhk_text *id,
		const struct lhk_text *name, const struct lhk_text *server,
		int type, int status)
{
	char bufs[3][TOOL_TABLE_ID_MAX];
	struct lhk_text plain[3];
	struct tool_entry *entry;
	char *at;

	memset (plain, 0, sizeof (plain));
	if (!plain_id (id, bufs[0], &plain[0]))
		return LHK_ELIMIT;
	if ((!text_empty (name) && !plain_id (name, bufs[1], &plain[1]))
	    || (!text_empty (server) && !plain_id (server, bufs[2], &plain[2])))
		return LHK_ELIMIT;
	entry = tool_table_find (t, &plain[0]);
	if (entry == NULL) {
		entry = &t->list[t->next];
		t->next = (t->next + 1) % TOOL_TABLE_MAX;
		if (t->used < TOOL_TABLE_MAX)
			t->used++;
	}
	tool_table_remove (t, entry);
	at = reserve (entry, plain[0].len + plain[1].len + plain[2].len);
	if (at == NULL)
		return LHK_ENOMEM;
	at = append_text (at, &plain[0], &entry->id);
	at = append_text (at, &plain[1], &entry->name);
	append_text (at, &plain[2], &entry->server);
	t->hashes[entry - t->list] = hash_bytes (entry->id.ptr, entry->id.len);
	entry->type = type;
	entry->status = status;
	entry->note = 0;
	entry->copied = 0;
	return 0;
}
