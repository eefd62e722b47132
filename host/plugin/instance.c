/* SPDX-License-Identifier: MIT */
/* instance.c - one handle of a plugin, and the only way to it. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "plugin/instance.h"
#include "common/error.h"

static int
api_emit (void *ctx, const struct lhk_event *event)
{
	struct plugin_instance *c = ctx;

	if (!c->inside)
		return LHK_ESTATE;
	return plugin_stage_add (&c->stage, event);
}

static void api_log (void *ctx, int level, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
api_log (void *ctx, int level, const char *fmt, ...)
{
	struct plugin_instance *c = ctx;
	va_list args;
	char *p;

	if (fmt == NULL)
		return;
	va_start (args, fmt);
	vsnprintf (c->said, sizeof c->said, fmt, args);
	va_end (args);
	for (p = c->said; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
	if (level < LHK_LOG_ERROR || level > LHK_LOG_DEBUG)
		level = LHK_LOG_WARN;
	c->log (c->user, level, c->said);
}

int
plugin_instance_init (struct plugin_instance *c, const struct lhk_alloc *alloc,
		      const struct lhk_plugin *plugin, plugin_log_fn *log,
		      void *user)
{
	struct lhk_api api = {
		.size = sizeof api,
		.abi_major = LHK_ABI_MAJOR,
		.abi_minor = LHK_ABI_MINOR,
		.ctx = c,
		.emit = api_emit,
		.log = api_log,
	};

	c->plugin = plugin;
	c->api = api;
	c->log = log;
	c->user = user;
	c->handle = NULL;
	c->is_open = 0;
	c->inside = 0;
	c->said[0] = '\0';
	return plugin_stage_init (&c->stage, alloc);
}

static void
enter (struct plugin_instance *c)
{
	plugin_stage_clear (&c->stage);
	c->inside = 1;
}

static int
leave (struct plugin_instance *c, int r)
{
	c->inside = 0;
	if (r > LHK_SKIP)
		r = LHK_EINVAL;
	if (r >= 0 && c->stage.fault < 0)
		r = c->stage.fault;
	if (r < 0)
		plugin_stage_clear (&c->stage);
	return r;
}

int
plugin_instance_open (struct plugin_instance *c,
		      const struct lhk_option *options, size_t n_options,
		      struct lhk_error *err)
{
	int r;

	enter (c);
	r = c->plugin->open (&c->api, options, n_options, &c->handle);
	c->is_open = r == LHK_OK;
	r = leave (c, r);
	if (r == LHK_OK)
		return r;
	if (r > 0)
		r = LHK_EINVAL;
	return error_set (err, r, 0, "plugin '%s' did not open: %s",
			  c->plugin->name,
			  c->said[0] != '\0' ? c->said : lhk_strerror (r));
}

int
plugin_instance_line (struct plugin_instance *c, const struct lhk_line *line)
{
	enter (c);
	return leave (c, c->plugin->line_hook (c->handle, line));
}

int
plugin_instance_flush (struct plugin_instance *c)
{
	if (c->plugin->flush == NULL)
		return LHK_OK;
	enter (c);
	return leave (c, c->plugin->flush (c->handle));
}

int
plugin_instance_exited (struct plugin_instance *c, const struct lhk_exit *how)
{
	if (c->plugin->exited == NULL)
		return LHK_OK;
	enter (c);
	return leave (c, c->plugin->exited (c->handle, how));
}

void
plugin_instance_done (struct plugin_instance *c)
{
	if (c->is_open)
		c->plugin->close (c->handle);
	c->is_open = 0;
	plugin_stage_done (&c->stage);
}
