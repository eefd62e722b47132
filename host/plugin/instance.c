/* SPDX-License-Identifier: MIT */
/* instance.c - one handle of a plugin, and the events it has emitted. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "plugin/instance.h"
#include "common/error.h"
#include "common/limits.h"
#include "common/mem.h"

/* Events that there is always room for.  Most lines give one to three. */
#define STAGE_MIN 32u

int
plugin_stage_init (struct plugin_stage *s, const struct lhk_alloc *alloc)
{
	s->alloc = alloc;
	s->n = 0;
	s->cap = STAGE_MIN;
	s->refused = LHK_OK;
	validator_init (&s->validator, alloc);
	s->events = mem_new (alloc, STAGE_MIN * sizeof *s->events);
	return s->events == NULL ? LHK_ENOMEM : LHK_OK;
}

void
plugin_stage_done (struct plugin_stage *s)
{
	mem_free (s->alloc, s->events, s->cap * sizeof *s->events);
	s->events = NULL;
	validator_done (&s->validator);
}

void
plugin_stage_begin (struct plugin_stage *s, const char *line, size_t len)
{
	plugin_stage_clear (s);
	s->refused = LHK_OK;
	validator_begin (&s->validator, line, len);
}

/* How many events there may be when one of KIND comes: beyond the limit there
 * is room for what tells how the run went. */
static size_t
events_max (uint32_t kind)
{
	switch (kind) {
	case LHK_EV_RESULT:
		return LIMIT_EVENTS_PER_LINE + 2 * LIMIT_EVENTS_RESERVE;
	case LHK_EV_SESSION:
	case LHK_EV_USAGE:
		return LIMIT_EVENTS_PER_LINE + LIMIT_EVENTS_RESERVE;
	default:
		return LIMIT_EVENTS_PER_LINE;
	}
}

static int
refuse (struct plugin_stage *s, uint32_t kind, int code, const char *what)
{
	if (s->refused == LHK_OK)
		s->refused = code;
	validator_fault (&s->validator, kind, NULL, what);
	return code;
}

static int
grow (struct plugin_stage *s)
{
	void *array = s->events;
	int r = mem_grow (s->alloc, &array, &s->cap, s->n + 1,
			  sizeof *s->events);

	if (r == LHK_OK)
		s->events = array;
	return r;
}

/* What a notice says of an event that is left out with the code R. */
static const char *
refusal (int r)
{
	switch (r) {
	case LHK_ENOMEM:
		return "is left out because memory ran out";
	case LHK_ELIMIT:
		return "points to too many bytes outside of its line and is "
		       "left out";
	default:
		return "is malformed and is left out";
	}
}

/* Make room for an event of KIND.  LHK_OK, or why there is none. */
static int
make_room (struct plugin_stage *s, uint32_t kind)
{
	if (s->n >= LIMIT_EVENTS_PER_LINE && s->n >= events_max (kind)) {
		refuse (s, kind, LHK_ELIMIT,
			"is one too many for its line and is left out");
		/* The last claim counts: it takes the place of the one before,
		 * for there is nothing but claims at the end. */
		if (kind != LHK_EV_RESULT)
			return LHK_ELIMIT;
		s->n--;
	}
	if (s->n == s->cap && grow (s) < 0)
		return refuse (s, kind, LHK_ENOMEM, refusal (LHK_ENOMEM));
	return LHK_OK;
}

int
plugin_stage_add (struct plugin_stage *s, const struct lhk_event *event)
{
	uint32_t kind = event == NULL ? 0 : event->kind;
	int r = make_room (s, kind);

	if (r < 0)
		return r;
	r = event_validate (&s->validator, event, &s->events[s->n]);
	if (r == LHK_EUNSUPPORTED)
		return r;
	if (r < 0)
		return refuse (s, kind, r, refusal (r));
	s->n++;
	return LHK_OK;
}

void
plugin_stage_clear (struct plugin_stage *s)
{
	void *p;

	s->n = 0;
	validator_forget (&s->validator);
	if (s->cap <= 8 * STAGE_MIN)
		return;
	p = mem_resize (s->alloc, s->events, s->cap * sizeof *s->events,
			STAGE_MIN * sizeof *s->events);
	if (p == NULL)
		return;
	s->events = p;
	s->cap = STAGE_MIN;
}

static int
api_emit (void *ctx, const struct lhk_event *event)
{
	struct plugin_instance *inst = ctx;

	if (!inst->in_callback)
		return LHK_ESTATE;
	return plugin_stage_add (&inst->stage, event);
}

static void api_log (void *ctx, int level, const char *fmt, ...)
	LHK_PRINTF (3, 4);

static void
api_log (void *ctx, int level, const char *fmt, ...)
{
	struct plugin_instance *inst = ctx;
	va_list args;
	char *p;

	if (fmt == NULL)
		return;
	va_start (args, fmt);
	vsnprintf (inst->last_log, sizeof inst->last_log, fmt, args);
	va_end (args);
	for (p = inst->last_log; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
	if (level < LHK_LOG_ERROR || level > LHK_LOG_DEBUG)
		level = LHK_LOG_WARN;
	call_watch_host (inst->watch, 1);
	inst->log (inst->user, level, inst->last_log);
	call_watch_host (inst->watch, 0);
}

int
plugin_instance_init (struct plugin_instance *inst,
		      const struct lhk_alloc *alloc,
		      const struct lhk_plugin *plugin, struct call_watch *watch,
		      plugin_log_fn *log, void *user)
{
	static const struct call_timer no_time;
	struct lhk_api api = {
		.size = sizeof api,
		.abi_major = LHK_ABI_MAJOR,
		.abi_minor = LHK_ABI_MINOR,
		.ctx = inst,
		.emit = api_emit,
		.log = api_log,
	};

	inst->plugin = plugin;
	inst->api = api;
	inst->log = log;
	inst->user = user;
	inst->opening = NULL;
	inst->handle = NULL;
	inst->is_open = 0;
	inst->in_callback = 0;
	inst->watch = watch;
	inst->timer = no_time;
	inst->last_log[0] = '\0';
	return plugin_stage_init (&inst->stage, alloc);
}

/* CALLBACK (LHK_CALLBACK_*) of PLUGIN begins, on LINE or NULL. */
static void
begin_callback (struct plugin_instance *inst, const struct lhk_plugin *plugin,
		int callback, const struct lhk_line *line)
{
	size_t len = line == NULL ? 0 : line->len;

	plugin_stage_begin (&inst->stage, line == NULL ? NULL : line->data,
			    len);
	inst->in_callback = 1;
	call_watch_begin (inst->watch, &inst->timer, plugin, callback,
			  line == NULL ? 0 : line->number, len);
}

/* R is what the callback returned; returns what the caller gets.  A plugin that
 * gave up because an event was refused has not failed: the fault was counted,
 * and the events before it stand. */
static int
end_callback (struct plugin_instance *inst, int r)
{
	call_watch_end (inst->watch, &inst->timer);
	inst->in_callback = 0;
	if (r > LHK_SKIP && r != LHK_HEARTBEAT)
		r = LHK_EINVAL;
	if (r < 0 && r == inst->stage.refused)
		r = LHK_OK;
	if (r < 0)
		plugin_stage_clear (&inst->stage);
	return r;
}

/* Nobody waits for it to be closed, so that it is slow does not matter. */
static void
close_handle (struct plugin_instance *inst, const struct lhk_plugin *plugin,
	      void *handle)
{
	struct call_timer timer = inst->timer;

	call_watch_begin (inst->watch, &timer, plugin, LHK_CALLBACK_CLOSE, 0,
			  0);
	plugin->close (handle);
	call_watch_end (inst->watch, &timer);
}

/* Open a handle of PLUGIN.  *ret_open: it is to be closed, whatever the code
 * is. */
static int
open_handle (struct plugin_instance *inst, const struct lhk_plugin *plugin,
	     const struct lhk_option *options, size_t n_options,
	     void **ret_handle, int32_t *ret_open, struct lhk_error *err)
{
	int r;

	inst->opening = plugin;
	begin_callback (inst, plugin, LHK_CALLBACK_OPEN, NULL);
	r = plugin->open (&inst->api, options, n_options, ret_handle);
	*ret_open = r == LHK_OK;
	r = end_callback (inst, r);
	if (r == LHK_OK)
		return r;
	if (r > 0)
		r = LHK_EINVAL;
	return error_set (
		err, r, 0, "plugin '%s' did not open: %s", plugin->name,
		inst->last_log[0] != '\0' ? inst->last_log : lhk_strerror (r));
}

int
plugin_instance_open (struct plugin_instance *inst,
		      const struct lhk_option *options, size_t n_options,
		      struct lhk_error *err)
{
	return open_handle (inst, inst->plugin, options, n_options,
			    &inst->handle, &inst->is_open, err);
}

int
plugin_instance_change (struct plugin_instance *inst,
			const struct lhk_plugin *plugin,
			const struct lhk_option *options, size_t n_options,
			struct lhk_error *err)
{
	void *handle = NULL;
	int32_t is_open = 0;
	int r = open_handle (inst, plugin, options, n_options, &handle,
			     &is_open, err);

	if (r < 0) {
		if (is_open)
			close_handle (inst, plugin, handle);
		return r;
	}
	if (inst->is_open)
		close_handle (inst, inst->plugin, inst->handle);
	inst->plugin = plugin;
	inst->handle = handle;
	inst->is_open = 1;
	return LHK_OK;
}

void
plugin_instance_retire (struct plugin_instance *inst,
			const struct lhk_plugin *lines)
{
	if (inst->is_open)
		close_handle (inst, inst->plugin, inst->handle);
	plugin_stage_clear (&inst->stage);
	inst->plugin = lines;
	inst->is_open =
		lines->open (&inst->api, NULL, 0, &inst->handle) == LHK_OK;
}

/* The stage may be in the middle of a change, so it is made anew. */
int
plugin_instance_abandon (struct plugin_instance *inst,
			 const struct lhk_plugin *lines)
{
	struct call_timer timer = inst->timer;

	call_watch_end (inst->watch, &timer);
	inst->in_callback = 0;
	inst->is_open = 0;
	if (plugin_stage_init (&inst->stage, inst->stage.alloc) < 0)
		return LHK_ENOMEM;
	plugin_instance_retire (inst, lines);
	return LHK_OK;
}

int
plugin_instance_line (struct plugin_instance *inst, const struct lhk_line *line)
{
	begin_callback (inst, inst->plugin, LHK_CALLBACK_LINE_HOOK, line);
	return end_callback (inst,
			     inst->plugin->line_hook (inst->handle, line));
}

/* There is none to call; the faults of the last one are not counted again. */
static int
skip_callback (struct plugin_instance *inst)
{
	plugin_stage_begin (&inst->stage, NULL, 0);
	return LHK_OK;
}

int
plugin_instance_flush (struct plugin_instance *inst)
{
	if (inst->plugin->flush == NULL)
		return skip_callback (inst);
	begin_callback (inst, inst->plugin, LHK_CALLBACK_FLUSH, NULL);
	return end_callback (inst, inst->plugin->flush (inst->handle));
}

int
plugin_instance_exited (struct plugin_instance *inst,
			const struct lhk_exit *how)
{
	if (inst->plugin->exited == NULL)
		return skip_callback (inst);
	begin_callback (inst, inst->plugin, LHK_CALLBACK_EXITED, NULL);
	return end_callback (inst, inst->plugin->exited (inst->handle, how));
}

void
plugin_instance_done (struct plugin_instance *inst)
{
	if (inst->is_open)
		close_handle (inst, inst->plugin, inst->handle);
	inst->is_open = 0;
	plugin_stage_done (&inst->stage);
}
