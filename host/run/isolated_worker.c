/* SPDX-License-Identifier: MIT */
/* isolated_worker.c - calls that are made in the process of a plugin. */
#include "config.h"

#include <string.h>

#include "run/isolated_worker.h"
#include "common/limits.h"
#include "event/event_record.h"

/* Bytes of answers beyond what events may have: structs, places and names. */
#define ANSWER_MORE ((uint64_t) 64 << 20)

void
isolated_worker_init (struct isolated_worker *w, const struct lhk_api *api,
		      struct plugin_instance *instance,
		      const struct lhk_alloc *alloc)
{
	w->api = api;
	w->instance = instance;
	w->generation = 1;
	strbuf_init (&w->request, alloc);
	strbuf_init (&w->answers, alloc);
	w->taken = 0;
	w->n_answers = 0;
	w->queue = NULL;
	w->gone = 0;
}

void
isolated_worker_free (struct isolated_worker *w)
{
	isolate_client_end (&w->client);
	strbuf_free (&w->request);
	strbuf_free (&w->answers);
}

/* ---- send ---- */

static struct isolate_head
calls_head (const struct isolated_worker *w)
{
	return (struct isolate_head){
		.type = ISOLATE_CALLS,
		.version = ISOLATE_VERSION,
		.generation = w->generation,
	};
}

/* Send a call with its data. */
static int
send_call (struct isolated_worker *w, const struct isolate_call *call,
	   const char *data)
{
	static const char newline[ISOLATE_ALIGNMENT] = "\n";
	struct isolate_head head = calls_head (w);
	const size_t size = (size_t) isolate_call_size (call);

	strbuf_clear (&w->request);
	strbuf_add (&w->request, call, sizeof *call);
	strbuf_add (&w->request, data, call->len);
	strbuf_add (&w->request, newline, size - sizeof *call - call->len);
	if (strbuf_failed (&w->request) < 0)
		return LHK_ENOMEM;
	head.n = 1;
	head.len = size;
	return isolate_client_send (&w->client, &head, w->request.data);
}

void
isolated_worker_send (struct isolated_worker *w)
{
	struct isolate_head head = calls_head (w);
	const char *data;

	while (w->client.failed == LHK_OK
	       && (data = isolated_queue_batch (w->queue, &head)) != NULL)
		(void) !isolate_client_send (&w->client, &head, data);
}

/* ---- receive ---- */

/* What is left of an answer. */
struct rest {
	char *p;
	size_t len;
};

static int
pass_logs (struct isolated_worker *w, struct rest *rest, uint32_t n)
{
	struct isolate_log log;
	uint64_t size;

	for (; n > 0; n--) {
		if (rest->len < sizeof log)
			return 0;
		memcpy (&log, rest->p, sizeof log);
		size = isolate_align (sizeof log + (uint64_t) log.len);
		if (log.len > PLUGIN_LOG_MAX || size > rest->len)
			return 0;
		w->api->log (w->api->ctx, log.level, "%.*s", (int) log.len,
			     rest->p + sizeof log);
		rest->p += size;
		rest->len -= (size_t) size;
	}
	return 1;
}

static int
pass_events (struct isolated_worker *w, struct rest *rest, uint32_t n,
	     const char *line, size_t line_len)
{
	const struct lhk_event *event;
	size_t used;

	for (; n > 0; n--) {
		event = event_record_read (rest->p, rest->len, line, line_len,
					   &used);
		if (event == NULL)
			return 0;
		(void) !w->api->emit (w->api->ctx, event);
		rest->p += used;
		rest->len -= used;
	}
	return rest->len == 0;
}

/* The call was slow there. */
static void
pass_slow (struct call_timer *t, uint32_t ms, size_t line_len)
{
	t->slow_ms = ms;
	t->slow_limit_ms = call_timer_limit (line_len);
	t->n_slow++;
}

/* The faults that were found there are those of this callback. */
static int
pass_faults (struct isolated_worker *w, const struct isolate_answer *a,
	     struct rest *rest, size_t line_len)
{
	struct isolate_fault *f = (void *) rest->p;
	struct validator *v;

	if (w->instance == NULL)
		return a->faults == 0 && a->n_events == 0;
	if (a->slow_ms != 0)
		pass_slow (&w->instance->timer, a->slow_ms, line_len);
	if (a->faults == 0)
		return 1;
	if (rest->len < sizeof *f)
		return 0;
	v = &w->instance->stage.validator;
	rest->p += sizeof *f;
	rest->len -= sizeof *f;
	f->kind[sizeof f->kind - 1] = '\0';
	f->member[sizeof f->member - 1] = '\0';
	f->what[sizeof f->what - 1] = '\0';
	v->faults += a->faults;
	v->lost_usage |= a->lost_usage != 0;
	v->kind = f->kind;
	v->member = f->member[0] == '\0' ? NULL : f->member;
	v->what = f->what;
	return 1;
}

static int
refuse (struct isolated_worker *w)
{
	isolate_client_refuse (&w->client, "answered nonsense");
	w->gone = 1;
	return LHK_ESYS;
}

/* Get the next message, which answers N calls at most, on LEN bytes. */
static int
receive (struct isolated_worker *w, uint32_t n, uint64_t len)
{
	struct isolate_head head;
	const char *body;
	int r;

	w->client.answer_max = ANSWER_MORE + 2 * LIMIT_COPIES + 8 * len;
	r = isolate_client_receive (&w->client, n, w->generation, &head, &body);
	w->gone = r < 0;
	if (r < 0)
		return r;
	if (head.type != ISOLATE_ANSWERS || head.generation != w->generation
	    || head.n == 0 || head.n > n)
		return refuse (w);
	/* What comes while more is sent may move it. */
	strbuf_clear (&w->answers);
	strbuf_add (&w->answers, body, head.len);
	w->taken = 0;
	w->n_answers = head.n;
	if (strbuf_failed (&w->answers) == LHK_OK)
		return LHK_OK;
	isolate_client_refuse (&w->client,
			       "answered more than there is memory for");
	w->gone = 1;
	return LHK_ESYS;
}

/* Take the next answer of the message, to a call on LEN bytes at LINE, or NULL.
 * What the plugin has returned. */
static int
take_answer (struct isolated_worker *w, const char *line, size_t len)
{
	struct rest rest = { w->answers.data + w->taken,
			     w->answers.len - w->taken };
	struct isolate_answer a;

	if (rest.len < sizeof a)
		return refuse (w);
	memcpy (&a, rest.p, sizeof a);
	rest.p += sizeof a;
	rest.len -= sizeof a;
	w->n_answers--;
	if (a.len > rest.len
	    || (a.len != rest.len && (w->n_answers == 0 || a.r < 0)))
		return refuse (w);
	w->taken += sizeof a + (size_t) a.len;
	rest.len = (size_t) a.len;
	if (!pass_faults (w, &a, &rest, len) || !pass_logs (w, &rest, a.n_logs)
	    || !pass_events (w, &rest, a.n_events, line, len))
		return refuse (w);
	if (a.r < 0) {
		w->n_answers = 0;
		w->generation++;
	}
	return a.r;
}

/* ---- calls ---- */

static int
wait_for_first (struct isolated_worker *w, const struct isolate_call *call,
		const char *line)
{
	struct isolated_queue *q = w->queue;
	int r = LHK_OK;

	isolated_worker_send (w);
	if (w->n_answers == 0)
		r = receive (w, q->n_sent, call->len);
	if (r == LHK_OK)
		r = take_answer (w, line, (size_t) call->len);
	isolated_queue_answered (q, r < 0);
	return r;
}

int
isolated_worker_call (struct isolated_worker *w,
		      const struct isolate_call *call, const char *data)
{
	const char *line = call->kind == ISOLATE_LINE ? data : NULL;
	int r;

	if (w->queue != NULL && line != NULL
	    && isolated_queue_is_first (w->queue, line)) {
		r = wait_for_first (w, call, line);
	} else {
		r = send_call (w, call, data);
		w->gone = w->client.failed != LHK_OK;
		if (r == LHK_OK)
			r = receive (w, 1, call->len);
		if (r == LHK_OK)
			r = take_answer (w, line,
					 line == NULL ? 0 : (size_t) call->len);
	}
	return w->gone ? LHK_OK : r;
}
