/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - what this kernel and this user can do for a run.
 *
 * A check is a row of a table: its name, its probe, and the impact and the
 * remedy when a thing is missing.  Each probe runs in a child of its own with a
 * deadline, so it may change that process, hang on a dead file system, or be
 * killed by a filter of system calls.
 */
#ifndef CLI_DOCTOR_DOCTOR_H
#define CLI_DOCTOR_DOCTOR_H

#include <limits.h>
#include <sys/types.h>

#include <linehook/run.h>

#include "cli/opt/common_options.h"

enum {
	DOCTOR_OK = 0,
	DOCTOR_SKIP = 1, /* not tried */
	DOCTOR_NOTE = 2, /* missing; a run is as safe without it */
	DOCTOR_WEAK = 3, /* missing; a guarantee holds only in part */
	DOCTOR_BAD = 4,	 /* missing; no run is possible */
	DOCTOR_STATUSES = 5
};

#define DOCTOR_TEXT 512
#define DOCTOR_CHECKS_MAX 48
#define DOCTOR_PLUGINS_MAX 64
#define DOCTOR_PROGRAMS_MAX 48
#define DOCTOR_TRIALS 4
#define DOCTOR_NAMES 1024
#define DOCTOR_COMMAND 512
#define DOCTOR_JSON 131072

/* How linehook itself was started, read before anything is changed. */
struct doctor_start {
	int sigchld_ignored;
	int secure; /* AT_SECURE */
	pid_t pid;
	uid_t uid; /* effective */
	size_t open_files;
	const char *spool_dir;
	const char *monitor; /* path of linehook-exec */
	int monitor_named;   /* by LINEHOOK_EXEC */
};

/* A run of true(1) under one containment. */
struct doctor_trial {
	int tried;
	int succeeded;	       /* it exited with status 0 */
	char contain[32];      /* as in a result */
	char why[DOCTOR_TEXT]; /* it did not succeed */
	const char *remedy;    /* static, or NULL */
	int64_t us;
};

struct doctor_plugin {
	char name[64];
	char why[256];		      /* it was refused; "": usable */
	char programs[DOCTOR_NAMES];  /* their names, each NUL-terminated;
					ended by an empty one */
	char made_for[32];	      /* version of the recordings, or "" */
	char command[DOCTOR_COMMAND]; /* its agent's command line, for people;
					"": it has none */
	int shadowed;
};

/* Filled in by a child. */
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
	const char *name;
	const char *plugin;  /* borrowed from the plugins; NULL: a runtime */
	const char *runtime; /* that runs it as a script, static; or NULL */
	int untrusted;	     /* WHY says why it is not run */
	char path[PATH_MAX]; /* "": not on PATH */
	char resolved[PATH_MAX]; /* without links; "": cannot be resolved */
	/* What PROGRAM --version did. */
	int was_run;
	int status;	       /* DOCTOR_OK or DOCTOR_NOTE */
	char version[256];     /* first line, any bytes */
	char why[DOCTOR_TEXT]; /* it has no version, or failed */
};

struct doctor_programs {
	size_t n;
	char why[DOCTOR_TEXT]; /* the search was not completed */
	struct doctor_program all[DOCTOR_PROGRAMS_MAX];
};

/* ---- findings ---- */

struct finding {
	int32_t status; /* DOCTOR_*, or FINDING_BY_TABLE */
	char found[DOCTOR_TEXT];
	char impact[DOCTOR_TEXT];
	char remedy[DOCTOR_TEXT];
};

/* The status is the one of the table for a thing that is missing. */
#define FINDING_BY_TABLE (-1)

/* What a probe reports: the thing is there; it is missing, with the status of
 * the table; or another status. */
void probe_ok (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
void probe_missing (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
void probe_result (struct finding *f, int status, const char *fmt, ...)
	LHK_PRINTF (3, 4);

/* Replace what the table says. */
void probe_impact (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);
void probe_remedy (struct finding *f, const char *fmt, ...) LHK_PRINTF (2, 3);

/* Read the first line of a file of the kernel.  0, or -1 with errno. */
int doctor_read_line (const char *path, char *buf, size_t size);

/* Read a number from such a file; "max" is UINT64_MAX.  0 or -1. */
int doctor_read_number (const char *path, uint64_t *ret);

/* ---- the doctor ---- */

struct doctor {
	const struct options *opts;
	int32_t json;
	int32_t no_run;
	int32_t verbose;  /* every check is listed */
	int64_t until_ms; /* everything is over by then */
	struct doctor_start start;
	struct lhk_host *host; /* for runs, with a plugin of ours */
	const struct lhk_plugin_ref *silent_plugin;
	struct doctor_trial trials[DOCTOR_TRIALS]; /* by LHK_CONTAIN_* */
	/* Shared with children. */
	struct doctor_plugins *plugins;
	struct doctor_programs *programs;
	struct finding *scratch;
	struct finding findings[DOCTOR_CHECKS_MAX];
};

typedef void doctor_probe (const struct doctor *d, struct finding *f);

enum {
	DOCTOR_IN_PROCESS = 1 << 0, /* only looks at what D knows: no child */
	DOCTOR_HARMLESS = 1 << 1    /* may be run here if there is no child */
};

struct doctor_check {
	const char *id; /* stable: GROUP.WORD */
	const char *title;
	doctor_probe *probe;
	int missing; /* DOCTOR_* when it is not there */
	unsigned int flags;
	const char *impact;
	const char *remedy;
};

/* ---- checks ---- */

extern const struct doctor_check doctor_checks[];
extern const size_t doctor_n_checks;

/* Run all checks of the table; sets D->findings. */
void doctor_run_checks (struct doctor *d);

/* How many findings, programs included, have this status. */
size_t doctor_count (const struct doctor *d, int status);

/* ---- subprocess ---- */

/*
 * Call FN in a child, for at most MS.  0; -1 with a sentence in WHY when it was
 * too slow or was ended by a signal; -2 with one when no child can be started.
 * FN reports through memory from doctor_shared_memory.
 */
int probe_subprocess (struct doctor *d,
		      void (*fn) (struct doctor *d, void *arg), void *arg,
		      int ms, char why[DOCTOR_TEXT]);

/* Zeroed memory that children share with us, or NULL; never freed. */
void *doctor_shared_memory (size_t size);

/* ---- probes ---- */

doctor_probe probe_release, probe_scope, probe_limit_guard, probe_subreaper,
	probe_pidfd, probe_group_signal, probe_peer, probe_close_range,
	probe_memfd, probe_namespace;
doctor_probe probe_secure, probe_sigchld, probe_first, probe_preload,
	probe_tunables, probe_markers;
doctor_probe probe_cgroup, probe_leaf, probe_tree_limits, probe_oom;
doctor_probe probe_proc, probe_children, probe_spool, probe_punch, probe_lease,
	probe_space, probe_inotify, probe_state, probe_home;
doctor_probe probe_pipe, probe_nofile, probe_tasks, probe_core;
doctor_probe probe_monitor, probe_auto, probe_contain_cgroup,
	probe_contain_pidns, probe_contain_subreaper;
doctor_probe probe_plugins, probe_raw;

/* ---- runs and plugins ---- */

/* Load all plugins in a child; sets D->plugins. */
void doctor_list_plugins (struct doctor *d);

/* Open D->host.  LHK_OK, or a code and a sentence. */
int doctor_open_host (struct doctor *d, struct log *log, struct lhk_error *err);

/* Run true(1) under each containment; sets D->trials. */
void doctor_try_containments (struct doctor *d);

/* Search PATH for the programs of the plugins, and run each with --version;
 * both set D->programs. */
void doctor_find_programs (struct doctor *d);
void doctor_run_programs (struct doctor *d);

/* Is the version in the text PRINTED ("2.1.400 (Claude Code)") newer than KNOWN
 * ("2.1.329")?  1; 0, also if either has none. */
int doctor_is_newer (const char *printed, const char *known);

/* Is P the program that its plugin starts?  1 or 0.  A plugin may read the lines
 * of others, too, whose versions and command lines it does not know. */
int doctor_is_started (const struct doctor_program *p,
		       const struct doctor_plugin *plugin);

/* The oldest major version of node that P needs; 0: none, or not known. */
unsigned int doctor_needed_node (const struct doctor_program *p);

/* Turn the host's loop until these N runs have ended, or until UNTIL_MS.  A
 * NULL among them was not started. */
void doctor_wait_runs (struct doctor *d, struct lhk_run *const *runs, size_t n,
		       int64_t until_ms);

/* Fill in the options of a run whose stdout goes to ON_STDOUT (may be NULL). */
void doctor_run_opts (struct doctor *d, struct lhk_stream_opts *stream,
		      struct lhk_run_opts *opts, const char *const *argv,
		      void (*on_stdout) (void *user, const char *data,
					 size_t len),
		      void *user);

/* ---- report ---- */

struct doctor_verdict {
	int status; /* DOCTOR_OK, WEAK or BAD */
	size_t n_notes, n_weak, n_bad;
	char text[DOCTOR_TEXT];
};

void doctor_get_verdict (const struct doctor *d, struct doctor_verdict *ret);
/* To stdout.  WIDTH: columns of the terminal; 0: lines are not wrapped. */
void doctor_show_text (const struct doctor *d, size_t width);

/* The word of a status, in reports and in JSON. */
const char *doctor_status_word (int status);

/* The plugin of this name that a run would take, or NULL. */
const struct doctor_plugin *doctor_find_plugin (const struct doctor *d,
						const char *name);

void doctor_write_json (const struct doctor *d, struct outbuf *o);

#endif /* CLI_DOCTOR_DOCTOR_H */
