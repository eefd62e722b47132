/* SPDX-License-Identifier: MIT */
/*
 * writer.h - the record of one run while it is made.
 *
 * Written as the bytes come, by the run's own thread, into files nobody else
 * writes to; readers need not ask it anything.  A record that cannot go on (a
 * full disk) ends where it is: the run does not notice, its host says so.
 */
#ifndef RECORD_WRITER_H
#define RECORD_WRITER_H

#include <linehook/run.h>

#include "common/outbuf.h"

#define RECORD_WRITER_HEAD 320
#define RECORD_WRITER_PATH 160

/* What is said of a run at its beginning; all borrowed for record_writer_begin. */
struct record_writer_about {
	const char *id;
	const char *plugin, *provider;
	const char *started; /* RFC 3339 */
	int64_t started_ms;  /* since 1970 */
	const char *const *argv;
	const char *cwd; /* or NULL */
	size_t line_max;
	int oversize; /* LHK_OVERSIZE_* */
};

struct record_writer {
	const struct lhk_alloc *alloc;
	int dir; /* -1: nothing is kept */
	int lock;
	struct record_writer_file {
		int fd;
		uint64_t at;
	} raw, err, events;
	struct outbuf *out; /* of events */
	int ended;	    /* record_writer_end was called */
	int sys_errno;	    /* by which the record ended early; 0: none */
	const char *what;   /* the file that could not be written */
	char head[RECORD_WRITER_HEAD]; /* first members of result.json */
	char path
		[RECORD_WRITER_PATH]; /* of the directory, for sentences; cut if long */
};

/* clang-format off */
#define RECORD_WRITER_INIT \
	{ NULL, -1, -1, { -1, 0 }, { -1, 0 }, { -1, 0 }, NULL, 0, 0, NULL, "", \
	  "" }
/* clang-format on */

/*
 * Make the directory of the run in the store DIR (absolute; made if missing)
 * and its first files.  LHK_OK; LHK_ESTATE: there is a run of that id;
 * LHK_EINVAL, LHK_EREFUSED, LHK_ENOMEM, LHK_ESYS.  On failure nothing is left.
 * On a full disk it is LHK_OK, and a record that has ended already.
 */
int record_writer_begin (struct record_writer *k, const struct lhk_alloc *alloc,
			 const char *dir,
			 const struct record_writer_about *about,
			 struct lhk_error *err);

/* Of a run that was not started after all: nothing is left in the store DIR. */
void record_writer_undo (struct record_writer *k, const char *dir,
			 const char *id);

/* Bytes as they were read, and what they came to. */
void record_writer_stdout (struct record_writer *k, const char *data,
			   size_t len);
void record_writer_stderr (struct record_writer *k, const char *data,
			   size_t len);
void record_writer_event (struct record_writer *k, const struct lhk_meta *meta,
			  const struct lhk_event *event);

/* What was made so far can be read by others. */
void record_writer_flush (struct record_writer *k);

/* The end, ENDED in RFC 3339 and since 1970; STATUS is that of the program.
 * It is tried even when what came before was lost; only once. */
void record_writer_end (struct record_writer *k,
			const struct lhk_result *result, const char *ended,
			int64_t ended_ms, int status);

/* The signal that somebody left in `cancel'; 0: nobody. */
int record_writer_canceled (struct record_writer *k);

/* Close all.  Without record_writer_end the run is lost to whoever reads. */
void record_writer_close (struct record_writer *k);

#endif /* RECORD_WRITER_H */
