/* SPDX-License-Identifier: MIT */
/* environ.c - the environment of a run, less the markers of an outer agent. */
#include "config.h"

#include <string.h>

#include "common/agent_env.h"
#include "common/environ.h"
#include "common/mem.h"

static int
has_name (const char *string, const char *name, size_t len)
{
	return strncmp (string, name, len) == 0 && string[len] == '=';
}

static int
append (struct environ_list *e, const char *string)
{
	void *p = e->strings;
	int r;

	r = mem_grow (e->alloc, &p, &e->cap, e->n + 2, sizeof *e->strings);
	if (r < 0)
		return r;
	e->strings = p;
	if (string != NULL)
		e->strings[e->n++] = string;
	e->strings[e->n] = NULL;
	return LHK_OK;
}

static int
init_from (struct environ_list *e, const struct lhk_alloc *alloc,
	   const char *const *base, int with_markers)
{
	int r;

	memset (e, 0, sizeof *e);
	e->alloc = alloc;
	r = append (e, NULL);
	for (; r == LHK_OK && base != NULL && *base != NULL; base++)
		if (with_markers || !agent_env_is_marker (*base))
			r = append (e, *base);
	if (r < 0)
		environ_free (e);
	return r;
}

int
environ_init (struct environ_list *e, const struct lhk_alloc *alloc,
	      const char *const *base)
{
	return init_from (e, alloc, base, 0);
}

int
environ_copy (struct environ_list *e, const struct lhk_alloc *alloc,
	      const char *const *base)
{
	return init_from (e, alloc, base, 1);
}

int
environ_put (struct environ_list *e, const char *string)
{
	const char *equals = strchr (string, '=');
	size_t i;

	if (equals == NULL || equals == string)
		return LHK_EINVAL;
	for (i = 0; i < e->n; i++)
		if (has_name (e->strings[i], string,
			      (size_t) (equals - string))) {
			e->strings[i] = string;
			return LHK_OK;
		}
	return append (e, string);
}

void
environ_unset (struct environ_list *e, const char *name)
{
	size_t len = strlen (name);
	size_t i, kept = 0;

	for (i = 0; i < e->n; i++)
		if (!has_name (e->strings[i], name, len))
			e->strings[kept++] = e->strings[i];
	e->n = kept;
	e->strings[kept] = NULL;
}

void
environ_clear (struct environ_list *e)
{
	e->n = 0;
	e->strings[0] = NULL;
}

const char *const *
environ_strings (const struct environ_list *e)
{
	return e->strings;
}

void
environ_free (struct environ_list *e)
{
	mem_free (e->alloc, e->strings, e->cap * sizeof *e->strings);
	e->strings = NULL;
	e->n = 0;
	e->cap = 0;
}
