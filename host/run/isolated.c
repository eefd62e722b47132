/* SPDX-License-Identifier: MIT */
/* isolated.c - plugins that run in processes of their own. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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

	if (r == LHK_OK)
		r = trusted_path_open ("program", isolation->program, NULL,
				       O_PATH, TRUSTED_LINK, &program, err);
	if (r < 0)
		return r;
	r = isolate_client_start (client, isolation->alloc, isolation->program,
				  path, fd, head, body, err);
	if (r == LHK_OK && head->type == ISOLATE_REFUSED)
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
	const struct lhk_plugin *plugin = inst->opening;
	const struct lhk_plugin_ref *ref =
		(const void *) ((const char *) plugin
				- offsetof (struct lhk_plugin_ref, plugin));

	return ref->isolated;
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
	isolated_worker_init (&h->worker, api, of->isolation->alloc);
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
	/* A limit of its own holds for a process, which may have to wait for a
	 * processor. */
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
	p->probe = NULL;
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

int
isolation_init (struct isolation *isolation, const struct lhk_alloc *alloc,
		const char *monitor)
{
	static const char name[] = "linehook-isolate";
	const char *slash = strrchr (monitor, '/');
	size_t dir = slash == NULL ? 0 : (size_t) (slash - monitor) + 1;
	char *path = mem_new (alloc, dir + sizeof name);

	if (path == NULL)
		return LHK_ENOMEM;
	memcpy (path, monitor, dir);
	memcpy (path + dir, name, sizeof name);
	isolation->registry = (struct registry_isolation){ describe, forget };
	isolation->alloc = alloc;
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
