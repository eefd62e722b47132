/* SPDX-License-Identifier: MIT */
/* resources.c - count what a run may leak, and compare two counts. */
#include "config.h"

#include <dirent.h>
#include <malloc.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/trial.h"
#include "torture/torture.h"

/* Process 1 needs this long to reap the orphans of a monitor that was
 * killed. */
#define REAP_MS 2000

struct process {
	int pid, parent;
	char state;
};

static int
read_process (const char *name, struct process *ret)
{
	char path[300], line[512];
	const char *end;
	FILE *f;
	int ok;

	if (*name < '1' || *name > '9')
		return 0;
	snprintf (path, sizeof path, "/proc/%s/stat", name);
	f = fopen (path, "re");
	if (f == NULL)
		return 0;
	ok = fgets (line, sizeof line, f) != NULL;
	fclose (f);
	end = ok ? strrchr (line, ')') : NULL;
	ret->pid = atoi (name);
	return end != NULL
	       && sscanf (end + 1, " %c %d", &ret->state, &ret->parent) == 2;
}

/* How many processes the namespace has besides process 1 and us.  Not among
 * them are our zombies, *RET_DEAD, and those of process 1, *RET_WAITING. */
static long
count_processes (long *ret_dead, long *ret_waiting)
{
	DIR *d = opendir ("/proc");
	struct dirent *e;
	struct process p;
	long others = 0;

	*ret_dead = *ret_waiting = 0;
	while (d != NULL && (e = readdir (d)) != NULL) {
		if (!read_process (e->d_name, &p) || p.pid == 1
		    || p.pid == getpid ())
			continue;
		if (p.state == 'Z' && p.parent == getpid ())
			++*ret_dead;
		else if ((p.state == 'Z' || p.state == 'X') && p.parent <= 1)
			++*ret_waiting;
		else
			others++;
	}
	if (d != NULL)
		closedir (d);
	return others;
}

static void
count_all_processes (struct resources *c)
{
	long long until = now_ms () + REAP_MS;
	long waiting;

	do {
		c->others = count_processes (&c->zombies, &waiting);
		if (waiting == 0)
			return;
		sleep_us (1000);
	} while (now_ms () < until);
	c->others += waiting;
}

static long
count_files (const char *dir)
{
	DIR *d = opendir (dir);
	long n = 0;

	if (d == NULL)
		return -1;
	while (readdir (d) != NULL)
		n++;
	closedir (d);
	return n - 2;
}

/* Memory in use: without what the allocator keeps for later, and by the page
 * tables, since the counter in /proc/self/statm is off by some dozens of
 * pages. */
static long
resident_kib (void)
{
	char line[128];
	long kib = -1;
	FILE *f;

	malloc_trim (0);
	f = fopen ("/proc/self/smaps_rollup", "re");
	while (f != NULL && fgets (line, sizeof line, f) != NULL)
		if (sscanf (line, "Rss: %ld kB", &kib) == 1)
			break;
	if (f != NULL)
		fclose (f);
	return kib;
}

void
resources_count (const struct sandbox *s, struct resources *c)
{
	count_all_processes (c);
	c->children = count_children ();
	c->fds = count_fds ();
	c->threads = count_threads ();
	c->files = count_files (s->spool);
	c->cgroups = s->cgroup[0] == '\0' ? -1 : cgroup_count (s->cgroup);
	c->held = (long) s->memory.held;
	c->rss_kib = torture_slowness () > 1 ? -1 : resident_kib ();
}

static const struct {
	const char *name;
	size_t offset;
	long may_grow;
	int whole; /* only over many rounds */
} limits[] = {
	{ "descriptors", offsetof (struct resources, fds), 0, 0 },
	{ "threads", offsetof (struct resources, threads), 0, 0 },
	{ "children", offsetof (struct resources, children), 0, 0 },
	{ "zombies", offsetof (struct resources, zombies), 0, 0 },
	{ "processes", offsetof (struct resources, others), 0, 0 },
	{ "cgroups", offsetof (struct resources, cgroups), 0, 0 },
	{ "files", offsetof (struct resources, files), 0, 0 },
	{ "bytes", offsetof (struct resources, held), 65536, 0 },
	{ "KiB resident", offsetof (struct resources, rss_kib), 256, 1 },
};

static long
count_at (const struct resources *c, size_t offset)
{
	long n;

	memcpy (&n, (const char *) c + offset, sizeof n);
	return n;
}

int
resources_grown (const struct resources *before, const struct resources *after,
		 int whole, char *why, size_t size)
{
	size_t i, at = 0;
	long was, is;
	int n = 0;

	why[0] = '\0';
	for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		was = count_at (before, limits[i].offset);
		is = count_at (after, limits[i].offset);
		if (is - was <= limits[i].may_grow
		    || (limits[i].whole && !whole))
			continue;
		n++;
		if (at < size)
			at += (size_t) snprintf (why + at, size - at,
						 "%s%s: %ld before, %ld after",
						 n > 1 ? "; " : "",
						 limits[i].name, was, is);
	}
	return n;
}
