/* SPDX-License-Identifier: MIT */
/*
 * XX as the options and the environment want it.
 *
 * The library reads no environment; what the program reads is all here and in
 * options.c: LINEHOOK_PLUGIN_PATH, XDG_DATA_HOME, HOME, LINEHOOK_EXEC,
 * LINEHOOK_LINE_MAX.
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/opt/common_options.h"
#include "common/error.h"

#define USER_DIR "linehook/plugins"

static int
add_dir (struct lhk_host *host, const char *dir, struct lhk_error *err)
{
	int r = lhk_host_add_plugin_dir (host, dir);

	if (r < 0)
		return error_set (err, r, 0, "plugin directory '%s': %s", dir,
				  lhk_strerror (r));
	return LHK_OK;
}

/* What was typed must be there; what is configured may be. */
static int
add_typed (const struct options *o, struct lhk_host *host,
	   struct lhk_error *err)
{
	struct stat st;
	size_t i;
	int r = LHK_OK;

	for (i = 0; i < o->plugin_dirs.n && r == LHK_OK; i++) {
		const char *dir = o->plugin_dirs.items[i];

		if (stat (dir, &st) < 0 || !S_ISDIR (st.st_mode))
			return error_set (
				err, LHK_EINVAL, 0,
				"'--plugin-dir "
				"%.120s': not a directory (want one that "
				"holds NAME.so files)",
				dir);
		r = add_dir (host, dir, err);
	}
	return r;
}

static int
add_path (const char *list, struct lhk_host *host, struct lhk_error *err)
{
	char dir[PATH_MAX];
	int r = LHK_OK;

	while (list != NULL && *list != '\0' && r == LHK_OK) {
		size_t len = strcspn (list, ":");

		if (len > 0 && len < sizeof dir) {
			memcpy (dir, list, len);
			dir[len] = '\0';
			r = add_dir (host, dir, err);
		}
		list += len + (list[len] == ':');
	}
	return r;
}

static int
add_user (struct lhk_host *host, struct lhk_error *err)
{
	const char *data = getenv ("XDG_DATA_HOME");
	const char *home = getenv ("HOME");
	char dir[PATH_MAX];
	int len;

	/* The specification of these directories: a relative one is ignored. */
	if (data != NULL && data[0] == '/')
		len = snprintf (dir, sizeof dir, "%s/" USER_DIR, data);
	else if (home != NULL && home[0] == '/')
		len = snprintf (dir, sizeof dir, "%s/.local/share/" USER_DIR,
				home);
	else
		return LHK_OK;
	if (len < 0 || (size_t) len >= sizeof dir)
		return LHK_OK;
	return add_dir (host, dir, err);
}

int
options_host (const struct options *o, struct log *log, struct lhk_host **ret,
	      struct lhk_error *err)
{
	struct lhk_host_opts opts = LHK_HOST_OPTS_INIT;
	const char *monitor = getenv ("LINEHOOK_EXEC");
	struct lhk_host *host;
	int r;

	opts.user = log;
	opts.log = log_record;
	opts.buffer_budget = (size_t) o->buffer_budget;
	if (monitor != NULL && *monitor != '\0')
		opts.monitor = monitor;
	r = lhk_host_new (&opts, &host, err);
	if (r < 0)
		return r;
	r = add_typed (o, host, err);
	if (r == LHK_OK)
		r = add_path (getenv ("LINEHOOK_PLUGIN_PATH"), host, err);
	if (r == LHK_OK)
		r = add_user (host, err);
	if (r == LHK_OK)
		r = add_dir (host, lhk_plugin_dir (), err);
	if (r < 0) {
		lhk_host_free (host);
		return r;
	}
	*ret = host;
	return LHK_OK;
}
