/* SPDX-License-Identifier: MIT */
/* resume.c - how a person goes on with the session of a recorded run. */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "cli/opt/common_options.h"
#include "cli/records/resume.h"
#include "cli/resume_words.h"

void
records_put_resume (struct outbuf *to, const char *plugin,
		    const struct lhk_text *session)
{
	const struct options opts = OPTIONS_INIT;
	const struct lhk_plugin_ref *ref;
	struct lhk_host *host = NULL;
	int fd = STDERR_FILENO;
	struct log log;

	if (plugin == NULL || strchr (plugin, '/') != NULL
	    || session->ptr == NULL)
		return;
	log_init (&log, LOG_OFF, LHK_LOG_ERROR, log_to_fd, &fd);
	if (options_host (&opts, &log, &host, NULL) == LHK_OK
	    && lhk_host_plugin (host, plugin, &ref, NULL) == LHK_OK)
		resume_words_put (to, ref, session);
	lhk_host_free (host);
}
