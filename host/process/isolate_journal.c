/* SPDX-License-Identifier: MIT */
/* isolate_journal.c - answers that the process of a plugin has not sent. */
#include "config.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "process/isolate_journal.h"
#include "common/fd.h"

/* Memory whose size the process cannot change: what is cut off under the host
 * would end it with SIGBUS. */
static int
make_file (void)
{
	int fd = memfd_create ("linehook-isolate",
			       MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -1;
	if (ftruncate (fd, (off_t) ISOLATE_JOURNAL_SIZE) < 0
	    || fcntl (fd, F_ADD_SEALS,
		      F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW)
		       < 0)
		fd_close (&fd);
	return fd;
}

struct isolate_journal *
isolate_journal_new (int *ret_fd)
{
	void *p = MAP_FAILED;

	*ret_fd = fd_move_above_stdio (make_file ());
	if (*ret_fd >= 0)
		p = mmap (NULL, ISOLATE_JOURNAL_SIZE, PROT_READ, MAP_SHARED,
			  *ret_fd, 0);
	if (p != MAP_FAILED)
		return p;
	fd_close (ret_fd);
	return NULL;
}

void
isolate_journal_free (struct isolate_journal *j)
{
	if (j != NULL)
		munmap (j, ISOLATE_JOURNAL_SIZE);
}

int
isolate_journal_read (const struct isolate_journal *j, uint32_t message,
		      uint32_t generation, struct isolate_head *head,
		      const char **body)
{
	static const size_t start = sizeof *j + sizeof *head;
	struct isolate_journal own;

	if (j == NULL)
		return 0;
	/* Each member is read once, whoever may still change it. */
	memcpy (&own, j, sizeof own);
	if (own.message != message || own.n == 0
	    || own.len > ISOLATE_JOURNAL_SIZE - start
	    || own.len % ISOLATE_ALIGNMENT != 0)
		return 0;
	*head = (struct isolate_head){
		.type = ISOLATE_ANSWERS,
		.version = ISOLATE_VERSION,
		.generation = generation,
		.n = own.n,
		.len = own.len,
	};
	*body = (const char *) j + start;
	return 1;
}
