/* SPDX-License-Identifier: MIT */
/*
 * description.c - the descriptor of a plugin as bytes, for another process.
 *
 *	description = numbers, strings, lists, command
 *	string = length (UINT32_MAX: NULL), bytes, NUL
 *	list = count (UINT32_MAX: NULL), strings
 */
#include "config.h"

#include <string.h>

#include "plugin/description.h"
#include "common/macros.h"
#include "common/mem.h"

#define NONE UINT32_MAX

/* Strings of a list, and parts of a command; more is nonsense. */
#define LIST_MAX 4096u

/* Bytes behind the last member are fewer. */
#define PADDING 8

struct numbers {
	uint32_t flags;
	uint16_t abi_minor;
	uint16_t needs_minor;
	uint8_t has_probe, has_flush, has_exited, has_command;
};

#define STRING(member) (uint16_t) offsetof (struct lhk_plugin, member)

static const uint16_t strings[] = {
	STRING (name),	   STRING (provider), STRING (version),
	STRING (summary),  STRING (hint),     STRING (call_parent),
	STRING (made_for),
};

static const uint16_t lists[] = {
	STRING (programs),
	STRING (call_ends),
	STRING (agent_env),
};

/* ---- write ---- */

static void
put_count (struct strbuf *out, size_t n)
{
	const uint32_t count = (uint32_t) n;

	strbuf_add (out, &count, sizeof count);
}

static void
put_string (struct strbuf *out, const char *s)
{
	put_count (out, s == NULL ? NONE : strlen (s));
	if (s != NULL)
		strbuf_add (out, s, strlen (s) + 1);
}

static void
put_list (struct strbuf *out, const char *const *list)
{
	size_t n = 0;

	while (list != NULL && list[n] != NULL)
		n++;
	put_count (out, list == NULL ? NONE : n);
	for (; n > 0; n--)
		put_string (out, *list++);
}

static size_t
count_words (const struct lhk_command_part *part)
{
	size_t n = 0;

	while (n < LHK_COMMAND_WORDS && part->words[n] != NULL)
		n++;
	return n;
}

static void
put_command (struct strbuf *out, const struct lhk_command *c)
{
	size_t n = 0, i, k;

	while (c->parts[n].words[0] != NULL)
		n++;
	put_string (out, c->install);
	put_list (out, c->resume);
	put_count (out, n);
	for (i = 0; i < n; i++) {
		const struct lhk_command_part *part = &c->parts[i];

		put_count (out, part->with);
		put_count (out, part->without);
		put_string (out, part->permissions);
		put_count (out, count_words (part));
		for (k = 0; k < count_words (part); k++)
			put_string (out, part->words[k]);
	}
}

void
description_write (struct strbuf *out, const struct lhk_plugin *plugin)
{
	const char *base = (const char *) plugin;
	struct numbers numbers = {
		.flags = plugin->flags,
		.abi_minor = plugin->abi_minor,
		.needs_minor = plugin->needs_minor,
		.has_probe = plugin->probe != NULL,
		.has_flush = plugin->flush != NULL,
		.has_exited = plugin->exited != NULL,
		.has_command = plugin->command != NULL,
	};
	const char *const *list;
	const char *s;
	size_t i;

	strbuf_add (out, &numbers, sizeof numbers);
	for (i = 0; i < ARRAY_SIZE (strings); i++) {
		memcpy (&s, base + strings[i], sizeof s);
		put_string (out, s);
	}
	for (i = 0; i < ARRAY_SIZE (lists); i++) {
		memcpy (&list, base + lists[i], sizeof list);
		put_list (out, list);
	}
	if (plugin->command != NULL)
		put_command (out, plugin->command);
}

/* ---- read ---- */

/*
 * It is read twice: the first time, without MEMORY, to learn how much memory its
 * lists need.  Strings stay in a copy of the description, which is at the end
 * of that memory.
 */
struct reading {
	const char *p, *end;
	char *memory;
	size_t used; /* of MEMORY */
	int bad;
};

static void *
take_memory (struct reading *r, size_t size)
{
	void *p = r->memory == NULL ? NULL : r->memory + r->used;

	r->used += size;
	return p;
}

static uint32_t
take_count (struct reading *r, uint32_t max)
{
	uint32_t n = 0;

	if (r->bad || (size_t) (r->end - r->p) < sizeof n) {
		r->bad = 1;
		return 0;
	}
	memcpy (&n, r->p, sizeof n);
	r->p += sizeof n;
	if (n > max && n != NONE)
		r->bad = 1;
	return r->bad ? 0 : n;
}

static const char *
take_string (struct reading *r)
{
	uint32_t len = take_count (r, NONE - 1);
	const char *s = r->p;

	if (r->bad || len == NONE)
		return NULL;
	if (len >= (size_t) (r->end - r->p) || memchr (s, '\0', len) != NULL
	    || s[len] != '\0') {
		r->bad = 1;
		return NULL;
	}
	r->p += len + 1;
	return s;
}

static const char *const *
take_list (struct reading *r)
{
	uint32_t n = take_count (r, LIST_MAX), i;
	const char **list;
	const char *s;

	if (r->bad || n == NONE)
		return NULL;
	list = take_memory (r, (n + 1) * sizeof *list);
	for (i = 0; i < n; i++) {
		s = take_string (r);
		r->bad |= s == NULL;
		if (list != NULL)
			list[i] = s;
	}
	if (list != NULL)
		list[n] = NULL;
	return list;
}

static void
take_part (struct reading *r, struct lhk_command_part *part)
{
	struct lhk_command_part own = { 0, 0, NULL, { NULL } };
	uint32_t n, i;

	own.with = take_count (r, NONE - 1);
	own.without = take_count (r, NONE - 1);
	own.permissions = take_string (r);
	n = take_count (r, LHK_COMMAND_WORDS);
	r->bad |= n == 0 || n > LHK_COMMAND_WORDS;
	for (i = 0; !r->bad && i < n; i++) {
		own.words[i] = take_string (r);
		r->bad |= own.words[i] == NULL;
	}
	if (part != NULL)
		*part = own;
}

static void
take_command (struct reading *r, struct lhk_command *command)
{
	static const struct lhk_command_part last;
	struct lhk_command_part *parts;
	uint32_t n, i;

	command->size = sizeof *command;
	command->install = take_string (r);
	command->resume = take_list (r);
	n = take_count (r, LIST_MAX);
	r->bad |= n == NONE;
	if (r->bad)
		return;
	parts = take_memory (r, (n + 1) * sizeof *parts);
	for (i = 0; i < n && !r->bad; i++)
		take_part (r, parts == NULL ? NULL : &parts[i]);
	if (parts != NULL)
		parts[n] = last;
	command->parts = parts;
}

/* Of an isolated plugin these are called in its own process. */
static int
no_probe (const char *data, size_t len)
{
	(void) data;
	(void) len;
	return 0;
}

static int
no_open (const struct lhk_api *api, const struct lhk_option *options,
	 size_t n_options, void **ret)
{
	(void) api;
	(void) options;
	(void) n_options;
	(void) ret;
	return LHK_EUNSUPPORTED;
}

static int
no_line_hook (void *handle, const struct lhk_line *line)
{
	(void) handle;
	(void) line;
	return LHK_EUNSUPPORTED;
}

static int
no_flush (void *handle)
{
	(void) handle;
	return LHK_EUNSUPPORTED;
}

static int
no_exited (void *handle, const struct lhk_exit *how)
{
	(void) handle;
	(void) how;
	return LHK_EUNSUPPORTED;
}

static void
no_close (void *handle)
{
	(void) handle;
}

static void
take_numbers (struct reading *r, struct lhk_plugin *plugin, int *ret_command)
{
	struct numbers n;

	*ret_command = 0;
	if ((size_t) (r->end - r->p) < sizeof n) {
		r->bad = 1;
		return;
	}
	memcpy (&n, r->p, sizeof n);
	r->p += sizeof n;
	*plugin = (struct lhk_plugin){
		.magic = LHK_PLUGIN_MAGIC,
		.size = sizeof *plugin,
		.abi_minor = n.abi_minor,
		.needs_minor = n.needs_minor,
		.flags = n.flags,
		.probe = n.has_probe ? no_probe : NULL,
		.open = no_open,
		.line_hook = no_line_hook,
		.flush = n.has_flush ? no_flush : NULL,
		.exited = n.has_exited ? no_exited : NULL,
		.close = no_close,
	};
	*ret_command = n.has_command;
}

static void
take_all (struct reading *r, struct described *d)
{
	char *base = (char *) &d->plugin;
	const char *const *list;
	const char *s;
	int has_command;
	size_t i;

	take_numbers (r, &d->plugin, &has_command);
	for (i = 0; i < ARRAY_SIZE (strings); i++) {
		s = take_string (r);
		memcpy (base + strings[i], &s, sizeof s);
	}
	for (i = 0; i < ARRAY_SIZE (lists); i++) {
		list = take_list (r);
		memcpy (base + lists[i], &list, sizeof list);
	}
	if (has_command) {
		take_command (r, &d->command);
		d->plugin.command = &d->command;
	}
	/* It may be padded. */
	r->bad |= r->end - r->p >= PADDING;
}

int
description_read (const struct lhk_alloc *alloc, const char *data, size_t len,
		  struct described *ret)
{
	struct reading r = { data, data + len, NULL, 0, 0 };

	memset (ret, 0, sizeof *ret);
	ret->alloc = alloc;
	take_all (&r, ret);
	if (r.bad)
		return LHK_EINVAL;
	ret->size = r.used + len;
	ret->memory = mem_new (alloc, ret->size);
	if (ret->memory == NULL)
		return LHK_ENOMEM;
	memcpy (ret->memory + r.used, data, len);
	r = (struct reading){ ret->memory + r.used, ret->memory + ret->size,
			      ret->memory, 0, 0 };
	take_all (&r, ret);
	return LHK_OK;
}

void
described_free (struct described *d)
{
	if (d->memory != NULL)
		mem_free (d->alloc, d->memory, d->size);
	d->memory = NULL;
}
