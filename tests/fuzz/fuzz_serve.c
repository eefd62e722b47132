/* SPDX-License-Identifier: MIT */
/*
 * fuzz_serve.c - messages of calls to the process of an isolated plugin.
 *
 * The first byte has options.  Calls follow, each behind a byte of its kind and two
 * of the length of its data; a flag of the length ends the message.  With DAMAGED,
 * the first eight bytes are not data but the length that the call tells.
 * Answers come in order, at most one for each call, are whole and in their bounds,
 * and the host can read their events.
 */
#include "config.h"

#include <stdalign.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "common/macros.h"
#include "common/mem.h"
#include "event/event_record.h"
#include "isolate/server.h"

enum { DAMAGED = 1, JOURNAL = 2 };

/* Flag of a length: the message ends behind this call. */
#define LAST 0x8000u

#define CALLS_MAX 64

#define CHECK(holds) FUZZ_CHECK ((holds), all.input, all.size)

extern const struct lhk_plugin linehook_plugin_1;

static struct {
	const char *input;
	size_t size;
	unsigned int options;
	int is_open;
	struct strbuf body; /* of the message that is made */
	struct {
		size_t at, len; /* its data, in the body */
		uint32_t kind;
	} calls[CALLS_MAX];
	uint32_t n;	   /* calls of the message */
	uint32_t answered; /* of them */
	const char *sent;  /* the body of the message that is answered */
} all;

/* ---- the plugin ---- */

/* A host opens an instance once; a damaged message may say it again. */
static int
open_once (const struct lhk_api *api, const struct lhk_option *options,
	   size_t n, void **ret)
{
	if (all.is_open)
		return LHK_EINVAL;
	all.is_open = 1;
	return linehook_plugin_1.open (api, options, n, ret);
}

/* ---- answers ---- */

/* The events of an answer, LEN bytes at P, are those that it tells. */
static void
check_events (const struct isolate_answer *a, char *p, size_t len)
{
	const int is_line = all.calls[all.answered].kind == ISOLATE_LINE;
	const char *line = all.sent + all.calls[all.answered].at;
	size_t line_len = is_line ? all.calls[all.answered].len : 0, n;
	uint32_t i;

	for (i = 0; i < a->n_events; i++) {
		CHECK (event_record_read (p, len, is_line ? line : NULL,
					  line_len, &n)
		       != NULL);
		p += n;
		len -= n;
		fuzz_count ("events");
	}
	CHECK (len == 0);
}

/* What comes before the events; the bytes of it. */
static size_t
check_head (const struct isolate_answer *a, const char *p, size_t len)
{
	size_t used = a->faults > 0 ? sizeof (struct isolate_fault) : 0;
	struct isolate_log log;
	uint32_t i;

	CHECK (used <= len);
	for (i = 0; i < a->n_logs; i++) {
		CHECK (sizeof log <= len - used);
		memcpy (&log, p + used, sizeof log);
		used += sizeof log;
		CHECK (log.len <= len - used);
		used += log.len + -(size_t) log.len % ISOLATE_ALIGNMENT;
	}
	CHECK (used <= len);
	return used;
}

/* The answer at P, of LEN bytes that are left; the bytes of it. */
static size_t
check_answer (char *p, size_t len)
{
	struct isolate_answer a;
	size_t used;

	CHECK (len >= sizeof a && all.answered < CALLS_MAX);
	memcpy (&a, p, sizeof a);
	CHECK (a.len <= len - sizeof a && a.len % ISOLATE_ALIGNMENT == 0);
	used = check_head (&a, p + sizeof a, a.len);
	if (!(all.options & DAMAGED))
		check_events (&a, p + sizeof a + used, a.len - used);
	all.answered++;
	return sizeof a + a.len;
}

static int
on_answers (void *user, const char *data, size_t len)
{
	struct isolate_head head;
	char *copy;
	size_t at = sizeof head;
	uint32_t i;

	(void) user;
	CHECK (len >= sizeof head);
	memcpy (&head, data, sizeof head);
	CHECK (head.type == ISOLATE_ANSWERS && head.version == ISOLATE_VERSION
	       && head.n > 0 && head.len == len - sizeof head);
	copy = malloc (len);
	if (copy == NULL)
		abort ();
	memcpy (copy, data, len);
	for (i = 0; i < head.n; i++)
		at += check_answer (copy + at, len - at);
	CHECK (at == len);
	CHECK ((all.options & DAMAGED) || all.answered <= all.n);
	free (copy);
	return 0;
}

/* ---- calls ---- */

static void
put_call (uint32_t kind, uint64_t said, const char *data, size_t len)
{
	static const char end[ISOLATE_ALIGNMENT] = "\n";
	struct isolate_call call;

	memset (&call, 0, sizeof call);
	call.kind = kind;
	call.len = said;
	call.full_len = len;
	call.number = all.n + 1;
	strbuf_add (&all.body, &call, sizeof call);
	all.calls[all.n].kind = kind;
	all.calls[all.n].at = all.body.len;
	all.calls[all.n++].len = len;
	strbuf_add (&all.body, data, len);
	strbuf_add (&all.body, end,
		    ISOLATE_ALIGNMENT - len % ISOLATE_ALIGNMENT);
}

/* Have the message answered, in memory of its own size.  0: go on. */
static int
end_message (struct server *s)
{
	const struct isolate_head head = { .type = ISOLATE_CALLS,
					   .version = ISOLATE_VERSION,
					   .generation = s->generation,
					   .n = all.n,
					   .len = all.body.len };
	const uint32_t generation = s->generation;
	char *body = fuzz_line (strbuf_str (&all.body), all.body.len);
	int r;

	all.sent = body;
	all.answered = 0;
	r = server_answer (s, &head, body);
	if (!(all.options & DAMAGED))
		CHECK (r == 0
		       && (all.answered == all.n
			   || s->generation == generation + 1));
	fuzz_count (r == 0 ? "messages" : "damaged messages");
	free (body);
	strbuf_clear (&all.body);
	all.n = 0;
	return r;
}

/* The calls of the input. */
static void
make_calls (struct server *s, const char *p, size_t len)
{
	uint32_t kind;
	uint64_t said;
	size_t n, skip;
	int is_last, r = 0;

	for (; r == 0 && len >= 3; p += n, len -= n) {
		kind = ISOLATE_LINE + (unsigned char) p[0] % ISOLATE_PROBE;
		n = (unsigned char) p[1] | (size_t) (unsigned char) p[2] << 8;
		is_last = (n & LAST) != 0;
		n &= LAST - 1;
		p += 3;
		len -= 3;
		if (n > len)
			n = len;
		said = n;
		skip = (all.options & DAMAGED) && n >= sizeof said ? sizeof said
								   : 0;
		if (skip > 0)
			memcpy (&said, p, sizeof said);
		put_call (kind, said, p + skip, n - skip);
		if (is_last || all.n == CALLS_MAX)
			r = end_message (s);
	}
	if (r == 0 && all.n > 0)
		end_message (s);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	static alignas (16) char shared[ISOLATE_JOURNAL_SIZE];
	static struct lhk_plugin plugin;
	static struct server s;

	if (size == 0)
		return 0;
	plugin = linehook_plugin_1;
	plugin.open = open_once;
	all.input = (const char *) data;
	all.size = size;
	all.options = data[0];
	all.is_open = 0;
	all.n = 0;
	strbuf_init (&all.body, &mem_system);
	if (server_init (&s, &plugin,
			 all.options & JOURNAL ? (void *) shared : NULL,
			 on_answers, NULL)
	    < 0)
		abort ();
	put_call (ISOLATE_OPEN, 0, "", 0);
	if (end_message (&s) == 0)
		make_calls (&s, all.input + 1, size - 1);
	server_done (&s);
	strbuf_free (&all.body);
	return 0;
}
