/* SPDX-License-Identifier: MIT */
/* draft.c - room for the result of a run. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/draft.h"
#include "record/layout.h"
#include "json/text_reader.h"
#include "common/fd.h"
#include "common/io.h"

/* What an agent has put in the place of our files has so many names at most. */
#define BLOCKED_TRIES 1000

/* Where the file system cannot reserve, blocks of zeros do it, as far as it
 * writes in place.  0, or -errno. */
static int
fill (int fd, uint64_t size)
{
	static const char zeros[RECORD_DRAFT_LEAST];
	uint64_t at = 0;
	int r = 0;

	while (r == 0 && at < size)
		r = io_pwrite_full (fd, zeros, sizeof zeros, &at);
	if (r < 0)
		(void) !ftruncate (fd, 0);
	return r;
}

static int
reserve (int fd, uint64_t size)
{
	if (fd_reserve (fd, 0, 0, size) == 0)
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL
		       ? fill (fd, size)
		       : -errno;
}

int
record_draft_open (int dir, int *ret)
{
	uint64_t size = RECORD_DRAFT_SIZE;
	int r;

	*ret = fd_openat (dir, RECORD_RESULT_DRAFT,
			  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			  0600);
	if (*ret < 0)
		return -errno;
	do
		r = reserve (*ret, size);
	while (fd_is_disk_full (-r) && (size /= 4) >= RECORD_DRAFT_LEAST);
	if (r < 0)
		fd_close (ret);
	return r;
}

void
record_draft_write (void *user, const char *data, size_t len)
{
	struct record_draft *d = user;

	if (d->error == 0)
		d->error = io_pwrite_full (d->fd, data, len, &d->at);
}

void
record_draft_count (void *user, const char *data, size_t len)
{
	uint64_t *n = user;

	(void) data;
	*n += len;
}

/* Give what has the name NAME in DIR another one.  0 or -errno. */
static int
move_aside (int dir, const char *name)
{
	char aside[32];
	int n;

	for (n = 0; n < BLOCKED_TRIES; n++) {
		snprintf (aside, sizeof aside, RECORD_BLOCKED "%d", n);
		if (renameat (dir, name, dir, aside) == 0 || errno == ENOENT)
			return 0;
		if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR
		    && errno != EISDIR)
			break;
	}
	return -errno;
}

int
record_draft_renew (int dir, int *fd)
{
	int r;

	fd_close (fd);
	r = move_aside (dir, RECORD_RESULT_DRAFT);
	return r < 0 ? r : record_draft_open (dir, fd);
}

/* 0 or -errno. */
static int
rename_draft (int dir)
{
	if (renameat (dir, RECORD_RESULT_DRAFT, dir, RECORD_RESULT) == 0)
		return 0;
	if (errno != EISDIR)
		return -errno;
	if (move_aside (dir, RECORD_RESULT) < 0
	    || renameat (dir, RECORD_RESULT_DRAFT, dir, RECORD_RESULT) < 0)
		return -EISDIR;
	return 0;
}

int
record_draft_commit (struct record_draft *d, int dir)
{
	/* The modes may be those of an agent. */
	(void) !fchmod (d->fd, 0600);
	(void) !fchmod (dir, 0700);
	if (d->error == 0 && ftruncate (d->fd, (off_t) d->at) < 0)
		d->error = -errno;
	if (d->error == 0
	    && record_is_at (dir, RECORD_RESULT_DRAFT, d->fd) == 0)
		d->error = -ENOENT;
	if (d->error == 0)
		d->error = rename_draft (dir);
	return d->error;
}

void
record_cut_end (int fd, uint64_t *size, uint64_t len)
{
	uint64_t left = *size > len ? *size - len : 0;
	off_t whole;

	if (fd < 0 || ftruncate (fd, (off_t) left) < 0)
		return;
	*size = left;
	whole = record_lines_end (fd);
	if (whole >= 0 && ftruncate (fd, whole) == 0)
		*size = (uint64_t) whole;
}

static void
shorten (struct lhk_text *text, size_t max)
{
	if (text->ptr == NULL || text->len <= max)
		return;
	text->len = text_reader_prefix (text, max);
	if (text->len == 0)
		text->ptr = NULL;
}

void
record_result_shorten (struct lhk_result *r, const struct record_brevity *b)
{
	r->text = (struct lhk_text){ NULL, 0, 0, 0 };
	r->outcome.stderr_head.len = r->outcome.stderr_tail.len = 0;
	r->header = NULL;
	shorten (&r->error, b->error);
	shorten (&r->session_id, b->word);
	shorten (&r->model, b->word);
	shorten (&r->stop_reason, b->word);
	if (r->n_usage > b->n_usage) {
		r->n_usage = b->n_usage;
		r->complete_usage = 0;
	}
}
