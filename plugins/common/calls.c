/* SPDX-License-Identifier: MIT */
/*
 * calls.c - what an update of a tool call must repeat and its line does not.
 *
 * A ring of CALLS_MAX entries, which have room for usual ids and names; only
 * longer ones allocate.
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
plain_id (const struct lhk_text *text, char buf[CALLS_ID_MAX],
	  struct lhk_text *ret)
{
	size_t need;

	if (text_empty (text))
		return 0;
	if (text->form == LHK_TEXT_PLAIN || text->form == LHK_TEXT_CLEAN) {
		*ret = *text;
		return text->len <= CALLS_ID_MAX;
	}
	*ret = text_of (buf, lhk_text_decode (text, buf, CALLS_ID_MAX, &need));
	return need <= CALLS_ID_MAX;
}

void
calls_free (struct calls *c)
{
	size_t i;

	for (i = 0; i < CALLS_MAX; i++)
		free (c->list[i].large);
	memset (c, 0, sizeof (*c));
}

struct call *
calls_find (struct calls *c, const struct lhk_text *id)
{
	char buf[CALLS_ID_MAX];
	struct lhk_text key;
	uint32_t hash;
	size_t i;

	if (!plain_id (id, buf, &key))
		return NULL;
	hash = hash_bytes (key.ptr, key.len);
	for (i = 0; i < c->used; i++) {
		if (c->hashes[i] == hash && c->list[i].id.len == key.len
		    && memcmp (c->list[i].id.ptr, key.ptr, key.len) == 0)
			return &c->list[i];
	}
	return NULL;
}

void
calls_remove (struct calls *c, struct call *call)
{
	memset (&call->id, 0, sizeof (call->id));
	c->hashes[call - c->list] = 0;
}

/* Room for NEED bytes of texts in an entry; NULL if there is no memory. */
static char *
reserve (struct call *call, size_t need)
{
	char *p;

	if (need <= sizeof (call->small))
		return call->small;
	if (need <= call->cap)
		return call->large;
	p = malloc (need);
	if (p == NULL)
		return NULL;
	free (call->large);
	call->large = p;
	call->cap = need;
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
calls_add (struct calls *c, const struct lhk_text *id,
	   const struct lhk_text *name, const struct lhk_text *server, int type,
	   int status)
{
	char bufs[3][CALLS_ID_MAX];
	struct lhk_text t[3];
	struct call *call;
	char *at;

	memset (t, 0, sizeof (t));
	if (!plain_id (id, bufs[0], &t[0]))
		return LHK_ELIMIT;
	if ((!text_empty (name) && !plain_id (name, bufs[1], &t[1]))
	    || (!text_empty (server) && !plain_id (server, bufs[2], &t[2])))
		return LHK_ELIMIT;
	call = calls_find (c, &t[0]);
	if (call == NULL) {
		call = &c->list[c->next];
		c->next = (c->next + 1) % CALLS_MAX;
		if (c->used < CALLS_MAX)
			c->used++;
	}
	calls_remove (c, call);
	at = reserve (call, t[0].len + t[1].len + t[2].len);
	if (at == NULL)
		return LHK_ENOMEM;
	at = append_text (at, &t[0], &call->id);
	at = append_text (at, &t[1], &call->name);
	append_text (at, &t[2], &call->server);
	c->hashes[call - c->list] = hash_bytes (call->id.ptr, call->id.len);
	call->type = type;
	call->status = status;
	call->note = 0;
	return 0;
}
