/* SPDX-License-Identifier: MIT */
/*
 * main_loop.h - what a subcommand waits in: its host, and its own outputs.
 *
 * A host is one descriptor; it waits in a loop of the program beside the
 * asynchronous outputs.  Without memory or descriptors for such a loop the
 * host is waited for alone, and outputs block.
 */
#ifndef CLI_OUTPUT_MAIN_LOOP_H
#define CLI_OUTPUT_MAIN_LOOP_H

#include <linehook/host.h>

#include "io/async_writer.h"
#include "io/loop.h"

struct main_loop {
	struct lhk_host *host; /* borrowed; NULL: it was forgotten */
	struct loop *loop;     /* NULL: the host alone */
	struct loop_source host_source;
};

/* HOST must live until main_loop_close. */
void main_loop_open (struct main_loop *m, struct lhk_host *host);

/* Every writer of it must be freed.  Also for one that is all zero. */
void main_loop_close (struct main_loop *m);

/* The host is not waited for any more: its thread is stopped for ever. */
void main_loop_forget_host (struct main_loop *m);

/* Output to FD that waits for no reader; DIR holds what waits, NULL: /tmp.
 * *RET is NULL where there is none: the caller then writes by itself. */
void main_loop_writer (struct main_loop *m, int fd, const char *dir,
		       struct async_writer **ret);

/* Readable when main_loop_turn has something to do; negative: LHK_E*. */
int main_loop_fd (const struct main_loop *m);

/* Wait at most TIMEOUT_MS (-1: for ever) for the host, an output, or
 * lhk_host_wake, and do what there is.  As lhk_host_dispatch. */
int main_loop_turn (struct main_loop *m, int timeout_ms);

#endif /* CLI_OUTPUT_MAIN_LOOP_H */
