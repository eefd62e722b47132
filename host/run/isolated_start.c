/* SPDX-License-Identifier: MIT */
/* isolated_start.c - start the process of an isolated plugin. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "run/isolated_start.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/trusted_path.h"
#include "plugin/load.h"

/* The process has said something else than what the plugin is. */
static int
refused (const struct isolated_source *source, const struct isolate_head *head,
	 const char *body, struct lhk_error *err)
{
	const char *name = trusted_path_tail (source->path);
	const int len = (int) strnlen (body, head->len);

	if (head->type == ISOLATE_CANNOT)
		return error_set (
			err, LHK_EUNSUPPORTED, 0,
			"plugin '%s' cannot be isolated, because %.*s; "
			"--no-isolate runs it in the process of linehook",
			name, len, body);
	if (head->type == ISOLATE_REFUSED && len > 0)
		return error_set (err, LHK_EABI, 0, "%.*s", len, body);
	return error_set (err, LHK_EABI, 0,
			  "plugin '%s' answered nonsense when it was loaded",
			  name);
}

int
isolated_start (const struct isolated_source *source,
		struct isolate_client *client, struct isolate_head *head,
		const char **body, struct lhk_error *err)
{
	AUTO_CLOSE int fd = -1;
	AUTO_CLOSE int program = -1;
	int r = plugin_trust_open (source->path, &fd, err);

	if (r < 0)
		return r;
	r = trusted_path_open ("program", source->program, NULL, O_PATH,
			       TRUSTED_LINK, &program, err);
	if (r < 0 && err != NULL && err->sys_errno == ENOENT)
		return error_set (err, LHK_EUNSUPPORTED, ENOENT,
				  "'%s', which isolates plugins, does not "
				  "exist; install linehook completely, or give "
				  "--no-isolate",
				  source->program);
	if (r < 0)
		return r;
	r = isolate_client_start (client, source->alloc, source->program,
				  source->path, fd, head, body, err);
	if (r == LHK_OK && head->type != ISOLATE_HELLO)
		r = refused (source, head, *body, err);
	if (r < 0)
		isolate_client_end (client);
	return r;
}
