/* SPDX-License-Identifier: MIT */
/* isolated.c - the callbacks of a plugin that runs in processes of its own. */
#include "config.h"

#include <string.h>

#include "run/isolated.h"
#include "run/isolated_worker.h"
#include "common/mem.h"
#include "plugin/instance.h"
#include "plugin/registry.h"

/* A handle: the process of one stream. */
struct handle {
	const struct isolated_source *of;
	struct isolated_worker worker;
};

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
	mem_free (h->of->alloc, h, sizeof *h);
}

static int
call_open (struct handle *h, const struct lhk_option *options, size_t n)
{
	struct isolate_call call = { .kind = ISOLATE_OPEN };
	struct strbuf data;
	size_t i;
	int r;

	strbuf_init (&data, h->of->alloc);
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

/* That of the plugin which the instance opens. */
static const struct isolated_source *
source_of (const struct lhk_api *api)
{
	const struct plugin_instance *inst = api->ctx;

	return registry_ref_of (inst->opening)->isolated;
}

static int
on_open (const struct lhk_api *api, const struct lhk_option *options, size_t n,
	 void **ret)
{
	const struct isolated_source *of = source_of (api);
	struct plugin_instance *inst = api->ctx;
	struct handle *h = mem_zero (of->alloc, sizeof *h);
	struct lhk_error err = { 0, 0, "" };
	struct isolate_head head;
	const char *body;
	int r;

	if (h == NULL)
		return LHK_ENOMEM;
	h->of = of;
	isolated_worker_init (&h->worker, api, inst, of->alloc);
	r = isolated_start (of, &h->worker.client, &head, &body, &err);
	if (r < 0) {
		api->log (api->ctx, LHK_LOG_ERROR, "%s", err.text);
		mem_free (of->alloc, h, sizeof *h);
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

void
isolated_take_callbacks (struct lhk_plugin *plugin)
{
	plugin->open = on_open;
	plugin->line_hook = on_line;
	plugin->flush = plugin->flush == NULL ? NULL : on_flush;
	plugin->exited = plugin->exited == NULL ? NULL : on_exited;
	plugin->close = on_close;
}
