/* SPDX-License-Identifier: MIT */
/*
 * record.h - kept runs: records that outlive the host that made them.
 *
 * A store is a directory with one directory a run, made by a run that was
 * started with lhk_run_opts.record_dir (linehook-store(7) describes the files).
 * Everything here is about finding and reading such records, from any
 * process; nothing here slows an agent.  A store belongs to one thread, holds
 * one descriptor, two once it has waited, and needs no host.
 *
 * All answers are JSON text for people and programs alike, owned by the store
 * and valid until the next call on it.
 */
#ifndef LHK_RECORD_H
#define LHK_RECORD_H

#include <linehook/run.h>

LHK_BEGIN_DECLS

struct lhk_store;  /* opaque */
struct lhk_cursor; /* opaque */

#define LHK_WAIT_DEFAULT_MS 60000u
#define LHK_WAIT_MAX_MS 300000u
#define LHK_RECORD_ID_MAX 64u

/* What a record is.  Ended: there is a final result.  Lost: there is none and
 * nobody is left to write it. */
enum { LHK_RECORD_RUNNING = 1, LHK_RECORD_ENDED = 2, LHK_RECORD_LOST = 3 };

/* One run of a list. */
struct lhk_record_info {
	uint32_t size;
	int32_t status;	 /* LHK_RECORD_* */
	int32_t verdict; /* LHK_VERDICT_*; lost: HOST_ERROR; running: 0 */
	int32_t reserved;
	int64_t started_ms; /* since 1970 */
	int64_t ended_ms;   /* 0: not ended, or not known */
	char id[LHK_RECORD_ID_MAX + 1];
	char plugin[32];
	char provider[32];
};

/* Which runs; zero: all. */
struct lhk_record_query {
	uint32_t size;	      /* set by LHK_RECORD_QUERY_INIT */
	int32_t status;	      /* LHK_RECORD_*, or 0 */
	const char *provider; /* or NULL */
	int64_t since_ms;     /* started at or after; 0: any */
	int64_t before_ms;    /* started before; 0: any */
	uint64_t most;	      /* runs given out; 0: all */
};

/* clang-format off */
#define LHK_RECORD_QUERY_INIT \
	{ (uint32_t) sizeof (struct lhk_record_query), 0, NULL, 0, 0, 0 }
/* clang-format on */

/*
 * DIR is a directory of runs; it need not exist yet, and is not made here.
 * LHK_OK, LHK_EINVAL, LHK_ENOMEM, LHK_ESYS, LHK_EREFUSED: it is not ours alone
 * (owner, or writable by others).
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_open (const char *dir,
					      const struct lhk_alloc *alloc,
					      struct lhk_store **ret,
					      struct lhk_error *err);
LHK_EXPORT void lhk_store_free (struct lhk_store *store);

/* The newest first, until FN returns non-zero.  Costs the runs given out, not
 * the runs there are.  LHK_OK, LHK_ENOMEM, LHK_ESYS. */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_list (struct lhk_store *store, const struct lhk_record_query *query,
		int (*fn) (void *user, const struct lhk_record_info *kept),
		void *user, struct lhk_error *err);

enum {
	/* The events are read, and what they come to is added as `state'. */
	LHK_INCLUDE_STATE = 1 << 0,
	/* What was asked for, as `asked': run.json.  Without it an answer has
	 * that of runs that have not ended alone. */
	LHK_INCLUDE_ASKED = 1 << 1
};

/*
 * {"run", "status": "running" | "ended" | "lost", ..}: of an ended run with
 * every field of its final result, for which one file is opened; of a lost one
 * with the verdict host_error and why.  *RET_STATUS (may be NULL) is LHK_RECORD_*.
 * LHK_OK, LHK_ENOTFOUND, LHK_EINVAL (no such id can be), LHK_ESYS, LHK_EPARSE.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_show (struct lhk_store *store, const char *id, uint32_t include,
		struct lhk_str *ret, int *ret_status, struct lhk_error *err);

struct lhk_wait_opts {
	uint32_t size;	    /* set by LHK_WAIT_OPTS_INIT */
	uint32_t include;   /* LHK_INCLUDE_* */
	int64_t timeout_ms; /* 0: LHK_WAIT_DEFAULT_MS; more than
			       LHK_WAIT_MAX_MS or less than 0: LHK_EINVAL */
	int32_t cancel_fd;  /* readable: give up; -1: none */
	int32_t for_start;  /* 1: a run that is not there yet is waited for */
	int32_t polled;	    /* 1: as where notification does not work */
	uint32_t reserved;
	uint64_t *polls; /* how often was looked; or NULL */
};

/* clang-format off */
#define LHK_WAIT_OPTS_INIT \
	{ (uint32_t) sizeof (struct lhk_wait_opts), 0, 0, -1, 0, 0, 0, NULL }
/* clang-format on */

/*
 * Wait for the end of a run; the answer is that of show.  Woken by the file
 * system, and looking by itself after 200 ms, doubling, at most 5 s, each
 * +-10 %, by run and attempt; the loop neither allocates nor builds strings.
 * LHK_OK, LHK_ETIMEOUT and LHK_ECANCELED (both with the answer of now),
 * LHK_ENOTFOUND, LHK_EINVAL, LHK_ESYS.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_store_wait (struct lhk_store *store, const char *id,
		const struct lhk_wait_opts *opts, struct lhk_str *ret,
		int *ret_status, struct lhk_error *err);

/* Exit status of the program for the last answer of show or wait: that of the
 * run by its verdict; lost: 125; running: 124. */
LHK_EXPORT int lhk_store_status (const struct lhk_store *store);

/*
 * Ask the host of a running run to cancel it: SIGNO (0: SIGTERM) to its tree,
 * as lhk_run_cancel does.  No process is signalled from here.  LHK_OK: asked;
 * LHK_ESTATE: it has ended; LHK_ENOTFOUND; LHK_ESYS.
 */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_cancel (struct lhk_store *store,
						const char *id, int signo,
						struct lhk_error *err);

/* Remove the record of a run that does not run.  Others see all of it or
 * nothing.  LHK_ESTATE: it runs. */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_remove (struct lhk_store *store,
						const char *id,
						struct lhk_error *err);

/* Remove what a crash left of removals, and make the index anew: a run that is
 * not in it is found by its name alone.  LHK_OK, LHK_ENOMEM, LHK_ESYS. */
LHK_EXPORT LHK_MUST_CHECK int lhk_store_repair (struct lhk_store *store,
						struct lhk_error *err);

/*
 * The events of a run as lines of JSON, from seq FROM on (0 and 1: all), while
 * they come and after the end; any number of cursors.  WAIT_FOR 1: the run may
 * not be there yet.
 */
LHK_EXPORT LHK_MUST_CHECK int
lhk_cursor_open (struct lhk_store *store, const char *id, uint64_t from,
		 int wait_for, struct lhk_cursor **ret, struct lhk_error *err);

/* Next line, without newline, valid until the next call.  LHK_OK; LHK_AGAIN:
 * nothing now; LHK_END after the final result; LHK_ESTATE: the run is lost and
 * this was all; LHK_ESYS. */
LHK_EXPORT int lhk_cursor_next (struct lhk_cursor *cursor, struct lhk_str *ret,
				struct lhk_error *err);

/* Readable when there may be more; -1: ask again after lhk_cursor_pause. */
LHK_EXPORT int lhk_cursor_fd (const struct lhk_cursor *cursor);

/* How many milliseconds to wait at most before asking again. */
LHK_EXPORT int lhk_cursor_pause (const struct lhk_cursor *cursor);

LHK_EXPORT void lhk_cursor_free (struct lhk_cursor *cursor);

LHK_END_DECLS

#endif /* LHK_RECORD_H */
