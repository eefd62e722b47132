/* SPDX-License-Identifier: MIT */
/* detach_host.c - the host of a detached run, once it has forked. */
#include "config.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/run/detach_host.h"
#include "common/fd.h"
#include "common/io.h"
#include "common/pages.h"

#define LOG_END "\nlinehook: run: the log ends here, it has 1 MiB\n"

/* The host is small, and the agent is nothing without it: when memory runs out,
 * everything else of this user shall go first. */
#define OOM_SCORE "/proc/self/oom_score_adj"
#define OOM_LESS 100
#define OOM_MIN (-1000)

void
detach_report (const struct detach *d, int kind, int value)
{
	const struct detach_report report = { kind, value };

	(void) !write (d->report, &report, sizeof report);
}

/* Only the kernel and a privileged user may refuse and allow it. */
static void
lower_oom_score (void)
{
	char text[24];
	int fd = fd_open (OOM_SCORE, O_RDONLY | O_CLOEXEC, 0);
	long score;

	if (io_read_text (fd, text, sizeof text) <= 0)
		return;
	score = strtol (text, NULL, 10) - OOM_LESS;
	snprintf (text, sizeof text, "%ld", score < OOM_MIN ? OOM_MIN : score);
	(void) io_write_file (OOM_SCORE, text);
}

/* The agent may have put something else in the place of the log, which is then
 * done without. */
static void
open_log (struct detach *d, const char *dir)
{
	char path[PATH_MAX];
	int n = snprintf (path, sizeof path, "%s/%s/" DETACH_LOG, dir, d->id);
	int fd = -1;

	d->log_room = DETACH_LOG_MAX - (sizeof LOG_END - 1);
	if (n > 0 && (size_t) n < sizeof path)
		fd = fd_open (path,
			      O_WRONLY | O_CREAT | O_EXCL | O_APPEND
				      | O_NOFOLLOW | O_CLOEXEC,
			      0600);
	if (fd < 0)
		fd = fd_open ("/dev/null", O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0 || dup2 (fd, STDERR_FILENO) < 0)
		close (STDERR_FILENO);
	fd_close (&fd);
}

void
detach_set_started (struct detach *d, const char *dir)
{
	/* A start that a signal came to is canceled, and ends soon. */
	if (d->mode == DETACH_NONE || d->is_started || signals_count () > 0)
		return;
	d->is_started = 1;
	open_log (d, dir);
	lower_oom_score ();
	detach_report (d, DETACH_STARTED, 0);
	fd_close (&d->report);
	/* Much of it is needed for a start only. */
	pages_release_code ();
}

void
detach_check_start (struct detach *d, const struct lhk_run *run,
		    const char *dir)
{
	struct lhk_run_progress p = LHK_RUN_PROGRESS_INIT;

	if (d->mode != DETACH_NONE && !d->is_started && run != NULL
	    && lhk_run_progress (run, &p) == LHK_OK && p.pid != 0)
		detach_set_started (d, dir);
}

void
detach_write (struct detach *d, const char *data, size_t len)
{
	size_t n =
		d->is_started && len > d->log_room ? (size_t) d->log_room : len;

	if (d->is_started && d->log_room == 0)
		return;
	(void) !io_write_full (STDERR_FILENO, data, n);
	if (d->is_started)
		d->log_room -= n;
	if (n < len)
		(void) !io_write_full (STDERR_FILENO, LOG_END,
				       sizeof LOG_END - 1);
}

int
detach_await (int fd)
{
	int r = fd < 0 ? 1 : io_wait (fd, POLLIN, PAGES_REST_MS);

	if (r == 0) {
		pages_release_code ();
		r = io_wait (fd, POLLIN, -1);
	}
	return r < 0 ? 0 : -1;
}

void
detach_end (struct detach *d, int status)
{
	if (d->mode != DETACH_NONE && !d->is_started)
		detach_report (d, DETACH_ENDED, status);
}
