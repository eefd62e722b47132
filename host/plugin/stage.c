/* SPDX-License-Identifier: MIT */
/* stage.c - the events of one callback, until it is known to have succeeded. */
#include "config.h"

#include "event/validate.h"
#include "plugin/stage.h"
#include "common/limits.h"
#include "common/mem.h"

/* Events that there is always room for: most lines give one to three. */
#define ROOM 32u

int
plugin_stage_init (struct plugin_stage *s, const struct lhk_alloc *alloc)
{
	s->alloc = alloc;
	s->n = 0;
	s->cap = ROOM;
	s->fault = LHK_OK;
	s->events = mem_new (alloc, ROOM * sizeof *s->events);
	return s->events == NULL ? LHK_ENOMEM : LHK_OK;
}

void
plugin_stage_done (struct plugin_stage *s)
{
	mem_free (s->alloc, s->events, s->cap * sizeof *s->events);
	s->events = NULL;
}

static int
spoil (struct plugin_stage *s, int code)
{
	if (s->fault == LHK_OK)
		s->fault = code;
	return code;
}

int
plugin_stage_add (struct plugin_stage *s, const struct lhk_event *event)
{
	void *array = s->events;
	int r;

	if (s->n == LIMIT_EVENTS_PER_LINE)
		return spoil (s, LHK_ELIMIT);
	if (mem_grow (s->alloc, &array, &s->cap, s->n + 1, sizeof *s->events)
	    < 0)
		return spoil (s, LHK_ENOMEM);
	s->events = array;
	r = event_validate (event, &s->events[s->n]);
	if (r == LHK_EUNSUPPORTED)
		return r;
	if (r < 0)
		return spoil (s, r);
	s->n++;
	return LHK_OK;
}

void
plugin_stage_clear (struct plugin_stage *s)
{
	void *p;

	s->n = 0;
	s->fault = LHK_OK;
	if (s->cap <= 8 * ROOM)
		return;
	p = mem_resize (s->alloc, s->events, s->cap * sizeof *s->events,
			ROOM * sizeof *s->events);
	if (p == NULL)
		return;
	s->events = p;
	s->cap = ROOM;
}
