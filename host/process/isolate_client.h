/* SPDX-License-Identifier: MIT */
/*
 * isolate_client.h - the library's side of linehook-isolate: starts the process
 * of a plugin, sends it messages and reads what it answers.
 *
 * Whatever the process does, each function returns: after LIMIT_ISOLATE_MS
 * without an answer, and after an answer that is no message, it is killed.  When
 * a function has failed, all later ones fail in the same way.
 */
#ifndef PROCESS_ISOLATE_CLIENT_H
#define PROCESS_ISOLATE_CLIENT_H

#include <sys/types.h>

#include "common/isolate_proto.h"
#include "common/strbuf.h"

struct isolate_client {
	pid_t pid;   /* 0: none */
	int pidfd;   /* of it, or -1 */
	int in, out; /* its standard input and output; -1: closed */
	int reader;  /* its end of IN, so that no write raises SIGPIPE */
	struct strbuf answers; /* what came and was not taken yet */
	size_t taken;	       /* bytes of it that are done with */
	uint64_t answer_max;   /* bytes of an answer */
	int patience_ms;       /* how long the host waits for an answer */
	struct isolate_journal *journal; /* or NULL */
	uint32_t n_received;		 /* messages of answers */
	int failed;			 /* LHK_E*, or LHK_OK */
	char why[160]; /* a part of a sentence: "was killed by ..." */
};

/*
 * Start PATH for the plugin FILE, which FD has open, and read its HELLO or
 * REFUSED into *HEAD and *BODY, which is valid until the next call.  ALLOC is
 * borrowed until isolate_client_end.  LHK_OK, or a code with a sentence; call
 * isolate_client_end in either case.
 */
int isolate_client_start (struct isolate_client *c,
			  const struct lhk_alloc *alloc, const char *path,
			  const char *file, int fd, struct isolate_head *head,
			  const char **body, struct lhk_error *err);

/* Send a message; meanwhile read answers, so that neither side waits for the
 * other.  LHK_OK, or why the process is gone. */
int isolate_client_send (struct isolate_client *c,
			 const struct isolate_head *head, const char *body);

/*
 * Get the next message, while N calls of GENERATION have no answer: its body is
 * valid until the next call of a function of this module.  When the process is
 * gone, the last message is what it had not sent.  LHK_OK, or why there is none.
 */
int isolate_client_receive (struct isolate_client *c, uint32_t n,
			    uint32_t generation, struct isolate_head *head,
			    const char **body);

/* The process has answered nonsense: end it, and forget what else it says. */
void isolate_client_refuse (struct isolate_client *c, const char *what);

/* End the process and wait for it. */
void isolate_client_end (struct isolate_client *c);

#endif /* PROCESS_ISOLATE_CLIENT_H */
