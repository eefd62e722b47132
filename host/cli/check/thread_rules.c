/* SPDX-License-Identifier: MIT */
/*
 * thread_rules.c - two handles on two threads.
 *
 * A buffer that both share is found in two ways.  First one handle stands still
 * inside of emit while the other reads a line: that needs no luck.  Then both
 * read at the same time.
 */
#include "config.h"

#include <pthread.h>
#include <string.h>

#include "cli/check/plugin_driver.h"

#define THREAD_HEAD ((size_t) 256 << 10)
#define ROUNDS 4

struct reader {
	struct plugin_driver driver;
	const struct transcript *t;
	size_t next; /* line */
};

/* ---- one inside of emit of the other ---- */

/* The other reader's turn is a thread of its own, as its host's may be. */
static void *
read_one (void *arg)
{
	struct reader *r = arg;

	if (r->next < r->t->n_lines)
		(void) plugin_driver_transcript_line (&r->driver, r->t,
						      r->next++);
	return NULL;
}

static void
read_meanwhile (struct plugin_driver *d)
{
	pthread_t thread;

	if (pthread_create (&thread, NULL, read_one, d->user) == 0)
		pthread_join (thread, NULL);
}

static void
read_rest (struct reader *r)
{
	while (r->next < r->t->n_lines)
		(void) plugin_driver_transcript_line (&r->driver, r->t,
						      r->next++);
}

/* ---- both at once ---- */

static void *
read_all (void *arg)
{
	read_rest (arg);
	return NULL;
}

static void
read_beside (struct reader *a, struct reader *b)
{
	pthread_t thread;

	if (pthread_create (&thread, NULL, read_all, b) == 0) {
		read_rest (a);
		pthread_join (thread, NULL);
	} else {
		read_rest (a);
		read_rest (b);
	}
}

/* ---- the rule ---- */

static void
read_two (struct check *c, const struct transcript *t, struct event_trace *one,
	  struct event_trace *two, int beside)
{
	struct reader a = { .t = t }, b = { .t = t };

	if (!plugin_driver_open (&a.driver, c, one))
		return;
	if (plugin_driver_open (&b.driver, c, two)) {
		a.driver.on_thread = 1;
		b.driver.on_thread = 1;
		check_call->callback = "line_hook on one of two threads";
		if (beside) {
			read_beside (&a, &b);
		} else {
			a.driver.before_copy = read_meanwhile;
			a.driver.user = &b;
			read_rest (&a);
			read_rest (&b);
		}
		a.driver.before_copy = NULL;
		a.driver.on_thread = 0;
		b.driver.on_thread = 0;
		plugin_driver_close (&b.driver);
	}
	plugin_driver_close (&a.driver);
}

static void
compare_threads (struct check *c, const struct transcript *t,
		 struct event_trace *wanted, struct event_trace *found)
{
	struct event_trace other;
	int round;

	plugin_driver_transcript (c, t, wanted);
	if (event_trace_init (&other) < 0)
		return;
	for (round = 0; round < ROUNDS && c->n_problems == 0; round++) {
		event_trace_reset (found, SIZE_MAX);
		event_trace_reset (&other, SIZE_MAX);
		read_two (c, t, found, &other, round > 0);
		if (plugin_driver_compare (
			    c, found, wanted, SIZE_MAX - 1,
			    "while another thread reads with a second handle"))
			(void) plugin_driver_compare (
				c, &other, wanted, SIZE_MAX - 1,
				"from the second of two threads");
	}
	event_trace_free (&other);
}

void
check_threads (struct check *c)
{
	plugin_driver_with_traces (c, THREAD_HEAD, compare_threads);
}
