/* SPDX-License-Identifier: MIT */
/* resume.h - how a person goes on with the session of a recorded run. */
#ifndef CLI_RECORDS_RESUME_H
#define CLI_RECORDS_RESUME_H

#include <linehook/base.h>

#include "common/outbuf.h"

/*
 * Write the shell words that resume SESSION, such as "claude --resume ID"; nothing
 * if they are not known.  PLUGIN is a name that a record has, or NULL: it is
 * searched in the directories of the environment and the installation, and no
 * path is taken from a record.
 */
void records_put_resume (struct outbuf *to, const char *plugin,
			 const struct lhk_text *session);

#endif /* CLI_RECORDS_RESUME_H */
