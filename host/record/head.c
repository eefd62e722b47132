/* SPDX-License-Identifier: MIT */
/*
 * head.c - the first members of result.json and run.json.
 *
 * Both are written here, their first members in a fixed order and before any
 * text of an agent or a user, so they are searched for as strings: a list of
 * runs reads a few hundred bytes of each file and parses none.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/head.h"
#include "common/clock.h"
#include "common/fd.h"
#include "common/macros.h"
#include "common/procfs.h"

/* Enough for all members before the first text of an agent or a user. */
#define HEAD_BYTES 1024

/* A process has no greater one. */
#define EXIT_STATUS_MAX 255

/* The members whose values an agent or a user chose: what follows them may look
 * like members of ours. */
static const char *const foreign_members[] = {
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

/* The string behind KEY; "" when it is missing or does not fit. */
static void
get_word (const char *buf, const char *key, char *ret, size_t cap)
{
	const char *p = find (buf, key);
	size_t len = p == NULL ? 0 : strcspn (p, "\"");

	if (len >= cap)
		len = 0;
	if (len != 0)
		memcpy (ret, p, len);
	ret[len] = '\0';
}

/* The number behind KEY; NONE when it is missing or cannot be one from 0 to
 * MAX. */
static int64_t
get_number (const char *buf, const char *key, int64_t max, int64_t none)
{
	const char *p = find (buf, key);
	int64_t n;

	if (p == NULL || *p < '0' || *p > '9')
		return none;
	errno = 0;
	n = strtoll (p, NULL, 10);
	return errno == 0 && n <= max ? n : none;
}

/* End BUF before the first of the foreign members. */
static void
cut_foreign (char *buf)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (foreign_members); i++) {
		char *p = strstr (buf, foreign_members[i]);

		if (p != NULL)
			*p = '\0';
	}
}

/* The host stands at the end of run.json, behind argv and cwd.  The last match
 * is ours: what a user chose stands before it. */
static int
read_host (int fd, struct record_head *h)
{
	char buf[HEAD_BYTES + 1];
	off_t size = lseek (fd, 0, SEEK_END);
	off_t at = size > HEAD_BYTES ? size - HEAD_BYTES : 0;
	ssize_t n =
		size < 0 ? -1
			 : fd_pread_full (fd, buf, HEAD_BYTES, (uint64_t) at);
	const char *p, *last = NULL;

	if (n < 0)
		return -1;
	buf[n] = '\0';
	for (p = buf; (p = strstr (p, ",\"host\":{")) != NULL; p++)
		last = p;
	if (last == NULL)
		return 0;
	h->host_pid = get_number (last, "\"pid\":", INT32_MAX, 0);
	h->host_start =
		(uint64_t) get_number (last, "\"start\":", INT64_MAX, 0);
	get_word (last, "\"boot\":\"", h->host_boot, sizeof h->host_boot);
	get_word (last, "\"name\":\"", h->host_name, sizeof h->host_name);
	get_word (last, "\"space\":\"", h->host_space, sizeof h->host_space);
	return 0;
}

int
record_head_read (int fd, struct record_head *h)
{
	char buf[HEAD_BYTES + 1];
	ssize_t n = fd_pread_full (fd, buf, HEAD_BYTES, 0);

	*h = RECORD_HEAD_NONE;
	if (n < 0)
		return -1;
	buf[n] = '\0';
	cut_foreign (buf);
	get_word (buf, "\"run\":\"", h->run, sizeof h->run);
	get_word (buf, "\"plugin\":\"", h->plugin, sizeof h->plugin);
	get_word (buf, "\"provider\":\"", h->provider, sizeof h->provider);
	get_word (buf, "\"started\":\"", h->started, sizeof h->started);
	get_word (buf, "\"ended\":\"", h->ended, sizeof h->ended);
	get_word (buf, "\"verdict\":\"", h->verdict, sizeof h->verdict);
	h->started_ms =
		get_number (buf, "\"started_ms\":", CLOCK_UNIX_MS_MAX, 0);
	h->ended_ms = get_number (buf, "\"ended_ms\":", CLOCK_UNIX_MS_MAX, 0);
	h->is_detached = find (buf, "\"detached\":true") != NULL;
	h->exit_status =
		(int) get_number (buf, "\"exit_status\":", EXIT_STATUS_MAX, -1);
	return h->exit_status < 0 ? read_host (fd, h) : 0;
}

/* Is the line of a file of /proc this WORD?  1, also when it cannot be read. */
static int
is_line (const char *path, const char *word)
{
	char buf[80] = "";
	int fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_pread_full (fd, buf, sizeof buf - 1, 0);

	fd_close (&fd);
	if (n <= 0)
		return 1;
	buf[strcspn (buf, "\n")] = '\0';
	return strcmp (buf, word) == 0;
}

const char *
record_head_host_path (const struct record_head *h, char path[RECORD_HEAD_PATH])
{
	char name[HOST_NAME_MAX + 1] = "";
	char space[64];
	ssize_t n;

	if (h->host_pid == 0 || h->host_start == 0)
		return "";
	/* Machines and containers may share a store: nothing is known of a
	 * process of another one. */
	n = readlink ("/proc/self/ns/pid", space, sizeof space - 1);
	space[n > 0 ? n : 0] = '\0';
	if ((gethostname (name, sizeof name - 1) == 0
	     && strcmp (name, h->host_name) != 0)
	    || strcmp (space, h->host_space) != 0)
		return "";
	if (h->host_boot[0] != '\0'
	    && !is_line ("/proc/sys/kernel/random/boot_id", h->host_boot))
		return NULL;
	snprintf (path, RECORD_HEAD_PATH, "/proc/%lld/stat",
		  (long long) h->host_pid);
	return path;
}

int
record_head_host_is_alive (const char *path, uint64_t start)
{
	char buf[PROCFS_STAT_SIZE];
	struct procfs_stat st;
	ssize_t n;
	int fd;

	if (path == NULL || path[0] == '\0')
		return path != NULL;
	fd = fd_open (path, O_RDONLY | O_CLOEXEC, 0);
	n = fd < 0 ? -1 : fd_pread_full (fd, buf, sizeof buf - 1, 0);
	fd_close (&fd);
	/* Without a descriptor or memory to look with, the lock decides. */
	if (n < 0)
		return errno != ENOENT && errno != ESRCH;
	buf[n] = '\0';
	return procfs_parse_stat (buf, &st) == 0 && st.start == start;
}

int
record_head_is_whole (int fd)
{
	char end[2];
	off_t size = lseek (fd, 0, SEEK_END);

	if (size < 0)
		return -1;
	if (size < 2)
		return 0;
	if (fd_pread_full (fd, end, 2, (uint64_t) size - 2) < 0)
		return -1;
	return end[0] == '}' && end[1] == '\n';
}
