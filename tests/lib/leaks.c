/* SPDX-License-Identifier: MIT */
/* leaks.c - count what a test may leak: descriptors, threads, processes. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/leaks.h"
#include "lib/tempdir.h"

#define WAIT_MS 20000

int
count_fds (void)
{
	DIR *d = opendir ("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir (d) != NULL)
		n++;
	closedir (d);
	return n - 3; /* . and .. and its own */
}

int
count_threads (void)
{
	DIR *d = opendir ("/proc/self/task");
	int n = 0;

	while (d != NULL && readdir (d) != NULL)
		n++;
	closedir (d);
	return n - 2;
}

int
count_children (void)
{
	FILE *f = fopen ("/proc/thread-self/children", "r");
	int n = 0, pid;

	while (f != NULL && fscanf (f, "%d", &pid) == 1)
		n++;
	if (f != NULL)
		fclose (f);
	return n;
}

static int
is_zombie (int pid)
{
	char path[64], state = '?';
	FILE *f;

	snprintf (path, sizeof path, "/proc/%d/stat", pid);
	f = fopen (path, "r");
	if (f == NULL || fscanf (f, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	if (f != NULL)
		fclose (f);
	return state == 'Z';
}

void
zombies_await (int n)
{
	long long until = now_ms () + WAIT_MS;
	int found = 0, pid;
	FILE *f;

	while (found < n && now_ms () < until) {
		sleep_us (1000);
		found = 0;
		f = fopen ("/proc/thread-self/children", "r");
		while (f != NULL && fscanf (f, "%d", &pid) == 1)
			found += is_zombie (pid);
		if (f != NULL)
			fclose (f);
	}
}

const char *
pids_file (void)
{
	static char path[TEMPDIR_PATH];
	int fd;

	/* Not named by our pid: in another namespace a test has the same. */
	tempdir_template (path, "lhk-pids");
	fd = mkstemp (path);
	if (fd < 0)
		exit (99);
	close (fd);
	unlink (path);
	return path;
}

static int
look_at_pids (const char *path, int *ret_alive)
{
	FILE *f = fopen (path, "r");
	int n = 0, pid;

	*ret_alive = 0;
	while (f != NULL && fscanf (f, "%d", &pid) == 1) {
		n++;
		if (kill (pid, 0) == 0 || errno == EPERM)
			++*ret_alive;
	}
	if (f != NULL)
		fclose (f);
	return n;
}

int
pids_read (const char *path, int *ret_alive)
{
	int n = look_at_pids (path, ret_alive);

	unlink (path);
	return n;
}

void
pids_await (const char *path, int n)
{
	long long until = now_ms () + WAIT_MS;
	int alive;

	while ((look_at_pids (path, &alive) < n || alive > 0)
	       && now_ms () < until)
		sleep_us (1000);
}
