/* SPDX-License-Identifier: MIT */
/* sysfile.c - write to files of /proc and of cgroups. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/sysfile.h"

int
sysfile_write (const char *path, const char *text)
{
	int fd = open (path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write (fd, text, strlen (text));
	close (fd);
	return n == (ssize_t) strlen (text) ? 0 : -1;
}
