/* SPDX-License-Identifier: MIT */
/*
 * replay.c - print a file as an agent does, with one write for each line.
 *
 *	replay FILE
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int
replay (const char *data, size_t len)
{
	const char *const end = data + len;
	const char *nl;
	ssize_t n;

	while (data < end) {
		nl = memchr (data, '\n', (size_t) (end - data));
		n = write (STDOUT_FILENO, data,
			   (size_t) ((nl != NULL ? nl + 1 : end) - data));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 1;
		data += n;
	}
	return 0;
}

int
main (int argc, char **argv)
{
	struct stat st;
	void *data;
	int fd;

	if (argc != 2) {
		fputs ("usage: replay FILE\n", stderr);
		return 2;
	}
	fd = open (argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat (fd, &st) < 0 || st.st_size == 0) {
		fprintf (stderr, "replay: cannot read '%s'\n", argv[1]);
		return 2;
	}
	data = mmap (NULL, (size_t) st.st_size, PROT_READ,
		     MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED) {
		fprintf (stderr, "replay: cannot map '%s': %s\n", argv[1],
			 strerror (errno));
		return 2;
	}
	return replay (data, (size_t) st.st_size);
}
