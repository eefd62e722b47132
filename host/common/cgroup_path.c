/* SPDX-License-Identifier: MIT */
/* cgroup_path.c - the directory of our own cgroup, whatever the layout. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/cgroup_path.h"

#define MAGIC_V1 0x27e0ebL
#define MAGIC_V2 0x63677270L

/* A longer line of mountinfo is skipped: its options are a page at most, so its
 * paths are too long to be ours. */
#define LINE_SIZE 8192

struct lines {
	int fd;
	size_t at, len;
	char buf[LINE_SIZE];
};

static const char *
next_line (struct lines *l)
{
	char *line, *end;
	int whole = 1;
	ssize_t n;

	for (;;) {
		line = l->buf + l->at;
		end = memchr (line, '\n', l->len - l->at);
		if (end != NULL) {
			*end = '\0';
			l->at = (size_t) (end - l->buf) + 1;
			if (whole)
				return line;
			whole = 1;
			continue;
		}
		if (l->at == 0 && l->len == sizeof l->buf) {
			whole = 0;
			l->len = 0;
		}
		memmove (l->buf, l->buf + l->at, l->len - l->at);
		l->len -= l->at;
		l->at = 0;
		n = read (l->fd, l->buf + l->len, sizeof l->buf - l->len);
		if (n <= 0)
			return NULL;
		l->len += (size_t) n;
	}
}

/* Is WORD one of the comma-separated words from LIST to END? */
static int
lists (const char *list, const char *end, const char *word)
{
	size_t len = strlen (word);
	const char *comma;

	for (; list < end; list = comma + 1) {
		comma = memchr (list, ',', (size_t) (end - list));
		if (comma == NULL)
			comma = end;
		if ((size_t) (comma - list) == len
		    && memcmp (list, word, len) == 0)
			return 1;
	}
	return 0;
}

const char *
cgroup_path_cgroup (const char *line, const char *controller)
{
	const char *names = strchr (line, ':');
	const char *path = names == NULL ? NULL : strchr (names + 1, ':');

	if (path == NULL || path[1] != '/')
		return NULL;
	names++;
	if (controller == NULL)
		return line[0] == '0' && names == line + 2 && path == names
			       ? path + 1
			       : NULL;
	return lists (names, path, controller) ? path + 1 : NULL;
}

/* Word N of LINE, counted from 0, and its length. */
static const char *
word_of (const char *line, int n, size_t *ret_len)
{
	for (; n > 0 && line != NULL; n--) {
		line = strchr (line, ' ');
		if (line != NULL)
			line++;
	}
	if (line != NULL)
		*ret_len = strcspn (line, " ");
	return line;
}

static int
is_octal (const char *p, const char *end)
{
	int i;

	for (i = 0; i < 3; i++)
		if (p + i >= end || p[i] < '0' || p[i] > '7')
			return 0;
	return 1;
}

/* A path of mountinfo, without the escapes \040, \011, \012, \134. */
static int
unescape (const char *p, size_t len, char *ret, size_t size)
{
	const char *end = p + len;
	size_t n = 0;

	while (p < end && n + 1 < size) {
		if (*p == '\\' && is_octal (p + 1, end)) {
			ret[n++] = (char) ((p[1] - '0') * 64 + (p[2] - '0') * 8
					   + (p[3] - '0'));
			p += 4;
		} else {
			ret[n++] = *p++;
		}
	}
	ret[n] = '\0';
	return p == end ? 0 : -1;
}

/* The part of CGROUP below ROOT, "" or "/..."; NULL: it is not below. */
static const char *
below (const char *cgroup, const char *root)
{
	size_t len = strcmp (root, "/") == 0 ? 0 : strlen (root);

	if (strncmp (cgroup, root, len) != 0)
		return NULL;
	cgroup += len;
	if (strcmp (cgroup, "/") == 0)
		return "";
	if (*cgroup != '\0' && *cgroup != '/')
		return NULL;
	/* A cgroup above the root of our cgroup namespace is in no mount. */
	if (strncmp (cgroup, "/..", 3) == 0
	    && (cgroup[3] == '/' || cgroup[3] == '\0'))
		return NULL;
	return cgroup;
}

int
cgroup_path_mount (const char *line, const char *controller, const char *cgroup,
		   char *ret, size_t size)
{
	const char *kind = strstr (line, " - ");
	const char *options, *root, *at, *rest;
	char buf[PATH_MAX];
	size_t len, at_len, n;

	if (kind == NULL)
		return 0;
	kind += 3;
	options = word_of (kind, 2, &len);
	if (controller == NULL
		    ? strncmp (kind, "cgroup2 ", 8) != 0
		    : strncmp (kind, "cgroup ", 7) != 0 || options == NULL
			      || !lists (options, options + len, controller))
		return 0;
	root = word_of (line, 3, &len);
	at = word_of (line, 4, &at_len);
	if (root == NULL || at == NULL || root > kind || at > kind
	    || unescape (root, len, buf, sizeof buf) < 0)
		return 0;
	rest = below (cgroup, buf);
	if (rest == NULL || unescape (at, at_len, ret, size) < 0)
		return 0;
	n = strlen (ret);
	if (n + strlen (rest) >= size)
		return 0;
	memcpy (ret + n, rest, strlen (rest) + 1);
	return 1;
}

static int
find_cgroup (const char *controller, char *ret, size_t size)
{
	struct lines l = { .fd = open ("/proc/self/cgroup",
				       O_RDONLY | O_CLOEXEC) };
	const char *line, *cgroup = NULL;

	if (l.fd < 0)
		return -1;
	while (cgroup == NULL && (line = next_line (&l)) != NULL)
		cgroup = cgroup_path_cgroup (line, controller);
	close (l.fd);
	if (cgroup == NULL || strlen (cgroup) >= size) {
		errno = cgroup == NULL ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memcpy (ret, cgroup, strlen (cgroup) + 1);
	return 0;
}

/* Is it there?  Another mount may cover the one that was found. */
static int
is_there (const char *path, const char *controller)
{
	struct statfs fs;

	return statfs (path, &fs) == 0
	       && (long) fs.f_type
			  == (controller == NULL ? MAGIC_V2 : MAGIC_V1);
}

int
cgroup_path_own (const char *controller, char *ret, size_t size)
{
	struct lines l = { .fd = -1 };
	char cgroup[PATH_MAX];
	const char *line;
	int found = 0;

	if (find_cgroup (controller, cgroup, sizeof cgroup) < 0)
		return -1;
	l.fd = open ("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	if (l.fd < 0)
		return -1;
	while (!found && (line = next_line (&l)) != NULL)
		found = cgroup_path_mount (line, controller, cgroup, ret, size)
			&& is_there (ret, controller);
	close (l.fd);
	if (!found)
		errno = ENOENT;
	return found ? 0 : -1;
}

const char *
cgroup_path_tail (const char *path, size_t max)
{
	size_t len = strlen (path);

	return len > max ? path + len - max : path;
}
