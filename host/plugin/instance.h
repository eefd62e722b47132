/* SPDX-License-Identifier: MIT */
/*
 * instance.h - one handle of a plugin, and the events it has emitted.
 *
 * A callback that fails gives no events, so those of a callback wait on a
 * stage until it has returned: they are copied when they are emitted, with what
 * they point to outside of the line, and all of it is checked.  A bad event
 * costs itself alone.
 */
#ifndef PLUGIN_INSTANCE_H
#define PLUGIN_INSTANCE_H

#include <linehook/host.h>

#include "event/event_union.h"
#include "event/validate.h"
#include "plugin/call_watch.h"

struct plugin_stage {
	const struct lhk_alloc *alloc;
	union event_union *events;
	size_t n, cap;
	int refused; /* LHK_E* of the first event that was refused, or LHK_OK */
	struct validator validator; /* counts the faults of the callback */
};

/* ALLOC is borrowed until plugin_stage_done.  LHK_OK or LHK_ENOMEM. */
int plugin_stage_init (struct plugin_stage *s, const struct lhk_alloc *alloc);
void plugin_stage_done (struct plugin_stage *s);

/* A callback begins, on LEN bytes of a line; NULL: on no line.  Forget what the
 * last one left. */
void plugin_stage_begin (struct plugin_stage *s, const char *line, size_t len);

/* Copy and check EVENT; the codes are those of lhk_api.emit.  All but
 * LHK_EUNSUPPORTED are counted as faults. */
int plugin_stage_add (struct plugin_stage *s, const struct lhk_event *event);

/* Forget the events, but not the faults.  Their memory is kept unless it has
 * become large. */
void plugin_stage_clear (struct plugin_stage *s);

/* Bytes of a message to the operator, with its NUL; the rest is cut off. */
#define PLUGIN_LOG_MAX 512

/* LEVEL is one of LHK_LOG_*, TEXT one line without control bytes. */
typedef void plugin_log_fn (void *user, int level, const char *text);

struct plugin_instance {
	const struct lhk_plugin *plugin;
	struct lhk_api api;
	struct plugin_stage stage;
	plugin_log_fn *log;
	void *user;
	const struct lhk_plugin *opening; /* of the handle that is opened */
	void *handle;
	int32_t is_open;
	int32_t in_callback;
	struct call_watch *watch; /* borrowed; NULL: nobody reads it */
	struct call_timer timer;
	char last_log[PLUGIN_LOG_MAX];
};

/* PLUGIN, ALLOC, WATCH and USER are borrowed until plugin_instance_done.  The plugin
 * keeps a pointer into INST, so INST must not move.  LHK_OK or LHK_ENOMEM. */
int plugin_instance_init (struct plugin_instance *inst,
			  const struct lhk_alloc *alloc,
			  const struct lhk_plugin *plugin,
			  struct call_watch *watch, plugin_log_fn *log,
			  void *user);

/*
 * Each of these calls one callback.  LHK_OK, LHK_SKIP or LHK_HEARTBEAT: the
 * events it emitted are on the stage.  A negative code: the callback failed and
 * the stage is empty.  A return value that no plugin may give counts as a
 * failure; that of a refused event does not.  OPTIONS are borrowed for the call;
 * ERR gets a sentence.
 */
int plugin_instance_open (struct plugin_instance *inst,
			  const struct lhk_option *options, size_t n_options,
			  struct lhk_error *err);
/* Put another plugin in the place of this one, whose handle is closed.  If it
 * does not open, nothing has changed. */
int plugin_instance_change (struct plugin_instance *inst,
			    const struct lhk_plugin *plugin,
			    const struct lhk_option *options, size_t n_options,
			    struct lhk_error *err);
/* From now on LINES, the plugin for lines or a copy of it, reads, and that of
 * before, whose handle is closed, is not called any more.  Not from inside a
 * callback. */
void plugin_instance_retire (struct plugin_instance *inst,
			     const struct lhk_plugin *lines);
/* The same from inside a callback that will never return: its handle stays open,
 * and its events are forgotten.  LHK_OK or LHK_ENOMEM. */
int plugin_instance_abandon (struct plugin_instance *inst,
			     const struct lhk_plugin *lines);
int plugin_instance_line (struct plugin_instance *inst,
			  const struct lhk_line *line);
int plugin_instance_flush (struct plugin_instance *inst);
int plugin_instance_exited (struct plugin_instance *inst,
			    const struct lhk_exit *how);

/* Close the handle if it is open, and free the stage. */
void plugin_instance_done (struct plugin_instance *inst);

#endif /* PLUGIN_INSTANCE_H */
