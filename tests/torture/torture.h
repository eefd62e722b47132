/* SPDX-License-Identifier: MIT */
/*
 * torture.h - run faulty agents and odd process trees over and over, and look
 * for leaks after each round.
 *
 * An entry is an agent with its expected outcome, or a fault of the
 * environment.
 * A job is one run of an entry.  A sandbox is a pid namespace, of root or of
 * another user, with an embedder that treats signals and children in its own
 * way; the runner runs all entries in it, several at once, and resources are
 * counted after each round.  A watchdog outside kills a sandbox that hangs.
 *
 * The programs are short with TORTURE unset, long with TORTURE=long.
 */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <stdatomic.h>
#include <stdint.h>

#include <linehook/run.h>

#include "lib/cgroup.h"
#include "lib/failing.h"
#include "lib/prng.h"
#include "lib/tempdir.h"

/* ---- parameters ---- */

/* The environment's NAME as a number; else LESS, or MORE in the long form. */
long torture_number (const char *name, long less, long more);
int torture_is_long (void);
uint64_t torture_seed (void);

/* By how much limits of time grow: sanitizers make everything slower. */
int torture_slowness (void);

/* ---- resources ---- */

/* Counts; -1: not known. */
struct resources {
	long fds, threads, children, zombies;
	long others;	     /* other processes of the namespace */
	long cgroups, files; /* below those of the sandbox */
	long held;	     /* bytes of counted memory */
	long rss_kib;
};

struct sandbox;
void resources_count (const struct sandbox *s, struct resources *c);

/* How many resources have grown by more than they may; WHY names them.  WHOLE:
 * also those that are only even over many rounds. */
int resources_grown (const struct resources *before,
		     const struct resources *after, int whole, char *why,
		     size_t size);

/* ---- the sandbox ---- */

enum {
	EMBEDDER_REAPS_ALL = 1 << 0,	   /* waits for any child */
	EMBEDDER_IGNORES_SIGCHLD = 1 << 1, /* as its name says */
	EMBEDDER_BLOCKS_SIGNALS = 1 << 2,  /* and has closed 0, 1, 2 */
	EMBEDDER_IS_INTERRUPTED = 1 << 3   /* each ms, without SA_RESTART */
};

struct sandbox_config {
	const char *name;
	uid_t uid; /* if we are root; else our own */
	unsigned int embedder;
	int percent; /* of the rounds */
};

#define ENTRIES_MAX 192
#define SLOTS 512
#define WHY_MAX 240

struct entry_counts {
	uint32_t runs, wrong;
	char why[WHY_MAX]; /* of the first that was wrong */
};

/* A job that is running, for the watchdog; since_ms 0: none. */
struct slot {
	_Atomic long long since_ms;
	char what[64];
};

/* What a sandbox tells the test, in memory that both share. */
struct report {
	uint64_t seed;
	long rounds; /* to run */
	long at_once;
	long argument; /* of the function in the sandbox */
	struct entry_counts counts[ENTRIES_MAX];
	struct slot slots[SLOTS];
	uint64_t runs, wrong, dirty_rounds, rounds_done;
	char dirt[WHY_MAX];    /* of the first dirty round */
	char grown[WHY_MAX];   /* over all */
	char containments[96]; /* that this machine has */
	char trouble[WHY_MAX]; /* why nothing was run */
	struct resources first, warm, last;
	long numbers[16]; /* for the program's own use */
};

struct sandbox {
	const struct sandbox_config *config;
	struct report *report;
	struct prng prng;
	struct failing memory;
	char spool[96];		   /* directory for files of runs */
	char files[96];		   /* directory for files of the test */
	char cgroup[CGROUP_PATH];  /* that the sandbox is in, or "" */
	unsigned int containments; /* 1 << LHK_CONTAIN_* */
	int scoped;		   /* agents cannot signal their monitor */
	const char *monitor;
	int with_records;	 /* each third run has a record */
	long n_begun, n_records; /* runs; those with a record */
	struct resources even;	 /* what a round has to end with */
};

typedef void sandbox_fn (struct sandbox *s);

/* Call FN in a sandbox; every process that is left there dies with it.  1: FN
 * returned; 0: report->trouble says why not.  If a slot is busy for more than
 * LIMIT_MS, the processes of the sandbox are printed and killed. */
int sandbox_run (const struct sandbox_config *config, struct report *report,
		 sandbox_fn *fn, long limit_ms);

/* An empty report, in memory that children share; SEED is set. */
struct report *report_new (void);
void report_free (struct report *r);

/* Make a host with counted memory and the plugins "raw" and "claims".  Exits on
 * failure. */
struct lhk_host *sandbox_host (struct sandbox *s);
const struct lhk_plugin_ref *sandbox_plugin (struct lhk_host *host,
					     const char *name);

/* Tell the watchdog what begins, and that it has ended. */
void slot_begin (struct report *r, int slot, const char *what);
void slot_end (struct report *r, int slot);

/* Print to stderr what /proc knows of PID and of its descendants. */
void watchdog_dump (int pid, const char *why);

/* Wait for PID.  Returns its wait status; -1: it was killed since a slot was
 * busy for more than LIMIT_MS. */
int watchdog_wait (int pid, struct report *r, long limit_ms);

/* ---- entries ---- */

#define ANY (-1)

struct expected {
	int end_reason;	   /* LHK_END_*; 0: exited or signaled */
	int or_end_reason; /* or this one */
	int code;	   /* exit code; ANY: whatever, or none */
	int signal;
	int verdict;	/* 0: any */
	uint32_t flags; /* that must be set */
	uint32_t may;	/* that may be set, too */
	const char *step;
	int error;
	int64_t lines, bytes; /* of stdout; 0: any */
	const char *notice;   /* a part of one; NULL: any */
	uint32_t survivors;
};

struct job;

enum {
	FOR_USER = 1 << 0,   /* needs a user who is not root */
	FOR_SCOPE = 1 << 1,  /* needs a monitor that the agent cannot signal */
	FOR_CGROUP = 1 << 2, /* needs sandbox.cgroup */
	FOR_LONG = 1 << 4,
	NO_PIDNS =
		1
		<< 5, /* in a pid namespace the agent cannot see its monitor */
	OWN_STDIN = 1 << 6, /* the setup hook chooses it */
	CLAIMS = 1 << 7,    /* uses the plugin that understands claims */
	SPOOLED = 1 << 8,   /* stdout is a file */
	FOR_ROOT = 1 << 9,
	FOR_NAMESPACES = 1 << 10 /* the agent may make namespaces */
};

struct entry {
	const char *id, *what;
	const char *words[36]; /* of the agent */
	unsigned int flags;
	int ups; /* how many processes print "up" when they have started */
	uint32_t total, idle, grace, drain, linger; /* ms; 0: the default */
	void (*setup) (struct job *j);
	void (*on_turn) (struct job *j); /* after each turn of the loop */
	struct expected expected;
	/* Run it with nothing else beside it: 1, or 0 with WHY. */
	int (*serial) (struct sandbox *s, char *why);
	const char *elsewhere; /* the test below tests/ that has it, and how */
};

extern const struct entry faults[], environment_faults[], shapes[];

/* Store all entries in *RET.  Returns their number. */
int entries_all (const struct entry **ret);
/* 1: the sandbox has what the entry needs. */
int entry_fits (const struct entry *e, const struct sandbox *s);

#define JOB_WORDS_MAX 320

struct job {
	const struct entry *entry;
	int index; /* among all entries */
	int slot;
	struct sandbox *sandbox;
	struct lhk_host *host;
	struct lhk_run *run;
	struct lhk_run_opts opts;
	struct lhk_stream_opts stream;
	struct expected expected;
	const char *argv[JOB_WORDS_MAX];
	int n_argv;
	char word[16]; /* an argument made by the setup hook */
	char path[128];
	char store[128];
	void *bytes;		/* of input, or NULL */
	int hold;		/* our end of its stdin, or -1 */
	int ups;		/* lines "up" */
	int acted;		/* the turn hook has */
	uint64_t hash, n_out;	/* of stdout */
	uint64_t expected_hash; /* 0: any */
	char notices[512];
	int n_final, after_final;
};

/* Run all entries that fit, each once, in random order; if HOST is NULL, on a
 * host that is freed after the round. */
void runner_round (struct sandbox *s, struct lhk_host *host);

/* Run once, with a file, so that HOST has opened all descriptors that it
 * keeps. */
void runner_warm_up (struct sandbox *s, struct lhk_host *host);

/* Run E in CONTAIN to its end.  1: its outcome is as expected. */
int runner_one (struct sandbox *s, const struct entry *e, int contain,
		char *why);

/* Give every third job of a sandbox with records a store. */
void records_choose_store (struct job *j);

/* Check that all records are listed as ended.  1, or 0 with WHY. */
int records_check (struct sandbox *s, char *why);

/* Find by trying which containments this machine has. */
void runner_find_containments (struct sandbox *s);

/* Compare the outcome of a job with the expected one.  1, or 0 with WHY. */
int expected_check (const struct job *j, char *why);

/* ---- hooks of entries ---- */

void setup_exit_code (struct job *j);
void setup_signal (struct job *j);
void setup_input_1m (struct job *j);
void setup_input_echo (struct job *j);
void setup_input_large (struct job *j);
void setup_limit_output (struct job *j);
void setup_line_max (struct job *j);
void setup_unscoped (struct job *j);
void setup_shell (struct job *j);
void setup_slow (struct job *j);
void setup_pulled (struct job *j);
void setup_path (struct job *j);
void setup_cwd (struct job *j);
void setup_long_words (struct job *j);
void setup_file_limit (struct job *j);
void setup_memory_limit (struct job *j);
void setup_cpu_limit (struct job *j);
void setup_chain (struct job *j);
void setup_hydras (struct job *j);
void turn_pull (struct job *j);
void turn_cancel (struct job *j);
void turn_cancel_twice (struct job *j);
void turn_cancel_late (struct job *j);
void turn_cancel_at_up (struct job *j);
void turn_go_at_up (struct job *j);

/* Make the files that environment faults need. */
void make_files (struct sandbox *s, struct tempdir *p);

/* ---- serial entries ---- */

int serial_few_processes (struct sandbox *s, char *why);
int serial_clock_jumps (struct sandbox *s, char *why);
int serial_frozen (struct sandbox *s, char *why);

#endif /* TESTS_TORTURE_H */
