/* SPDX-License-Identifier: MIT */
/*
 * checks.h - what this kernel and this user can do for a run.
 *
 * A check is a row of a table (doctor.c): its name, the probe, and what it
 * costs when a thing is not there.  Each probe runs in a child of its own with
 * a deadline, so it may change that process, hang on a dead file system, or be
 * ended by a filter of system calls.
 */
#ifndef CLI_DOCTOR_CHECKS_H
#define CLI_DOCTOR_CHECKS_H

#include <limits.h>
#include <sys/types.h>

#include <linehook/run.h>

#include "cli/opt/common_options.h"

enum {
	DOCTOR_OK = 0,
	DOCTOR_SKIP = 1, /* not tried */
	DOCTOR_NOTE = 2, /* a run is as safe without it */
	DOCTOR_WEAK = 3, /* a promise is not kept in full */
	DOCTOR_BAD = 4,	 /* no run is possible */
	DOCTOR_STATUSES = 5
};

#define DOCTOR_TEXT 512
#define DOCTOR_CHECKS_MAX 48
#define DOCTOR_PLUGINS_MAX 64
#define DOCTOR_PROGRAMS_MAX 48
#define DOCTOR_TIERS 4
#define DOCTOR_NAMES 1024
#define DOCTOR_JSON 131072

struct finding {
	int32_t status; /* DOCTOR_* */
	char found[DOCTOR_TEXT];
	char costs[DOCTOR_TEXT];
	char mend[DOCTOR_TEXT];
};

/* What linehook itself was given, read before anything is changed. */
struct doctor_start {
	int sigchld_ignored;
	int secure; /* AT_SECURE */
	pid_t pid;
	uid_t uid; /* effective */
	size_t open_files;
	const char *spool; /* directory */
	const char *helper;
	int helper_named; /* by LINEHOOK_EXEC */
};

/* `true' under one containment. */
struct doctor_tier {
	int tried;
	int done;	       /* it ran, and ended with status 0 */
	char contain[32];      /* as in a result */
	char why[DOCTOR_TEXT]; /* it is not done */
	const char *mend;      /* or NULL */
	double ms;
};

struct doctor_plugin {
	char name[64];
	char why[256];		  /* refused; "": usable */
	char names[DOCTOR_NAMES]; /* of programs, each NUL-terminated;
				     ended by an empty one */
	int shadowed;
};

/* Filled by a child. */
struct doctor_plugins {
	size_t n;
	size_t n_usable, n_refused;
	struct doctor_plugin all[DOCTOR_PLUGINS_MAX];
	size_t json_len;
	char json[DOCTOR_JSON]; /* objects, with commas between them */
	int tried;
	int complete;	       /* the child came to its end */
	char why[DOCTOR_TEXT]; /* there is no list */
};

struct doctor_program {
	char name[64];
	char plugin[64];
	char path[PATH_MAX]; /* ""; not on PATH */
	char resolved[PATH_MAX];
	/* Of PROGRAM --version. */
	int asked;
	int status;	       /* DOCTOR_OK or DOCTOR_NOTE */
	char version[256];     /* first line, any bytes */
	char why[DOCTOR_TEXT]; /* no version, or what was odd */
};

struct doctor_programs {
	size_t n;
	char why[DOCTOR_TEXT]; /* the search was not completed */
	struct doctor_program all[DOCTOR_PROGRAMS_MAX];
};

struct doctor {
	const struct options *opts;
	int32_t json;
	int32_t no_run;
	int64_t until_ms; /* everything is over by then */
	struct doctor_start start;
	struct lhk_host *host; /* for runs; with a plugin of ours */
	const struct lhk_plugin_ref *quiet;
	struct doctor_tier tiers[DOCTOR_TIERS]; /* by LHK_CONTAIN_* */
	/* Shared with children. */
	struct doctor_plugins *plugins;
	struct doctor_programs *programs;
	struct finding *scratch;
	struct finding findings[DOCTOR_CHECKS_MAX];
};

typedef void doctor_probe (const struct doctor *d, struct finding *f);

enum {
	DOCTOR_HERE = 1 << 0, /* only looks at what D knows: no child */
	DOCTOR_MILD = 1 << 1  /* may be made here if there can be none */
};

struct doctor_check {
	const char *id; /* stable: GROUP.WORD */
	const char *title;
	doctor_probe *probe;
	int missing; /* DOCTOR_* when it is not there */
	unsigned int flags;
	const char *costs;
	const char *mend;
};

/* ---- doctor.c ---- */

extern const struct doctor_check doctor_checks[];
extern const size_t doctor_n_checks;

/* All checks of the table, into FINDINGS. */
void doctor_examine (struct doctor *d);

/* Of findings with this status, programs included. */
size_t doctor_count (const struct doctor *d, int status);

int64_t doctor_now_ms (void);

/* What a probe says: it is there; it is not. */
void probe_ok (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
void probe_missing (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
/* .. not as the table has it. */
void probe_result (struct finding *f, int status, const char *fmt, ...)
	LHK_PRINTF (3, 4);
void probe_impact (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
void probe_remedy (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);

/* N bytes as people read them: "75.0 GiB". */
const char *doctor_size (uint64_t n, char buf[32]);

/* First line of a file of the kernel.  0, or -1 with errno. */
int doctor_read (const char *path, char *buf, size_t size);

/* A number in such a file; "max" is UINT64_MAX.  0 or -1. */
int doctor_number (const char *path, uint64_t *ret);

/* ---- probe_subprocess.c ---- */

/*
 * FN in a child with at most MS.  0; -1 with a sentence in WHY when it was too
 * slow or was ended by a signal; -2 with one when no child can be started.
 * What it is to say goes into memory that is shared.
 */
int probe_subprocess (struct doctor *d,
		      void (*fn) (struct doctor *d, void *arg), void *arg,
		      int ms, char why[DOCTOR_TEXT]);

/* Zeroed memory that children share with us, or NULL. */
void *doctor_share (size_t size);

/* ---- probes ---- */

doctor_probe probe_release, probe_scope, probe_subreaper, probe_pidfd,
	probe_group_signal, probe_peer, probe_close_range, probe_memfd;
doctor_probe probe_cgroup, probe_leaf, probe_namespace, probe_oom;
doctor_probe probe_proc, probe_children, probe_spool, probe_punch, probe_lease,
	probe_space, probe_inotify, probe_state;
doctor_probe probe_pipe, probe_nofile, probe_tasks, probe_core;
doctor_probe probe_secure, probe_sigchld, probe_first, probe_markers;
doctor_probe probe_monitor, probe_auto, probe_tier_cgroup, probe_tier_pidns,
	probe_tier_subreaper;
doctor_probe probe_plugins, probe_raw;

/* ---- what is run or loaded ---- */

/* D->plugins. */
void doctor_list_plugins (struct doctor *d);

/* D->host.  LHK_OK, or a code and a sentence. */
int doctor_open_host (struct doctor *d, struct log *log, struct lhk_error *err);

/* D->tiers: one run for each containment, all at once. */
void doctor_try_tiers (struct doctor *d);

/* D->programs: where they are; their versions. */
void doctor_find_programs (struct doctor *d);
void doctor_ask_programs (struct doctor *d);

/* The version that linehook was tested with, or NULL. */
const char *doctor_tested (const char *plugin);

/* Turn the loop until these N have ended or the time is over.  A NULL among
 * them was not started. */
void doctor_drive (struct doctor *d, struct lhk_run *const *runs, size_t n,
		   int64_t until_ms);

/* Options of a run whose output goes to ON_STDOUT (may be NULL) with USER. */
void doctor_run_opts (struct doctor *d, struct lhk_stream_opts *stream,
		      struct lhk_run_opts *opts, const char *const *argv,
		      void (*on_stdout) (void *user, const char *data,
					 size_t len),
		      void *user);

/* ---- doctor_out.c ---- */

struct doctor_verdict {
	int status; /* DOCTOR_OK, WEAK or BAD */
	size_t n_notes, n_weak, n_bad;
	char text[DOCTOR_TEXT];
};

void doctor_judge (const struct doctor *d, struct doctor_verdict *ret);
void doctor_text (const struct doctor *d, struct outbuf *o);
void doctor_json (const struct doctor *d, struct outbuf *o);

#endif /* CLI_DOCTOR_CHECKS_H */
