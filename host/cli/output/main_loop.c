/* SPDX-License-Identifier: MIT */
/* main_loop.c - what a subcommand waits in: its host, and its own outputs. */
#include "config.h"

#include <stddef.h>

#include "cli/alloc.h"
#include "cli/output/main_loop.h"

/* The dispatch that each turn ends with does the work. */
static void
host_ready (struct loop_source *s, uint32_t events)
{
	(void) s;
	(void) events;
}

void
main_loop_open (struct main_loop *m, struct lhk_host *host)
{
	int fd = lhk_host_fd (host);

	m->host = host;
	m->loop = NULL;
	m->host_source.fd = -1;
	m->host_source.ready = host_ready;
	if (fd < 0 || loop_new (&cli_alloc, &m->loop, NULL) < 0)
		return;
	if (loop_add (m->loop, &m->host_source, fd, EPOLLIN) < 0) {
		loop_free (m->loop);
		m->loop = NULL;
	}
}

void
main_loop_close (struct main_loop *m)
{
	if (m->loop == NULL)
		return;
	loop_remove (m->loop, &m->host_source);
	loop_free (m->loop);
	m->loop = NULL;
}

void
main_loop_forget_host (struct main_loop *m)
{
	m->host = NULL;
	if (m->loop != NULL)
		loop_remove (m->loop, &m->host_source);
}

void
main_loop_writer (struct main_loop *m, int fd, const char *dir,
		  struct async_writer **ret)
{
	*ret = NULL;
	if (m->loop != NULL)
		(void) !async_writer_new (&cli_alloc, m->loop, fd,
					  dir == NULL ? "/tmp" : dir, ret,
					  NULL);
}

int
main_loop_fd (const struct main_loop *m)
{
	return m->loop != NULL ? m->loop->epoll : lhk_host_fd (m->host);
}

int
main_loop_turn (struct main_loop *m, int timeout_ms)
{
	int r;

	if (m->loop == NULL && m->host == NULL)
		return LHK_ESTATE;
	if (m->loop == NULL)
		return lhk_host_dispatch (m->host, timeout_ms);
	r = loop_turn (m->loop, timeout_ms);
	return r < 0 || m->host == NULL ? r : lhk_host_dispatch (m->host, 0);
}
