/* SPDX-License-Identifier: MIT */
/*
 * choose.h - which plugin reads the output: by the command, or by a line.
 *
 * Nobody has named a plugin, so a file that is refused does not end the search:
 * the next one of its name is taken, and the caller can say so.
 */
#ifndef PLUGIN_CHOOSE_H
#define PLUGIN_CHOOSE_H

#include "plugin/call_watch.h"
#include "plugin/registry.h"

/* A plugin file that was refused, and may be the one that is wanted. */
struct plugin_refusal {
	char name[32];
	/* Why, and what is used instead of it; code LHK_OK: there is none. */
	struct lhk_error err;
	int replaced; /* another plugin of its name was found */
};

/*
 * Find the first plugin that serves the command.  *ret belongs to the registry.
 * RET_REFUSED, which may be NULL, gets a refused file that has the name of a
 * program of the command, or whose replacement serves it.  LHK_OK,
 * LHK_ENOTFOUND, LHK_ENOMEM, LHK_ESYS.
 */
int plugin_for_command (struct registry *reg, const char *const *argv,
			const struct lhk_plugin_ref **ret,
			struct plugin_refusal *ret_refused);

/* All plugins that have a probe, in search order. */
struct plugin_probes {
	const struct lhk_alloc *alloc;
	const struct lhk_plugin_ref **refs; /* they belong to the registry */
	size_t n, cap;
	struct plugin_refusal refused; /* the first one */
};

/* Load them.  Call plugin_probes_free in either case.  LHK_OK, LHK_ENOMEM or
 * LHK_ESYS. */
int plugin_probes_load (struct plugin_probes *p, struct registry *reg);
void plugin_probes_free (struct plugin_probes *p);

/* The first one that accepts the line (DATA as in struct lhk_line) and is not
 * BUT, which may be NULL; or NULL.  WATCH is told what is called. */
const struct lhk_plugin_ref *plugin_probes_match (const struct plugin_probes *p,
						  struct call_watch *watch,
						  const char *data, size_t len,
						  const struct lhk_plugin *but);

#endif /* PLUGIN_CHOOSE_H */
