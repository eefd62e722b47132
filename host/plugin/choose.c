/* SPDX-License-Identifier: MIT */
/* choose.c - which plugin reads the output: by the command, or by a line. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plugin/choose.h"
#include "plugin/command_match.h"
#include "plugin/load.h"
#include "common/mem.h"
#include "common/trusted_path.h"

/* Bytes of the reason of a refusal and of the file that is used instead: with
 * the words between them, what the text of an error has room for. */
#define REASON_MAX 160
#define INSTEAD_MAX 56

/* It was not loaded for lack of memory or descriptors, and it may be the one
 * that is wanted. */
static int
is_shortage (const struct lhk_error *err)
{
	return err->code == LHK_ENOMEM || err->sys_errno == EMFILE
	       || err->sys_errno == ENFILE;
}

/* The last components of PATH, as many as fit; at least its file's name. */
static const char *
short_tail (const char *path)
{
	const char *tail = trusted_path_tail (path), *next;

	while (strlen (tail) > INSTEAD_MAX
	       && (next = strchr (tail + 1, '/')) != NULL)
		tail = next + 1;
	return tail;
}

static void
fill_refusal (struct plugin_refusal *r, const struct lhk_plugin_entry *entry,
	      const struct lhk_plugin_ref *instead)
{
	memset (r, 0, sizeof *r);
	snprintf (r->name, sizeof r->name, "%s", entry->name);
	r->replaced = instead != NULL;
	r->err = *entry->err;
	if (instead != NULL)
		snprintf (r->err.text, sizeof r->err.text,
			  "%.*s: '%.*s' is used instead", REASON_MAX,
			  entry->err->text, INSTEAD_MAX,
			  short_tail (instead->path));
}

/*
 * The plugin of ENTRY, or the next one of its name if its file was refused: then
 * *ret_refused is filled.  LHK_OK, also with NULL for neither; or a negative
 * code.
 */
static int
usable (struct registry *reg, const struct lhk_plugin_entry *entry,
	const struct lhk_plugin_ref **ret, struct plugin_refusal *ret_refused)
{
	int r;

	ret_refused->err.code = LHK_OK;
	*ret = entry->ref;
	if (entry->ref != NULL || entry->err == NULL)
		return LHK_OK;
	if (is_shortage (entry->err))
		return entry->err->code;
	r = registry_find_behind (reg, entry->name, entry->path, ret);
	if (r == LHK_ENOMEM)
		return r;
	if (r < 0)
		*ret = NULL;
	fill_refusal (ret_refused, entry, *ret);
	return LHK_OK;
}

/* ---- by the command ---- */

struct wanted {
	struct registry *reg;
	struct command_programs programs;
	const struct lhk_plugin_ref *found;
	struct plugin_refusal refused;
};

static int
serves_by_name (const struct wanted *w, const char *name)
{
	const char *const list[] = { name, NULL };

	return command_match (&w->programs, list);
}

static int
match_entry (void *user, const struct lhk_plugin_entry *entry)
{
	struct wanted *w = user;
	const struct lhk_plugin_ref *ref;
	struct plugin_refusal refused;
	int r = usable (w->reg, entry, &ref, &refused);
	int matches;

	if (r < 0)
		return r;
	matches = ref != NULL
		  && command_match (&w->programs, ref->plugin.programs);
	if (refused.err.code != LHK_OK
	    && (matches || serves_by_name (w, refused.name)))
		w->refused = refused;
	if (matches)
		w->found = ref;
	return matches;
}

int
plugin_for_command (struct registry *reg, const char *const *argv,
		    const struct lhk_plugin_ref **ret,
		    struct plugin_refusal *ret_refused)
{
	struct wanted w = { .reg = reg };
	int r;

	command_match_programs (argv, &w.programs);
	r = w.programs.n == 0 ? 0 : registry_scan (reg, match_entry, &w);
	if (ret_refused != NULL)
		*ret_refused = w.refused;
	if (r < 0)
		return r;
	if (w.found == NULL)
		return LHK_ENOTFOUND;
	*ret = w.found;
	return LHK_OK;
}

/* ---- by a line ---- */

struct loading {
	struct registry *reg;
	struct plugin_probes *probes;
};

static int
add_entry (void *user, const struct lhk_plugin_entry *entry)
{
	const struct loading *l = user;
	struct plugin_probes *p = l->probes;
	const struct lhk_plugin_ref *ref;
	struct plugin_refusal refused;
	void *array = p->refs;
	int r = usable (l->reg, entry, &ref, &refused);

	if (r < 0)
		return r;
	if (refused.err.code != LHK_OK && p->refused.err.code == LHK_OK)
		p->refused = refused;
	if (ref == NULL || ref->plugin.probe == NULL)
		return 0;
	if (mem_grow (p->alloc, &array, &p->cap, p->n + 1, sizeof *p->refs) < 0)
		return LHK_ENOMEM;
	p->refs = array;
	p->refs[p->n++] = ref;
	return 0;
}

int
plugin_probes_load (struct plugin_probes *p, struct registry *reg)
{
	struct loading l = { reg, p };
	int r;

	memset (p, 0, sizeof *p);
	p->alloc = reg->alloc;
	r = registry_scan (reg, add_entry, &l);
	return r < 0 ? r : LHK_OK;
}

void
plugin_probes_free (struct plugin_probes *p)
{
	if (p->alloc != NULL)
		mem_free (p->alloc, p->refs, p->cap * sizeof *p->refs);
	memset (p, 0, sizeof *p);
}

const struct lhk_plugin_ref *
plugin_probes_match (const struct plugin_probes *p, struct call_watch *watch,
		     const char *data, size_t len, const struct lhk_plugin *but)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (&p->refs[i]->plugin != but
		    && registry_probe (p->refs[i], watch, data, len) == 1)
			return p->refs[i];
	return NULL;
}
