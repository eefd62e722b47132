/* SPDX-License-Identifier: MIT */
/* resume_words.c - the command with which a person goes on with a session. */
#include "config.h"

#include <string.h>

#include "cli/resume_words.h"
#include "common/shell_words.h"
#include <linehook/json.h>

/* More than the library takes for a session's id. */
#define SESSION_SIZE 256

void
resume_words_put (struct outbuf *o, const struct lhk_plugin_ref *plugin,
		  const struct lhk_text *session)
{
	char id[SESSION_SIZE];
	size_t len = 0, need = 0;
	char **argv = NULL;

	if (plugin == NULL || session == NULL || session->ptr == NULL)
		return;
	len = lhk_text_decode (session, id, sizeof id - 1, &need);
	if (need > len || memchr (id, '\0', len) != NULL)
		return;
	id[len] = '\0';
	if (lhk_plugin_resume_command (plugin, id, &argv, NULL) != LHK_OK)
		return;
	shell_words_put (o, (const char *const *) argv, 0);
	lhk_command_free (argv);
}
