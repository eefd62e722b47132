/* SPDX-License-Identifier: MIT */
/*
 * tool_table.c - what an update of a tool event must repeat and its line does
 * not.
 *
 * A ring of slots, in chunks that are allocated as they are needed, with a hash
 * of the ids.  An entry has room for usual ids and names; only longer ones
 * allocate.
 */
#include "config.h"

#include <stdlib.h>

#include "common/common.h"

/* Entries that have not ended and are passed over for one that has. */
#define PASSED_MAX 64u

/* FNV-1a.  Where the table lies differs from run to run, so an agent cannot
 * choose ids of one hash. */
static uint32_t
hash_bytes (const struct tool_table *t, const char *p, size_t len)
{
	uint32_t h = 2166136261u ^ (uint32_t) ((uintptr_t) t >> 4);
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char) p[i]) * 16777619u;
	return h;
}

void
tool_table_init (struct tool_table *t, const struct lhk_api *api, uint32_t max,
		 const char *forgets)
{
	memset (t, 0, sizeof (*t));
	t->api = api;
	t->max = max;
	t->forgets = forgets;
}

static struct tool_entry *
entry_of (const struct tool_table *t, uint32_t slot)
{
	return &t->chunks[slot / TOOL_TABLE_CHUNK][slot % TOOL_TABLE_CHUNK];
}

static uint32_t
bucket_of (uint32_t hash)
{
	return (hash ^ hash >> 16) % TOOL_TABLE_MAX;
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
	uint32_t i;

	for (i = 0; i < t->used; i++)
		free (entry_of (t, i)->large);
	for (i = 0; i < ARRAY_SIZE (t->chunks); i++)
		free (t->chunks[i]);
	memset (t, 0, sizeof (*t));
}

static int
is_text (const struct lhk_text *a, const struct lhk_text *b)
{
	return a->len == b->len
	       && (a->len == 0 || memcmp (a->ptr, b->ptr, a->len) == 0);
}

struct tool_entry *
tool_table_find (struct tool_table *t, const struct lhk_text *id)
{
	char buf[TOOL_TABLE_ID_MAX];
	struct tool_entry *entry;
	struct lhk_text key;
	uint32_t hash, slot;

	if (!plain_id (id, buf, &key))
		return NULL;
	hash = hash_bytes (t, key.ptr, key.len);
	for (slot = t->ids[bucket_of (hash)]; slot != 0; slot = entry->after) {
		entry = entry_of (t, slot - 1);
		if (entry->hash == hash && is_text (&entry->id, &key))
			return entry;
	}
	return NULL;
}

struct tool_entry *
tool_table_at (const struct tool_table *t, uint32_t slot)
{
	struct tool_entry *entry = entry_of (t, slot);

	return entry->id.ptr == NULL ? NULL : entry;
}

/* The first entry in the chain that begins with SLOT whose name is NAME. */
static struct tool_entry *
named (const struct tool_table *t, uint32_t slot, uint32_t hash,
       const struct lhk_text *name)
{
	struct tool_entry *entry;

	for (; slot != 0; slot = entry->name_after) {
		entry = entry_of (t, slot - 1);
		if (entry->name_hash == hash && is_text (&entry->name, name))
			return entry;
	}
	return NULL;
}

struct tool_entry *
tool_table_named (struct tool_table *t, const struct lhk_text *name)
{
	uint32_t hash = hash_bytes (t, name->ptr, name->len);

	return named (t, t->names[bucket_of (hash)], hash, name);
}

struct tool_entry *
tool_table_next_named (const struct tool_table *t,
		       const struct tool_entry *entry)
{
	return named (t, entry->name_after, entry->name_hash, &entry->name);
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

static void
remove_id (struct tool_table *t, const struct tool_entry *entry)
{
	uint16_t *at = &t->ids[bucket_of (entry->hash)];

	while (*at != entry->slot + 1)
		at = &entry_of (t, *at - 1u)->after;
	*at = entry->after;
}

/* Many entries may have one name, so the way to it is not searched. */
static void
remove_name (struct tool_table *t, const struct tool_entry *entry)
{
	if (entry->name_before != 0)
		entry_of (t, entry->name_before - 1u)->name_after =
			entry->name_after;
	else
		t->names[bucket_of (entry->name_hash)] = entry->name_after;
	if (entry->name_after != 0)
		entry_of (t, entry->name_after - 1u)->name_before =
			entry->name_before;
}

void
tool_table_remove (struct tool_table *t, struct tool_entry *entry)
{
	if (entry->id.ptr == NULL)
		return;
	remove_id (t, entry);
	remove_name (t, entry);
	memset (&entry->id, 0, sizeof (entry->id));
}

static void
insert (struct tool_table *t, struct tool_entry *entry)
{
	uint16_t link = (uint16_t) (entry->slot + 1);
	uint16_t *at;

	entry->hash = hash_bytes (t, entry->id.ptr, entry->id.len);
	at = &t->ids[bucket_of (entry->hash)];
	entry->after = *at;
	*at = link;
	entry->name_hash = hash_bytes (t, entry->name.ptr, entry->name.len);
	at = &t->names[bucket_of (entry->name_hash)];
	entry->name_before = 0;
	entry->name_after = *at;
	if (*at != 0)
		entry_of (t, *at - 1u)->name_before = link;
	*at = link;
}

/* A slot that was never used; NULL if there is no memory. */
static struct tool_entry *
new_slot (struct tool_table *t)
{
	struct tool_entry **chunk = &t->chunks[t->used / TOOL_TABLE_CHUNK];
	struct tool_entry *entry;

	if (*chunk == NULL)
		*chunk = calloc (TOOL_TABLE_CHUNK, sizeof (**chunk));
	if (*chunk == NULL)
		return NULL;
	entry = entry_of (t, t->used);
	entry->slot = t->used++;
	return entry;
}

static int
is_at_work (const struct tool_entry *entry)
{
	return entry->id.ptr != NULL
	       && (entry->status == LHK_TOOL_PENDING
		   || entry->status == LHK_TOOL_RUNNING);
}

/* Entries that have ended need no update. */
static int
tell (struct tool_table *t, const struct tool_entry *lost)
{
	const struct lhk_text text = text_str (t->forgets);

	if (t->told || lost->id.ptr == NULL
	    || (lost->status != 0 && !is_at_work (lost)))
		return 0;
	t->told = 1;
	return emit_notice (t->api, LHK_LOG_WARN, LHK_CODE_GAP, &text, NULL);
}

/* A slot for a new entry.  0; LHK_ENOMEM, or an error of the host. */
static int
take_slot (struct tool_table *t, struct tool_entry **ret)
{
	uint32_t i, slot = t->next;
	int r;

	if (t->used < t->max) {
		*ret = new_slot (t);
		return *ret == NULL ? LHK_ENOMEM : 0;
	}
	for (i = 0; i < PASSED_MAX; i++)
		if (!is_at_work (
			    entry_of (t, tool_table_behind (slot, i, t->max))))
			break;
	if (i < PASSED_MAX)
		slot = tool_table_behind (slot, i, t->max);
	t->next = tool_table_behind (slot, 1, t->max);
	*ret = entry_of (t, slot);
	r = tell (t, *ret);
	tool_table_remove (t, *ret);
	return r;
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
	int r;

	memset (plain, 0, sizeof (plain));
	if (!plain_id (id, bufs[0], &plain[0]))
		return LHK_ELIMIT;
	if ((!text_empty (name) && !plain_id (name, bufs[1], &plain[1]))
	    || (!text_empty (server) && !plain_id (server, bufs[2], &plain[2])))
		return LHK_ELIMIT;
	entry = tool_table_find (t, &plain[0]);
	if (entry != NULL)
		tool_table_remove (t, entry);
	else if ((r = take_slot (t, &entry)) < 0)
		return r;
	at = reserve (entry, plain[0].len + plain[1].len + plain[2].len);
	if (at == NULL)
		return LHK_ENOMEM;
	at = append_text (at, &plain[0], &entry->id);
	at = append_text (at, &plain[1], &entry->name);
	append_text (at, &plain[2], &entry->server);
	insert (t, entry);
	entry->type = type;
	entry->status = status;
	entry->note = 0;
	entry->copied = 0;
	return 0;
}
