/* SPDX-License-Identifier: MIT */
/*
 * run.h - one agent under supervision, from its start to its result.
 *
 * The library starts one process, the monitor (linehook-exec).  The monitor
 * starts the agent, and it alone signals and reaps the agent's process tree.
 * See linehook-exec(8).
 */
#ifndef LHK_RUN_H
#define LHK_RUN_H

#include <linehook/stream.h>

LHK_BEGIN_DECLS

struct lhk_run; /* opaque */

/* Why a run ended.  The first cause counts. */
enum {
	LHK_END_EXITED = 1,
	LHK_END_SIGNALED = 2,
	LHK_END_TIMEOUT = 3,
	LHK_END_IDLE = 4,
	LHK_END_CANCELED = 5,
	LHK_END_LINGER = 6,
	LHK_END_OUTPUT_LIMIT = 7,
	LHK_END_BUDGET = 8,
	LHK_END_SPAWN_FAILED = 9,
	LHK_END_HOST_ERROR = 10
};

enum {
	/* stdin_fd could not be read to its end (LHK_STDIN_COPY).  It is no
	 * failure if the agent does not read its input. */
	LHK_FLAG_STDIN_FAILED = 1 << 0,
	/* The agent ended by itself, and drain_ms later other processes still
	 * held an output open: what they wrote later was dropped.  When stdout
	 * is a file, the flag is set only where the kernel can tell (leases).
	 */
	LHK_FLAG_DRAIN_CUT = 1 << 1,
	/* Processes that outlived the agent died of the SIGTERM that they got,
	 * or of SIGKILL later; not those that ended themselves upon it. */
	LHK_FLAG_LEFTOVER_KILLED = 1 << 2,
	/* The agent claimed to be done, did not exit within linger_ms, and was
	 * ended. */
	LHK_FLAG_HUNG_AFTER_RESULT = 1 << 3,
	/* The monitor was killed, or did not answer and was killed by us; the
	 * verdict is HOST_ERROR.  The agent's processes were searched for in
	 * /proc and killed.  Those that left the agent's session and changed
	 * their environment cannot be found that way. */
	LHK_FLAG_MONITOR_LOST = 1 << 4,
	/* Lines or events were lost, a disk was full, stdout is a pipe for want
	 * of a file, or the record of the run ended early. */
	LHK_FLAG_DEGRADED = 1 << 5
};

/* What is known of the agent's process.  A member that is 0 or NULL is not
 * known. */
struct lhk_outcome {
	uint32_t size;
	int32_t end_reason; /* LHK_END_*, or 0: no process involved */
	int32_t has_exit;   /* 1: exit_code is the child's own */
	int32_t exit_code;
	int32_t signal;	       /* that ended the agent; 0: none */
	int32_t cancel_signal; /* that lhk_run_cancel was called with; 0: SIGTERM */
	int32_t oom;	       /* 1: out of memory, by evidence: a cgroup or
				  the machine counted a kill */
	int32_t sys_errno;     /* of a failed start */
	const char *step; /* of a failed start: "exec", "chdir".. or NULL */
	uint32_t flags;	  /* LHK_FLAG_* */
	uint32_t n_survivors;
	const int32_t *survivors; /* pids that could not be killed */
	/* What held the tree together: "cgroup", "pidns" or "subreaper", with
	 * "+scope" after it if the agent could not signal its monitor; "scan"
	 * if the monitor was lost; NULL: nothing was started. */
	const char *contain;
	uint64_t wall_ms, user_ms, sys_ms;
	uint64_t max_rss_kib;
	struct lhk_str stderr_head, stderr_tail;
	uint64_t stderr_bytes;
	/* Of a failed start, or of a limit that ended the agent or may have
	 * done so: a sentence, or NULL. */
	const char *detail;
};

/* What the run used of one model. */
struct lhk_usage_total {
	struct lhk_text model; /* absent: not known */
	uint32_t has;	       /* LHK_USAGE_* */
	uint32_t estimated;    /* 1: some of the cost is an estimate */
	int64_t input, output, cache_read, cache_write, reasoning;
	int64_t cost_nano_usd;
};

/* The result of a run.  It is owned by its run or stream. */
struct lhk_result {
	uint32_t size;
	int32_t verdict; /* LHK_VERDICT_* */
	struct lhk_outcome outcome;
	struct lhk_text session_id;
	struct lhk_text model;
	struct lhk_text text; /* final answer */
	struct lhk_text stop_reason;
	struct lhk_text error;
	const struct lhk_usage_total *usage;
	size_t n_usage;
	int32_t usage_scope;	/* LHK_SCOPE_RUN or LHK_SCOPE_SESSION */
	int32_t complete_usage; /* 1 or 0 */
	int32_t has_cost;
	int32_t reserved;
	int64_t cost_nano_usd;
	uint64_t tools_started, tools_completed, tools_failed, tools_denied;
	struct lhk_stream_stats stats;
	uint64_t tools_canceled;
	uint64_t tools_open; /* begun, but their end was never reported */
	/* What the header of the stream says, with the plugin that read it in
	 * the end; NULL: not known. */
	const struct lhk_ev_run *header;
	int64_t ended_ms;   /* since 1970; 0: no process, or not known */
	int32_t has_status; /* 1: exit_status is given, as in every final one */
	int32_t exit_status; /* that the program has for it */
};

/* The exit status that the program has for this result: see linehook(1).
 * CHILD 1: the status of the agent itself (128 + signal), if it has one. */
LHK_EXPORT int lhk_result_status (const struct lhk_result *result, int child);

enum {
	LHK_STDIN_NULL = 0,  /* the null device */
	LHK_STDIN_BYTES = 1, /* INPUT, then end of file */
	LHK_STDIN_FD = 2,    /* stdin_fd, inherited */
	/* What stdin_fd has, through a pipe and as it comes, then end of file.
	 * It is read while the agent runs, and no further than the pipe has
	 * room.  A file, which never has to be waited for, is inherited. */
	LHK_STDIN_COPY = 3
};

enum {
	LHK_STDOUT_AUTO = 0, /* as the plugin prefers */
	LHK_STDOUT_PIPE = 1,
	LHK_STDOUT_FILE = 2
};

/* What holds the agent's process tree together.  If this machine does not offer
 * the requested containment, the result is SPAWN_FAILED with step "contain" and
 * the reason in `detail'. */
enum {
	LHK_CONTAIN_AUTO = 0, /* cgroup where one is writable, else subreaper */
	LHK_CONTAIN_CGROUP = 1,
	LHK_CONTAIN_PIDNS = 2, /* a pid namespace: the agent sees its own tree
				  alone, and setuid programs do not work */
	LHK_CONTAIN_SUBREAPER = 3
};

enum {
	/* If the kernel can do so, it lets an agent signal only its own tree, so
	 * that the agent cannot kill its monitor.  For an ordinary user, setuid
	 * programs (sudo) then give no privileges.  This flag allows both. */
	LHK_RUN_UNSCOPED = 1 << 0,
	/* stdout is not parsed: on_stdout gets its bytes, and the plugin is
	 * raw. */
	LHK_RUN_BYTES = 1 << 1,
	/* Which exit status the record tells, and lhk_store_status from it:
	 * that of the agent itself, if it has one, or 0; else that of the
	 * verdict. */
	LHK_RUN_STATUS_CHILD = 1 << 2,
	LHK_RUN_STATUS_ZERO = 1 << 3,
	/* The caller has no terminal and no reader any more: the run is reached
	 * by its record alone, which says so.  A record that cannot be made,
	 * also for want of a disk, fails the start.  Needs record_dir.  The
	 * library detaches nothing. */
	LHK_RUN_DETACHED = 1 << 4
};

/* A resource limit of the agent, soft and hard; see setrlimit(2). */
struct lhk_rlimit {
	int32_t resource;
	int32_t reserved;
	uint64_t value; /* UINT64_MAX: no limit */
};

/*
 * All times in milliseconds.  0 means "no such limit" for total, idle and
 * linger, and "at once" for grace (no polite signal) and drain.
 */
struct lhk_run_opts {
	uint32_t size;	    /* set by LHK_RUN_OPTS_INIT */
	int32_t stdin_mode; /* LHK_STDIN_* */
	/* NULL: by argv; if no plugin serves it, raw until the output tells
	 * which one reads it (LHK_STREAM_DETECT): the header is held back for
	 * a second at most, lines for half of that. */
	const struct lhk_plugin_ref *plugin;
	/* NULL-terminated.  argv[0] without a slash is searched in the PATH of
	 * the child's environment, from the child's directory; no shell. */
	const char *const *argv;
	/* NULL: the caller's environment, without the variables by which an
	 * agent knows that it runs inside another (CLAUDECODE and the like).
	 * To both is added
	 * LINEHOOK_TREE, 26 characters that are made for this run: by them its
	 * processes are recognized if the monitor is lost. */
	const char *const *envp;
	const char *cwd;      /* NULL: the caller's, at start */
	struct lhk_str input; /* for LHK_STDIN_BYTES; copied by start */
	int32_t stdin_fd;     /* for LHK_STDIN_FD, _COPY; duplicated by start */
	int32_t stdout_mode;  /* LHK_STDOUT_* */
	uint32_t total_ms;    /* limit of the whole run */
	/* Limit of the time without progress, while no tool call is in progress and
	 * no background task is open.  Every line is progress, except those for
	 * which the plugin returns LHK_HEARTBEAT, and so is stderr.  After half
	 * of the time there is a notice with code "stall". */
	uint32_t idle_ms;
	uint32_t linger_ms; /* time to exit after the last claim */
	uint32_t grace_ms;  /* between SIGTERM and SIGKILL */
	/* After the agent's exit: how long outputs are read that others hold
	 * open, and then how long those others may take to end after SIGTERM.
	 * After a cancel or a limit: how long others may take to end,
	 * within the grace. */
	uint32_t drain_ms;
	uint32_t stderr_keep;  /* bytes kept of stderr: half head, half tail */
	uint64_t max_output;   /* bytes of stdout; 0: no limit; and see
				  lhk_run_next_json */
	uint64_t max_tokens;   /* input + output; 0: no limit */
	int64_t max_cost_nano; /* 10^-9 USD; 0: no limit */
	const struct lhk_rlimit *limits;
	size_t n_limits;
	const char *run_id;  /* NULL: a new one is made */
	const char *tmp_dir; /* of the spool file; NULL: /tmp */
	/* Gets each piece of stderr as it comes; or NULL.  USER is that of
	 * STREAM, also for on_stdout. */
	void (*on_stderr) (void *user, const char *data, size_t len);
	/* on_event, on_raw, on_plugin, user, line_max, oversize, flags are
	 * taken from here; NULL: events by lhk_run_next_json.  Copied by start. */
	const struct lhk_stream_opts *stream;
	/* Each piece of stdout as it was read, before it is parsed; or NULL. */
	void (*on_stdout) (void *user, const char *data, size_t len);
	int32_t contain; /* LHK_CONTAIN_* */
	uint32_t flags;	 /* LHK_RUN_* */
	/* Absolute path of the store (record.h) in which a record of the run is
	 * kept; NULL: none.  A full disk ends the record, not the run. */
	const char *record_dir;
	/* How long after its begin a tool call or a background task may hold
	 * back idle and linger; 0: without limit. */
	uint32_t tool_ms;
	uint32_t reserved; /* 0 */
	/* Bytes of stderr in the record; 0: LHK_STDERR_MAX_DEFAULT, or
	 * max_output if that is less; UINT64_MAX: no limit. */
	uint64_t stderr_max;
	/* Labels of the record, "KEY=VALUE" each, up to a NULL; or NULL.  A key
	 * has at most 64 of the characters a-z 0-9 . _ -, a letter or digit
	 * first, a value at most 256 bytes, and of a key that is given twice the
	 * last value counts. */
	const char *const *labels;
	/* What the agent is asked, where ARGV was built from it: for lists of
	 * runs.  The record has its first LHK_PROMPT_KEPT bytes.  Or NULL. */
	const char *prompt;
	/* Limits of the agent and everything that it starts, taken together; 0:
	 * no limit.  They need a cgroup of version 2 for the run.  If the run
	 * cannot have one with these controllers, the start fails (step
	 * "limit").  If only the host and its children are in the host's cgroup,
	 * and it does not give the controllers to the cgroups below it yet, they
	 * are moved to a cgroup "linehook-host" below it. */
	uint64_t memory_max; /* bytes; beyond it the tree is killed: oom */
	uint32_t pids_max;   /* processes and threads; beyond it forks fail */
	uint32_t cpus_milli; /* CPUs, in thousandths: 1500 is one and a half;
				at least LHK_CPUS_MILLI_MIN */
};

#define LHK_LABELS_MAX 32u
#define LHK_PROMPT_KEPT 4096u
#define LHK_CPUS_MILLI_MIN 10u
#define LHK_STDERR_MAX_DEFAULT (64u << 20)

/* clang-format off */
#define LHK_RUN_OPTS_INIT						\
	{ (uint32_t) sizeof (struct lhk_run_opts), LHK_STDIN_NULL, NULL,	\
	  NULL, NULL, NULL, { NULL, 0 }, -1, LHK_STDOUT_AUTO, 0, 0, 30000,	\
	  5000, 2000, 65536, 0, 0, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, \
	  LHK_CONTAIN_AUTO, 0, NULL, 1800000, 0, 0, NULL, NULL, 0, 0, 0 }
/* clang-format on */

/*
 * Start a run.  Returns as soon as the monitor is started: a program that
 * cannot be executed is a result (SPAWN_FAILED with step and errno), not an
 * error of this call.  OPTS is borrowed for the call.  *RET is to be freed with
 * lhk_run_free.  Errors are LHK_EINVAL, LHK_ENOMEM, LHK_ENOTFOUND (no monitor),
 * LHK_ESYS (no descriptors, no file for stdout, a monitor that cannot be
 * executed), and those of lhk_stream_new; nothing is left of the run then, and
 * *RET is NULL.  While the plugin opens, *RET has the run already, for
 * lhk_run_abandon alone.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_run_start (struct lhk_host *host,
					     const struct lhk_run_opts *opts,
					     struct lhk_run **ret,
					     struct lhk_error *err);

/* Dispatch until this run has ended (LHK_OK) or timeout_ms is over
 * (LHK_ETIMEOUT); -1 waits without limit.  LHK_AGAIN: lhk_host_wake was called.
 * LHK_ESTATE: called from inside a callback, or a callback freed the run. */
LHK_EXPORT LHK_MUST_CHECK int lhk_run_wait (struct lhk_run *run,
					    int timeout_ms);

/*
 * Pull side, for languages where callbacks from C are a burden: the next
 * event as one line of JSON (no newline).  LHK_OK, LHK_AGAIN, or LHK_END
 * after the final result.  The line is valid until the next call on RUN.
 * Needs on_event == NULL.  The agent is never slowed: lines that wait for this
 * call take 1 MiB of memory, then a file without a name in tmp_dir.  When
 * max_output bytes of them wait (at least 16 MiB; 1 GiB without a limit), new
 * ones are dropped until only half of these bytes wait.  A notice with code
 * "gap" takes their place and has their first and last seq ("from", "to"; "to"
 * is also the seq of the notice), and the result is degraded.  The final result
 * is never dropped.
 */
LHK_EXPORT int lhk_run_next_json (struct lhk_run *run, struct lhk_str *ret);

/* Ask for the end of the run: the agent's tree gets SIGNO (0: SIGTERM), and
 * SIGKILL when grace_ms is over.  A second call skips the grace.  A call with
 * the signal of which the agent died less than 500 ms ago makes the run
 * canceled, too: call it with the signal that you got.  May be called from any
 * thread and from signal handlers. */
LHK_EXPORT void lhk_run_cancel (struct lhk_run *run, int signo);

/*
 * Stop the agent, as a shell stops a job, and the time limits total, idle and
 * linger with it; let both go on.  A pause before the agent has started takes
 * effect as soon as it has.  A process that left the agent's group is stopped
 * only with contain "cgroup".  What was written before is still delivered, and
 * a cancel ends a paused run.  LHK_OK, also when there is nothing to do;
 * LHK_EINVAL, LHK_EFORKED.
 */
LHK_EXPORT int lhk_run_pause (struct lhk_run *run);
LHK_EXPORT int lhk_run_resume (struct lhk_run *run);

/* Where a run stands.  The order is that of time. */
enum {
	LHK_PHASE_STARTING = 1, /* the agent is not running yet */
	LHK_PHASE_RUNNING = 2,
	LHK_PHASE_ENDING = 3, /* the run is being ended; the agent may live */
	LHK_PHASE_EXITED = 4, /* the agent has ended; its outputs are read to
				 their end, and the rest of its tree is killed */
	LHK_PHASE_ENDED = 5   /* lhk_run_result has the result */
};

/* What a run is doing: for a status line, a budget display, a watchdog. */
struct lhk_run_progress {
	uint32_t size;	/* set by LHK_RUN_PROGRESS_INIT */
	int32_t phase;	/* LHK_PHASE_* */
	int32_t pid;	/* of the agent; 0: not started, or not known */
	int32_t paused; /* 1: between lhk_run_pause and lhk_run_resume */
	/* The end of the agent, from LHK_PHASE_EXITED on. */
	int32_t has_exit; /* 1: exit_code is the agent's own */
	int32_t exit_code;
	int32_t signal; /* that ended the agent; 0: none */
	/* Tool calls that are in progress, background tasks that are open. */
	int32_t tools_open;
	int32_t tasks_open;
	int32_t has_claim; /* 1: the provider claims that the run is over */
	int32_t has_cost;  /* 1: cost_nano_usd is known */
	int32_t reserved;
	uint64_t wall_ms;   /* since the start; ended: of the whole run */
	uint64_t silent_ms; /* since the last byte of stdout or stderr */
	int64_t tokens;	    /* input + output so far, as max_tokens counts */
	int64_t cost_nano_usd;
	uint64_t events;       /* delivered so far */
	uint64_t stdout_bytes; /* read so far */
	uint64_t stderr_bytes;
};

/* clang-format off */
#define LHK_RUN_PROGRESS_INIT						\
	{ (uint32_t) sizeof (struct lhk_run_progress), 0, 0, 0, 0, 0, 0, 0,	\
	  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
/* clang-format on */

/*
 * Fill *PROGRESS, at most the bytes that its size says.  Costs no system call
 * but one reading of the clock, and may be called from callbacks.  LHK_OK,
 * LHK_EINVAL (also for a size that LHK_RUN_PROGRESS_INIT has not set),
 * LHK_EFORKED.
 */
LHK_EXPORT int lhk_run_progress (const struct lhk_run *run,
				 struct lhk_run_progress *progress);

/* The result, or NULL until the run has ended.  It is owned by RUN. */
LHK_EXPORT const struct lhk_result *lhk_run_result (const struct lhk_run *run);

/*
 * A plugin that never returns, and one that crashes.  The thread that uses the
 * run is then in a callback and will never leave it, so another one has to end
 * the run, or the handler of the signal of the crash.  linehook-embed(7) says
 * how.  Both functions may be called only while lhk_host_callback names a
 * callback (with in_host 0) in which that thread is stopped.
 */

/* Should the run have been ended, or be ended further, if the callback had
 * returned: because of a time limit, or a cancel?  1; 0: no. */
LHK_EXPORT int lhk_run_is_overdue (struct lhk_run *run);

/*
 * End the run whose callback will never return.  The agent gets what is left of
 * its time to end, and its tree is killed.  The events so far stand, TEXT is a
 * notice and the error of the result, which is delivered as always, and stored in
 * the record.  CRASHED 0: it ends for what made it overdue; 1: as LHK_END_HOST_ERROR.
 * No function of the plugin is called any more.  Memory is taken from the host's
 * allocator, which must not wait for a lock of the stopped thread; nothing is
 * freed.  *RET is as lhk_run_result.  The stopped thread must never run again,
 * and the caller should end the process soon.  LHK_OK, LHK_EINVAL, LHK_EFORKED, or
 * LHK_ESTATE: no callback is running.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_run_abandon (struct lhk_run *run, int crashed,
					       const char *text,
					       const struct lhk_result **ret);

/* Free the run.  One that goes on is killed without grace, and its end is
 * waited for: milliseconds as a rule, seconds if the monitor does not answer.
 * From inside a callback it takes effect when the callback has returned.  NULL
 * is fine. */
LHK_EXPORT void lhk_run_free (struct lhk_run *run);

LHK_END_DECLS

#endif /* LHK_RUN_H */
