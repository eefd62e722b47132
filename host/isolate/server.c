/* SPDX-License-Identifier: MIT */
/*
 * server.c - calls of the host become calls of the plugin, and what they emit
 * becomes answers.
 *
 * The instance is the same as that of a plugin in the host's process, so a plugin
 * cannot tell the difference.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "isolate/server.h"
#include "common/limits.h"
#include "common/mem.h"
#include "event/event_record.h"
#include "plugin/instance.h"

static void
pad (struct strbuf *b)
{
	static const char zeros[ISOLATE_ALIGNMENT];

	strbuf_add (b, zeros, (size_t) isolate_align (b->len) - b->len);
}

static void
on_log (void *user, int level, const char *text)
{
	struct server *s = user;
	struct isolate_log log = { level, (uint32_t) strlen (text) };

	if (s->n_logs >= LIMIT_ISOLATE_LOGS)
		return;
	s->n_logs++;
	strbuf_add (&s->logs, &log, sizeof log);
	strbuf_add (&s->logs, text, log.len);
	pad (&s->logs);
}

/* ---- an answer ---- */

static void
copy_word (char *to, size_t size, const char *from)
{
	size_t n = from == NULL ? 0 : strlen (from);

	if (n >= size)
		n = size - 1;
	if (n > 0)
		memcpy (to, from, n);
	to[n] = '\0';
}

static void
add_fault (struct server *s, const struct validator *v)
{
	struct isolate_fault fault;

	memset (&fault, 0, sizeof fault);
	copy_word (fault.kind, sizeof fault.kind, v->kind);
	copy_word (fault.member, sizeof fault.member, v->member);
	copy_word (fault.what, sizeof fault.what, v->what);
	strbuf_add (&s->answers, &fault, sizeof fault);
}

/* The call, whose line is LEN bytes at LINE or NULL, has returned R. */
static void
answer (struct server *s, int r, const char *line, size_t len)
{
	const struct plugin_stage *stage = &s->instance.stage;
	const struct validator *v = &stage->validator;
	const size_t start = s->answers.len;
	struct isolate_answer a;
	size_t i;

	memset (&a, 0, sizeof a);
	a.r = r;
	a.n_events = (uint32_t) stage->n;
	a.n_logs = s->n_logs;
	a.faults = (uint32_t) v->faults;
	a.lost_usage = (uint32_t) v->lost_usage;
	a.slow_ms = s->instance.timer.slow_ms;
	s->instance.timer.slow_ms = 0;
	strbuf_add (&s->answers, &a, sizeof a);
	if (v->faults > 0)
		add_fault (s, v);
	strbuf_add (&s->answers, s->logs.data, s->logs.len);
	for (i = 0; i < stage->n; i++)
		event_record_write (&s->answers, &stage->events[i], line, len);
	if (strbuf_failed (&s->answers) < 0)
		return;
	a.len = s->answers.len - start - sizeof a;
	memcpy (s->answers.data + start, &a, sizeof a);
	strbuf_clear (&s->logs);
	s->n_logs = 0;
	plugin_stage_clear (&s->instance.stage);
}

/* ---- calls ---- */

/* The options of DATA, up to N of them.  Returns how many there are. */
static size_t
read_options (const char *data, size_t len, struct lhk_option *options,
	      size_t n)
{
	const char *end = data + len;
	size_t i = 0;

	while (data < end && i < n) {
		options[i].key = data;
		data += strlen (data) + 1;
		options[i].value = data;
		data += strlen (data) + 1;
		i++;
	}
	return i;
}

static int
open_plugin (struct server *s, const char *data, size_t len)
{
	struct lhk_error err = { 0, 0, "" };
	struct lhk_option *options;
	size_t n = 0, size, i;
	int r;

	for (i = 0; i < len; i++)
		n += data[i] == '\0';
	size = (n / 2 + 1) * sizeof *options;
	options = mem_new (&mem_system, size);
	if (options == NULL)
		return LHK_ENOMEM;
	n = read_options (data, len, options, n / 2);
	r = plugin_instance_open (&s->instance, options, n, &err);
	mem_free (&mem_system, options, size);
	return r;
}

static int
call_line (struct server *s, const struct isolate_call *call, const char *data)
{
	const struct lhk_line line = {
		.size = sizeof line,
		.flags = call->flags,
		.data = data,
		.len = call->len,
		.full_len = call->full_len,
		.number = call->number,
	};

	return plugin_instance_line (&s->instance, &line);
}

static int
call_exited (struct server *s, const struct isolate_call *call,
	     const char *data)
{
	const struct lhk_exit how = {
		.size = sizeof how,
		.code = call->code,
		.signal = call->signal,
		.stderr_tail = { data, call->len },
	};

	return plugin_instance_exited (&s->instance, &how);
}

static int
call_probe (struct server *s, const struct isolate_call *call, const char *data)
{
	plugin_stage_begin (&s->instance.stage, NULL, 0);
	return s->instance.plugin->probe != NULL
	       && s->instance.plugin->probe (data, call->len) == 1;
}

/* Make one call.  Returns what the plugin has returned. */
static int
call (struct server *s, const struct isolate_call *call, const char *data)
{
	int r = LHK_EINVAL;

	switch (call->kind) {
	case ISOLATE_OPEN:
		r = open_plugin (s, data, call->len);
		break;
	case ISOLATE_LINE:
		r = call_line (s, call, data);
		answer (s, r, data, call->len);
		return r;
	case ISOLATE_FLUSH:
		r = plugin_instance_flush (&s->instance);
		break;
	case ISOLATE_EXITED:
		r = call_exited (s, call, data);
		break;
	case ISOLATE_PROBE:
		r = call_probe (s, call, data);
		break;
	default:
		break;
	}
	answer (s, r, NULL, 0);
	return r;
}

/* ---- messages ---- */

/* Send the N answers that there are.  0, or 1 if that cannot be done. */
static int
send_answers (struct server *s, uint32_t n)
{
	const struct isolate_head head = {
		.type = ISOLATE_ANSWERS,
		.version = ISOLATE_VERSION,
		.generation = s->generation,
		.n = n,
		.len = s->answers.len - sizeof head,
	};
	int r = strbuf_failed (&s->answers);

	if (r == LHK_OK) {
		memcpy (s->answers.data, &head, sizeof head);
		r = s->send (s->user, s->answers.data, s->answers.len);
	}
	return r < 0;
}

static void
begin_answers (struct server *s)
{
	const struct isolate_head none = { .type = ISOLATE_ANSWERS };

	journal_begin (&s->journal, &s->answers);
	strbuf_clear (&s->answers);
	strbuf_add (&s->answers, &none, sizeof none);
}

/* The call at P, where LEFT bytes are; NULL if it is not whole. */
static const struct isolate_call *
call_at (const char *p, size_t left)
{
	const struct isolate_call *c = (const void *) p;

	return left < sizeof *c || c->len >= left - sizeof *c
			       || isolate_call_size (c) > left
		       ? NULL
		       : c;
}

/* Answer the calls of a message up to one that fails.  0; 1: the message is
 * damaged, or the host is gone. */
static int
make_calls (struct server *s, const struct isolate_head *head, const char *p)
{
	const char *const end = p + head->len;
	uint32_t i, n = 0;
	int r = LHK_OK, failed = 0;

	call_timer_sample (&s->instance.timer);
	for (i = 0; i < head->n && r >= 0 && !failed; i++) {
		const struct isolate_call *c = call_at (p, (size_t) (end - p));

		if (c == NULL)
			return 1;
		if (n == 0)
			begin_answers (s);
		r = call (s, c, p + sizeof *c);
		journal_note (&s->journal, &s->answers, ++n);
		p += isolate_call_size (c);
		if (r >= 0 && i + 1 < head->n
		    && s->answers.len < ISOLATE_ANSWERS_ENOUGH)
			continue;
		failed = send_answers (s, n);
		n = 0;
	}
	if (r < 0)
		s->generation++;
	return failed;
}

int
server_init (struct server *s, const struct lhk_plugin *plugin,
	     struct isolate_journal *journal, server_send *send, void *user)
{
	memset (s, 0, sizeof *s);
	s->send = send;
	s->user = user;
	s->generation = 1;
	journal_init (&s->journal, journal);
	strbuf_init (&s->answers, &s->journal.alloc);
	strbuf_init (&s->logs, &mem_system);
	if (plugin_instance_init (&s->instance, &mem_system, plugin, NULL,
				  on_log, s)
	    < 0)
		return LHK_ENOMEM;
	/* The filter forbids to ask for more. */
	s->instance.timer.is_alone = 1;
	return LHK_OK;
}

int
server_answer (struct server *s, const struct isolate_head *head,
	       const char *body)
{
	return head->generation < s->generation ? 0
						: make_calls (s, head, body);
}

void
server_done (struct server *s)
{
	plugin_instance_done (&s->instance);
	strbuf_free (&s->answers);
	strbuf_free (&s->logs);
}
