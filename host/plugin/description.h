/* SPDX-License-Identifier: MIT */
/*
 * description.h - the descriptor of a plugin as bytes, for another process.
 *
 * Its strings and lists go over; of its callbacks, whether there are any.
 */
#ifndef PLUGIN_DESCRIPTION_H
#define PLUGIN_DESCRIPTION_H

#include <linehook/plugin.h>

#include "common/strbuf.h"

/* Append the description of PLUGIN to OUT. */
void description_write (struct strbuf *out, const struct lhk_plugin *plugin);

/* A plugin that was described.  Its callbacks must not be called: those that it
 * has are not NULL and fail. */
struct described {
	const struct lhk_alloc *alloc;
	struct lhk_plugin plugin;
	struct lhk_command command;
	char *memory; /* what PLUGIN and COMMAND point to */
	size_t size;
};

/*
 * Read a description of LEN bytes, which nobody has checked.  LHK_OK: free it with
 * described_free.  LHK_EINVAL if it is none, LHK_ENOMEM.  ALLOC is borrowed.
 */
int description_read (const struct lhk_alloc *alloc, const char *data,
		      size_t len, struct described *ret);
void described_free (struct described *d);

#endif /* PLUGIN_DESCRIPTION_H */
