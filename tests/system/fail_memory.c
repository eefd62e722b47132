/* SPDX-License-Identifier: MIT */
/*
 * fail_memory.c - every allocation of the library fails, one after the other.
 *
 * In each scenario the k-th call of the host's allocator has no memory, once or
 * from then on.
 */
#include "config.h"

#include <stdlib.h>

#include "lib/scenario.h"
#include "lib/tap.h"

#define K_MAX 3000u
#define SHOWN 30

struct attempt {
	uint64_t at;
	int always;
	uint64_t failed;
};

static uint64_t n_failed, n_bad;

static void
arm (struct scenario_env *env, void *user)
{
	const struct attempt *p = user;

	env->memory.fail_at = p->at;
	env->memory.fail_on = p->always;
}

static void
disarm (struct scenario_env *env, void *user)
{
	struct attempt *p = user;

	env->memory.fail_at = 0;
	env->memory.fail_on = 0;
	p->failed = env->memory.failed;
}

static void
each_k (const struct scenario *scenario, const struct observed *baseline,
	int always)
{
	struct attempt p = { 1, always, 1 };
	struct scenario_fault f = { arm, disarm, &p, NULL };
	struct observed observed;
	const char *complaint;

	for (; p.failed != 0 && p.at < K_MAX;
	     p.at = scenario_next_call (p.at, 1)) {
		complaint = scenario_run (scenario, &f, &observed);
		n_failed += p.failed;
		if (complaint == NULL)
			complaint = scenario_check (&observed, baseline, 0, 0);
		if (complaint == NULL)
			continue;
		CU_FAIL ("see the comment");
		if (++n_bad > SHOWN)
			continue;
		tap_note ("%s: allocation %llu%s: %s", scenario->name,
			  (unsigned long long) p.at,
			  always ? " and all after it" : "", complaint);
		tap_note ("    %s", scenario_describe (&observed));
	}
	CU_ASSERT (p.at < K_MAX);
}

static void
each_scene (void)
{
	struct attempt none = { 0, 0, 0 };
	struct scenario_fault f = { arm, disarm, &none, NULL };
	const struct scenario *scenario;
	struct observed baseline;

	for (scenario = scenarios; scenario->name != NULL; scenario++) {
		n_failed = 0;
		CU_ASSERT_PTR_NULL (scenario_run (scenario, &f, &baseline));
		each_k (scenario, &baseline, 0);
		each_k (scenario, &baseline, 1);
		tap_note ("%s: %llu allocations failed", scenario->name,
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
	scenario_init ();
	return tap_run ("fail_memory", cases);
}
