/* SPDX-License-Identifier: MIT */
/*
 * torture.h - faults and trees, over and over, and what is left each time.
 *
 *	stage.c		a pid namespace, as root or another user, in which an
 *			embedder of some manner plays
 *	watchdog.c	kills a stage that hangs, and shows what it was doing
 *	census.c	what is there, and what has become more
 *	runner.c	runs entries, several at once
 *	records.c	records of some of them
 *	expected.c	what came of one, against what was expected
 *	host.c		hosts with counted memory
 *	faults.c, environment_faults.c, shapes.c, hooks.c
 *			the entries: faults of agents, of starts and of their
 *			surroundings; trees; what they need besides words
 *	serial.c	entries that change the whole process
 *
 * Programs: torture (all entries), deaths (of hosts), load (many at once, and
 * stress), controls (what is left on purpose must be found).  All are short
 * with TORTURE unset and long with TORTURE=long.
 */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <stdatomic.h>
#include <stdint.h>

#include <linehook/run.h>

#include "lib/cgroup.h"
#include "lib/failing.h"
#include "lib/tempdir.h"

/* ---- random numbers ---- */

/* A pseudo-random sequence; SEED in the environment repeats it. */
struct prng {
	uint64_t state;
};

/* The next number, from 0 to BELOW - 1. */
uint32_t prng_below (struct prng *p, uint32_t below);

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
	long cgroups, files; /* below those of the stage */
	long held;	     /* bytes of counted memory */
	long rss_kib;
};

struct stage;
void resources_count (const struct stage *s, struct resources *c);

/* How many resources have grown by more than they may; WHY names them.  WHOLE:
 * also those that are only even over many rounds. */
int resources_grown (const struct resources *before,
		     const struct resources *after, int whole, char *why,
		     size_t size);

/* ---- the stage ---- */

enum {
	MANNER_THIEF = 1 << 0,	/* reaps whatever ends */
	MANNER_IGNORE = 1 << 1, /* ignores SIGCHLD */
	MANNER_CLOSED = 1 << 2, /* blocks all signals, has no 0, 1, 2 */
	MANNER_PESTER = 1 << 3	/* a signal each millisecond, no SA_RESTART */
};

struct setting {
	const char *name;
	uid_t uid; /* if we are root; else ours */
	unsigned int manners;
	int apart; /* of 100 rounds, so many are played here */
};

#define ENTRIES_MAX 192
#define SLOTS 512
#define WHY_MAX 240

struct entry_counts {
	uint32_t runs, wrong;
	char why[WHY_MAX]; /* of the first that was wrong */
};

/* What is under way, for the watchdog; since_ms 0: nothing. */
struct slot {
	_Atomic long long since_ms;
	char what[64];
};

/* What a stage tells the test, in memory that both share. */
struct report {
	uint64_t seed;
	long rounds; /* to run */
	long at_once;
	long argument; /* as the stage's function takes it */
	struct entry_counts counts[ENTRIES_MAX];
	struct slot slots[SLOTS];
	uint64_t runs, wrong, dirty_rounds, rounds_done;
	char dirt[WHY_MAX];    /* of the first dirty round */
	char grown[WHY_MAX];   /* over all */
	char containments[96]; /* that were to be had */
	char trouble[WHY_MAX]; /* why nothing was run */
	struct resources first, warm, last;
	long numbers[16]; /* for the program's own use */
};

struct stage {
	const struct setting *on;
	struct report *report;
	struct prng prng;
	struct failing memory;
	char spool[96];		   /* a directory, of runs alone */
	char files[96];		   /* another, of ours */
	char cgroup[CGROUP_PATH];  /* that we are in, or "" */
	unsigned int containments; /* 1 << LHK_CONTAIN_* */
	int scoped;		   /* agents cannot signal their monitor */
	const char *monitor;
	int with_records;	 /* each third run has a record */
	long n_begun, n_records; /* runs; those with a record */
	struct resources even;	 /* what a round has to end with */
};

typedef void stage_fn (struct stage *s);

/* Play FN in a world of its own; whatever is left there ends with it.  1: it
 * came to its end; 0: report->trouble says why not.  Any slot that is busy for
 * more than LIMIT_MS ends the stage, after a look at all of it. */
int stage_play (const struct setting *on, struct report *report, stage_fn *fn,
		long limit_ms);

/* An empty report, in memory that children share; SEED is set. */
struct report *report_new (void);
void report_free (struct report *r);

/* A host of the stage, with counted memory and the plugins "raw" and "claims".
 * Aborts when there is none. */
struct lhk_host *stage_host (struct stage *s);
const struct lhk_plugin_ref *stage_plugin (struct lhk_host *host,
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
	int code;	   /* ANY; else the exit code that is there */
	int signal;
	int verdict;	/* 0: any */
	uint32_t flags; /* all of them, */
	uint32_t may;	/* and some of these */
	const char *step;
	int error;
	int64_t lines, bytes; /* of stdout; 0: any */
	const char *notice;   /* a part of one; NULL: any */
	uint32_t survivors;
};

struct job;

enum {
	FOR_USER = 1 << 0,   /* not for root */
	FOR_SCOPE = 1 << 1,  /* where the agent is fenced */
	FOR_CGROUP = 1 << 2, /* needs stage.cgroup */
	FOR_LONG = 1 << 4,
	NO_PIDNS = 1 << 5,  /* there process 1 is out of reach */
	OWN_STDIN = 1 << 6, /* the setup hook chooses it */
	CLAIMS = 1 << 7,    /* with the plugin that hears claims */
	SPOOLED = 1 << 8,   /* stdout is a file */
	FOR_ROOT = 1 << 9,
	FOR_SPACES = 1 << 10 /* the agent may make namespaces */
};

struct entry {
	const char *id, *what;
	const char *words[36]; /* of the agent */
	unsigned int is;
	int ups; /* relatives that say "up" when they are there */
	uint32_t total, idle, grace, drain, linger; /* ms; 0: as usual */
	void (*setup) (struct job *j);
	void (*on_turn) (struct job *j); /* after each turn of the loop */
	struct expected expected;
	/* Run it with nothing else beside it: 1, or 0 with WHY. */
	int (*serial) (struct stage *s, char *why);
	const char *elsewhere; /* below tests/, and what for */
};

extern const struct entry faults[], environment_faults[], shapes[];

/* All entries in one list; their number. */
int entries_all (const struct entry **ret);
int entry_fits (const struct entry *e, const struct stage *s);

#define JOB_WORDS_MAX 320

struct job {
	const struct entry *entry;
	int index; /* among all entries */
	int slot;
	struct stage *stage;
	struct lhk_host *host;
	struct lhk_run *run;
	struct lhk_run_opts opts;
	struct lhk_stream_opts stream;
	struct expected expected;
	const char *argv[JOB_WORDS_MAX];
	int n_argv;
	char word[16]; /* that is made up */
	char path[128];
	char store[128];
	void *bytes; /* of input, or NULL */
	int hold;    /* our end of its stdin, or -1 */
	int ups;     /* lines "up" */
	int turned;
	uint64_t hash, n_out;	/* of stdout */
	uint64_t expected_hash; /* 0: any */
	char notices[512];
	int n_final, after_final;
};

/* Run all entries that fit, each once, in random order; if HOST is NULL, on a
 * host that is freed after the round. */
void runner_round (struct stage *s, struct lhk_host *host);

/* Run once, with a file, so that HOST has opened all descriptors that it keeps. */
void runner_warm_up (struct stage *s, struct lhk_host *host);

/* Run E in CONTAIN to its end.  1: its outcome is as expected. */
int runner_one (struct stage *s, const struct entry *e, int contain, char *why);

/* Give every third job of a stage with records a store. */
void records_choose_store (struct job *j);

/* Check that all records are listed as ended.  1, or 0 with WHY. */
int records_check (struct stage *s, char *why);

/* Find by trying which containments this machine has. */
void runner_find_containments (struct stage *s);

int expected_check (const struct job *j, char *why);

/* FNV-1a, going on from HASH; begin with 0. */
uint64_t hash_more (uint64_t hash, const void *data, size_t len);

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

/* The files that starts need. */
void make_files (struct stage *s, struct tempdir *p);

/* ---- serial entries ---- */

int serial_few_processes (struct stage *s, char *why);
int serial_clock_jumps (struct stage *s, char *why);
int serial_frozen (struct stage *s, char *why);

#endif /* TESTS_TORTURE_H */
