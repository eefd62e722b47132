/* SPDX-License-Identifier: MIT */
/* steady.c - allocations of a plugin that has seen lines like these before. */
#include "config.h"

#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/tap.h"
#include "plugins/steady.h"

#define ROOM (1u << 20) /* bytes of all transcripts of one folder */

/* Weak: without --wrap they are not there, and nothing is counted. */
extern void *__real_malloc (size_t size) __attribute__ ((__weak__));
extern void *__real_calloc (size_t n, size_t size) __attribute__ ((__weak__));
extern void *__real_realloc (void *ptr, size_t size) __attribute__ ((__weak__));
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *ptr, size_t size);

static long allocations;

void *
__wrap_malloc (size_t size)
{
	allocations++;
	return __real_malloc (size);
}

void *
__wrap_calloc (size_t n, size_t size)
{
	allocations++;
	return __real_calloc (n, size);
}

void *
__wrap_realloc (void *ptr, size_t size)
{
	allocations++;
	return __real_realloc (ptr, size);
}

static int
take_event (void *ctx, const struct lhk_event *event)
{
	(void) ctx;
	(void) event;
	return LHK_OK;
}

static void LHK_PRINTF (3, 4)
	take_log (void *ctx, int level, const char *fmt, ...)
{
	(void) ctx;
	(void) level;
	(void) fmt;
}

static void
all_lines (const struct lhk_plugin *plugin, void *handle, const char *data,
	   size_t len)
{
	const char *end = data + len;
	const char *nl;

	for (; data < end; data = nl + 1) {
		struct lhk_line line = { .size = sizeof (line) };

		nl = memchr (data, '\n', (size_t) (end - data));
		if (nl == NULL)
			break;
		line.data = data;
		line.len = (size_t) (nl - data);
		line.full_len = line.len;
		plugin->line_hook (handle, &line);
	}
}

/* All transcripts, one behind the other; 0: none, or too large. */
static size_t
read_all (const char *dir, char *data)
{
	char pattern[4096];
	size_t len = 0;
	glob_t files;
	size_t i;
	FILE *f;

	snprintf (pattern, sizeof (pattern), "%s/*.ndjson", dir);
	if (glob (pattern, 0, NULL, &files) != 0)
		return 0;
	for (i = 0; i < files.gl_pathc; i++) {
		f = fopen (files.gl_pathv[i], "rb");
		if (f == NULL)
			continue;
		len += fread (data + len, 1, ROOM - len, f);
		fclose (f);
	}
	globfree (&files);
	return len < ROOM ? len : 0;
}

/* The allocations of the second pass; -2: a file cannot be read. */
static long
second_pass (const struct lhk_plugin *plugin, const char *dir)
{
	static char data[ROOM + LHK_LINE_PADDING];
	const struct lhk_api api = {
		.size = sizeof (api),
		.abi_major = LHK_ABI_MAJOR,
		.abi_minor = LHK_ABI_MINOR,
		.emit = take_event,
		.log = take_log,
	};
	void *handle;
	size_t len;
	long n;

	len = read_all (dir, data);
	if (len == 0 || plugin->open (&api, NULL, 0, &handle) != LHK_OK)
		return -2;
	all_lines (plugin, handle, data, len);
	n = allocations;
	all_lines (plugin, handle, data, len);
	n = allocations - n;
	plugin->close (handle);
	return n;
}

void
steady_is_free (const struct lhk_plugin *plugin, const char *dir)
{
	if (__real_malloc == NULL)
		tap_skip ("allocations are not counted in this build");
	else
		TAP_EQ_INT (second_pass (plugin, dir), 0);
}
