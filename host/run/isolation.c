/* SPDX-License-Identifier: MIT */
/* isolation.c - which plugin files run in processes of their own. */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "run/isolated.h"
#include "run/isolated_worker.h"
#include "run/isolation.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/trusted_path.h"
#include "plugin/description.h"
#include "plugin/load.h"

/* A plugin file of which a process has told the descriptor. */
struct isolated {
	struct isolated_source source; /* first */
	const struct isolation *isolation;
	struct described described;
	char *path;
	/* A process for its probe: none yet, or it runs, or it is lost. */
	enum { PROBER_NONE, PROBER_RUNS, PROBER_LOST } prober_state;
	struct isolated_worker prober;
};

/* ---- descriptors ---- */

static void
forget (void *isolated)
{
	struct isolated *of = isolated;
	const struct lhk_alloc *alloc = of->source.alloc;

	if (of->prober_state == PROBER_RUNS)
		isolated_worker_free (&of->prober);
	described_free (&of->described);
	mem_free_str (alloc, of->path);
	mem_free (alloc, of, sizeof *of);
}

/* The description that the process has sent becomes the descriptor. */
static int
take_description (struct isolated *of, const char *body, size_t len,
		  struct lhk_plugin *ret, struct lhk_error *err)
{
	const char *path = of->path;
	const char *base = strrchr (path, '/') + 1;
	struct lhk_plugin *p = &of->described.plugin;
	int r = description_read (of->source.alloc, body, len, &of->described);

	if (r < 0)
		return error_set (err, r == LHK_ENOMEM ? r : LHK_EABI, 0,
				  "plugin '%s': its description %s",
				  trusted_path_tail (path),
				  r == LHK_ENOMEM ? "needs more memory than "
						    "there is"
						  : "is nonsense");
	isolated_take_callbacks (p);
	return plugin_load_descriptor (p, path, base, strlen (base) - 3, ret,
				       err);
}

static int
describe (const struct registry_isolation *registry, const char *path,
	  struct lhk_plugin *ret, void **ret_isolated, struct lhk_error *err)
{
	const struct isolation *isolation = (const void *) registry;
	struct isolated *of = mem_zero (isolation->alloc, sizeof *of);
	struct isolate_client client;
	struct isolate_head head;
	const char *body;
	int r;

	if (of != NULL)
		of->path = mem_strdup (isolation->alloc, path);
	if (of == NULL || of->path == NULL) {
		mem_free (isolation->alloc, of, sizeof *of);
		return error_set (err, LHK_ENOMEM, 0,
				  "plugin '%s': out of memory",
				  trusted_path_tail (path));
	}
	of->isolation = isolation;
	of->source = (struct isolated_source){ isolation->alloc,
					       isolation->program, of->path };
	r = isolated_start (&of->source, &client, &head, &body, err);
	if (r == LHK_OK) {
		r = take_description (of, body, head.len, ret, err);
		isolate_client_end (&client);
	}
	if (r < 0)
		forget (of);
	else
		*ret_isolated = of;
	return r;
}

/* ---- probes ---- */

static int
no_events (void *ctx, const struct lhk_event *event)
{
	(void) ctx;
	(void) event;
	return LHK_ESTATE;
}

static void no_log (void *ctx, int level, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
no_log (void *ctx, int level, const char *fmt, ...)
{
	(void) ctx;
	(void) level;
	(void) fmt;
}

/* A probe says nothing but yes or no. */
static const struct lhk_api silent = {
	.size = sizeof silent,
	.abi_major = LHK_ABI_MAJOR,
	.abi_minor = LHK_ABI_MINOR,
	.emit = no_events,
	.log = no_log,
};

/* Its probe is not asked any more. */
static void
lose_prober (struct isolated *of, const char *why)
{
	const struct lhk_plugin *plugin = &of->described.plugin;
	char text[320];

	snprintf (text, sizeof text,
		  "plugin '%.64s' %s in its probe; it is not asked whether "
		  "lines are in its format",
		  plugin->name, why);
	of->isolation->warn (of->isolation->user, plugin->name, text);
	of->prober_state = PROBER_LOST;
}

static void
start_prober (struct isolated *of)
{
	struct lhk_error err = { 0, 0, "" };
	struct isolate_head head;
	const char *body;

	isolated_worker_init (&of->prober, &silent, NULL, of->source.alloc);
	if (isolated_start (&of->source, &of->prober.client, &head, &body, &err)
	    == LHK_OK) {
		of->prober_state = PROBER_RUNS;
		return;
	}
	of->isolation->warn (of->isolation->user, of->described.plugin.name,
			     err.text);
	of->prober_state = PROBER_LOST;
}

static int
probe (void *isolated, const char *data, size_t len)
{
	const struct isolate_call call = { .kind = ISOLATE_PROBE, .len = len };
	struct isolated *of = isolated;
	int r = 0;

	if (of->prober_state == PROBER_NONE)
		start_prober (of);
	if (of->prober_state == PROBER_RUNS)
		r = isolated_worker_call (&of->prober, &call, data);
	if (of->prober_state == PROBER_RUNS && of->prober.gone) {
		lose_prober (of, of->prober.client.why);
		isolated_worker_free (&of->prober);
	}
	return r == 1;
}

/* ---- which plugins ---- */

/* Is the file of PATH in the directory DIR itself?  What cannot be found out is
 * no reason to trust it. */
static int
is_in (const char *path, const char *dir)
{
	const char *slash = strrchr (path, '/');
	char parent[PATH_MAX];
	struct stat of_file, of_dir;

	if (slash == NULL || (size_t) (slash - path) >= sizeof parent - 1)
		return 0;
	memcpy (parent, path, (size_t) (slash - path) + 1);
	parent[slash - path + 1] = '\0';
	return stat (parent, &of_file) == 0 && stat (dir, &of_dir) == 0
	       && of_file.st_dev == of_dir.st_dev
	       && of_file.st_ino == of_dir.st_ino;
}

static int
wants (const struct registry_isolation *registry, const char *path)
{
	const struct isolation *isolation = (const void *) registry;

	return isolation->trusted_dir == NULL
	       || !is_in (path, isolation->trusted_dir);
}

int
isolation_init (struct isolation *isolation, const char *monitor)
{
	const struct lhk_alloc *alloc = isolation->alloc;
	static const char name[] = "linehook-isolate";
	const char *slash = strrchr (monitor, '/');
	size_t dir = slash == NULL ? 0 : (size_t) (slash - monitor) + 1;
	char *path = mem_new (alloc, dir + sizeof name);

	if (path == NULL)
		return LHK_ENOMEM;
	memcpy (path, monitor, dir);
	memcpy (path + dir, name, sizeof name);
	isolation->registry =
		(struct registry_isolation){ wants, describe, forget, probe };
	isolation->program = path;
	return LHK_OK;
}

void
isolation_done (struct isolation *isolation)
{
	if (isolation->program != NULL)
		mem_free_str (isolation->alloc, isolation->program);
	isolation->program = NULL;
}
