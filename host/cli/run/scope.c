/* SPDX-License-Identifier: MIT */
/*
 * scope.c - a systemd scope for the host of a run.
 *
 * busctl is systemd's own client of its manager.  Nothing of libsystemd is then
 * in the memory of every run, nor needed to build.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/output/signals.h"
#include "cli/run/scope.h"
#include "cli/sentence.h"
#include "common/clock.h"
#include "common/fd.h"
#include "common/io.h"

extern char **environ;

/* "linehook-", an id, ".scope". */
#define UNIT_SIZE 96

#define SAID_SIZE 256
#define CGROUPS_SIZE 4096

/* How long systemd may take to move us. */
#define MOVE_MS 10000
#define MOVE_SECONDS "10"

/* Run busctl with WORDS, its stderr to the pipe FD.  0 or an errno. */
static int
spawn (const char *const *words, int fd, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t all;
	int r;

	sigfillset (&all);
	r = posix_spawn_file_actions_init (&actions);
	if (r != 0)
		return r;
	r = posix_spawnattr_init (&attr);
	if (r == 0) {
		posix_spawnattr_setsigdefault (&attr, &all);
		posix_spawnattr_setflags (&attr, POSIX_SPAWN_SETSIGDEF);
		r = posix_spawn_file_actions_addopen (&actions, STDIN_FILENO,
						      "/dev/null", O_RDONLY, 0);
		if (r == 0)
			r = posix_spawn_file_actions_adddup2 (&actions, fd,
							      STDERR_FILENO);
		if (r == 0)
			r = posix_spawnp (ret, words[0], &actions, &attr,
					  (char *const *) words, environ);
		posix_spawnattr_destroy (&attr);
	}
	posix_spawn_file_actions_destroy (&actions);
	return r;
}

/* The first line that is read from FD, to the end of what there is.  0; -1: a
 * signal came. */
static int
read_line (int fd, char said[SAID_SIZE])
{
	char rest[256];
	size_t len = 0;
	ssize_t n;

	do {
		int full = len == SAID_SIZE - 1;

		n = signals_read (fd, full ? rest : said + len,
				  full ? sizeof rest : SAID_SIZE - 1 - len);
		len += n > 0 && !full ? (size_t) n : 0;
	} while (n > 0);
	said[len] = '\0';
	said[strcspn (said, "\n")] = '\0';
	return n < 0 ? -1 : 0;
}

static int
fail (const char *who, const char *why)
{
	cli_say (who,
		 "--detach=scope: systemd did not create a scope: %s; nothing "
		 "was started; use --detach where systemd does not run",
		 why);
	return STATUS_HOST;
}

/* Run WORDS to its end.  -1, or the exit status after a sentence. */
static int
call (const char *who, const char *const *words)
{
	char said[SAID_SIZE] = "";
	int status = 0, error, signaled, pipe[2];
	pid_t pid;

	if (fd_pipe (pipe, 0) < 0)
		return fail (who, strerror (errno));
	error = spawn (words, pipe[1], &pid);
	fd_close (&pipe[1]);
	if (error != 0) {
		fd_close (&pipe[0]);
		return fail (who, error == ENOENT ? "busctl was not found in "
						    "PATH"
						  : strerror (error));
	}
	signaled = read_line (pipe[0], said) < 0;
	fd_close (&pipe[0]);
	if (signaled)
		kill (pid, SIGTERM);
	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	if (signaled) {
		cli_say (who, "canceled before the command was started");
		return 128 + signals_first ();
	}
	if (status == 0)
		return -1;
	return fail (who, said[0] != '\0' ? said : "busctl has failed");
}

/* Is one of our cgroups that of the unit? */
static int
is_in (const char *unit)
{
	char cgroups[CGROUPS_SIZE], end[UNIT_SIZE + 2];
	int fd = fd_open ("/proc/self/cgroup", O_RDONLY | O_CLOEXEC, 0);

	snprintf (end, sizeof end, "/%s\n", unit);
	return io_read_text (fd, cgroups, sizeof cgroups) > 0
	       && strstr (cgroups, end) != NULL;
}

/* The answer came when the move was planned; nothing tells of its end.  -1, or
 * the exit status after a sentence. */
static int
await_move (const char *who, const char *unit)
{
	struct timespec pause = { 0, 1000000 };
	int64_t until = clock_now_ms () + MOVE_MS;

	while (!is_in (unit)) {
		if (signals_count () > 0 || clock_now_ms () > until)
			return fail (who, "this process was not moved into it "
					  "within " MOVE_SECONDS " s");
		nanosleep (&pause, NULL);
	}
	return -1;
}

int
scope_enter (const char *who, const char *id)
{
	char unit[UNIT_SIZE], about[UNIT_SIZE], pid[16];
	const char *const words[] = {
		"busctl",
		geteuid () == 0 ? "--system" : "--user",
		"--timeout=" MOVE_SECONDS,
		"--quiet",
		"call",
		"org.freedesktop.systemd1",
		"/org/freedesktop/systemd1",
		"org.freedesktop.systemd1.Manager",
		"StartTransientUnit",
		"ssa(sv)a(sa(sv))",
		unit,
		"fail",
		"4",
		"Description",
		"s",
		about,
		"PIDs",
		"au",
		"1",
		pid,
		"Delegate",
		"b",
		"true",
		"CollectMode",
		"s",
		"inactive-or-failed",
		"0",
		NULL,
	};
	int status;

	snprintf (unit, sizeof unit, "linehook-%.64s.scope", id);
	snprintf (about, sizeof about, "linehook run %.64s", id);
	snprintf (pid, sizeof pid, "%d", (int) getpid ());
	status = call (who, words);
	return status < 0 ? await_move (who, unit) : status;
}
