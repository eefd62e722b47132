/* SPDX-License-Identifier: MIT */
/* isolated_start.h - start the process of an isolated plugin. */
#ifndef RUN_ISOLATED_START_H
#define RUN_ISOLATED_START_H

#include "process/isolate_client.h"

/* What it is made of; all is borrowed. */
struct isolated_source {
	const struct lhk_alloc *alloc;
	const char *program; /* path of linehook-isolate */
	const char *path;    /* of the plugin file */
};

/* Check both files and start a process; HEAD and *BODY, which is valid until the
 * next call with CLIENT, are its description.  LHK_OK, or a code with a sentence,
 * and CLIENT has been ended; LHK_EUNSUPPORTED: the system cannot isolate it. */
int isolated_start (const struct isolated_source *source,
		    struct isolate_client *client, struct isolate_head *head,
		    const char **body, struct lhk_error *err);

#endif /* RUN_ISOLATED_START_H */
