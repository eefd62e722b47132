/* SPDX-License-Identifier: MIT */
/* detach.c - the starter of a detached run. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/output/stdout.h"
#include "cli/records/records.h"
#include "cli/run/detach.h"
#include "cli/run/scope.h"
#include "cli/sentence.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/strbuf.h"
#include "common/ulid.h"
#include "json/writer.h"

/* ---- options ---- */

/* What cannot be had without a terminal, as a sentence; NULL: nothing. */
static const char *
unfit_option (const struct run_options *o)
{
	if (o->common.format != FORMAT_AUTO && o->common.format != FORMAT_NONE)
		return "--detach prints only the id of the run, so --format "
		       "cannot be used with it; see linehook follow";
	if (o->common.result != NULL && strcmp (o->common.result, "-") == 0)
		return "--detach prints only the id of the run, so --result "
		       "needs a file; see linehook show";
	if (o->stdin_from != NULL && strcmp (o->stdin_from, "inherit") == 0)
		return "a detached run cannot inherit standard input; give "
		       "--stdin FILE, or --stdin -, which is read to its end "
		       "first";
	return NULL;
}

/* -1, or the exit status after a sentence. */
static int
check (struct detach *d, const char *who, const struct run_options *o)
{
	const char *why = unfit_option (o);

	if (why != NULL) {
		cli_say (who, "%s", why);
		return STATUS_USAGE;
	}
	/* What stands in for a closed stdout cannot be written. */
	if ((fcntl (STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) {
		cli_say (who, "standard output is closed, so the id of the "
			      "detached run cannot be printed; nothing was "
			      "started; leave it open, or write >/dev/null");
		return STATUS_HOST;
	}
	d->input_is_there = o->stdin_from == NULL && run_input_is_waiting ();
	return -1;
}

static void
complete (struct detach *d, struct run_options *o)
{
	if (o->run_id != NULL)
		strcpy (d->id, o->run_id);
	else
		ulid_make_now (d->id);
	o->run_id = d->id;
	o->keep = 1;
	o->common.format = FORMAT_NONE;
}

/* ---- standard input ---- */

static int
cannot_read (const char *who, int sys_errno)
{
	if (signals_count () > 0) {
		cli_say (who, "canceled before the command was started");
		return 128 + signals_first ();
	}
	cli_say (who,
		 "--stdin: cannot read standard input: %s; nothing was "
		 "started",
		 strerror (sys_errno));
	return sys_errno == EBADF || sys_errno == EISDIR ? STATUS_USAGE
							 : STATUS_HOST;
}

/* Copy stdin to its end into the file TO.  -1, or the exit status after a
 * sentence. */
static int
copy_input (const char *who, int to)
{
	char buf[16384];
	ssize_t n;
	int r = 0;

	while (r == 0
	       && (n = signals_read (STDIN_FILENO, buf, sizeof buf)) != 0)
		r = n < 0 ? -errno : io_write_full (to, buf, (size_t) n);
	if (r == 0 && lseek (to, 0, SEEK_SET) < 0)
		r = -errno;
	return r == 0 ? -1 : cannot_read (who, -r);
}

/* *RET is what the host gets as stdin.  -1, or the exit status after a
 * sentence. */
static int
open_input (const char *who, const char *word, int *ret)
{
	const char *dir = getenv ("TMPDIR");
	int status;

	if (word == NULL || strcmp (word, "-") != 0) {
		*ret = fd_open ("/dev/null", O_RDONLY | O_CLOEXEC, 0);
		return *ret >= 0 ? -1 : cannot_read (who, errno);
	}
	*ret = fd_tmpfile (dir != NULL && dir[0] == '/' ? dir : "/tmp");
	if (*ret < 0)
		return cannot_read (who, errno);
	if (isatty (STDIN_FILENO))
		cli_say (who, "the command reads standard input; press Ctrl-D "
			      "to end it");
	status = copy_input (who, *ret);
	if (status >= 0)
		fd_close (ret);
	return status;
}

/* ---- the reports of the host ---- */

/* The next report.  1; 0: the host has ended without one; -1: a signal came,
 * of which there were SEEN before. */
static int
await_report (int fd, unsigned int seen, struct detach_report *ret)
{
	ssize_t n;

	for (;;) {
		if (seen == 0) {
			n = signals_read (fd, ret, sizeof *ret);
		} else {
			(void) io_wait (fd, POLLIN, -1);
			n = read (fd, ret, sizeof *ret);
		}
		if (n == (ssize_t) sizeof *ret)
			return 1;
		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return 0;
		if (signals_count () != seen)
			return -1;
	}
}

/* The exit status of the starter. */
static int
print_start (const struct detach *d, const char *who, const char *store,
	     pid_t host)
{
	static struct outbuf out;
	struct strbuf path;
	struct jw w;

	strbuf_init (&path, &mem_system);
	strbuf_addf (&path, "%s/%s", store, d->id);
	outbuf_init (&out, stdout_write, NULL);
	jw_init (&w, &out);
	jw_object_begin (&w, NULL);
	jw_str (&w, "run", d->id);
	jw_i64 (&w, "host", host);
	jw_str (&w, "dir", strbuf_str (&path));
	jw_object_end (&w);
	outbuf_byte (&out, '\n');
	outbuf_flush (&out);
	strbuf_free (&path);
	if (!stdout_flush () && stdout_error () != 0) {
		stdout_set_reported ();
		cli_say (
			who,
			"cannot write to standard output: %s; run '%s' goes on "
			"(linehook cancel ends it)",
			strerror (stdout_error ()), d->id);
	}
	return 0;
}

/* Signals go on to the host, which cancels the start, and reports that.  The
 * exit status of the starter. */
static int
await_start (const struct detach *d, const char *who, const char *store, int fd)
{
	struct detach_report report;
	unsigned int seen = 0;
	pid_t host = 0;
	int r;

	while ((r = await_report (fd, host == 0 ? signals_count () : seen,
				  &report))
	       != 0) {
		if (r > 0 && report.kind == DETACH_STARTED)
			return print_start (d, who, store, host);
		if (r > 0 && report.kind == DETACH_ENDED)
			return report.value;
		if (r > 0)
			host = report.value;
		if (host != 0 && seen != signals_count ()) {
			seen = signals_count ();
			(void) !kill (host, signals_first ());
		}
	}
	cli_say (who, "the host of run '%s' ended before the agent was started",
		 d->id);
	return STATUS_HOST;
}

/* ---- the fork ---- */

/* Become the host, as MODE says.  Nothing is left of what the starter has open,
 * but stderr and the pipe of the reports, until the agent has started.  -1, or
 * the exit status after a sentence. */
static int
become_host (struct detach *d, const char *who, int mode, int report, int input)
{
	int null = open ("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2 (input, STDIN_FILENO) < 0
	    || dup2 (null, STDOUT_FILENO) < 0
	    || (report != DETACH_FD
		&& dup3 (report, DETACH_FD, O_CLOEXEC) < 0)) {
		cli_say (who, "cannot detach: %s", strerror (errno));
		return STATUS_HOST;
	}
	close (STDERR_FILENO + 1);
	fd_close_from (DETACH_FD + 1);
	d->mode = mode;
	d->report = DETACH_FD;
	detach_report (d, DETACH_HOST, getpid ());
	return d->mode == DETACH_SCOPE ? scope_enter (who, d->id) : -1;
}

/* In a session of its own, whose leader has ended, so that no terminal that is
 * opened can become its own.  0: this is the host; -1 with errno; else it does
 * not return. */
static int
leave_session (void)
{
	pid_t pid;

	if (setsid () < 0)
		return -1;
	pid = fork ();
	if (pid > 0)
		_exit (0);
	return pid;
}

/* -1: this is the host; else the exit status. */
static int
fork_host (struct detach *d, const char *who, int mode, const char *store,
	   int input)
{
	int pipe[2] = { -1, -1 };
	int status = STATUS_HOST;
	pid_t pid;

	signal (SIGHUP, SIG_IGN);
	pid = fd_pipe (pipe, 0) < 0 ? -1 : fork ();
	if (pid == 0) {
		pid = leave_session ();
		if (pid == 0)
			return become_host (d, who, mode, pipe[1], input);
		cli_say (who, "cannot detach: %s", strerror (errno));
		_exit (0);
	}
	if (pid < 0)
		cli_say (who, "cannot detach: %s", strerror (errno));
	fd_close (&input);
	fd_close (&pipe[1]);
	while (pid > 0 && waitpid (pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (pid > 0)
		status = await_start (d, who, store, pipe[0]);
	fd_close (&pipe[0]);
	return status;
}

int
detach_start (struct detach *d, const char *who, struct run_options *o)
{
	struct lhk_error err = { 0, 0, "" };
	char *store = NULL;
	int input = -1;
	int status = check (d, who, o);

	if (status >= 0)
		return status;
	complete (d, o);
	if (records_store_path (o->run_dir, &store, &err) < 0) {
		cli_say (who, "%s", err.text);
		return err.code == LHK_EINVAL ? STATUS_USAGE : STATUS_HOST;
	}
	status = open_input (who, o->stdin_from, &input);
	if (status < 0)
		status = fork_host (d, who, o->detach, store, input);
	free (store);
	return status;
}
