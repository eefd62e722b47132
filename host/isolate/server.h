/* SPDX-License-Identifier: MIT */
/*
 * server.h - the plugin's side of its process: it takes a message of calls and gives
 * messages of answers.  It makes no system call to read or write them.
 */
#ifndef ISOLATE_SERVER_H
#define ISOLATE_SERVER_H

#include <linehook/plugin.h>

#include "isolate/journal.h"
#include "common/isolate_proto.h"
#include "common/strbuf.h"
#include "plugin/instance.h"

/* Send a message of LEN bytes at DATA, with its head.  0, or -errno. */
typedef int server_send (void *user, const char *data, size_t len);

struct server {
	server_send *send;
	void *user;
	struct journal journal;
	struct plugin_instance instance;
	struct strbuf answers; /* with the head */
	struct strbuf logs;    /* of the call */
	uint32_t n_logs;
	uint32_t generation; /* the one that is answered */
};

/* JOURNAL, which may be NULL, and USER are borrowed.  LHK_OK or LHK_ENOMEM. */
int server_init (struct server *s, const struct lhk_plugin *plugin,
		 struct isolate_journal *journal, server_send *send,
		 void *user);

/*
 * Answer the message of HEAD, a head of calls, whose bytes are at BODY, aligned and
 * with LHK_LINE_PADDING newlines behind them.  0; 1: the message is damaged, or its
 * answers cannot be sent.
 */
int server_answer (struct server *s, const struct isolate_head *head,
		   const char *body);

void server_done (struct server *s);

#endif /* ISOLATE_SERVER_H */
