/* SPDX-License-Identifier: MIT */
/* atomic_file.c - files of a record that are seen whole or not at all; run.json. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/layout.h"
#include "record/atomic_file.h"
#include "format/event_json.h"
#include "common/fd.h"

int
atomic_file_write (int fd, uint64_t *at, const char *data, size_t len)
{
	ssize_t n;

	while (len != 0) {
		n = fd_put (fd, data, len, *at);
		if (n <= 0)
			return n < 0 ? errno : EIO;
		*at += (uint64_t) n;
		data += n;
		len -= (size_t) n;
	}
	return 0;
}

static void
write_paper (void *user, const char *data, size_t len)
{
	struct atomic_file *p = user;

	if (p->sys_errno == 0)
		p->sys_errno = atomic_file_write (p->fd, &p->at, data, len);
}

void
atomic_file_draft (const char *name, char ret[ATOMIC_FILE_NAME])
{
	snprintf (ret, ATOMIC_FILE_NAME, ".%s.new", name);
}

void
atomic_file_onto (struct atomic_file *p, int dir, int fd, const char *name,
		  struct outbuf *out)
{
	p->dir = dir;
	p->fd = fd;
	p->at = 0;
	p->name = name;
	p->locked = 1;
	p->sys_errno = 0;
	p->out = out;
	outbuf_init (out, write_paper, p);
}

int
atomic_file_begin (struct atomic_file *p, int dir, const char *name,
		   struct outbuf *out)
{
	char temp[ATOMIC_FILE_NAME];
	int fd;

	atomic_file_draft (name, temp);
	unlinkat (dir, temp, 0);
	fd = fd_openat (dir, temp,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			0600);
	if (fd < 0)
		return errno;
	atomic_file_onto (p, dir, fd, name, out);
	p->locked = 0;
	return 0;
}

/* The descriptor is gone in any case. */
static int
close_paper (struct atomic_file *p)
{
	int r = close (p->fd);

	p->fd = -1;
	return r < 0 && errno == EINTR ? 0 : r;
}

int
atomic_file_end (struct atomic_file *p)
{
	char temp[ATOMIC_FILE_NAME];

	atomic_file_draft (p->name, temp);
	outbuf_flush (p->out);
	/* Of a file system of another machine a full disk is told by this. */
	if (!p->locked && close_paper (p) < 0 && p->sys_errno == 0)
		p->sys_errno = errno;
	if (p->sys_errno == 0 && renameat (p->dir, temp, p->dir, p->name) < 0)
		p->sys_errno = errno;
	if (p->sys_errno != 0)
		unlinkat (p->dir, temp, 0);
	fd_close (&p->fd);
	return p->sys_errno;
}

static void
put_text (struct outbuf *o, const char *key, const char *value)
{
	struct lhk_text text = { value, 0, LHK_TEXT_PLAIN, 0 };

	if (value == NULL)
		return;
	text.len = strlen (value);
	outbuf_str (o, key);
	json_put_body (o, &text);
}

static void
put_argv (struct outbuf *o, const char *const *argv)
{
	OUT_LIT (o, ",\"argv\":[");
	for (; *argv != NULL; argv++) {
		put_text (o, "", *argv);
		if (argv[1] != NULL)
			OUT_LIT (o, ",");
	}
	OUT_LIT (o, "]");
}

/* Field 22 of /proc/self/stat: when this process began, so that its number
 * alone is never believed.  0: not to be had. */
static uint64_t
own_start (void)
{
	char buf[1024];
	int fd = fd_open ("/proc/self/stat", O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_get (fd, buf, sizeof buf - 1, 0);
	const char *p;
	uint64_t start = 0;
	int field;

	fd_close (&fd);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	p = strrchr (buf, ')');
	for (field = 2; p != NULL && field < 22; field++)
		p = strchr (p + 1, ' ');
	for (p = p == NULL ? "" : p + 1; *p >= '0' && *p <= '9'; p++)
		start = start * 10 + (uint64_t) (*p - '0');
	return start;
}

static void
put_host (struct outbuf *o)
{
	char boot[64] = "";
	char name[HOST_NAME_MAX + 1] = "";
	char space[64];
	int fd = fd_open ("/proc/sys/kernel/random/boot_id",
			  O_RDONLY | O_CLOEXEC, 0);
	ssize_t n = fd < 0 ? -1 : fd_get (fd, boot, sizeof boot - 1, 0);

	fd_close (&fd);
	boot[n > 0 ? strcspn (boot, "\n") : 0] = '\0';
	if (gethostname (name, sizeof name - 1) < 0)
		name[0] = '\0';
	OUT_LIT (o, ",\"host\":{\"pid\":");
	outbuf_i64 (o, getpid ());
	OUT_LIT (o, ",\"start\":");
	outbuf_u64 (o, own_start ());
	put_text (o, ",\"boot\":", boot);
	put_text (o, ",\"name\":", name);
	n = readlink ("/proc/self/ns/pid", space, sizeof space - 1);
	space[n > 0 ? n : 0] = '\0';
	put_text (o, ",\"space\":", space);
	OUT_LIT (o, "}");
}

int
atomic_file_run (int dir, struct outbuf *out,
		 const struct record_writer_about *a)
{
	static const char *const oversize[] = { "drop", "head", "raw" };
	struct atomic_file p;
	int error = atomic_file_begin (&p, dir, RECORD_RUN, out);

	if (error != 0)
		return error;
	put_text (out, "{\"v\":1,\"run\":", a->id);
	put_text (out, ",\"plugin\":", a->plugin);
	put_text (out, ",\"provider\":", a->provider);
	put_text (out, ",\"started\":", a->started);
	OUT_LIT (out, ",\"started_ms\":");
	outbuf_i64 (out, a->started_ms);
	put_argv (out, a->argv);
	put_text (out, ",\"cwd\":", a->cwd);
	OUT_LIT (out, ",\"line_max\":");
	outbuf_u64 (out, a->line_max);
	put_text (out, ",\"oversize\":", oversize[a->oversize]);
	put_host (out);
	OUT_LIT (out, "}\n");
	return atomic_file_end (&p);
}
