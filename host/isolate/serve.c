/* SPDX-License-Identifier: MIT */
/*
 * serve.c - the requests on descriptor 0 are read, the answers to them are written to
 * descriptor 1.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "isolate/isolate.h"
#include "isolate/server.h"
#include "common/io.h"
#include "common/mem.h"

/* 1; 0 at the end of the requests. */
static int
read_full (void *data, size_t len)
{
	char *p = data;
	ssize_t n;

	while (len > 0) {
		n = read (STDIN_FILENO, p, len);
		if (n <= 0)
			return 0;
		p += n;
		len -= (size_t) n;
	}
	return 1;
}

static int
write_answers (void *user, const char *data, size_t len)
{
	(void) user;
	return io_write_full (STDOUT_FILENO, data, len);
}

/* BODY is the room for the bytes of a message. */
static int
serve_one (struct server *s, struct strbuf *body,
	   const struct isolate_head *head)
{
	strbuf_clear (body);
	if (head->len > SIZE_MAX / 2
	    || strbuf_reserve (body, head->len + LHK_LINE_PADDING) < 0
	    || !read_full (body->data, head->len))
		return 1;
	memset (body->data + head->len, '\n', LHK_LINE_PADDING);
	return server_answer (s, head, body->data);
}

int
serve (const struct lhk_plugin *plugin, struct isolate_journal *journal)
{
	static struct server s;
	struct isolate_head head;
	struct strbuf body;
	int status = 0;

	strbuf_init (&body, &mem_system);
	if (server_init (&s, plugin, journal, write_answers, NULL) < 0)
		return 1;
	while (status == 0 && read_full (&head, sizeof head))
		status = head.type == ISOLATE_CALLS
					 && head.version == ISOLATE_VERSION
				 ? serve_one (&s, &body, &head)
				 : 1;
	server_done (&s);
	strbuf_free (&body);
	return status;
}
