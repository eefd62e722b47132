/* SPDX-License-Identifier: MIT */
/* start.h - what only lives while a run is started; private to run/. */
#ifndef RUN_START_H
#define RUN_START_H

#include "plugin/registry.h"
#include "run/run.h"

struct start {
	struct lhk_run *run;
	const struct lhk_run_opts *opts;
	struct lhk_stream_opts stream;
	const struct lhk_plugin_ref *plugin;
	int child[3]; /* its 0, 1, 2; owned */
	int degraded; /* errno: a pipe instead of a file */
	struct lhk_error *err;
};

/* ---- run_child.c: LHK_OK, or a code and a sentence ---- */

int start_stdin (struct start *s);
int start_stdout (struct start *s);
int start_stderr (struct start *s);

/* Also LHK_OK without a helper when the command is too long to be executed:
 * then the cause is latched. */
int start_monitor (struct start *s);

/* ---- run_bytes.c ---- */

extern const struct lhk_plugin_ref run_bytes_plugin;

#endif /* RUN_START_H */
