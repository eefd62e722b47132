/* SPDX-License-Identifier: MIT */
/*
 * tool.c - memory and time of a tool's answer of 10 MiB, compared with the
 * usual way: read all of it, then parse.
 *
 *	tool MONITOR		all kinds, each way in a process of its own
 *	tool MONITOR KIND WAY	one of them
 *	tool - KIND		write the answer (the tool)
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <json-c/json.h>

#include <linehook/tool.h>

#define SIZE (10 << 20)

static const char *const kinds[] = { "strings", "string", "numbers" };
static const char *const ways[] = { "linehook", "read, parse" };

/* Write an answer of this kind, of at most SIZE bytes. */
static int
answer (const char *kind)
{
	char *p = malloc (SIZE);
	size_t n = 0;
	int i = 0;

	if (p == NULL)
		return 1;
	n += (size_t) sprintf (p, "{\"result\":{\"a\":[0");
	if (strcmp (kind, "string") == 0) {
		n += (size_t) sprintf (p + n, ",\"");
		memset (p + n, 'x', SIZE - 64 - n);
		n = SIZE - 64;
		p[n++] = '"';
	} else if (strcmp (kind, "strings") == 0) {
		while (n < SIZE - 1200) {
			n += (size_t) sprintf (p + n, ",\"");
			memset (p + n, 'x', 1024);
			n += 1024;
			p[n++] = '"';
		}
	} else {
		while (n < SIZE - 64)
			n += (size_t) sprintf (p + n, ",%d", i++);
	}
	n += (size_t) sprintf (p + n, "]}}");
	return fwrite (p, 1, n, stdout) != n;
}

static long
peak_kib (void)
{
	struct rusage used;

	getrusage (RUSAGE_SELF, &used);
	return used.ru_maxrss;
}

static double
now_ms (void)
{
	struct timespec t;

	clock_gettime (CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1000 + (double) t.tv_nsec / 1000000;
}

static int
by_linehook (const char *monitor, const char *self, const char *kind)
{
	const char *const argv[] = { self, "-", kind, NULL };
	struct lhk_host_opts host_opts = LHK_HOST_OPTS_INIT;
	struct lhk_tool_opts opts = LHK_TOOL_OPTS_INIT;
	struct lhk_host *host;
	struct lhk_tool *tool;
	int kind_of;

	host_opts.monitor = monitor;
	opts.id = "bench";
	opts.argv = argv;
	if (lhk_host_new (&host_opts, &host, NULL) < 0
	    || lhk_tool_start (host, &opts, &tool, NULL) < 0
	    || lhk_tool_wait (tool, -1) < 0)
		return 1;
	kind_of = lhk_tool_error_kind (tool);
	lhk_tool_free (tool);
	lhk_host_free (host);
	return kind_of;
}

static int
by_hand (const char *self, const char *kind)
{
	struct json_object *tree;
	size_t cap = 4096, len = 0, n;
	char *all = malloc (cap);
	char command[512];
	FILE *f;

	snprintf (command, sizeof command, "%s - %s", self, kind);
	f = popen (command, "r");
	while (all != NULL && f != NULL
	       && (n = fread (all + len, 1, cap - len, f)) > 0) {
		len += n;
		if (len == cap)
			all = realloc (all, cap *= 2);
	}
	if (all == NULL || f == NULL || pclose (f) != 0)
		return 1;
	all[len] = '\0';
	tree = json_tokener_parse (all);
	n = tree == NULL;
	json_object_put (tree);
	free (all);
	return (int) n;
}

static int
one (char **argv)
{
	long idle = peak_kib ();
	double began = now_ms ();
	int r = argv[3][0] == 'l' ? by_linehook (argv[1], argv[0], argv[2])
				  : by_hand (argv[0], argv[2]);

	printf ("tool: 10 MiB, %-8s %-12s %6.1f MiB above idle, %5.0f ms\n",
		argv[2], argv[3], (double) (peak_kib () - idle) / 1024,
		now_ms () - began);
	return r;
}

int
main (int argc, char **argv)
{
	size_t kind, way;
	int status;

	if (argc == 3)
		return answer (argv[2]);
	if (argc == 4)
		return one (argv);
	if (argc != 2) {
		fputs ("usage: tool LINEHOOK-EXEC\n", stderr);
		return 2;
	}
	for (kind = 0; kind < 3; kind++)
		for (way = 0; way < 2; way++) {
			if (fork () == 0) {
				execl (argv[0], argv[0], argv[1], kinds[kind],
				       ways[way], (char *) NULL);
				_exit (1);
			}
			wait (&status);
			if (status != 0)
				return 1;
		}
	return 0;
}
