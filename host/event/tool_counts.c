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

/* What is known of a call or a task. */
struct state {
	int32_t status; /* LHK_TOOL_*; a task is RUNNING or DONE */
	int32_t reserved;
};

struct task_data {
	struct lhk_text id;
};

static const struct lhk_field task_fields[] = {
	LHK_FIELD ("id", LHK_FIELD_TEXT, struct task_data, id),
};
LHK_FIELDS (task_table, struct task_data, task_fields);

void
tool_counts_init (struct tool_counts *t, const struct lhk_alloc *alloc)
{
	memset (t, 0, sizeof *t);
	idmap_init (&t->tools, alloc, sizeof (struct state));
	idmap_init (&t->tasks, alloc, sizeof (struct state));
}

void
tool_counts_free (struct tool_counts *t)
{
	idmap_free (&t->tools);
	idmap_free (&t->tasks);
}

static int
is_open (int32_t status)
{
	return status == LHK_TOOL_PENDING || status == LHK_TOOL_RUNNING;
}

/* How many entries to forget. */
struct forgetting {
	size_t left;
	size_t open;   /* of those that were forgotten */
	int also_open; /* forget open ones too */
};

static int
is_remembered (void *user, void *value)
{
	struct forgetting *f = user;
	const struct state *s = value;

	if (f->left == 0 || (is_open (s->status) && !f->also_open))
		return 1;
	f->left--;
	f->open += is_open (s->status) ? 1 : 0;
	return 0;
}

/* Forget the oldest entries if the map is full.  Returns how many of those
 * were open. */
static size_t
make_room (struct idmap *m)
{
	struct forgetting f = { LIMIT_TRACKED / 4, 0, 0 };

	if (m->n < LIMIT_TRACKED)
		return 0;
	idmap_sweep (m, is_remembered, &f);
	f.also_open = 1;
	if (m->n == LIMIT_TRACKED)
		idmap_sweep (m, is_remembered, &f);
	return f.open;
}

void
tool_counts_tool (struct tool_counts *t, const struct lhk_ev_tool *ev)
{
	struct state nameless = { 0, 0 };
	struct state *s;
	struct idmap_key id;
	int32_t status = ev->status;

	idmap_key_of (&ev->id, &id);
	s = idmap_key_absent (&id) ? &nameless : idmap_find (&t->tools, &id);
	if (s == NULL) {
		t->tools_open -= make_room (&t->tools);
		s = idmap_add (&t->tools, &id);
		if (s == NULL)
			s = &nameless;
	}
	if (s->status == 0) {
		t->started++;
		if (status == 0)
			status = LHK_TOOL_PENDING;
	} else {
		t->states[s->status]--;
		t->tools_open -= is_open (s->status) ? 1 : 0;
		if (status == 0)
			status = s->status;
	}
	t->states[status]++;
	/* A call without an id can never be closed, so it is not open. */
	if (s != &nameless && is_open (status))
		t->tools_open++;
	s->status = status;
}

/* The key of the id in the data of a notice.  The data is copied because the
 * reader needs padding behind it. */
static void
task_key (const struct lhk_str *data, struct idmap_key *ret)
{
	char buf[DATA_MAX + LHK_LINE_PADDING];
	struct task_data found;

	memset (ret, 0, sizeof *ret);
	if (data->ptr == NULL || data->len >= DATA_MAX)
		return;
	memcpy (buf, data->ptr, data->len);
	memset (buf + data->len, '\n', LHK_LINE_PADDING);
	if (lhk_json_line (buf, data->len, &task_table, &found) == LHK_OK)
		idmap_key_of (&found.id, ret);
}

static void
start_task (struct tool_counts *t, const struct idmap_key *id)
{
	struct state *s;

	if (idmap_key_absent (id)) {
		t->tasks_nameless++;
		t->tasks_open++;
		return;
	}
	if (idmap_find (&t->tasks, id) != NULL)
		return;
	t->tasks_open -= make_room (&t->tasks);
	s = idmap_add (&t->tasks, id);
	if (s == NULL)
		return;
	s->status = LHK_TOOL_RUNNING;
	t->tasks_open++;
}

static int
is_still_running (void *user, void *value)
{
	(void) user;
	return is_open (((const struct state *) value)->status);
}

static void
end_task (struct tool_counts *t, const struct idmap_key *id)
{
	struct state *s;

	if (idmap_key_absent (id)) {
		if (t->tasks_nameless > 0) {
			t->tasks_nameless--;
			t->tasks_open--;
		}
		return;
	}
	s = idmap_find (&t->tasks, id);
	if (s == NULL)
		return;
	s->status = LHK_TOOL_DONE;
	t->tasks_open--;
	idmap_sweep (&t->tasks, is_still_running, NULL);
}

void
tool_counts_notice (struct tool_counts *t, const struct lhk_ev_notice *ev)
{
	struct idmap_key id;

	if (LHK_TEXT_IS (&ev->code, LHK_CODE_TASK_STARTED)) {
		task_key (&ev->data, &id);
		start_task (t, &id);
	} else if (LHK_TEXT_IS (&ev->code, LHK_CODE_TASK_ENDED)) {
		task_key (&ev->data, &id);
		end_task (t, &id);
	}
}
