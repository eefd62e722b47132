/* SPDX-License-Identifier: MIT */
/* tool_counts.c - tool calls and background tasks. */
#include "config.h"

#include <string.h>

#include <linehook/json.h>
#include <linehook/plugin.h>

#include "event/tool_counts.h"
#include "common/limits.h"

/* Bytes of the data of a task notice, which is an id and a few words. */
#define DATA_MAX 4096

/* How far up the calls are followed whose subagents a call is of. */
#define DEPTH_MAX 16

/* What is known of a call. */
struct call {
	int32_t status; /* LHK_TOOL_*; 0: it was only asked about */
	int32_t asked;	/* it waits for an answer that nobody can give */
	uint32_t waits; /* calls of its subagent that do */
	uint32_t tasks; /* open background tasks that it has started */
	int64_t begun_ms;
	struct hold hold;
};

struct task {
	struct idmap_key tool; /* the call whose thread is the task's */
	int64_t begun_ms;
	int64_t ended;
};

struct task_data {
	struct lhk_text id;
	struct lhk_text tool;
};

static const struct lhk_field task_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct task_data, id),
	LHK_FIELD ("tool", LHK_FIELD_TEXT, struct task_data, tool),
};
LHK_FIELDS (task_table, struct task_data, task_fields);

void
tool_counts_init (struct tool_counts *t, const struct lhk_alloc *alloc)
{
	memset (t, 0, sizeof *t);
	idmap_init (&t->tools, alloc, sizeof (struct call), LIMIT_TRACKED);
	idmap_init (&t->tasks, alloc, sizeof (struct task), LIMIT_TRACKED);
	threads_init (&t->threads, alloc);
}

void
tool_counts_free (struct tool_counts *t)
{
	idmap_free (&t->tools);
	idmap_free (&t->tasks);
	threads_free (&t->threads);
}

static int
is_open (int32_t status)
{
	return status == LHK_TOOL_PENDING || status == LHK_TOOL_RUNNING;
}

/* ---- calls that wait ---- */

static int
is_waiting (const struct call *c)
{
	return c->asked || c->waits > 0;
}

/* The call has begun to wait, and so have those whose subagents it is of. */
static void
suspend (struct tool_counts *t, struct call *c)
{
	int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		t->tasks_waiting += c->tasks;
		if (!threads_suspend (&t->threads, &c->hold))
			return;
		c = idmap_find (&t->tools, &c->hold.thread);
		if (c == NULL)
			return;
		c->waits++;
		if (c->asked || c->waits > 1)
			return;
	}
}

/* The call no longer waits. */
static void
resume (struct tool_counts *t, struct call *c)
{
	int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		t->tasks_waiting -= c->tasks;
		if (!threads_resume (&t->threads, &c->hold))
			return;
		c = idmap_find (&t->tools, &c->hold.thread);
		if (c == NULL || c->waits == 0)
			return;
		c->waits--;
		if (is_waiting (c))
			return;
	}
}

static void
answer (struct tool_counts *t, struct call *c)
{
	if (!c->asked)
		return;
	c->asked = 0;
	t->asks--;
	if (c->waits == 0)
		resume (t, c);
}

/* The call has ended; what its subagent waits for matters to a task alone. */
static void
end_wait (struct tool_counts *t, struct call *c)
{
	if (!is_waiting (c))
		return;
	t->asks -= (size_t) c->asked;
	c->asked = 0;
	if (c->tasks == 0)
		c->waits = 0;
	resume (t, c);
	if (c->waits > 0)
		t->tasks_waiting += c->tasks;
}

/* ---- calls ---- */

/* How many entries to forget. */
struct forgetting {
	struct tool_counts *counts;
	size_t left;
	int also_open; /* forget open ones too */
};

/* An idmap_keep_fn. */
static int
is_remembered_call (void *user, void *value)
{
	struct forgetting *f = user;
	struct call *c = value;

	if (f->left == 0 || (is_open (c->status) && !f->also_open))
		return 1;
	f->left--;
	if (is_waiting (c)) {
		f->counts->asks -= (size_t) c->asked;
		f->counts->tasks_waiting -= c->tasks;
		threads_resume (&f->counts->threads, &c->hold);
	}
	threads_release (&f->counts->threads, &c->hold);
	f->counts->forgotten += is_open (c->status);
	return 0;
}

/* Forget the oldest calls if the map is full.  A sweep looks at all of them, so
 * it must make room for many: if few have ended, open ones go, too. */
static void
make_room_for_call (struct tool_counts *t)
{
	struct forgetting ended = { t, LIMIT_TRACKED / 4, 0 };
	struct forgetting open = { t, LIMIT_TRACKED / 8, 1 };
	size_t room;

	if (t->tools.n < LIMIT_TRACKED)
		return;
	idmap_sweep (&t->tools, is_remembered_call, &ended);
	room = LIMIT_TRACKED - t->tools.n;
	if (room >= open.left)
		return;
	open.left -= room;
	idmap_sweep (&t->tools, is_remembered_call, &open);
}

/* The call of an id, which is added if it is new; NULL if it cannot be
 * remembered, because it has no id or there is no memory. */
static struct call *
find_or_add (struct tool_counts *t, const struct idmap_key *id)
{
	struct call *c;

	if (idmap_key_absent (id))
		return NULL;
	c = idmap_find (&t->tools, id);
	if (c != NULL)
		return c;
	make_room_for_call (t);
	return idmap_add (&t->tools, id);
}

static void
take_hold (struct tool_counts *t, struct call *c, const struct lhk_text *parent)
{
	struct idmap_key thread;
	const struct call *over;
	int depth;

	idmap_key_of (parent, &thread);
	threads_hold (&t->threads, &thread, &c->hold);
	for (depth = 0; depth < DEPTH_MAX; depth++) {
		over = idmap_find (&t->tools, &thread);
		if (over == NULL
		    || !threads_adopt (&t->threads, &thread,
				       &over->hold.thread))
			break;
		thread = over->hold.thread;
	}
	if (c->asked)
		suspend (t, c);
}

/* A call that its thread has left behind does not come back by an update. */
static void
set_hold (struct tool_counts *t, struct call *c, int32_t before,
	  const struct lhk_ev_tool *ev)
{
	if (!is_open (c->status)) {
		end_wait (t, c);
		threads_release (&t->threads, &c->hold);
	} else if (!is_open (before)) {
		take_hold (t, c, &ev->ev.parent);
	} else if (c->status == LHK_TOOL_RUNNING) {
		answer (t, c);
	}
}

/* What ends with its first event is work only if it ran, and the event says what
 * it was. */
static int
is_work (const struct call *c, const struct lhk_ev_tool *ev)
{
	return is_open (c->status)
	       || ((c->status == LHK_TOOL_DONE || c->status == LHK_TOOL_FAILED)
		   && ev->name.len > 0);
}

int
tool_counts_tool (struct tool_counts *t, const struct lhk_ev_tool *ev)
{
	struct call nameless = { 0 };
	struct idmap_key id;
	struct call *c;
	int32_t before;

	t->events++;
	idmap_key_of (&ev->id, &id);
	c = find_or_add (t, &id);
	if (c == NULL)
		c = &nameless;
	before = c->status;
	if (before == 0 && (ev->flags & LHK_TOOL_NEXT_MESSAGE) != 0)
		tool_counts_message (t, &ev->ev.parent);
	if (before == 0) {
		t->started++;
		c->begun_ms = t->now_ms;
	} else {
		t->states[before]--;
	}
	c->status = ev->status != 0 ? ev->status
		    : before != 0   ? before
				    : LHK_TOOL_PENDING;
	t->states[c->status]++;
	if (c != &nameless)
		set_hold (t, c, before, ev);
	if (c != &nameless && !is_open (c->status))
		threads_close (&t->threads, &id, 1);
	return before == 0 && is_work (c, ev);
}

void
tool_counts_ask (struct tool_counts *t, const struct lhk_ev_ask *ev)
{
	struct idmap_key id;
	struct call *c;

	idmap_key_of (&ev->tool, &id);
	if (t->can_answer || idmap_key_absent (&id))
		return;
	if (ev->outcome.len > 0) {
		c = idmap_find (&t->tools, &id);
		if (c != NULL && is_open (c->status))
			answer (t, c);
		return;
	}
	/* A question may come before its call. */
	c = find_or_add (t, &id);
	if (c == NULL || c->asked || (c->status != 0 && !is_open (c->status)))
		return;
	c->asked = 1;
	t->asks++;
	if (c->waits == 0)
		suspend (t, c);
}

/* The thread of a call's subagent has gone on: none of its calls waits. */
static void
forget_waits (struct tool_counts *t, const struct idmap_key *id)
{
	struct call *c = idmap_find (&t->tools, id);

	if (c == NULL || c->waits == 0)
		return;
	c->waits = 0;
	if (!c->asked)
		resume (t, c);
}

void
tool_counts_message (struct tool_counts *t, const struct lhk_text *parent)
{
	struct idmap_key thread;

	if (threads_open (&t->threads) == 0 && t->asks == 0)
		return;
	idmap_key_of (parent, &thread);
	threads_close (&t->threads, &thread, 0);
	if (t->asks > 0)
		forget_waits (t, &thread);
}

void
tool_counts_turn (struct tool_counts *t)
{
	threads_close_turn (&t->threads);
}

void
tool_counts_lost (struct tool_counts *t, const struct lhk_text *parent)
{
	struct idmap_key thread;

	if (parent != NULL)
		idmap_key_of (parent, &thread);
	threads_lose (&t->threads, parent != NULL ? &thread : NULL);
}

size_t
tool_counts_working (const struct tool_counts *t)
{
	return threads_open (&t->threads);
}

uint64_t
tool_counts_unfinished (const struct tool_counts *t)
{
	return t->states[LHK_TOOL_PENDING] + t->states[LHK_TOOL_RUNNING];
}

/* ---- tasks ---- */

/* The keys of the ids in the data of a notice.  The data is copied because the
 * reader needs padding behind it. */
static void
task_keys (const struct lhk_str *data, struct idmap_key *ret_id,
	   struct idmap_key *ret_tool)
{
	char buf[DATA_MAX + LHK_LINE_PADDING];
	struct task_data found;

	memset (ret_id, 0, sizeof *ret_id);
	memset (ret_tool, 0, sizeof *ret_tool);
	if (data->ptr == NULL || data->len >= DATA_MAX)
		return;
	memcpy (buf, data->ptr, data->len);
	memset (buf + data->len, '\n', LHK_LINE_PADDING);
	if (lhk_json_line (buf, data->len, &task_table, &found) != LHK_OK)
		return;
	idmap_key_of (&found.id, ret_id);
	idmap_key_of (&found.tool, ret_tool);
}

/* An open task has ended, or nobody follows it any more. */
static void
close_task (struct tool_counts *t, const struct task *task)
{
	struct call *c = idmap_find (&t->tools, &task->tool);

	t->tasks_open--;
	threads_end_task (&t->threads, &task->tool);
	if (c == NULL || c->tasks == 0)
		return;
	c->tasks--;
	t->tasks_waiting -= (size_t) is_waiting (c);
}

static void
open_task (struct tool_counts *t, struct task *task,
	   const struct idmap_key *tool)
{
	struct call *c = idmap_find (&t->tools, tool);

	task->ended = 0;
	task->tool = *tool;
	task->begun_ms = t->now_ms;
	t->tasks_open++;
	t->tasks_started++;
	threads_begin_task (&t->threads, tool);
	if (c == NULL)
		return;
	c->tasks++;
	t->tasks_waiting += (size_t) is_waiting (c);
}

/* An idmap_keep_fn. */
static int
is_remembered_task (void *user, void *value)
{
	struct forgetting *f = user;
	struct task *task = value;

	if (task->ended) {
		f->counts->tasks_ended--;
		return 0;
	}
	if (f->left == 0)
		return 1;
	f->left--;
	f->counts->forgotten++;
	close_task (f->counts, task);
	return 0;
}

/* Forget the tasks that have ended; if that leaves no room, the oldest others
 * too. */
static void
make_room_for_task (struct tool_counts *t)
{
	struct forgetting f = { t, 0, 1 };

	if (t->tasks.n < LIMIT_TRACKED)
		return;
	if (t->tasks_ended < LIMIT_TRACKED / 4)
		f.left = LIMIT_TRACKED / 4 - t->tasks_ended;
	idmap_sweep (&t->tasks, is_remembered_task, &f);
}

static void
start_task (struct tool_counts *t, const struct idmap_key *id,
	    const struct idmap_key *tool)
{
	struct task *task;

	if (idmap_key_absent (id)) {
		t->tasks_nameless++;
		t->nameless_ms = t->now_ms;
		t->tasks_open++;
		t->tasks_started++;
		return;
	}
	task = idmap_find (&t->tasks, id);
	if (task != NULL && !task->ended)
		return;
	if (task == NULL) {
		make_room_for_task (t);
		task = idmap_add (&t->tasks, id);
	} else {
		t->tasks_ended--;
	}
	if (task != NULL)
		open_task (t, task, tool);
}

static void
end_task (struct tool_counts *t, const struct idmap_key *id)
{
	struct task *task;

	if (idmap_key_absent (id)) {
		if (t->tasks_nameless > 0) {
			t->tasks_nameless--;
			t->tasks_open--;
		}
		return;
	}
	task = idmap_find (&t->tasks, id);
	if (task == NULL || task->ended)
		return;
	task->ended = 1;
	t->tasks_ended++;
	close_task (t, task);
}

void
tool_counts_notice (struct tool_counts *t, const struct lhk_ev_notice *ev)
{
	struct idmap_key id, tool;

	if (LHK_TEXT_IS (&ev->code, LHK_CODE_TASK_STARTED)) {
		task_keys (&ev->data, &id, &tool);
		start_task (t, &id, &tool);
	} else if (LHK_TEXT_IS (&ev->code, LHK_CODE_TASK_ENDED)) {
		task_keys (&ev->data, &id, &tool);
		end_task (t, &id);
	}
}

/* ---- time ---- */

static int
task_waits (const struct tool_counts *t, const struct task *task)
{
	const struct call *c = idmap_find (&t->tools, &task->tool);

	return c != NULL && is_waiting (c);
}

static int64_t
last_task_begun (const struct tool_counts *t)
{
	int64_t last = t->tasks_nameless > 0 ? t->nameless_ms : -1;
	const struct task *task;
	size_t i;

	for (i = 0; i < t->tasks.n; i++) {
		task = idmap_value (&t->tasks, i);
		if (!task->ended && task->begun_ms > last
		    && !task_waits (t, task))
			last = task->begun_ms;
	}
	return last;
}

int64_t
tool_counts_last_begun (struct tool_counts *t, int tasks_alone)
{
	int64_t last =
		t->tasks_open > t->tasks_waiting ? last_task_begun (t) : -1;
	const struct call *c;
	size_t i;

	if (tasks_alone || threads_open (&t->threads) == 0)
		return last;
	for (i = 0; i < t->tools.n; i++) {
		c = idmap_value (&t->tools, i);
		if (is_open (c->status) && c->begun_ms > last && !is_waiting (c)
		    && threads_is_held (&t->threads, &c->hold))
			last = c->begun_ms;
	}
	return last;
}

static int64_t
moved (int64_t begun_ms, int64_t from_ms, int64_t ms)
{
	return (begun_ms < from_ms ? begun_ms : from_ms) + ms;
}

void
tool_counts_paused (struct tool_counts *t, int64_t from_ms, int64_t ms)
{
	struct call *c;
	struct task *task;
	size_t i;

	t->nameless_ms = moved (t->nameless_ms, from_ms, ms);
	for (i = 0; i < t->tools.n; i++) {
		c = idmap_value (&t->tools, i);
		c->begun_ms = moved (c->begun_ms, from_ms, ms);
	}
	for (i = 0; i < t->tasks.n; i++) {
		task = idmap_value (&t->tasks, i);
		task->begun_ms = moved (task->begun_ms, from_ms, ms);
	}
}
