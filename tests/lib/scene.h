/* SPDX-License-Identifier: MIT */
/*
 * scene.h - whole lives of a run, to be played with something failing in them.
 *
 * A play makes a host, plays a scene on it, plays it once more on the same
 * host with nothing failing, and frees the host.  What may come of it:
 *
 *	the call that failed says so, by a code, an errno and a sentence;
 *	or there is one final result, which is the last event: that of the
 *	scene without a fault, or host-error, spawn-failed, or DEGRADED;
 *
 * and nothing is left: descriptors, children, threads, files, memory, and
 * the signal mask and dispositions of this process are as before.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <linehook/run.h>

#include "lib/failing.h"
#include "lib/tempdir.h"

struct seen {
	int code;	   /* of the call that failed; LHK_OK */
	const char *where; /* that call */
	struct lhk_error err;
	int has_result;
	int verdict, end_reason;
	uint32_t flags;
	int sys_errno;
	char step[16];
	uint64_t text_len;
	uint32_t text_sum;
	uint64_t n_notices;
	int n_final;
	int after_final;   /* events */
	const char *fault; /* a complaint of the scene itself; or NULL */
};

struct stage_set {
	struct failing memory;
	struct tempdir place; /* for temporary files */
	struct lhk_host *host;
	int made; /* with all it needs */
	const struct lhk_plugin_ref *plugin;
	struct lhk_run *run;
	struct seen seen;
	const char *monitor;
};

struct scene {
	const char *name;
	int (*play) (struct stage_set *w); /* fills w->seen */
	int told; /* what cannot be done may be refused, too */
};

/* The last has no name. */
extern const struct scene scenes[];

/* ---- scene_plays.c ---- */

/* Text that came, counted and summed up. */
void scene_hear (struct seen *s, const char *data, size_t len);

/* ---- scene_kept.c ---- */

/* What is said of the record in the store DIR of the run "kept", of so many
 * events: the complaint, or NULL. */
const char *scene_judge_record (const struct stage_set *w, const char *dir,
				uint64_t n_lines);

/* Records that are listed, shown, followed and removed; one that runs. */
int scene_play_kept (struct stage_set *w);
int scene_play_awaited (struct stage_set *w);

/* ---- scene_tool.c ---- */

/* A call that is answered, through a pipe and through a file; one that takes
 * too long. */
int scene_play_tool (struct stage_set *w);
int scene_play_tool_file (struct stage_set *w);
int scene_play_tool_timeout (struct stage_set *w);

/* ---- scene.c ---- */

/* Once, before anything else: this process becomes the reaper of whatever is
 * left behind. */
void scene_init (void);

/* What fails is armed by ARM, after which the host is made, and disarmed by
 * DISARM.  The complaint, or NULL; *RET is what was seen. */
struct scene_fault {
	void (*arm) (struct stage_set *w, void *user);
	void (*disarm) (struct stage_set *w, void *user);
	void *user;
	const char *monitor; /* NULL: the one that was built */
};
const char *scene_play (const struct scene *scene, const struct scene_fault *f,
			struct seen *ret);

/* Is SEEN what may come of a fault, WHOLE being the scene without one?  The
 * complaint, or NULL.  ERROR 0: memory.  HARMLESS: as without. */
const char *scene_judge (const struct seen *seen, const struct seen *whole,
			 int error, int harmless);

/* "code, sentence" or "verdict .." of SEEN, for comments. */
const char *scene_text (const struct seen *seen);

/* Is the whole loop wanted (LINEHOOK_TORTURE)?  Else a part of it: the first
 * three calls, and with FAR every fifth. */
int scene_whole (void);
uint64_t scene_next (uint64_t k, int far);

#endif /* TESTS_SCENE_H */
