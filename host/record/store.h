/* SPDX-License-Identifier: MIT */
/*
 * store.h - struct lhk_store and what its files share; private to keep/.
 *
 *	store.c		open, show, the status of a record
 *	store_answer.c	what is said of it
 *	store_head.c	the first words of result.json and run.json
 *	store_list.c	the newest first
 *	store_wait.c	waiting for the end
 *	store_state.c	what the events come to
 *	store_end.c	cancel, remove
 *	store_tidy.c	the index, and what crashes left
 *	cursor.c	events as they come
 */
#ifndef RECORD_STORE_H
#define RECORD_STORE_H

#include <linehook/record.h>

#include "record/layout.h"

#define STORE_INCLUDES ((uint32_t) (LHK_INCLUDE_STATE | LHK_INCLUDE_ASKED))

#define STORE_MAGIC 0x53746f72u

/* Room for "ID/NAME". */
#define STORE_PATH (LHK_RECORD_ID_MAX + 32)

/* A file in one piece: the answer of an agent is in it. */
#define STORE_FILE_MAX (UINT64_C (1) << 31)

/* A record that is being made by nobody any more is at least so old. */
#define STORE_BIRTH_S 2

struct store_text {
	char *data; /* NUL behind len, once anything is in it */
	size_t len, cap;
};

struct lhk_store {
	uint32_t magic;
	int fd;	    /* -1: it was not there yet */
	int notify; /* of waits; -1: there was none.  To close one
		       takes the kernel 10 ms and more, for which
		       no answer is to wait */
	const struct lhk_alloc *alloc;
	char *dir;
	struct store_text answer;
	int exit_status; /* of the last answer */
};

/* First words of a record, as far as its files tell. */
struct store_head {
	char plugin[32], provider[32], verdict[32];
	char started[32], ended[32];
	int64_t started_ms, ended_ms;
	int exit_status; /* -1: not told */
	/* run.json alone. */
	int64_t host_pid;
	uint64_t host_start;
	char host_boot[64], host_name[72];
	char host_space[64]; /* its pid namespace */
};

/* ---- store.c ---- */

/* The store's directory, if it is there by now; else -1 with errno. */
int store_dir (struct lhk_store *s);

/* "ID/NAME". */
void store_path (char path[STORE_PATH], const char *id, const char *name);

/* LHK_RECORD_*, or LHK_ENOTFOUND, LHK_ESYS with errno.  Opens result.json, and
 * only when there is none other files.  *RET_FD is result.json or -1. */
int store_status (struct lhk_store *s, const char *id, int *ret_fd);

/* Is this a name, and a store?  LHK_OK, or a sentence. */
int store_check (struct lhk_store *s, const char *id, struct lhk_error *err);
int store_not_found (const struct lhk_store *s, const char *id,
		     struct lhk_error *err);
int store_fail_sys (const struct lhk_store *s, const char *id, const char *what,
		    struct lhk_error *err);

/* ---- store_answer.c ---- */

/* The answer for a run of STATUS; FD as of store_status, closed here. */
int store_answer (struct lhk_store *s, const char *id, int status, int fd,
		  uint32_t include, struct lhk_error *err);

/* ID/NAME for reading; -1 with errno. */
int store_open_in (struct lhk_store *s, const char *id, const char *name);

/* The answer; "" after a failure. */
struct lhk_str store_text (const struct lhk_store *s);

/* LHK_OK or LHK_ENOMEM. */
int store_add (struct lhk_store *s, const char *data, size_t len);
int store_add_file (struct lhk_store *s, int fd);

/* ---- store_list.c ---- */

struct store_entry;

/* A line of the index, without its newline: 1, or 0 where it is none. */
int store_parse_line (const char *line, struct store_entry *ret);

/* ---- store_tidy.c ---- */

struct store_entry {
	int64_t started_ms;
	char id[LHK_RECORD_ID_MAX + 1];
};

struct store_entries {
	struct store_entry *items;
	size_t n, cap;
};

/* The head of a run of STATUS: RESULT, result.json, of one that has ended,
 * run.json of another.  0, or -1 with errno; without such a file it is empty. */
int store_head_of (struct lhk_store *s, const char *id, int status, int result,
		   struct store_head *ret);

/* Cut the events of a lost run behind their last whole line, if nobody else
 * holds its lock. */
void store_cut (struct lhk_store *s, const char *id);

/* All records by their directories, the oldest first.  0 or an errno. */
int store_collect (struct lhk_store *s, struct store_entries *ret);
void store_forget (struct lhk_store *s, struct store_entries *all);

/* Make the index of them.  0 or an errno. */
int store_renew (struct lhk_store *s, struct store_entries *ret);

/* ---- store_head.c ---- */

/* From the beginning of FD, a result.json or a run.json.  0, or -1 with errno;
 * what is not there is empty. */
int store_read_head (int fd, struct store_head *ret);

/* Is this what we wrote, to its end?  1, 0: cut short, as by a machine that
 * went down; -1 with errno.  The end is a brace and a newline, which stands
 * nowhere else. */
int store_is_whole (int fd);

/* Where to see whether the process that made the run is still there: "" when
 * that cannot be known (another machine or container), NULL when it has gone
 * with its boot. */
const char *store_host_path (const struct store_head *h, char path[48]);

/* 1, 0.  Of a PATH and the START of a head; opens one file at most. */
int store_host_lives (const char *path, uint64_t start);

/* ---- store_state.c ---- */

/* Add `,"state":{..}'. */
int store_add_state (struct lhk_store *s, const char *id,
		     struct lhk_error *err);

/* ---- store_wait.c ---- */

/* How long to wait before look number ATTEMPT (from 1) at run ID, INTERVAL_MS
 * being that of the attempt without jitter. */
int64_t store_jitter (const char *id, uint64_t attempt, int64_t interval_ms);

#define STORE_POLL_MIN_MS 200
#define STORE_POLL_MAX_MS 5000

#endif /* RECORD_STORE_H */
