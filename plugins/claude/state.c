/* SPDX-License-Identifier: MIT */
/*
 * state.c - the state of a stream: short names and the latest messages.
 *
 * The messages are a ring, because those of subagents come between those of the
 * main thread; a message is identified by its id and by the call it works for.
 */
#include "config.h"

#include <stdio.h>

#include "claude/claude.h"

static struct claude_message_state *
find (struct claude *c, const struct lhk_text *id,
      const struct lhk_text *parent)
{
	struct claude_message_state *msg = &c->messages[c->now];
	uint32_t i;

	if (id_copy_is (&msg->id, id) && id_copy_is (&msg->parent, parent))
		return msg;
	for (i = 0; i < CLAUDE_MESSAGES; i++) {
		msg = &c->messages[i];
		if (!id_copy_is (&msg->id, id)
		    || !id_copy_is (&msg->parent, parent))
			continue;
		c->now = i;
		return msg;
	}
	return NULL;
}

struct claude_message_state *
claude_message (struct claude *c, const struct lhk_text *id,
		const struct lhk_text *parent)
{
	struct claude_message_state *msg;

	if (text_empty (id))
		return NULL;
	msg = find (c, id, parent);
	if (msg != NULL)
		return msg;
	msg = &c->messages[c->next];
	memset (msg, 0, sizeof (*msg));
	msg->open_block = -1;
	msg->label_block = -1;
	id_copy_set (&msg->id, id);
	id_copy_set (&msg->parent, parent);
	if (msg->id.len == 0 || !id_copy_is (&msg->parent, parent)) {
		msg->id.len = 0;
		return NULL;
	}
	c->now = c->next;
	c->next = (c->next + 1) % CLAUDE_MESSAGES;
	return msg;
}

struct claude_message_state *
claude_unfinished (struct claude *c, const struct lhk_text *parent)
{
	struct claude_message_state *msg;
	uint32_t i;

	for (i = 1; i <= CLAUDE_MESSAGES; i++) {
		msg = &c->messages[(c->next - i) % CLAUDE_MESSAGES];
		if (msg->n_streamed > msg->n_blocks
		    && id_copy_is (&msg->parent, parent))
			return msg;
	}
	return NULL;
}

struct claude_message_state *
claude_whole (struct claude *c, const struct lhk_text *id,
	      const struct lhk_text *parent)
{
	struct claude_message_state *msg =
		text_empty (id) ? NULL : find (c, id, parent);
	struct claude_message_state *unfinished;

	if (msg != NULL && (msg->n_streamed > 0 || msg->n_blocks > 0))
		return msg;
	unfinished = claude_unfinished (c, parent);
	return unfinished != NULL ? unfinished : claude_message (c, id, parent);
}

void
claude_stopped (struct claude *c, const struct lhk_text *parent,
		const struct lhk_text *reason)
{
	if (text_empty (parent) && !text_empty (reason))
		id_copy_set (&c->stop, reason);
}

#define HASH_START 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

/* FNV-1a, eight bytes at a time: an answer may be many megabytes. */
static uint64_t
hash_part (uint64_t h, const struct lhk_str *part)
{
	size_t n = part->len;
	const char *p = part->ptr;
	uint64_t word;

	h = (h ^ n) * HASH_PRIME;
	while (n > 0) {
		size_t step = n < sizeof (word) ? n : sizeof (word);

		word = 0;
		memcpy (&word, p, step);
		h = (h ^ word) * HASH_PRIME;
		h ^= h >> 32;
		p += step;
		n -= step;
	}
	return h;
}

uint64_t
claude_hash (const struct lhk_str *text)
{
	return hash_part (HASH_START, text);
}

int
claude_repeated (struct claude *c, const struct lhk_text *uuid,
		 const struct lhk_str *parts, size_t n_parts)
{
	const struct lhk_str id = { uuid->ptr, uuid->len };
	uint64_t hash;
	size_t i;

	if (text_empty (uuid))
		return 0;
	hash = hash_part (HASH_START, &id);
	for (i = 0; i < n_parts; i++)
		hash = hash_part (hash, &parts[i]);
	hash |= hash == 0;
	for (i = 0; i < CLAUDE_LINES; i++)
		if (c->lines[i] == hash)
			return 1;
	c->lines[c->next_line] = hash;
	c->next_line = (c->next_line + 1) % CLAUDE_LINES;
	return 0;
}

struct claude_message_state *
claude_streaming (struct claude *c, const struct lhk_text *id,
		  const struct lhk_text *parent)
{
	struct claude_message_state *msg = &c->messages[c->now];
	uint32_t i;

	if (!text_empty (id))
		return claude_message (c, id, parent);
	if (msg->id.len && id_copy_is (&msg->parent, parent))
		return msg;
	for (i = 1; i <= CLAUDE_MESSAGES; i++) {
		c->now = (c->next - i) % CLAUDE_MESSAGES;
		msg = &c->messages[c->now];
		if (msg->id.len && id_copy_is (&msg->parent, parent))
			return msg;
	}
	return NULL;
}

struct lhk_text
claude_delta_id (struct claude_message_state *msg, int32_t block)
{
	struct lhk_text label = { NULL, 0, 0, 0 };
	int n;

	if (msg != NULL && msg->label_block != block) {
		n = snprintf (msg->label.text, sizeof (msg->label.text),
			      "%.*s:%d", (int) msg->id.len, msg->id.text,
			      (int) block);
		msg->label.len =
			(size_t) n < sizeof (msg->label.text) ? (size_t) n : 0;
		msg->label_block = block;
	}
	if (msg != NULL)
		label = id_copy_text (&msg->label);
	return label;
}

int
claude_text_id (struct claude *c, const struct lhk_text *message, int32_t block,
		struct lhk_text *ret)
{
	char *p;
	int n;

	memset (ret, 0, sizeof (*ret));
	if (text_empty (message) || message->len > CLAUDE_LABEL_MAX)
		return 0;
	p = arena_alloc (&c->arena, message->len + 16);
	if (p == NULL)
		return LHK_ENOMEM;
	memcpy (p, message->ptr, message->len);
	n = snprintf (p + message->len, 16, ":%d", (int) block);
	*ret = *message;
	ret->ptr = p;
	ret->len += (size_t) n;
	return 0;
}
