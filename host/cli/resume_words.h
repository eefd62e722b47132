/* SPDX-License-Identifier: MIT */
/* resume_words.h - the command with which a person goes on with a session. */
#ifndef CLI_RESUME_WORDS_H
#define CLI_RESUME_WORDS_H

#include <linehook/host.h>

#include "common/outbuf.h"

/*
 * Append the shell words that resume SESSION with the agent of PLUGIN, such as
 * "claude --resume ID".  Nothing if they are not known: PLUGIN is NULL or has no
 * template, or SESSION is not an id that can be shown.  They are plain ASCII
 * without control characters.
 */
void resume_words_put (struct outbuf *o, const struct lhk_plugin_ref *plugin,
		       const struct lhk_text *session);

#endif /* CLI_RESUME_WORDS_H */
