/* SPDX-License-Identifier: MIT */
/* run_id.c - what a run may be called. */
#include "config.h"

#include <string.h>

#include "common/error.h"
#include "common/run_id.h"

int
run_id_is_valid (const char *id)
{
	size_t len;

	/* A command would take one that begins with a dash for an option. */
	if (id == NULL || id[0] == '.' || id[0] == '-'
	    || strcmp (id, "index") == 0 || strcmp (id, RUN_ID_LATEST) == 0)
		return 0;
	len = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "abcdefghijklmnopqrstuvwxyz0123456789._-");
	return len > 0 && len <= RUN_ID_MAX && id[len] == '\0';
}

int
run_id_check (const char *id, struct lhk_error *err)
{
	if (run_id_is_valid (id))
		return LHK_OK;
	return error_set (err, LHK_EINVAL, 0,
			  "'%.80s' is not a run id; give " RUN_ID_WANT,
			  id == NULL ? "" : id);
}
