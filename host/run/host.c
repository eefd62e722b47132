/* SPDX-License-Identifier: MIT */
/*
 * host.c - the object an embedder creates first and frees last.
 *
 * Being driven (lhk_host_fd and so on) is in run.c; here is what a host is
 * made of, its log, and the way to its plugins.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/host.h"
#include "run/host_loop.h"
#include "common/error.h"
#include "common/mem.h"

/* Set by the build; this is for builds by hand. */
#ifndef LHK_PLUGIN_DIR
#define LHK_PLUGIN_DIR "/usr/local/lib/linehook/plugins"
#endif

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
take_opts (const struct lhk_host_opts *opts, struct lhk_host_opts *ret,
	   struct lhk_error *err)
{
	struct lhk_host_opts own = LHK_HOST_OPTS_INIT;

	if (opts != NULL) {
		if (opts->size < offsetof (struct lhk_host_opts, user)
		    || opts->size > 4096)
			return error_set (
				err, LHK_EINVAL, 0,
				"host options have %u bytes, wanted %zu: "
				"begin with LHK_HOST_OPTS_INIT",
				opts->size, sizeof own);
		memcpy (&own, opts,
			opts->size < sizeof own ? opts->size : sizeof own);
	}
	if (own.alloc != NULL && own.alloc->resize == NULL)
		return error_set (err, LHK_EINVAL, 0,
				  "host options: alloc has no resize");
	*ret = own;
	return LHK_OK;
}

/* Everything but the runs and the loop. */
static void
destroy (struct lhk_host *host)
{
	struct lhk_alloc alloc = host->alloc;

	registry_free (host->registry);
	mem_free_str (&alloc, host->monitor);
	host->magic = 0;
	mem_free (&alloc, host, sizeof *host);
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
	r = take_opts (opts, &own, err);
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
	if (host->registry == NULL
	    || (own.monitor != NULL && host->monitor == NULL)) {
		destroy (host);
		return error_set (err, LHK_ENOMEM, 0, "no memory for a host");
	}
	*ret = host;
	return LHK_OK;
}

void
host_attach (struct lhk_host *host, struct host_child *guest)
{
	guest->next = host->guests;
	host->guests = guest;
}

void
host_detach (struct lhk_host *host, struct host_child *guest)
{
	struct host_child **p = &host->guests;

	while (*p != NULL && *p != guest)
		p = &(*p)->next;
	if (*p != NULL)
		*p = guest->next;
}

void
host_close_children (struct lhk_host *host)
{
	while (host->guests != NULL)
		host->guests->end (host->guests);
}

void
lhk_host_free (struct lhk_host *host)
{
	if (host == NULL || host->magic != HOST_MAGIC || host->free_pending)
		return;
	if (host_defer_free (host))
		return;
	host_close_children (host);
	run_free_all (host);
	host_loop_free (host);
	host->runs = NULL;
	host->loop = NULL;
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

/* For the functions below that take an error. */
static int
check_for (const struct lhk_host *host, const void *argument, const char *what,
	   struct lhk_error *err)
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
	int r = check_for (host, plugin, "cannot add a plugin", err);

	if (r < 0)
		return r;
	return registry_add_linked (host->registry, plugin, err);
}

int
lhk_host_plugin (struct lhk_host *host, const char *name,
		 const struct lhk_plugin_ref **ret, struct lhk_error *err)
{
	int r = check_for (host, name, "cannot find a plugin", err);

	if (r == LHK_OK)
		r = check_for (host, ret, "cannot find a plugin", err);
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
	int r = host_check (host);

	if (r < 0)
		return r;
	if (argv == NULL || ret == NULL)
		return LHK_EINVAL;
	return registry_for_command (host->registry, argv, ret);
}

int
lhk_host_plugin_for_line (struct lhk_host *host, const char *data, size_t len,
			  const struct lhk_plugin_ref **ret)
{
	int r = host_check (host);

	if (r < 0)
		return r;
	if (data == NULL || ret == NULL)
		return LHK_EINVAL;
	return registry_for_line (host->registry, data, len, ret);
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
