/* SPDX-License-Identifier: MIT */
/*
 * head.c - the first words of result.json and run.json.
 *
 * Both are written by us, their first members in a fixed order and before any
 * text of an agent: a list of runs reads a few hundred bytes of each.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/store.h"
#include "common/fd.h"

/* Enough for all members before the first text of an agent or a user. */
#define HEAD_BYTES 1024

/* What ends the part that can be believed. */
static const char *const first_texts[] = {
	",\"stop_reason\":",
	",\"text\":",
	",\"error\":",
	",\"argv\":",
};

static const char *
find (const char *buf, const char *key)
{
	const char *p = strstr (buf, key);

	return p == NULL ? NULL : p + strlen (key);
}

static void
word (const char *buf, const char *key, char *ret, size_t cap)
{
	const char *p = find (buf, key);
	size_t len = p == NULL ? 0 : strcspn (p, "\"");

	if (len >= cap)
		len = 0;
	if (len != 0)
		memcpy (ret, p, len);
	ret[len] = '\0';
}

static int64_t
number (const char *buf, const char *key, int64_t none)
{
	const char *p = find (buf, key);

	return p == NULL ? none : strtoll (p, NULL, 10);
}

static void
cut (char *buf)
{
	size_t i;

	for (i = 0; i < sizeof first_texts / sizeof first_texts[0]; i++) {
		char *p = strstr (buf, first_texts[i]);

		if (p != NULL)
			*p = '\0';
	}
}

/* Of run.json, at its end: what is behind argv and cwd is ours again. */
static int
read_host (int fd, struct store_head *h)
{
	char buf[HEAD_BYTES + 1];
	off_t size = lseek (fd, 0, SEEK_END);
	off_t at = size > HEAD_BYTES ? size - HEAD_BYTES : 0;
	ssize_t n = size < 0 ? -1 : fd_get (fd, buf, HEAD_BYTES, (uint64_t) at);
	const char *p, *last = NULL;

	if (n < 0)
		return -1;
	buf[n] = '\0';
	for (p = buf; (p = strstr (p, ",\"host\":{")) != NULL; p++)
		last = p;
	if (last == NULL)
		return 0;
	h->host_pid = number (last, "\"pid\":", 0);
	h->host_start = (uint64_t) number (last, "\"start\":", 0);
	word (last, "\"boot\":\"", h->host_boot, sizeof h->host_boot);
	word (last, "\"name\":\"", h->host_name, sizeof h->host_name);
	word (last, "\"space\":\"", h->host_space, sizeof h->host_space);
	return 0;
}

int
store_read_head (int fd, struct store_head *h)
{
	char buf[HEAD_BYTES + 1];
	ssize_t n = fd_get (fd, buf, HEAD_BYTES, 0);

	memset (h, 0, sizeof *h);
	h->exit_status = -1;
	if (n < 0)
		return -1;
	buf[n] = '\0';
	cut (buf);
	word (buf, "\"plugin\":\"", h->plugin, sizeof h->plugin);
	word (buf, "\"provider\":\"", h->provider, sizeof h->provider);
	word (buf, "\"started\":\"", h->started, sizeof h->started);
	word (buf, "\"ended\":\"", h->ended, sizeof h->ended);
	word (buf, "\"verdict\":\"", h->verdict, sizeof h->verdict);
	h->started_ms = number (buf, "\"started_ms\":", 0);
	h->ended_ms = number (buf, "\"ended_ms\":", 0);
	h->exit_status = (int) number (buf, "\"exit_status\":", -1);
	return h->exit_status < 0 ? read_host (fd, h) : 0;
}

static int
same_word (const char *path, const char *word)
{
	char buf[80] = "";
	int fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_get (fd, buf, sizeof buf - 1, 0);

	fd_close (&fd);
	if (n <= 0)
		return 1;
	buf[strcspn (buf, "\n")] = '\0';
	return strcmp (buf, word) == 0;
}

const char *
store_host_path (const struct store_head *h, char path[48])
{
	char name[HOST_NAME_MAX + 1] = "";
	char space[64];
	ssize_t n;

	if (h->host_pid == 0 || h->host_start == 0)
		return "";
	/* Machines and containers may share the store: of the others nothing
	 * is known. */
	n = readlink ("/proc/self/ns/pid", space, sizeof space - 1);
	space[n > 0 ? n : 0] = '\0';
	if ((gethostname (name, sizeof name - 1) == 0
	     && strcmp (name, h->host_name) != 0)
	    || strcmp (space, h->host_space) != 0)
		return "";
	if (h->host_boot[0] != '\0'
	    && !same_word ("/proc/sys/kernel/random/boot_id", h->host_boot))
		return NULL;
	snprintf (path, 48, "/proc/%lld/stat", (long long) h->host_pid);
	return path;
}

/* Field 22 of /proc/PID/stat says when it began. */
int
store_host_lives (const char *path, uint64_t start)
{
	char buf[1024];
	const char *p;
	ssize_t n;
	int fd, field;

	if (path == NULL || path[0] == '\0')
		return path != NULL;
	fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	n = fd < 0 ? -1 : fd_get (fd, buf, sizeof buf - 1, 0);
	fd_close (&fd);
	/* Of one that cannot be looked at now the lock alone tells. */
	if (n < 0)
		return errno != ENOENT && errno != ESRCH;
	buf[n] = '\0';
	p = strrchr (buf, ')');
	for (field = 2; p != NULL && field < 22; field++)
		p = strchr (p + 1, ' ');
	return p != NULL && strtoull (p + 1, NULL, 10) == start;
}

int
store_is_whole (int fd)
{
	char end[2];
	off_t size = lseek (fd, 0, SEEK_END);

	if (size < 0)
		return -1;
	if (size < 2)
		return 0;
	if (fd_get (fd, end, 2, (uint64_t) size - 2) < 0)
		return -1;
	return end[0] == '}' && end[1] == '\n';
}
