/* SPDX-License-Identifier: MIT */
/* isolated.c - plugins that run in processes of their own. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/isolated.h"
#include "run/isolated_worker.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/trusted_path.h"
#include "plugin/description.h"
#include "plugin/instance.h"
#include "plugin/load.h"
#include "process/isolate_client.h"

/* A plugin file of which a process has told the descriptor. */
struct isolated {
	const struct isolation *isolation;
	struct described described;
	char *path;
	/* A process for its probe: none yet, or it runs, or it is lost. */
	enum { PROBER_NONE, PROBER_RUNS, PROBER_LOST } prober_state;
	struct isolated_worker prober;
};

/* A handle: the process of one stream. */
struct handle {
	const struct isolated *of;
	struct isolated_worker worker;
};

/* ---- start ---- */

/* Start a process for PATH; *BODY is its description. */
static int
start (const struct isolation *isolation, const char *path,
       struct isolate_client *client, struct isolate_head *head,
       const char **body, struct lhk_error *err)
{
	AUTO_CLOSE int fd = -1;
	AUTO_CLOSE int program = -1;
	int r = plugin_trust_open (path, &fd, err);

	if (r < 0)
		return r;
	r = trusted_path_open ("program", isolation->program, NULL, O_PATH,
			       TRUSTED_LINK, &program, err);
	if (r < 0 && err != NULL && err->sys_errno == ENOENT)
		return error_set (err, LHK_EUNSUPPORTED, ENOENT,
				  "'%s', which isolates plugins, does not "
				  "exist; install linehook completely, or give "
				  "--no-isolate",
				  isolation->program);
	if (r < 0)
		return r;
	r = isolate_client_start (client, isolation->alloc, isolation->program,
				  path, fd, head, body, err);
	if (r == LHK_OK && head->type == ISOLATE_CANNOT)
		r = error_set (
			err, LHK_EUNSUPPORTED, 0,
			"plugin '%s' cannot be isolated, because %.*s; "
			"--no-isolate runs it in the process of linehook",
			trusted_path_tail (path),
			(int) strnlen (*body, head->len), *body);
	else if (r == LHK_OK && head->type == ISOLATE_REFUSED)
		r = error_set (err, LHK_EABI, 0, "%.*s",
			       (int) strnlen (*body, head->len), *body);
	else if (r == LHK_OK && head->type != ISOLATE_HELLO)
		r = error_set (
			err, LHK_EABI, 0,
			"plugin '%s' answered nonsense when it was loaded",
			trusted_path_tail (path));
	if (r < 0)
		isolate_client_end (client);
	return r;
}

/* ---- callbacks ---- */

static int
on_line (void *handle, const struct lhk_line *line)
{
	struct isolate_call call = {
		.kind = ISOLATE_LINE,
		.flags = line->flags,
		.len = line->len,
		.full_len = line->full_len,
		.number = line->number,
	};
	struct handle *h = handle;

	return isolated_worker_call (&h->worker, &call, line->data);
}

static int
on_flush (void *handle)
{
	struct isolate_call call = { .kind = ISOLATE_FLUSH };
	struct handle *h = handle;

	return isolated_worker_call (&h->worker, &call, NULL);
}

static int
on_exited (void *handle, const struct lhk_exit *how)
{
	struct isolate_call call = {
		.kind = ISOLATE_EXITED,
		.len = how->stderr_tail.len,
		.code = how->code,
		.signal = how->signal,
	};
	struct handle *h = handle;

	return isolated_worker_call (&h->worker, &call, how->stderr_tail.ptr);
}

static void
on_close (void *handle)
{
	struct handle *h = handle;

	isolated_worker_free (&h->worker);
	mem_free (h->of->isolation->alloc, h, sizeof *h);
}

static int
call_open (struct handle *h, const struct lhk_option *options, size_t n)
{
	struct isolate_call call = { .kind = ISOLATE_OPEN };
	struct strbuf data;
	size_t i;
	int r;

	strbuf_init (&data, h->of->isolation->alloc);
	for (i = 0; i < n; i++) {
		strbuf_add (&data, options[i].key, strlen (options[i].key) + 1);
		strbuf_add (&data, options[i].value,
			    strlen (options[i].value) + 1);
	}
	call.len = data.len;
	r = strbuf_failed (&data) < 0
		    ? LHK_ENOMEM
		    : isolated_worker_call (&h->worker, &call, data.data);
	strbuf_free (&data);
	return r;
}

/* The plugin of this handle: that of the instance which opens one. */
static const struct isolated *
plugin_of (const struct lhk_api *api)
{
	const struct plugin_instance *inst = api->ctx;

	return registry_ref_of (inst->opening)->isolated;
}

static int
on_open (const struct lhk_api *api, const struct lhk_option *options, size_t n,
	 void **ret)
{
	const struct isolated *of = plugin_of (api);
	struct plugin_instance *inst = api->ctx;
	struct handle *h = mem_zero (of->isolation->alloc, sizeof *h);
	struct lhk_error err = { 0, 0, "" };
	struct isolate_head head;
	const char *body;
	int r;

	if (h == NULL)
		return LHK_ENOMEM;
	h->of = of;
	isolated_worker_init (&h->worker, api, inst, of->isolation->alloc);
	r = start (of->isolation, of->path, &h->worker.client, &head, &body,
		   &err);
	if (r < 0) {
		api->log (api->ctx, LHK_LOG_ERROR, "%s", err.text);
		mem_free (of->isolation->alloc, h, sizeof *h);
		return r;
	}
	r = call_open (h, options, n);
	if (h->worker.client.failed != LHK_OK) {
		api->log (api->ctx, LHK_LOG_ERROR, "it %s",
			  h->worker.client.why);
		r = LHK_ESYS;
	}
	if (r == LHK_OK)
		*ret = h;
	else
		on_close (h);
	/* It is measured there: a process may have to wait for a processor. */
	inst->timer.off = 1;
	return r;
}

const char *
isolated_why_gone (const struct lhk_plugin *plugin, const void *handle)
{
	const struct handle *h = handle;

	return plugin->open == on_open && h != NULL && h->worker.gone
		       ? h->worker.client.why
		       : NULL;
}

int
isolated_attach (const struct lhk_plugin *plugin, void *handle,
		 struct isolated_queue *queue)
{
	struct handle *h = handle;

	if (plugin->open != on_open || h == NULL
	    || h->worker.client.failed != LHK_OK)
		return 0;
	h->worker.queue = queue;
	return 1;
}

void
isolated_send (void *handle)
{
	struct handle *h = handle;

	isolated_worker_send (&h->worker);
}

/* ---- descriptors ---- */

static void
forget (void *isolated)
{
	struct isolated *of = isolated;
	const struct lhk_alloc *alloc = of->isolation->alloc;

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
	int r = description_read (of->isolation->alloc, body, len,
				  &of->described);

	if (r < 0)
		return error_set (err, r == LHK_ENOMEM ? r : LHK_EABI, 0,
				  "plugin '%s': its description %s",
				  trusted_path_tail (path),
				  r == LHK_ENOMEM ? "needs more memory than "
						    "there is"
						  : "is nonsense");
	p->open = on_open;
	p->line_hook = on_line;
	p->flush = p->flush == NULL ? NULL : on_flush;
	p->exited = p->exited == NULL ? NULL : on_exited;
	p->close = on_close;
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
	r = start (isolation, path, &client, &head, &body, err);
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

	isolated_worker_init (&of->prober, &silent, NULL, of->isolation->alloc);
	if (start (of->isolation, of->path, &of->prober.client, &head, &body,
		   &err)
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
