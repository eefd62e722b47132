/* SPDX-License-Identifier: MIT */
/* usage_fixture.h - give values to a ledger, and read its totals. */
#ifndef TESTS_USAGE_FIXTURE_H
#define TESTS_USAGE_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "event/usage.h"
#include "lib/failing.h"
#include "lib/tap.h"

#define CALL LHK_SCOPE_CALL
#define TURN LHK_SCOPE_TURN
#define RUN LHK_SCOPE_RUN
#define SESSION LHK_SCOPE_SESSION

#define IN_OUT (LHK_USAGE_INPUT | LHK_USAGE_OUTPUT)

struct value {
	int scope;
	const char *id;
	const char *model;
	int64_t input, output;
	int64_t cost; /* -1: not given */
};

static inline void
add (struct usage *u, const struct value *v)
{
	struct lhk_ev_usage e = {
		.ev = LHK_EV (struct lhk_ev_usage, LHK_EV_USAGE),
		.scope = v->scope,
		.has = IN_OUT | (v->cost >= 0 ? LHK_USAGE_COST : 0),
		.id = { v->id, v->id == NULL ? 0 : strlen (v->id), 0, 0 },
		.model = { v->model, v->model == NULL ? 0 : strlen (v->model),
			   0, 0 },
		.input = v->input,
		.output = v->output,
		.cost_nano_usd = v->cost,
	};

	usage_add (u, &e);
}

/* `model in/out $cost; ..' */
static inline const char *
totals (struct usage *u)
{
	static char text[1024];
	const struct lhk_usage_total *t;
	size_t i, n = usage_totals (u, &t), at = 0;

	text[0] = '\0';
	for (i = 0; i < n; i++) {
		at += (size_t) snprintf (
			text + at, sizeof text - at, "%.*s %lld/%lld",
			(int) t[i].model.len,
			t[i].model.ptr == NULL ? "-" : t[i].model.ptr,
			(long long) t[i].input, (long long) t[i].output);
		if (t[i].model.ptr == NULL)
			at += (size_t) snprintf (text + at, sizeof text - at,
						 "-");
		if ((t[i].has & LHK_USAGE_COST) != 0)
			at += (size_t) snprintf (
				text + at, sizeof text - at, " $%lld",
				(long long) t[i].cost_nano_usd);
		at += (size_t) snprintf (text + at, sizeof text - at, ";");
	}
	return text;
}

static inline void
run_values (const struct value *v, size_t n, const char *wanted, int scope)
{
	struct failing f;
	struct usage *u;

	failing_init (&f);
	u = usage_new (&f.alloc);
	for (; n > 0; n--, v++)
		add (u, v);
	TAP_EQ_STR (totals (u), wanted);
	TAP_EQ_INT (usage_scope (u), scope);
	usage_free (u);
	CU_ASSERT (failing_clean (&f));
}

#define RUN_VALUES(v, wanted, scope)                                           \
	run_values ((v), sizeof (v) / sizeof ((v)[0]), (wanted), (scope))

#endif /* TESTS_USAGE_FIXTURE_H */
