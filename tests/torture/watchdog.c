/* SPDX-License-Identifier: MIT */
/* watchdog.c - kill a sandbox that hangs, and print what its processes were
 * doing. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/torture.h"

#define DEPTH_MAX 32
#define DUMPED_MAX 400 /* processes */

static int n_dumped;

/* Print the lines of /proc/PID/NAME that begin with one of WORDS; NULL: all. */
static void
dump_file (int pid, const char *name, const char *const *words)
{
	char path[64], line[256];
	const char *const *w;
	FILE *f;

	snprintf (path, sizeof path, "/proc/%d/%s", pid, name);
	f = fopen (path, "re");
	while (f != NULL && fgets (line, sizeof line, f) != NULL) {
		line[strcspn (line, "\n")] = '\0';
		for (w = words; w != NULL && *w != NULL; w++)
			if (strncmp (line, *w, strlen (*w)) == 0)
				break;
		if (w == NULL || *w != NULL)
			fprintf (stderr, "#    %s: %s\n", name, line);
	}
	if (f != NULL)
		fclose (f);
}

static void
dump_descriptors (int pid)
{
	char path[300], target[256];
	struct dirent *e;
	ssize_t n;
	DIR *d;

	snprintf (path, sizeof path, "/proc/%d/fd", pid);
	d = opendir (path);
	while (d != NULL && (e = readdir (d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf (path, sizeof path, "/proc/%d/fd/%.20s", pid,
			  e->d_name);
		n = readlink (path, target, sizeof target - 1);
		target[n < 0 ? 0 : n] = '\0';
		fprintf (stderr, "#    fd %s: %s\n", e->d_name, target);
	}
	if (d != NULL)
		closedir (d);
}

static void
dump_process (int pid, int depth)
{
	static const char *const expected[] = { "Name",	  "State",   "NSpid",
						"PPid",	  "Threads", "SigPnd",
						"ShdPnd", "SigBlk",  NULL };

	fprintf (stderr, "# %*sprocess %d\n", depth, "", pid);
	dump_file (pid, "status", expected);
	dump_file (pid, "wchan", NULL);
	dump_file (pid, "syscall", NULL);
	dump_descriptors (pid);
}

static void
dump_tree (int pid, int depth)
{
	char path[300];
	struct dirent *e;
	int child;
	FILE *f;
	DIR *d;

	if (depth > DEPTH_MAX || n_dumped++ > DUMPED_MAX)
		return;
	dump_process (pid, depth);
	snprintf (path, sizeof path, "/proc/%d/task", pid);
	d = opendir (path);
	while (d != NULL && (e = readdir (d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf (path, sizeof path, "/proc/%d/task/%.20s/children",
			  pid, e->d_name);
		f = fopen (path, "re");
		while (f != NULL && fscanf (f, "%d", &child) == 1)
			dump_tree (child, depth + 1);
		if (f != NULL)
			fclose (f);
	}
	if (d != NULL)
		closedir (d);
}

void
watchdog_dump (int pid, const char *why)
{
	fprintf (stderr, "# %s\n", why);
	n_dumped = 0;
	dump_tree (pid, 0);
	fflush (stderr);
}

void
slot_begin (struct report *r, int slot, const char *what)
{
	snprintf (r->slots[slot].what, sizeof r->slots[slot].what, "%s", what);
	atomic_store (&r->slots[slot].since_ms, now_ms ());
}

void
slot_end (struct report *r, int slot)
{
	atomic_store (&r->slots[slot].since_ms, 0);
}

/* The slot that has been busy for more than LIMIT_MS, or NULL. */
static const struct slot *
find_late (struct report *r, long limit_ms)
{
	long long now = now_ms (), since;
	int i;

	for (i = 0; i < SLOTS; i++) {
		since = atomic_load (&r->slots[i].since_ms);
		if (since != 0 && now - since > limit_ms)
			return &r->slots[i];
	}
	return NULL;
}

int
watchdog_wait (int pid, struct report *r, long limit_ms)
{
	const struct slot *late;
	int status;
	pid_t got;

	for (;;) {
		got = waitpid (pid, &status, WNOHANG);
		if (got == pid)
			return status;
		if (got < 0 && errno != EINTR)
			return -1;
		late = find_late (r, limit_ms);
		if (late != NULL)
			break;
		sleep_us (5000);
	}
	snprintf (r->trouble, sizeof r->trouble, "'%s' took more than %ld ms",
		  late->what, limit_ms);
	watchdog_dump (pid, r->trouble);
	kill (pid, SIGKILL);
	waitpid (pid, &status, 0);
	return -1;
}
