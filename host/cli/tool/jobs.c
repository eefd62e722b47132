/* SPDX-License-Identifier: MIT */
/*
 * jobs.c - the file of --jobs, read as a stream.
 *
 * Never more of it is in memory than one line and one read.  A line is taken
 * when a call can be begun, not before.  Once a signal came nothing is waited
 * for: of a regular file the lines to its end get their results (canceled),
 * of what others write only those that are there.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/tool/cmd_tool.h"
#include "frame/frame.h"
#include "common/error.h"
#include "common/mem.h"

#define PIECE ((size_t) 64 << 10)

/* One line: it holds its input and its config. */
#define LINE_MAX ((size_t) 64 << 20)

struct tool_jobs {
	struct tool_session *calls;
	const char *name;
	int fd;	     /* -1: read to its end */
	int is_file; /* a regular one: it does not make us wait */
	int over;    /* no line will come any more */
	struct frame frame;
	struct budget budget;
	struct tool_line line;
	int took;	/* a call was made of the piece */
	size_t at, len; /* bytes of DATA that no line was made of */
	char data[PIECE];
};

static void
say_bad (struct tool_jobs *j, const struct tool_request_opts *ask,
	 uint64_t number, const char *why, int status)
{
	char text[400];

	snprintf (text, sizeof text, "line %llu: %s",
		  (unsigned long long) number, why);
	tool_call_none (j->calls, ask, number,
			status == STATUS_HOST ? LHK_TOOL_ERROR_START
					      : LHK_TOOL_ERROR_VALIDATE,
			text, status);
}

static void
on_line (void *user, const struct frame_line *line)
{
	struct tool_jobs *j = user;
	struct lhk_error err = { 0, 0, "" };
	struct tool_request_opts ask;
	int code;

	if (frame_is_blank (line->data, line->len))
		return;
	j->took = 1;
	code = tool_line_read (&j->line, &j->calls->defaults, line->data,
			       line->len, &ask, &err);
	if (code == LHK_OK)
		tool_call_begin (j->calls, &ask, line->number);
	else
		say_bad (j, &ask, line->number, err.text,
			 code == LHK_ENOMEM ? STATUS_HOST : STATUS_USAGE);
}

static void
on_skip (void *user)
{
	(void) user;
}

static void
on_skip_data (void *user, const char *data, size_t len)
{
	(void) user;
	(void) data;
	(void) len;
}

static void
on_skip_end (void *user, const struct frame_line *line)
{
	struct tool_jobs *j = user;
	char text[120];
	int is_ours = line->reason == FRAME_MEMORY;

	j->took = 1;
	if (is_ours)
		snprintf (text, sizeof text, "no memory for its %llu bytes",
			  (unsigned long long) line->full_len);
	else
		snprintf (text, sizeof text,
			  "%llu bytes long (want at most "
			  "%zu)",
			  (unsigned long long) line->full_len, LINE_MAX);
	say_bad (j, &j->calls->defaults, line->number, text,
		 is_ours ? STATUS_HOST : STATUS_USAGE);
}

static const struct frame_calls calls = {
	on_line,
	on_skip,
	on_skip_data,
	on_skip_end,
};

/* ---- the file ---- */

static int
open_file (struct tool_jobs *j, const char *file, struct lhk_error *err)
{
	struct stat st;
	int own;

	if (strcmp (file, "-") == 0) {
		if (isatty (STDIN_FILENO))
			cli_say ("tool", "reading jobs from standard input, "
					 "one a line (Ctrl-D)");
		own = signals_own (STDIN_FILENO);
		j->fd = own >= 0 ? own : STDIN_FILENO;
	} else {
		j->fd = open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (j->fd < 0 && errno == EINTR)
		return LHK_AGAIN;
	if (j->fd < 0)
		return error_set (err, LHK_EINVAL, errno, "'--jobs %.120s': %s",
				  file, strerror (errno));
	if (fstat (j->fd, &st) == 0 && S_ISDIR (st.st_mode))
		return error_set (err, LHK_EINVAL, EISDIR,
				  "'--jobs %.120s': %s", file,
				  strerror (EISDIR));
	j->is_file = S_ISREG (st.st_mode);
	return LHK_OK;
}

int
tool_jobs_open (struct tool_session *d, const char *file,
		struct tool_jobs **ret, struct lhk_error *err)
{
	struct tool_jobs *j = mem_zero (&mem_system, sizeof *j);
	int r;

	*ret = NULL;
	if (j == NULL)
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	j->calls = d;
	j->name = file;
	if (frame_init (&j->frame, &calls, j, &mem_system, &j->budget, LINE_MAX,
			0)
	    < 0) {
		mem_free (&mem_system, j, sizeof *j);
		return error_set (err, LHK_ENOMEM, 0, "out of memory");
	}
	r = open_file (j, file, err);
	if (r == LHK_OK)
		*ret = j;
	else
		tool_jobs_close (j);
	return r;
}

static void
close_file (struct tool_jobs *j)
{
	if (j->fd > STDERR_FILENO)
		close (j->fd);
	j->fd = -1;
}

void
tool_jobs_close (struct tool_jobs *j)
{
	if (j == NULL)
		return;
	close_file (j);
	frame_done (&j->frame);
	tool_line_free (&j->line);
	mem_free (&mem_system, j, sizeof *j);
}

/* ---- reading ---- */

static void
end_now (struct tool_jobs *j)
{
	j->over = 1;
	j->at = j->len = 0;
	close_file (j);
}

/* After a signal nothing is waited for; after the second, and when results
 * cannot be written, nothing is read either.  A reader of the results that has
 * gone is no reason to end: the calls are wanted for what they do. */
static void
look_around (struct tool_jobs *j)
{
	unsigned int n = signals_count ();

	if (n > 1 || stdout_error () != 0)
		end_now (j);
	else if (n > 0 && j->fd >= 0 && !j->is_file
		 && memchr (j->data + j->at, '\n', j->len - j->at) == NULL)
		end_now (j);
}

int
tool_jobs_begin (struct tool_jobs *j)
{
	const char *from = j->data + j->at;
	const char *nl;
	size_t n;

	look_around (j);
	if (j->over || !tool_calls_room (j->calls))
		return 0;
	j->took = 0;
	while (j->at < j->len && !j->took) {
		from = j->data + j->at;
		nl = memchr (from, '\n', j->len - j->at);
		n = nl == NULL ? j->len - j->at : (size_t) (nl - from) + 1;
		j->at += n;
		frame_feed (&j->frame, from, n);
	}
	if (!j->took && j->at == j->len && j->fd < 0) {
		j->over = 1;
		frame_end (&j->frame);
	}
	return j->took;
}

int
tool_jobs_fd (const struct tool_jobs *j)
{
	return j->at == j->len && tool_calls_room (j->calls) ? j->fd : -1;
}

void
tool_jobs_read (struct tool_jobs *j)
{
	ssize_t n = read (j->fd, j->data, PIECE);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		async_stdio_say (&j->calls->stdio,
				 "'--jobs %.120s': %s; what follows is not "
				 "read",
				 j->name, strerror (errno));
		j->calls->status = tool_worse (j->calls->status, STATUS_HOST);
	}
	j->at = 0;
	j->len = n > 0 ? (size_t) n : 0;
	if (n <= 0)
		close_file (j);
}

int
tool_jobs_over (const struct tool_jobs *j)
{
	return j->over;
}
