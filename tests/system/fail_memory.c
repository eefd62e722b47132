/* SPDX-License-Identifier: MIT */
/*
 * fail_memory.c - every allocation of the library fails, one after the other.
 *
 * In each scene the k-th call of the host's allocator has no memory, once or
 * from then on.
 */
#include "config.h"

#include <stdlib.h>

#include "lib/scene.h"
#include "lib/tap.h"

#define K_MAX 3000u
#define SHOWN 30

struct play {
	uint64_t at;
	int always;
	uint64_t failed;
};

static uint64_t n_failed, n_bad;

static void
arm (struct stage_set *w, void *user)
{
	const struct play *p = user;

	w->memory.fail_at = p->at;
	w->memory.fail_on = p->always;
}

static void
disarm (struct stage_set *w, void *user)
{
	struct play *p = user;

	w->memory.fail_at = 0;
	w->memory.fail_on = 0;
	p->failed = w->memory.failed;
}

static void
each_k (const struct scene *scene, const struct seen *whole, int always)
{
	struct play p = { 1, always, 1 };
	struct scene_fault f = { arm, disarm, &p, NULL };
	struct seen seen;
	const char *fault;

	for (; p.failed != 0 && p.at < K_MAX; p.at = scene_next (p.at, 1)) {
		fault = scene_play (scene, &f, &seen);
		n_failed += p.failed;
		if (fault == NULL)
			fault = scene_judge (&seen, whole, 0, 0);
		if (fault == NULL)
			continue;
		CU_FAIL ("see the comment");
		if (++n_bad > SHOWN)
			continue;
		tap_note ("%s: allocation %llu%s: %s", scene->name,
			  (unsigned long long) p.at,
			  always ? " and all after it" : "", fault);
		tap_note ("    %s", scene_text (&seen));
	}
	CU_ASSERT (p.at < K_MAX);
}

static void
each_scene (void)
{
	struct play none = { 0, 0, 0 };
	struct scene_fault f = { arm, disarm, &none, NULL };
	const struct scene *scene;
	struct seen whole;

	for (scene = scenes; scene->name != NULL; scene++) {
		n_failed = 0;
		CU_ASSERT_PTR_NULL (scene_play (scene, &f, &whole));
		each_k (scene, &whole, 0);
		each_k (scene, &whole, 1);
		tap_note ("%s: %llu allocations failed", scene->name,
			  (unsigned long long) n_failed);
	}
}

static const struct tap_case cases[] = {
	{ "any_allocation_may_fail_in_the_life_of_a_run", each_scene },
	{ NULL, NULL },
};

int
main (void)
{
	scene_init ();
	return tap_run ("fail_memory", cases);
}
