/* SPDX-License-Identifier: MIT */
/*
 * writer.h - write the record of one run.
 *
 * The thread of the run writes the record as bytes arrive, to files that no
 * other process writes to; readers need nothing but the files.  A file that
 * cannot be written any more (a full disk) ends there, at a whole line, and the
 * others go on; so does the run, and its host reports the error.  The result
 * has its room from the start.
 */
#ifndef RECORD_WRITER_H
#define RECORD_WRITER_H

#include <linehook/run.h>

#include "common/clock.h"
#include "common/outbuf.h"
#include "common/run_id.h"

#define RECORD_WRITER_PATH 160

/* What is known of a run when it begins; borrowed for record_writer_begin. */
struct record_writer_about {
	const char *id;
	const char *plugin, *provider;
	const char *started; /* RFC 3339 */
	int64_t started_ms;  /* since 1970 */
	const char *const *argv;
	const char *cwd; /* or NULL */
	size_t line_max;
	int oversize;	     /* LHK_OVERSIZE_* */
	int detect;	     /* 1: the output tells which plugin reads it */
	int detached;	     /* 1: as LHK_RUN_DETACHED says */
	uint64_t stderr_max; /* bytes that are kept of stderr */
	const char *const *labels; /* KEY=VALUE, up to a NULL; or NULL */
	const char *prompt;	   /* or NULL */
};

struct record_writer {
	const struct lhk_alloc *alloc;
	int dir; /* of the record; -1: there is none */
	int lock;
	int index; /* of the store, while the record is not in its place */
	int draft; /* of the result: its room is reserved */
	struct record_writer_file {
		int fd;
		uint64_t at;
		int ended; /* 1: nothing more is written to it */
	} raw, err, events;
	uint64_t events_whole; /* offset behind the last whole line */
	uint64_t err_max;
	int err_cut;	    /* 1: stderr was longer */
	struct outbuf *out; /* buffer of the events, or of a JSON file */
	int ended;	    /* 1: record_writer_end was called */
	int sys_errno;	    /* of the first file that ended early; 0: none */
	const char *what;   /* the name of that file */
	/* Members of run.json that result.json repeats. */
	char id[RUN_ID_MAX + 1], plugin[32], provider[32];
	char started[CLOCK_RFC3339_SIZE];
	int64_t started_ms;
	int detached;
	/* The directory, for messages; it is cut if it is long. */
	char path[RECORD_WRITER_PATH];
};

/* clang-format off */
#define RECORD_WRITER_INIT \
	{ .dir = -1, .lock = -1, .index = -1, .draft = -1, \
	  .raw = { -1, 0, 0 }, .err = { -1, 0, 0 }, .events = { -1, 0, 0 } }
/* clang-format on */

/*
 * Make the directory of the run in the store DIR (absolute; made if it is
 * missing) and its first files.  LHK_OK; LHK_ESTATE: there is a run of that id;
 * LHK_EINVAL, LHK_EREFUSED, LHK_ENOMEM, LHK_ESYS, each with a sentence and
 * nothing left behind.  A full disk is LHK_OK, with a record that has ended
 * early, unless the run is detached.
 */
int record_writer_begin (struct record_writer *rw,
			 const struct lhk_alloc *alloc, const char *dir,
			 const struct record_writer_about *about,
			 struct lhk_error *err);

/* The run was not started after all: remove its record from the store DIR, and
 * close. */
void record_writer_abort (struct record_writer *rw, const char *dir,
			  const char *id);

/* Another plugin reads the output, as the result will say. */
void record_writer_plugin (struct record_writer *rw,
			   const struct lhk_plugin *plugin);

/* Append bytes that were read, and the events that were made of them. */
void record_writer_stdout (struct record_writer *rw, const char *data,
			   size_t len);
void record_writer_stderr (struct record_writer *rw, const char *data,
			   size_t len);
void record_writer_event (struct record_writer *rw, const struct lhk_meta *meta,
			  const struct lhk_event *event);

/* Write the events that are buffered. */
void record_writer_flush (struct record_writer *rw);

/* Remember that the file WHAT cannot be written, if it is the first one. */
void record_writer_note (struct record_writer *rw, const char *what,
			 int sys_errno);

/* The end of a run, beside its result. */
struct record_end {
	const char *ended; /* RFC 3339 */
	int64_t ended_ms;  /* the same since 1970 */
	int exit_status;   /* of the program */
};

/* Write the result, once.  If the disk is full and it is longer than what was
 * reserved, the end of the events is given up for it, where that is enough, or
 * else its own long texts; the other files are cut for the verdict alone. */
void record_writer_end (struct record_writer *rw,
			const struct lhk_result *result,
			const struct record_end *end);

/* A request to cancel the run. */
struct record_cancel {
	int signo; /* that it names, or SIGTERM */
	int again; /* 1: it says that it is not the first one */
	uint64_t inode;
};

/* Read the request that is there now.  1; 0: there is none. */
int record_writer_canceled (struct record_writer *rw,
			    struct record_cancel *ret);

/* Close all files.  If record_writer_end was not called, readers find that the
 * run is lost. */
void record_writer_close (struct record_writer *rw);

#endif /* RECORD_WRITER_H */
