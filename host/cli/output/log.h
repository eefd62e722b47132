/* SPDX-License-Identifier: MIT */
/*
 * log.h - records of the library and of the program on stderr.
 *
 *	level=warn code=oversize plugin=claude line=17 msg="line skipped"
 *	{"level":"warn","code":"oversize","plugin":"claude","line":17,..}
 *	<4>code=oversize plugin=claude line=17 msg="line skipped"
 *
 * The last is for the journal, as sd-daemon(3) has it: the priority of the
 * record in front.
 *
 * One record is one line: control characters, line separators and characters
 * that reorder a line are escaped, bad UTF-8 is replaced, long values are
 * cut.  Nothing that an agent prints can forge a record.
 */
#ifndef CLI_OUTPUT_LOG_H
#define CLI_OUTPUT_LOG_H

#include <linehook/host.h>

#include "common/outbuf.h"

enum { LOG_LOGFMT = 0, LOG_JSON = 1, LOG_JOURNAL = 2, LOG_OFF = 3 };

struct log {
	int32_t format; /* LOG_* */
	int32_t level;	/* LHK_LOG_*: this one and worse */
	/* Codes of records of the library that are not written, because the
	 * user sees them elsewhere; NULL-terminated.  Or NULL: all are. */
	const char *const *hidden;
	size_t n_fields; /* of the record that is being made */
	struct outbuf out;
};

/* Records go to WRITE, each by one call. */
void log_init (struct log *l, int format, int level,
	       void (*write) (void *user, const char *data, size_t len),
	       void *user);

/* For lhk_host_opts.log; USER is the struct log. */
void log_record (void *user, const struct lhk_log *record);

/* One record of the program's own, whose text is any bytes.  FIELDS as in
 * struct lhk_log, or NULL. */
void log_bytes (struct log *l, int level, const char *code,
		const char *const *fields, const char *text, size_t len);

/* The same, printf-like. */
void log_say (struct log *l, int level, const char *code, const char *fmt, ...)
	LHK_PRINTF (4, 5);

/* A WRITE for log_init: the descriptor *USER (int), blocking; errors are
 * nobody's business. */
void log_to_fd (void *user, const char *data, size_t len);

/* ---- stderr of a command, line by line ---- */

/* Of one line; a longer one becomes several. */
#define LOG_LINE_MAX 4096

struct log_lines {
	void (*take) (void *user, const char *line, size_t len);
	void *user;
	size_t len;
	char data[LOG_LINE_MAX];
};

/* TAKE gets each line that is not empty, without the newline. */
void log_lines_init (struct log_lines *l,
		     void (*take) (void *user, const char *line, size_t len),
		     void *user);

/* A TAKE that makes it a record of the struct log USER. */
void log_stderr (void *user, const char *line, size_t len);
void log_lines_feed (struct log_lines *l, const char *data, size_t len);

/* The rest is a line. */
void log_lines_end (struct log_lines *l);

#endif /* CLI_OUTPUT_LOG_H */
