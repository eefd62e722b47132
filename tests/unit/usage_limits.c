/* SPDX-License-Identifier: MIT */
/* usage_limits.c - huge, many and missing values, and no memory. */
#include "config.h"

#include "unit/usage_fixture.h"
#include "common/limits.h"

static void
sums_saturate (void)
{
	static const struct value v[] = {
		{ CALL, "a", "m", INT64_MAX, 5, INT64_MAX },
		{ CALL, "b", "m", 1, 5, 1 },
		{ TURN, NULL, "n", INT64_MAX, INT64_MAX, -1 },
		{ CALL, NULL, "n", -7, -7, -1 },
		{ CALL, NULL, "m", INT64_MAX, 0, INT64_MAX },
		{ CALL, "c", "m", INT64_MAX, 0, INT64_MAX },
	};
	struct failing f;
	struct usage *u;
	int64_t tokens, cost;
	int has_cost;
	size_t i;

	failing_init (&f);
	u = usage_new (&f.alloc);
	usage_sum (u, &tokens, &cost, &has_cost);
	TAP_EQ_INT (tokens, 0);
	TAP_EQ_INT (has_cost, 0);
	for (i = 0; i < sizeof v / sizeof v[0]; i++)
		add (u, &v[i]);
	TAP_EQ_STR (totals (u), "m 9223372036854775807/0 $9223372036854775807;"
				"n 9223372036854775807/9223372036854775807;");
	usage_sum (u, &tokens, &cost, &has_cost);
	TAP_EQ_INT (tokens, INT64_MAX);
	TAP_EQ_INT (cost, INT64_MAX);
	TAP_EQ_INT (has_cost, 1);
	usage_free (u);
	CU_ASSERT (failing_clean (&f));
}

/* Twice as many ids as are told apart: the sum is right, the last of a
 * remembered id still replaces. */
static void
many_ids (void)
{
	struct value v = { CALL, NULL, "m", 1, 2, -1 };
	struct failing f;
	struct usage *u;
	char id[32];
	unsigned int i;

	failing_init (&f);
	u = usage_new (&f.alloc);
	v.id = id;
	for (i = 0; i < 2 * LIMIT_TRACKED; i++) {
		snprintf (id, sizeof id, "id-%u", i);
		add (u, &v);
		add (u, &v);
	}
	TAP_EQ_STR (totals (u), "m 8192/16384;");
	v.input = 1000;
	add (u, &v);
	TAP_EQ_STR (totals (u), "m 9191/16384;");
	CU_ASSERT (f.peak < 2u << 20);
	usage_free (u);
	CU_ASSERT (failing_clean (&f));
}

static void
many_models (void)
{
	struct value v = { CALL, NULL, NULL, 1, 0, -1 };
	const struct lhk_usage_total *t;
	struct failing f;
	struct usage *u;
	int64_t tokens, cost;
	char model[32];
	int i, has_cost;

	failing_init (&f);
	u = usage_new (&f.alloc);
	v.model = model;
	for (i = 0; i < 100; i++) {
		snprintf (model, sizeof model, "model-%d", i);
		add (u, &v);
	}
	usage_sum (u, &tokens, &cost, &has_cost);
	TAP_EQ_INT (tokens, 100);
	TAP_EQ_INT (usage_totals (u, &t), 33);
	TAP_EQ_MEM (t[31].model.ptr, t[31].model.len, "model-31", 8);
	CU_ASSERT_PTR_NULL (t[32].model.ptr);
	TAP_EQ_INT (t[32].input, 68);
	usage_free (u);
	CU_ASSERT (failing_clean (&f));
}

/* Totals of more models than there is room for, twice: the last of each counts,
 * also if they come under one id. */
static void
totals_of_many_models (void)
{
	static const int scopes[] = { RUN, TURN };
	struct value v = { 0, "one", NULL, 0, 1, 3 };
	struct failing f;
	struct usage *u;
	int64_t tokens, cost;
	char model[32];
	int i, k, has_cost;

	v.model = model;
	for (k = 0; k < 2; k++) {
		failing_init (&f);
		u = usage_new (&f.alloc);
		v.scope = scopes[k];
		for (i = 0; i < 80; i++) {
			snprintf (model, sizeof model, "model-%d", i % 40);
			v.input = i < 40 ? 5 : 10;
			add (u, &v);
		}
		usage_sum (u, &tokens, &cost, &has_cost);
		TAP_EQ_INT (tokens, 440);
		TAP_EQ_INT (cost, 120);
		TAP_EQ_INT (usage_forgotten (u), 16);
		usage_free (u);
		CU_ASSERT (failing_clean (&f));
	}
}

/* A value that is told again after it was added up for good counts once, and
 * that its last number is not known is told. */
static void
late_values (void)
{
	struct value v = { CALL, NULL, "m", 10, 1, -1 };
	struct failing f;
	struct usage *u;
	char id[32];
	unsigned int i;

	failing_init (&f);
	u = usage_new (&f.alloc);
	v.id = id;
	for (i = 0; i < 2 * 600; i++) {
		snprintf (id, sizeof id, "id-%u", i % 600);
		v.output = i < 600 ? 1 : 2;
		if (i == 600)
			CU_ASSERT (!usage_has_gap (u));
		add (u, &v);
	}
	TAP_EQ_INT (strncmp (totals (u), "m 6000/", 7), 0);
	CU_ASSERT (usage_has_gap (u));
	CU_ASSERT (usage_forgotten (u) > 0);
	usage_free (u);
	CU_ASSERT (failing_clean (&f));
}

static void
only_what_was_given (void)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = CALL,
		.has = LHK_USAGE_CONTEXT_USED | LHK_USAGE_CONTEXT_SIZE,
		.input = 7,
		.context_used = 9,
		.context_size = 9,
	};
	const struct lhk_usage_total *t;
	struct failing f;
	struct usage *u;

	failing_init (&f);
	u = usage_new (&f.alloc);
	usage_add (u, &e);
	TAP_EQ_INT (usage_totals (u, &t), 0);
	e.has = LHK_USAGE_CACHE_READ | LHK_USAGE_CACHE_WRITE
		| LHK_USAGE_REASONING;
	e.cache_read = 1;
	e.cache_write = 2;
	e.reasoning = 3;
	usage_add (u, &e);
	TAP_EQ_INT (usage_totals (u, &t), 1);
	TAP_EQ_INT (t[0].has, e.has);
	TAP_EQ_INT (t[0].input, 0);
	TAP_EQ_INT (t[0].cache_read, 1);
	TAP_EQ_INT (t[0].cache_write, 2);
	TAP_EQ_INT (t[0].reasoning, 3);
	usage_free (u);
}

/* A turn without any number leaves the tokens of its calls, and says that there
 * is more. */
static void
usage_without_numbers (void)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = CALL,
	};
	struct value v = { CALL, "a", "m", 1, 2, -1 };
	struct failing f;
	struct usage *u;

	failing_init (&f);
	u = usage_new (&f.alloc);
	add (u, &v);
	usage_add (u, &e);
	CU_ASSERT (!usage_has_gap (u));
	e.scope = TURN;
	usage_add (u, &e);
	CU_ASSERT (usage_has_gap (u));
	TAP_EQ_STR (totals (u), "m 1/2;");
	usage_free (u);
}

/* Is the cost of the only total an estimate? */
static int
estimated (struct usage *u, int scope, const char *source)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = scope,
		.has = LHK_USAGE_COST,
		.id = { "one", 3, 0, 0 },
		.cost_nano_usd = 5,
		.cost_source = { source, strlen (source), LHK_TEXT_RAW, 0 },
	};
	const struct lhk_usage_total *t;

	usage_add (u, &e);
	TAP_EQ_INT (usage_totals (u, &t), 1);
	return (int) t[0].estimated;
}

static void
estimates (void)
{
	struct failing f;
	struct usage *u;

	failing_init (&f);
	u = usage_new (&f.alloc);
	TAP_EQ_INT (estimated (u, CALL, "reported"), 0);
	TAP_EQ_INT (estimated (u, CALL, "estimated"), 1);
	TAP_EQ_INT (estimated (u, CALL, "estimated by us"), 0);
	TAP_EQ_INT (estimated (u, CALL, "\\u0065stimated"), 1);
	/* It stays while it counts, and goes when the whole is told. */
	TAP_EQ_INT (estimated (u, TURN, "estimated"), 1);
	TAP_EQ_INT (estimated (u, CALL, "reported"), 1);
	TAP_EQ_INT (estimated (u, RUN, "reported"), 0);
	usage_free (u);
}

/* Whichever allocation fails, the sum over all models stays. */
static void
memory_fails (void)
{
	struct value v = { CALL, NULL, NULL, 1, 0, 5 };
	struct failing f;
	struct usage *u;
	int64_t tokens, cost;
	char id[32], model[32];
	uint64_t at;
	int i, has_cost, on;

	v.id = id;
	v.model = model;
	for (at = 1, f.failed = 1; f.failed > 0; at++)
		for (on = 0; on < 2; on++) {
			failing_init (&f);
			f.fail_at = at;
			f.fail_on = on;
			u = usage_new (&f.alloc);
			if (u == NULL)
				continue;
			for (i = 0; i < 200; i++) {
				snprintf (id, sizeof id, "id-%d", i);
				snprintf (model, sizeof model, "m%d", i % 5);
				add (u, &v);
			}
			usage_sum (u, &tokens, &cost, &has_cost);
			TAP_EQ_INT (tokens, 200);
			TAP_EQ_INT (cost, 1000);
			usage_free (u);
			CU_ASSERT (failing_clean (&f));
		}
	CU_ASSERT (at > 10);
}

static const struct tap_case cases[] = {
	{ "usage_sums_saturate_and_negative_counts_are_0", sums_saturate },
	{ "usage_of_more_ids_than_are_told_apart_adds_up", many_ids },
	{ "usage_of_too_many_models_counts_without_a_model", many_models },
	{ "usage_totals_of_too_many_models_hold", totals_of_many_models },
	{ "usage_that_comes_late_is_told_and_not_doubled", late_values },
	{ "usage_without_numbers_is_usage_that_is_not_known",
	  usage_without_numbers },
	{ "usage_total_has_only_what_was_given", only_what_was_given },
	{ "usage_tells_of_a_cost_that_is_an_estimate_while_it_counts",
	  estimates },
	{ "usage_is_never_lost_when_memory_fails", memory_fails },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("usage_limits", cases);
}
