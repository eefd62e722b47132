/* SPDX-License-Identifier: MIT */
/* host.c - the object an embedder creates first and frees last. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/host.h"
#include "io/inotify.h"
#include "plugin/choose.h"
#include "io/loop.h"
#include "plugin/load.h"
#include "common/error.h"
#include "common/mem.h"
#include "common/versioned.h"

/* Bytes of one log sentence. */
#define LOG_TEXT_MAX 640

int
host_check (const struct lhk_host *host)
{
	if (host == NULL || host->magic != HOST_MAGIC)
		return LHK_EINVAL;
	return host->pid == getpid () ? LHK_OK : LHK_EFORKED;
}

void
host_log (struct lhk_host *host, int level, const char *code,
	  const char *const *fields, const char *fmt, ...)
{
	static const char *const none[] = { NULL };
	char text[LOG_TEXT_MAX];
	struct lhk_log record = {
		.size = sizeof record,
		.level = level,
		.code = code,
		.text = text,
		.fields = fields != NULL ? fields : none,
	};
	va_list args;

	if (host->log == NULL)
		return;
	va_start (args, fmt);
	vsnprintf (text, sizeof text, fmt, args);
	va_end (args);
	host->log (host->user, &record);
}

static int
copy_opts (const struct lhk_host_opts *opts, struct lhk_host_opts *ret,
	   struct lhk_error *err)
{
	struct lhk_host_opts own = LHK_HOST_OPTS_INIT;
	int r = opts == NULL
			? LHK_OK
			: versioned_copy (&own, sizeof own, opts,
					  offsetof (struct lhk_host_opts, user),
					  "host options", "LHK_HOST_OPTS_INIT",
					  err);

	if (r < 0)
		return r;
	if (own.alloc != NULL && own.alloc->resize == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "host options: alloc has no resize");
	*ret = own;
	return LHK_OK;
}

/* Its children and its loop are gone. */
static void
destroy (struct lhk_host *host)
{
	struct lhk_alloc alloc = host->alloc;

	registry_free (host->registry);
	isolation_done (&host->isolation);
	mem_free_str (&alloc, host->monitor);
	host->magic = 0;
	mem_free (&alloc, host, sizeof *host);
}

static void
warn_of_plugin (void *user, const char *plugin, const char *text)
{
	const char *const fields[] = { "plugin", plugin, NULL };

	host_log (user, LHK_LOG_WARN, LHK_CODE_PLUGIN, fields, "%s", text);
}

static int
isolate (struct lhk_host *host, uint32_t flags)
{
	if ((flags & (LHK_HOST_ISOLATE | LHK_HOST_ISOLATE_OTHERS)) == 0)
		return LHK_OK;
	host->registry->isolation = &host->isolation.registry;
	host->isolation.alloc = &host->alloc;
	host->isolation.warn = warn_of_plugin;
	host->isolation.user = host;
	if ((flags & LHK_HOST_ISOLATE) == 0)
		host->isolation.trusted_dir = LHK_PLUGIN_DIR;
	return isolation_init (&host->isolation, host->monitor != NULL
							 ? host->monitor
							 : LHK_MONITOR);
}

int
lhk_host_new (const struct lhk_host_opts *opts, struct lhk_host **ret,
	      struct lhk_error *err)
{
	struct lhk_host_opts own = LHK_HOST_OPTS_INIT;
	struct lhk_host *host;
	int r;

	if (ret == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "cannot make a host: ret is "
				  "NULL");
	r = copy_opts (opts, &own, err);
	if (r < 0)
		return r;
	if (own.alloc == NULL)
		own.alloc = &mem_system;
	host = mem_zero (own.alloc, sizeof *host);
	if (host == NULL)
		return error_set (err, LHK_ENOMEM, 0, "no memory for a host");
	host->magic = HOST_MAGIC;
	host->pid = getpid ();
	host->alloc = *own.alloc;
	host->user = own.user;
	host->log = own.log;
	host->budget.limit = own.buffer_budget;
	host->registry = registry_new (&host->alloc);
	if (own.monitor != NULL)
		host->monitor = mem_strdup (&host->alloc, own.monitor);
	r = host->registry == NULL
			    || (own.monitor != NULL && host->monitor == NULL)
		    ? LHK_ENOMEM
		    : LHK_OK;
	if (r == LHK_OK)
		r = isolate (host, own.flags);
	if (r < 0) {
		destroy (host);
		return error_set (err, LHK_ENOMEM, 0, "no memory for a host");
	}
	*ret = host;
	return LHK_OK;
}

/* ---- children ---- */

void
host_attach (struct lhk_host *host, struct host_child *child)
{
	child->next = host->children;
	host->children = child;
}

void
host_detach (struct lhk_host *host, struct host_child *child)
{
	struct host_child **p = &host->children;

	if (host->next_child == child)
		host->next_child = child->next;
	while (*p != NULL && *p != child)
		p = &(*p)->next;
	if (*p != NULL)
		*p = child->next;
}

/* In a forked child they are closed as well, but nothing is killed. */
static void
close_children (struct lhk_host *host)
{
	struct host_child *child;

	if (host->pid == getpid ())
		for (child = host->children; child != NULL; child = child->next)
			if (child->ops->kill != NULL)
				child->ops->kill (child);
	while (host->children != NULL)
		host->children->ops->close (host->children);
}

static void
apply_cancels (struct lhk_host *host)
{
	struct host_child *child;

	/* Callbacks may free children: of a run only the mark is set, since
	 * this counts as inside the turn. */
	loop_enter (host->loop);
	host->next_child = host->children;
	while ((child = host->next_child) != NULL) {
		host->next_child = child->next;
		if (child->ops->apply_cancel != NULL)
			child->ops->apply_cancel (child);
	}
	loop_leave (host->loop);
}

/* ---- the loop ---- */

int
host_loop (struct lhk_host *host, struct loop **ret, struct lhk_error *err)
{
	int r;

	if (host->loop == NULL) {
		r = loop_new (&host->alloc, &host->loop, err);
		if (r < 0)
			return r;
	}
	*ret = host->loop;
	return LHK_OK;
}

int
lhk_host_fd (struct lhk_host *host)
{
	struct loop *l = NULL;
	int r = host_check (host);

	if (r == LHK_OK)
		r = host_loop (host, &l, NULL);
	return r < 0 ? r : l->epoll;
}

int
host_turn (struct lhk_host *host, int timeout_ms)
{
	struct loop *l = host->loop;
	int r;

	l->wake_received = 0;
	host->n_ended = 0;
	r = loop_turn (l, timeout_ms);
	if (r < 0 || !l->post_received)
		return r;
	l->post_received = 0;
	apply_cancels (host);
	return LHK_OK;
}

void
host_free_deferred (struct lhk_host *host)
{
	struct host_child *child;

	if (host->free_after_turn) {
		host->free_after_turn = 0;
		lhk_host_free (host);
		return;
	}
	host->next_child = host->children;
	while ((child = host->next_child) != NULL) {
		host->next_child = child->next;
		if (child->free_pending)
			child->ops->close (child);
	}
}

int
lhk_host_dispatch (struct lhk_host *host, int timeout_ms)
{
	struct loop *l = NULL;
	int r = host_check (host);

	if (r == LHK_OK)
		r = host_loop (host, &l, NULL);
	if (r == LHK_OK)
		r = host_turn (host, timeout_ms);
	if (r < 0)
		return r;
	r = host->n_ended;
	host_free_deferred (host);
	return r;
}

void
lhk_host_wake (struct lhk_host *host)
{
	if (host_check (host) == LHK_OK && host->loop != NULL)
		loop_wake (host->loop);
}

/* ---- callbacks of plugins ---- */

int
lhk_host_callback (const struct lhk_host *host, struct lhk_callback *ret)
{
	struct lhk_callback own = { .size = sizeof own };
	int r;

	if (host == NULL || host->magic != HOST_MAGIC || ret == NULL)
		return 0;
	r = call_watch_read (&host->watch, &own);
	if (r)
		*ret = own;
	return r;
}

static void
free_loop (struct lhk_host *host)
{
	int forked = host->pid != getpid ();

	if (host->loop == NULL)
		return;
	inotify_watch_free (host->loop, forked);
	loop_free (host->loop);
	host->loop = NULL;
}

/* From inside a turn a host is freed after it; its children are silent from
 * now on.  1: that is so. */
static int
defer_free (struct lhk_host *host)
{
	struct host_child *child;

	if (host->pid != getpid () || host->loop == NULL
	    || !host->loop->turning)
		return 0;
	host->free_after_turn = 1;
	for (child = host->children; child != NULL; child = child->next)
		if (child->ops->silence != NULL)
			child->ops->silence (child);
	return 1;
}

void
lhk_host_free (struct lhk_host *host)
{
	if (host == NULL || host->magic != HOST_MAGIC || host->free_pending)
		return;
	if (defer_free (host))
		return;
	close_children (host);
	free_loop (host);
	/* In a forked child nobody will free the streams: they are not its
	 * own. */
	if (host->n_streams > 0 && host->pid == getpid ()) {
		host->free_pending = 1;
		host->log = NULL;
		return;
	}
	destroy (host);
}

void
host_drop_stream (struct lhk_host *host)
{
	host->n_streams--;
	if (host->free_pending && host->n_streams == 0)
		destroy (host);
}

const char *
lhk_plugin_dir (void)
{
	return LHK_PLUGIN_DIR;
}

int
lhk_host_add_plugin_dir (struct lhk_host *host, const char *dir)
{
	int r = host_check (host);

	if (r < 0)
		return r;
	return dir == NULL ? LHK_EINVAL
			   : registry_add_dir (host->registry, dir);
}

/* A host, and an argument that must not be NULL: LHK_OK, or a code and a
 * sentence that begins with WHAT. */
static int
check_argument (const struct lhk_host *host, const void *argument,
		const char *what, struct lhk_error *err)
{
	int r = host_check (host);

	if (r < 0)
		return error_set (err, r, 0, "%s: the host: %s", what,
				  lhk_strerror (r));
	if (argument == NULL)
		return error_set (err, LHK_EINVAL, 0, "%s: argument is NULL",
				  what);
	return LHK_OK;
}

int
lhk_host_add_plugin (struct lhk_host *host, const struct lhk_plugin *plugin,
		     struct lhk_error *err)
{
	int r = check_argument (host, plugin, "cannot add a plugin", err);

	if (r < 0)
		return r;
	return registry_add_linked (host->registry, plugin, err);
}

int
lhk_host_plugin (struct lhk_host *host, const char *name,
		 const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	int r = check_argument (host, name, "cannot find a plugin", err);

	if (r == LHK_OK)
		r = check_argument (host, ret, "cannot find a plugin", err);
	if (r < 0)
		return r;
	return registry_find (host->registry, name, ret, err);
}

int
lhk_host_list_plugins (struct lhk_host *host, lhk_plugin_entry_fn *fn,
		       void *user)
{
	int r = host_check (host);

	if (r < 0)
		return r;
	return fn == NULL ? LHK_EINVAL
			  : registry_list (host->registry, fn, user);
}

int
lhk_host_plugin_for_command (struct lhk_host *host, const char *const *argv,
			     const struct lhk_plugin_ref **ret)
{
	struct plugin_refusal refused;
	int r = host_check (host);

	if (r < 0)
		return r;
	if (argv == NULL || ret == NULL)
		return LHK_EINVAL;
	r = plugin_for_command (host->registry, argv, ret, &refused);
	if (refused.err.code != LHK_OK)
		host_log (host, LHK_LOG_WARN, "plugin-refused", NULL, "%s",
			  refused.err.text);
	return r;
}

int
lhk_host_plugin_for_line (struct lhk_host *host, const char *data, size_t len,
			  const struct lhk_plugin_ref **ret)
{
	const struct lhk_plugin_ref *found;
	struct plugin_probes probes;
	int r = host_check (host);

	if (r < 0)
		return r;
	if (data == NULL || ret == NULL)
		return LHK_EINVAL;
	r = plugin_probes_load (&probes, host->registry);
	found = plugin_probes_match (&probes, &host->watch, data, len, NULL);
	plugin_probes_free (&probes);
	if (found != NULL)
		*ret = found;
	return found != NULL ? LHK_OK : r < 0 ? r : LHK_ENOTFOUND;
}

const char *
lhk_plugin_ref_name (const struct lhk_plugin_ref *p)
{
	return p == NULL ? NULL : p->plugin.name;
}

const char *
lhk_plugin_ref_path (const struct lhk_plugin_ref *p)
{
	return p == NULL ? NULL : p->path;
}

const struct lhk_plugin *
lhk_plugin_ref_descriptor (const struct lhk_plugin_ref *p)
{
	return p == NULL ? NULL : &p->plugin;
}
