/* SPDX-License-Identifier: MIT */
/*
 * record.h - records of runs, which outlive the host that made them.
 *
 * A store is a directory with one directory a run, made by a run that was
 * started with lhk_run_opts.record_dir (linehook-store(7) describes the files).
 * Everything here finds and reads such records, from any process; nothing here
 * slows an agent.  A store belongs to one thread, holds one descriptor, two
 * once it has waited, and needs no host.
 *
 * Answers are JSON text, owned by the store and valid until the next call on
 * it.  A function that takes an ERR (which may be NULL) fills it with a
 * sentence when it fails.
 */
#ifndef LHK_RECORD_H
#define LHK_RECORD_H

#include <linehook/run.h>

LHK_BEGIN_DECLS

struct lhk_store;  /* opaque */
struct lhk_cursor; /* opaque */

/* How long lhk_store_wait waits by default. */
#define LHK_WAIT_DEFAULT_MS 60000u
/* The longest time that a client of `linehook serve' can ask for: no limit of
 * lhk_store_wait. */
#define LHK_WAIT_MAX_MS 300000u
#define LHK_WAIT_FOREVER (-1)
#define LHK_RECORD_ID_MAX 64u

/* The status of a record.  Running: its host is alive, whatever else is there.
 * Ended: there is a final result.  Lost: there is none, and the host that would
 * write it has gone.  Damaged, in lists alone: its files cannot be read. */
enum {
	LHK_RECORD_RUNNING = 1,
	LHK_RECORD_ENDED = 2,
	LHK_RECORD_LOST = 3,
	LHK_RECORD_DAMAGED = 4,
	/* In a query alone: what does not run and did not end well, that is
	 * with any verdict but ok. */
	LHK_RECORD_FAILED = 5
};

/* One run of a list. */
struct lhk_record_info {
	uint32_t size;
	int32_t status;	     /* LHK_RECORD_* */
	int32_t verdict;     /* LHK_VERDICT_*; running: 0; lost or damaged:
			    HOST_ERROR */
	int32_t is_detached; /* 1: started with LHK_RUN_DETACHED */
	int64_t started_ms;  /* since 1970 */
	int64_t ended_ms;    /* 0: not ended, or not known */
	char id[LHK_RECORD_ID_MAX + 1];
	char plugin[32];
	char provider[32];
};

/* Which runs to list; a member that is zero restricts nothing. */
struct lhk_record_query {
	uint32_t size;	      /* set by LHK_RECORD_QUERY_INIT */
	int32_t status;	      /* LHK_RECORD_* */
	const char *provider; /* borrowed for the call */
	int64_t since_ms;     /* started at or after, since 1970 */
	int64_t before_ms;    /* started before, since 1970 */
	uint64_t max;	      /* the list ends after so many runs */
	int32_t verdict;      /* LHK_VERDICT_* */
	int32_t reserved;
	/* "KEY=VALUE", or "KEY" for any value, or NULL; borrowed for the call.
	 * With it, one more file of each run is read. */
	const char *label;
};

/* clang-format off */
#define LHK_RECORD_QUERY_INIT \
	{ (uint32_t) sizeof (struct lhk_record_query), 0, NULL, 0, 0, 0, 0, 0, \
	  NULL }
/* clang-format on */

/*
 * The default store of the program linehook:
 * ${XDG_STATE_HOME:-~/.local/state}/linehook/runs, as a string in RET, which
 * has SIZE bytes.  No directory is created.  LHK_OK; LHK_EINVAL: neither
 * variable of the environment is an absolute path, or SIZE is too small.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_default_path (char *ret, size_t size,
						      struct lhk_error *err);

/*
 * Open the store DIR, an absolute path, which is copied; it need not exist yet
 * and is not made.  ALLOC NULL: malloc.  *RET is freed by lhk_store_free.
 * LHK_OK, LHK_EINVAL, LHK_ENOMEM, LHK_ESYS; LHK_EREFUSED: another user owns it
 * or could write to it.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_open (const char *dir,
					      const struct lhk_alloc *alloc,
					      struct lhk_store **ret,
					      struct lhk_error *err);

/* STORE may be NULL.  Its cursors are freed before. */
LHK_EXPORT void lhk_store_free (struct lhk_store *store);

/*
 * Call FN with USER for the runs of QUERY (NULL: all), the newest first, until
 * it returns non-zero.  INFO is valid for the call; FN may use the store, but
 * not list it.  It costs the runs given out, not the runs there are.  LHK_OK,
 * LHK_EINVAL, LHK_ENOMEM; LHK_ESYS: also when there was no descriptor or memory
 * to read one record and the others were given out.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_list (struct lhk_store *store, const struct lhk_record_query *query,
		int (*fn) (void *user, const struct lhk_record_info *info),
		void *user, struct lhk_error *err);

/*
 * Find the run that WORD of a user names, and copy its id to RET_ID: the id
 * itself, else `latest' for the newest run, else the beginning of one id alone.
 * It costs one reading of the index, and the files of the runs that fit.
 * LHK_OK; LHK_ENOTFOUND; LHK_EINVAL: no run can be named so, or several begin
 * with it, some of which ERR names; LHK_ENOMEM, LHK_ESYS.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_find (struct lhk_store *store, const char *word,
		char ret_id[LHK_RECORD_ID_MAX + 1], struct lhk_error *err);

enum {
	/* Read the events, and add what they come to as the member `state'. */
	LHK_INCLUDE_STATE = 1 << 0,
	/* Add run.json, how the run was started, as the member `request'.
	 * Without a result it is there in any case. */
	LHK_INCLUDE_REQUEST = 1 << 1
};

/*
 * Make *RET {"run", "status": "running" | "ended" | "lost", ..}.  Of a run that
 * has ended it has every member of the final result, and costs two open files;
 * of a lost one the verdict host_error and the reason.  *RET_STATUS (may be
 * NULL) is LHK_RECORD_*.  LHK_OK, LHK_ENOTFOUND, LHK_EINVAL (ID is no run id),
 * LHK_ENOMEM, LHK_ESYS; LHK_EPARSE: result.json is damaged.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_show (struct lhk_store *store, const char *id, uint32_t include,
		struct lhk_str *ret, int *ret_status, struct lhk_error *err);

struct lhk_wait_opts {
	uint32_t size;	    /* set by LHK_WAIT_OPTS_INIT */
	uint32_t include;   /* LHK_INCLUDE_* */
	int64_t timeout_ms; /* 0: LHK_WAIT_DEFAULT_MS; or LHK_WAIT_FOREVER */
	int32_t cancel_fd;  /* give up when it is readable; -1: none */
	int32_t for_start;  /* 1: wait also for a run that is not there yet */
	int32_t polled;	    /* 1: do not use inotify, as on file systems
			       where it does not work */
	uint32_t reserved;
	uint64_t *polls;  /* set to the number of polls of the run; or NULL */
	int64_t start_ms; /* with for_start: so long for the start of the run;
			     0: as long as for its end */
};

/* clang-format off */
#define LHK_WAIT_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_wait_opts), 0, 0, -1, 0, 0, 0, NULL, 0 }
/* clang-format on */

/*
 * Wait for the end of a run; the answer is that of lhk_store_show.  The file
 * system wakes the caller; besides, the run is polled after 200 ms, then in
 * intervals that double up to 5 s, each +-10 % by run and attempt.  The loop
 * allocates nothing.  OPTS NULL: LHK_WAIT_OPTS_INIT.  LHK_OK; LHK_ETIMEOUT and
 * LHK_ECANCELED, both with the answer of now; LHK_ENOTFOUND: also when it has
 * not started in time; LHK_EINVAL, LHK_ENOMEM, LHK_ESYS, LHK_EPARSE.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_wait (struct lhk_store *store, const char *id,
		const struct lhk_wait_opts *opts, struct lhk_str *ret,
		int *ret_status, struct lhk_error *err);

/* The exit status of the program for the last answer of show or wait: that of
 * the run by its verdict; lost: 125; running: 124. */
LHK_EXPORT int lhk_store_status (const struct lhk_store *store);

/*
 * Ask the host of a running run to cancel it as lhk_run_cancel does, with the
 * signal SIGNO (0: SIGTERM); a second request keeps the signal of the first and
 * skips the grace.  No process is signalled from here.  LHK_OK: the request is
 * made; LHK_ESTATE: the run has ended; LHK_ENOTFOUND, LHK_EINVAL, LHK_ENOMEM,
 * LHK_ESYS.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_cancel (struct lhk_store *store,
						const char *id, int signo,
						struct lhk_error *err);

/* Remove the record of a run that is not running.  Other processes see all of
 * the record or nothing.  LHK_OK; LHK_ESTATE: the run is running; LHK_ENOTFOUND,
 * LHK_EINVAL, LHK_ESYS. */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_remove (struct lhk_store *store,
						const char *id,
						struct lhk_error *err);

/* The disk space that the files of a record take, in bytes.  LHK_OK,
 * LHK_ENOTFOUND, LHK_EINVAL, LHK_ESYS. */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_disk_usage (struct lhk_store *store,
						    const char *id,
						    uint64_t *ret_bytes,
						    struct lhk_error *err);

/* Remove the remains of records that were being created or removed when a
 * process crashed, and write a new index.  Until then, a run that is missing
 * from the index can be found only by its id.  LHK_OK, LHK_EINVAL, LHK_ENOMEM,
 * LHK_ESYS. */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_repair (struct lhk_store *store,
						struct lhk_error *err);

/*
 * Open the events of a run, as lines of JSON from seq FROM on (0 and 1: all),
 * while they come and after the end.  WAIT_FOR 1: the run may not be there yet.
 * Any number of cursors may be open; *RET is freed by lhk_cursor_free, before
 * the store.  LHK_OK, LHK_ENOTFOUND, LHK_EINVAL, LHK_ENOMEM, LHK_ESYS.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_cursor_open (struct lhk_store *store, const char *id, uint64_t from,
		 int wait_for, struct lhk_cursor **ret, struct lhk_error *err);

/*
 * The next line, without newline, owned by the cursor until the next call.
 * Behind it stands what the reader of JSON wants: '\n', and LHK_LINE_PADDING
 * bytes from there may be read.  LHK_OK; LHK_AGAIN: there is none now; LHK_END
 * after the final result; LHK_ESTATE: the run is lost and this was all;
 * LHK_ENOTFOUND: it was removed; LHK_ENOMEM, LHK_ESYS.
 */
LHK_EXPORT int lhk_cursor_next (struct lhk_cursor *cursor, struct lhk_str *ret,
				struct lhk_error *err);

/* A descriptor that is readable when there may be more; -1: there is none, ask
 * again after lhk_cursor_pause.  Owned by the cursor. */
LHK_EXPORT int lhk_cursor_fd (const struct lhk_cursor *cursor);

/* How many milliseconds to wait at most before asking again, descriptor or
 * not. */
LHK_EXPORT int lhk_cursor_pause (const struct lhk_cursor *cursor);

/* 1: the last line that was read, even if it was not returned, is the final
 * result.  0 after LHK_END: the record is not complete, because its events end
 * before the final result. */
LHK_EXPORT int lhk_cursor_is_final (const struct lhk_cursor *cursor);

/* CURSOR may be NULL. */
LHK_EXPORT void lhk_cursor_free (struct lhk_cursor *cursor);

LHK_END_DECLS

#endif /* LHK_RECORD_H */
