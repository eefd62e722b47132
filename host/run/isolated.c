/* SPDX-License-Identifier: MIT */
/* isolated.c - plugins that run in processes of their own. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/isolated.h"
#include "common/cleanup.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/mem.h"
#include "common/trusted_path.h"
#include "event/event_record.h"
#include "plugin/description.h"
#include "plugin/instance.h"
#include "plugin/load.h"
#include "process/isolate_client.h"

/* Bytes of answers beyond what events may have: structs, places and names. */
#define ANSWER_MORE ((uint64_t) 64 << 20)

/* A plugin file of which a process has told the descriptor. */
struct isolated {
	const struct isolation *isolation;
	struct described described;
	char *path;
};

/* A handle: the process of one stream. */
struct worker {
	const struct isolated *of;
	const struct lhk_api *api;
	struct isolate_client client;
	struct strbuf out;
	uint32_t generation;
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

/* ---- calls ---- */

/* Send a call with LEN bytes of DATA. */
static int
send_call (struct worker *w, struct isolate_call *call, const char *data)
{
	static const char padding[LHK_LINE_PADDING] = "\n";
	struct isolate_head head = {
		.type = ISOLATE_CALLS,
		.version = ISOLATE_VERSION,
		.generation = w->generation,
		.n = 1,
	};
	size_t len;

	strbuf_clear (&w->out);
	strbuf_add (&w->out, &head, sizeof head);
	strbuf_add (&w->out, call, sizeof *call);
	if (call->len > 0)
		strbuf_add (&w->out, data, call->len);
	strbuf_add (&w->out, padding, sizeof padding);
	if (strbuf_failed (&w->out) < 0)
		return LHK_ENOMEM;
	len = w->out.len - sizeof head;
	head.len = len - len % ISOLATE_ALIGNMENT;
	memcpy (w->out.data, &head, sizeof head);
	return isolate_client_send (&w->client, w->out.data,
				    sizeof head + head.len);
}

/* What is left of an answer. */
struct rest {
	char *p;
	size_t len;
};

static int
pass_logs (struct worker *w, struct rest *rest, uint32_t n)
{
	struct isolate_log log;
	size_t size;

	for (; n > 0; n--) {
		if (rest->len < sizeof log)
			return 0;
		memcpy (&log, rest->p, sizeof log);
		size = sizeof log + log.len;
		size += (ISOLATE_ALIGNMENT - size % ISOLATE_ALIGNMENT)
			% ISOLATE_ALIGNMENT;
		if (log.len > PLUGIN_LOG_MAX || size > rest->len)
			return 0;
		w->api->log (w->api->ctx, log.level, "%.*s", (int) log.len,
			     rest->p + sizeof log);
		rest->p += size;
		rest->len -= size;
	}
	return 1;
}

static int
pass_events (struct worker *w, struct rest *rest, uint32_t n, const char *line,
	     size_t line_len)
{
	const struct lhk_event *event;
	size_t used;

	for (; n > 0; n--) {
		event = event_record_read (rest->p, rest->len, line, line_len,
					   &used);
		if (event == NULL)
			return 0;
		(void) !w->api->emit (w->api->ctx, event);
		rest->p += used;
		rest->len -= used;
	}
	return rest->len == 0;
}

/* The faults that were found there are those of this callback. */
static void
pass_faults (struct worker *w, struct isolate_answer *a)
{
	struct plugin_instance *inst = w->api->ctx;
	struct validator *v = &inst->stage.validator;

	a->kind[sizeof a->kind - 1] = '\0';
	a->member[sizeof a->member - 1] = '\0';
	a->what[sizeof a->what - 1] = '\0';
	v->faults += a->faults;
	v->lost_usage |= a->lost_usage != 0;
	v->kind = a->kind;
	v->member = a->member[0] == '\0' ? NULL : a->member;
	v->what = a->what;
}

/* Take the answer to a call on LEN bytes at LINE, or NULL.  What the plugin has
 * returned, or a code when the process is gone. */
static int
take_answer (struct worker *w, const char *line, size_t len)
{
	struct isolate_answer *a;
	struct isolate_head head;
	struct rest rest;
	char *body;
	int r;

	w->client.answer_max = ANSWER_MORE + 2 * LIMIT_COPIES + 8 * len;
	r = isolate_client_receive (&w->client, &head, &body);
	if (r < 0)
		return r;
	a = (struct isolate_answer *) (void *) body;
	rest = (struct rest){ body + sizeof *a, head.len - sizeof *a };
	if (head.type != ISOLATE_ANSWERS || head.generation != w->generation
	    || head.n != 1 || head.len < sizeof *a || a->len != rest.len
	    || !pass_logs (w, &rest, a->n_logs)
	    || !pass_events (w, &rest, a->n_events, line, len)) {
		isolate_client_refuse (&w->client, "answered nonsense");
		return LHK_ESYS;
	}
	if (a->faults > 0)
		pass_faults (w, a);
	if (a->r < 0)
		w->generation++;
	return a->r;
}

/* Make a call.  When the process is gone, it is as if nothing had come of it:
 * isolated_why_gone tells. */
static int
make_call (struct worker *w, struct isolate_call *call, const char *data)
{
	const int is_line = call->kind == ISOLATE_LINE;
	int r = send_call (w, call, data);

	if (r == LHK_OK)
		r = take_answer (w, is_line ? data : NULL,
				 is_line ? call->len : 0);
	return w->client.failed != LHK_OK ? LHK_OK : r;
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

	return make_call (handle, &call, line->data);
}

static int
on_flush (void *handle)
{
	struct isolate_call call = { .kind = ISOLATE_FLUSH };

	return make_call (handle, &call, NULL);
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

	return make_call (handle, &call, how->stderr_tail.ptr);
}

static void
on_close (void *handle)
{
	struct worker *w = handle;

	isolate_client_end (&w->client);
	strbuf_free (&w->out);
	mem_free (w->of->isolation->alloc, w, sizeof *w);
}

static int
call_open (struct worker *w, const struct lhk_option *options, size_t n)
{
	struct isolate_call call = { .kind = ISOLATE_OPEN };
	struct strbuf data;
	size_t i;
	int r;

	strbuf_init (&data, w->of->isolation->alloc);
	for (i = 0; i < n; i++) {
		strbuf_add (&data, options[i].key, strlen (options[i].key) + 1);
		strbuf_add (&data, options[i].value,
			    strlen (options[i].value) + 1);
	}
	call.len = data.len;
	r = strbuf_failed (&data) < 0 ? LHK_ENOMEM
				      : make_call (w, &call, data.data);
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
	struct worker *w = mem_zero (of->isolation->alloc, sizeof *w);
	struct lhk_error err = { 0, 0, "" };
	struct isolate_head head;
	const char *body;
	int r;

	if (w == NULL)
		return LHK_ENOMEM;
	w->of = of;
	w->api = api;
	w->generation = 1;
	strbuf_init (&w->out, of->isolation->alloc);
	r = start (of->isolation, of->path, &w->client, &head, &body, &err);
	if (r < 0) {
		api->log (api->ctx, LHK_LOG_ERROR, "%s", err.text);
		mem_free (of->isolation->alloc, w, sizeof *w);
		return r;
	}
	r = call_open (w, options, n);
	if (w->client.failed != LHK_OK) {
		api->log (api->ctx, LHK_LOG_ERROR, "it %s", w->client.why);
		r = LHK_ESYS;
	}
	if (r == LHK_OK)
		*ret = w;
	else
		on_close (w);
	/* A limit of its own holds for a process, which may have to wait for a
	 * processor. */
	inst->timer.off = 1;
	return r;
}

const char *
isolated_why_gone (const struct lhk_plugin *plugin, const void *handle)
{
	const struct worker *w = handle;

	return plugin->open == on_open && w != NULL
			       && w->client.failed != LHK_OK
		       ? w->client.why
		       : NULL;
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
