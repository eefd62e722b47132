/* SPDX-License-Identifier: MIT */
/* store.h - struct lhk_store, and what is read from the files of one record. */
#ifndef RECORD_STORE_H
#define RECORD_STORE_H

#include <linehook/record.h>

#include "record/head.h"
#include "record/layout.h"
#include "common/strbuf.h"

#define RECORD_STORE_MAGIC 0x53746f72u

/* "ID/NAME" with its NUL. */
#define RECORD_STORE_PATH (LHK_RECORD_ID_MAX + 32)

struct lhk_store {
	uint32_t magic;
	int fd;	    /* the directory; -1: it did not exist yet */
	int notify; /* inotify of waits, or -1.  It stays open because close
		       takes 10 ms and more */
	const struct lhk_alloc *alloc;
	char *dir;
	struct strbuf answer; /* what show and wait return */
	int exit_status;      /* of the last answer */
};

/* ---- checks, and the sentences that several calls share ---- */

/* LHK_OK; LHK_EINVAL: S is no store or ID no run id. */
int record_store_check (struct lhk_store *s, const char *id,
			struct lhk_error *err);

/* LHK_ENOTFOUND: there is no such run. */
int record_store_not_found (const struct lhk_store *s, const char *id,
			    struct lhk_error *err);

/* LHK_ESYS or LHK_ENOMEM by errno: file WHAT of the record ("": its directory)
 * cannot be read. */
int record_store_fail_sys (const struct lhk_store *s, const char *id,
			   const char *what, struct lhk_error *err);

/* Is this errno one of the process that reads, not of the record: no memory, no
 * descriptor?  1 or 0. */
int record_store_is_transient (int sys_errno);

/* ---- files ---- */

/* The descriptor of the store's directory, which is opened if it exists by now;
 * else -1 with errno. */
int record_store_dir (struct lhk_store *s);

/* Close the directory if another one has its path by now, or none: the next call
 * opens that.  1 if so, else 0. */
int record_store_renew (struct lhk_store *s);

/* Write "ID/NAME" to PATH. */
void record_store_path (char path[RECORD_STORE_PATH], const char *id,
			const char *name);

/* Open the file ID/NAME for reading; -1 with errno.  What has its name and is no
 * file is none of ours, and is as if it were not there: ENOENT. */
int record_store_open (struct lhk_store *s, const char *id, const char *name);

/* Open the directory ID of the store, which is open; -1 with errno. */
int record_store_open_dir (struct lhk_store *s, const char *id);

/*
 * Find the status of a run: LHK_RECORD_*, or LHK_ENOTFOUND, or LHK_ESYS with
 * errno.  If the run has ended, only the lock and result.json are opened.
 * *RET_FD is result.json, for the caller to close, or -1.
 */
int record_store_status (struct lhk_store *s, const char *id, int *ret_fd);

/* The head of a run of STATUS: from RESULT, its result.json, when it has ended,
 * else from run.json.  0, or -1 with errno.  If the file is not complete, the
 * head is empty. */
int record_store_head (struct lhk_store *s, const char *id, int status,
		       int result, struct record_head *ret);

#endif /* RECORD_STORE_H */
