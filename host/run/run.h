/* SPDX-License-Identifier: MIT */
/*
 * run.h - struct lhk_run and its parts; private to run/.
 *
 *	run.c		the state machine, as a table
 *	run_opts.c	what was asked for, looked at
 *	run_start.c	from options to a run: all or nothing
 *	run_bytes.c	the plugin of a run that nothing is parsed of
 *	run_child.c	the child's descriptors, the helper
 *	run_feed.c	bytes of both outputs; limits
 *	run_clock.c	the clocks, causes and cancelling
 *	run_monitor.c	what the helper says, and if it says nothing
 *	run_hunt.c	without a helper: the tree is looked for in /proc
 *	run_keep.c	its record
 *	run_end.c	the outcome, the final result, giving back
 *	run_api.c	the other public functions
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdatomic.h>

#include "common/ulid.h"
#include "run/host.h"
#include "record/writer.h"
#include "io/file_follow.h"
#include "io/loop.h"
#include "io/pipe.h"
#include "io/head_tail.h"
#include "io/event_queue.h"
#include "process/monitor_client.h"
#include "process/orphans.h"

#define RUN_MAGIC 0x52756e21u
#define RUN_TMP_DIR "/tmp"

/* From START to STARTED: time for a slow disk, not for a helper that hangs. */
#define RUN_START_MS 30000

/* From SIGKILL to giving up; the helper itself tries PROTO_KILL_MS. */
#define RUN_KILL_MS (PROTO_KILL_MS + 500)

/* For the helper to end after its last word. */
#define RUN_REAP_MS 1000

/* The agent has gone and the helper does not say so: so many looks at it, so
 * far apart, before it is held to be lost.  Looks, so that a freeze of this
 * process and the helper alike costs one of them. */
#define RUN_MONITOR_HUNG_MS 250
#define RUN_MONITOR_HUNG_STOPPED 4 /* one that somebody has stopped */
#define RUN_MONITOR_HUNG_LOOKS 40  /* any other */

/* Looking for what a lost helper left: in all, and between two passes. */
#define RUN_SCAN_MS 3000
#define RUN_SCAN_PAUSE_MS 10

/* The variable by which a run's processes can be known. */
#define RUN_MARK "LINEHOOK_TREE"
#define RUN_MARK_SIZE (sizeof RUN_MARK + ULID_SIZE)

enum run_state {
	RUN_STARTING, /* the helper was told to begin */
	RUN_RUNNING,
	RUN_ENDING, /* asked to end; the grace runs */
	RUN_KILLING,
	RUN_LEAVING,	/* asked to, the agent has gone; others may */
	RUN_DRAINING,	/* the agent has gone; its outputs are open */
	RUN_SETTLING,	/* its tree has gone too; likewise */
	RUN_SWEEPING,	/* what it left behind is killed */
	RUN_SCANNING,	/* without the helper; see run_hunt.c */
	RUN_COLLECTING, /* nobody is left: last bytes, helper's end */
	RUN_DONE
};

enum run_event {
	RUN_EV_STARTED,
	RUN_EV_FAILED, /* the agent could not be started */
	RUN_EV_EXITED,
	RUN_EV_EMPTY,	     /* the tree: empty, or survivors are named */
	RUN_EV_LOST,	     /* the helper has gone without that word */
	RUN_EV_MONITOR_HUNG, /* the helper is there and says nothing */
	RUN_EV_STOP,	     /* a cause was latched */
	RUN_EV_KILL,	     /* and there is no patience */
	RUN_EV_INPUT_END,    /* nobody writes to the outputs any more */
	RUN_EV_LATE	     /* the clock of this state */
};

struct lhk_run {
	uint32_t magic;
	enum run_state state;
	struct lhk_host *host;
	struct loop *loop;
	struct lhk_run *next;	     /* of the host */
	int free_pending;	     /* freed inside a turn */
	_Atomic unsigned int cancel; /* see run_clock.c */
	unsigned int cancel_applied; /* what of it was dealt with */

	/* What was asked for; pointers only where said. */
	struct lhk_run_opts opts;
	lhk_event_fn *on_event; /* or NULL: pulled */
	void (*on_raw) (void *user, const char *data, size_t len);
	void *user;

	/* The child's side. */
	struct monitor_client helper;
	struct loop_source control; /* its records */
	struct loop_source ended;   /* its pidfd */
	int monitor_gone;	    /* ended and reaped */
	int begun;		    /* it was told to: there may be an agent */
	int tree_gone_reported;	    /* EMPTY, SURVIVORS_LEFT, or a hunt's end */
	int agent_fd;		    /* pidfd of the agent, or -1 */
	pid_t agent;		    /* 0: not started; -1: number not known */
	int exited;		    /* EXITED came */
	struct loop_source agent_ended;
	struct timer deaf; /* that, and no EXITED */
	int looks;	   /* at the helper since */
	int contain;	   /* CONTAIN_* in use; 0: not known */
	int scoped;
	char detail[PROTO_DETAIL_SIZE]; /* see proto.h */
	char cgroup[PROTO_DETAIL_SIZE]; /* of the run, or "" */
	int input_fd;	     /* its stdin, of input.len bytes, or -1 */
	uint64_t cpu_limit;  /* seconds; UINT64_MAX: none was set */
	uint64_t file_limit; /* bytes; likewise */

	/* When the helper is lost. */
	char mark[RUN_MARK_SIZE]; /* in the agent's environment */
	struct orphans orphans;
	int64_t watched_ms; /* agent_ended tells of what comes after */
	int64_t boot_ms;    /* from CLOCK_MONOTONIC to CLOCK_BOOTTIME */
	int end_seen;	    /* of the agent, in some way */
	const char *fault;  /* of the helper: a verb */
	int64_t scan_until_ms;
	int scan_quiet; /* passes that found nobody, in a row */
	int scan_errno; /* /proc cannot be searched */

	/* Its outputs. */
	struct pipe_reader out, err;
	struct file_follower spool;
	struct head_tail kept; /* of stderr */
	int err_lost;	       /* it could not be read to its end */
	uint64_t outbuf_bytes; /* of stdout, given to the stream */
	struct lhk_stream *stream;
	struct event_queue queue;   /* with on_event NULL */
	unsigned int json_flags;    /* of its lines */
	uint64_t given_seq;	    /* of the line last given out */
	struct lhk_meta final_meta; /* of the final result; seq 0: none yet */

	/* Its record. */
	struct record_writer keep;
	struct inotify_watch cancel_file_watch; /* in its directory: `cancel' */
	struct timer look;	   /* for one, where nothing can be watched */
	int record_error_reported; /* that it ended early */

	/* Clocks. */
	int64_t started_ms;
	int64_t output_ms; /* last byte on either output */
	int64_t active_ms; /* that, or what else counts for the idle clock */
	int stall_told;
	uint32_t claimed_turn; /* that the linger clock runs for; 0: none */
	struct timer total, idle, linger;
	int paused;
	int64_t paused_ms;  /* since when */
	int64_t left_ms[3]; /* of total, idle, linger; -1: does not run */
	struct timer phase; /* of the state */
	int recv_errors;    /* that the helper was late, once */

	/* What came of it. */
	int cause;	/* LHK_END_* that we ended it for; 0: none */
	int stop_signo; /* for the polite step */
	struct lhk_outcome outcome;
	int32_t survivors[PROTO_SURVIVORS_MAX];
	const struct lhk_result *result; /* NULL: it goes on */
	struct lhk_result fallback;	 /* if the stream has none */
};

/* LHK_OK, LHK_EINVAL, LHK_EFORKED. */
int run_check (const struct lhk_run *run);

/* ---- run.c ---- */

void run_advance (struct lhk_run *run, enum run_event event);

/* Something that a state waits for may have come. */
void run_check_state (struct lhk_run *run);

/* ---- run_opts.c ---- */

int run_copy_opts (const struct lhk_run_opts *opts, struct lhk_run_opts *ret,
		   struct lhk_error *err);
int run_copy_stream_opts (const struct lhk_run_opts *opts,
			  struct lhk_stream_opts *ret, struct lhk_error *err);

/* ---- run_feed.c ---- */

extern const struct reader_callbacks run_intake_out, run_intake_err;

/* Are the outputs at their end, as far as it can be known? */
int run_inputs_ended (const struct lhk_run *run);

/* Read what is there, then close. */
void run_collect (struct lhk_run *run);

/* ---- run_clock.c ---- */

void run_start_clocks (struct lhk_run *run);
void run_stop_clocks (struct lhk_run *run);

/* Stop the agent and its clocks; let both go on. */
void run_pause (struct lhk_run *run);
void run_resume (struct lhk_run *run);

/* Bytes came from either output; from stdout. */
void run_note_activity (struct lhk_run *run);
void run_note_claim (struct lhk_run *run);

/* Latch a cause, if none is latched, and end the run for it. */
void run_stop (struct lhk_run *run, int end_reason, int signo);

/* Ask for the end: any thread, and signal handlers. */
void run_request_cancel (struct lhk_run *run, int signo);
void run_apply_cancel (struct lhk_run *run);

/* ---- run_monitor.c ---- */

/* Put its descriptors into the loop.  0, or -1 with errno. */
int run_watch_monitor (struct lhk_run *run);

/* All records that are there. */
void run_read_monitor (struct lhk_run *run);

/* The agent's end was seen, or can wait no longer to be. */
void run_note_end (struct lhk_run *run);

/* Kill the tree without more events; then wait for its end and the helper's,
 * no longer than RUN_KILL_MS, RUN_REAP_MS and, without a word from the helper,
 * RUN_SCAN_MS. */
void run_kill_begin (struct lhk_run *run);
void run_kill_end (struct lhk_run *run);

/* An event to the consumer of the run. */
void run_emit (struct lhk_run *run, const struct lhk_meta *meta,
	       const struct lhk_event *event);

/* ---- run_keep.c ---- */

/* Begin the record, if one is asked for, of a run that started at UNIX_MS. */
int run_record_begin (struct lhk_run *run, const struct lhk_run_opts *opts,
		      const struct lhk_plugin *plugin,
		      const struct lhk_stream_opts *stream, const char *id,
		      int64_t unix_ms, struct lhk_error *err);

/* Hear those who want it to end. */
void run_record_listen (struct lhk_run *run);

/* After what was read: let others see it; say, once, that keeping failed. */
void run_record_flush (struct lhk_run *run);

/* Before the final event is passed on: it and the result are written; what
 * fails then has its notice, and its flag in the result, before it.  META is
 * that of the event, and moves on behind the notice. */
void run_record_last (struct lhk_run *run, struct lhk_meta *meta);

void run_record_end (struct lhk_run *run);

/* Without a result, if there was no end. */
void run_record_drop (struct lhk_run *run, int forked);

/* ---- run_hunt.c ---- */

/* The helper is lost: kill what can be found, then RUN_EV_EMPTY. */
void orphan_scan_start (struct lhk_run *run);
void orphan_scan_step (struct lhk_run *run);

/* The same at once, in this call, and no events. */
void orphan_scan_run_blocking (struct lhk_run *run);

/* ---- run_end.c ---- */

void run_finish (struct lhk_run *run);

/* A sentence of ours among the events. */
void run_notice (struct lhk_run *run, int level, const char *code,
		 const char *fmt, ...) LHK_PRINTF (4, 5);

/* Give back everything; a run that goes on is killed. */
void run_destroy (struct lhk_run *run);

#endif /* RUN_RUN_H */
