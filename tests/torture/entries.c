/* SPDX-License-Identifier: MIT */
/* entries.c - all entries as one list, and which of them a sandbox can run. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "torture/torture.h"

int
entries_all (const struct entry **ret)
{
	static const struct entry *const tables[] = { faults,
						      environment_faults,
						      shapes };
	static struct entry all[ENTRIES_MAX];
	static int n;
	const struct entry *e;
	size_t i;

	if (n == 0)
		for (i = 0; i < sizeof tables / sizeof tables[0]; i++)
			for (e = tables[i]; e->id != NULL; e++)
				all[n++] = *e;
	*ret = all;
	return n;
}

int
entry_fits (const struct entry *e, const struct sandbox *s)
{
	unsigned int flags = e->flags;
	int root = geteuid () == 0;
	const char *only = getenv ("ONLY");

	if (e->elsewhere != NULL
	    || (only != NULL && *only != '\0' && strcmp (only, e->id) != 0))
		return 0;
	if (((flags & FOR_USER) && root) || ((flags & FOR_ROOT) && !root))
		return 0;
	if ((flags & FOR_LONG) && !torture_is_long ())
		return 0;
	if ((flags & FOR_SCOPE) && !s->scoped)
		return 0;
	if ((flags & FOR_NAMESPACES)
	    && (s->containments & 1u << LHK_CONTAIN_PIDNS) == 0)
		return 0;
	return (flags & FOR_CGROUP) == 0 || s->cgroup[0] != '\0';
}
