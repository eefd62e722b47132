/* SPDX-License-Identifier: MIT */
/* dirents.c - the entries of an open directory, without opendir. */
#include "config.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/dirents.h"

long
dirents_read (int fd, struct dirents *ret)
{
	long n = syscall (SYS_getdents64, fd, ret->bytes, sizeof ret->bytes);

	ret->at = 0;
	ret->len = n < 0 ? 0 : n;
	return n;
}

const struct dirents_entry *
dirents_next (struct dirents *d)
{
	const struct dirents_entry *e;

	if (d->at >= d->len)
		return NULL;
	e = (const void *) (d->bytes + d->at);
	d->at += e->reclen;
	return e;
}
