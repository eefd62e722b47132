/* SPDX-License-Identifier: MIT */
/*
 * suite.c - all rules on all transcripts.
 *
 * A rule holds if it holds for each transcript.  It is skipped if it needs one
 * that does not hold, and if its process ended in the way of one that does not
 * hold: each fault is reported once, by the rule that it breaks.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/check/suite.h"
#include "common/macros.h"

#define RULES_MAX 64

struct suite {
	struct check *c;
	struct report *report;
	const struct transcript *inputs;
	size_t n_inputs;
	unsigned char failed[RULES_MAX];
};

static void format_text (char buf[CHECK_TEXT], const char *fmt, va_list args)
	LHK_PRINTF (2, 0);

static void
format_text (char buf[CHECK_TEXT], const char *fmt, va_list args)
{
	char *p;

	vsnprintf (buf, CHECK_TEXT, fmt, args);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
}

void
check_problem (struct check *c, const char *fmt, ...)
{
	va_list args;

	if (c->n_problems++ > 0)
		return;
	va_start (args, fmt);
	format_text (c->problem, fmt, args);
	va_end (args);
}

int
check_sees (const struct check *c, unsigned int sees)
{
	return (c->rule->sees & sees) != 0;
}

void
check_skip (struct check *c, const char *fmt, ...)
{
	va_list args;

	va_start (args, fmt);
	format_text (c->skipped, fmt, args);
	va_end (args);
}

/* The rule that does not hold and that RULE needs; or NULL. */
static const char *
missing_need (const struct suite *s, const struct check_rule *rule)
{
	size_t i;

	for (i = 0; check_rules[i].id != NULL; i++)
		if (s->failed[i]
		    && check_list_has (rule->needs, check_rules[i].id))
			return check_rules[i].id;
	return NULL;
}

/* Whose fault is it that the process of RULE ended as C says? */
static void
assign_end (struct suite *s, const struct check_rule *rule)
{
	struct check *c = s->c;
	size_t i;

	if (c->end == END_DONE || c->end == rule->owns)
		return;
	for (i = 0; check_rules[i].id != NULL; i++)
		if (check_rules[i].owns == c->end
		    && (s->failed[i] || rule->owns != END_DONE)) {
			c->n_problems = 0;
			check_skip (c, "%s comes first", check_rules[i].id);
			return;
		}
}

/* Try RULE on the inputs until it fails. */
static void
try_rule (struct suite *s, size_t at)
{
	const struct check_rule *rule = &check_rules[at];
	const struct transcript *input = NULL;
	struct check *c = s->c;
	const char *missing = missing_need (s, rule);
	char skipped[CHECK_TEXT] = "";
	size_t n = rule->flags & RULE_EACH ? s->n_inputs : 1;
	size_t i, n_tried = 0;

	c->n_problems = 0;
	c->skipped[0] = '\0';
	if (missing != NULL)
		check_skip (c, "%s does not hold", missing);
	for (i = 0; missing == NULL && i < n && c->n_problems == 0; i++) {
		input = &s->inputs[i];
		check_try (c, rule, input, rule->fn);
		assign_end (s, rule);
		if (c->skipped[0] == '\0')
			n_tried++;
		else
			memcpy (skipped, c->skipped, sizeof skipped);
	}
	if (missing == NULL)
		memcpy (c->skipped, n_tried > 0 ? "" : skipped,
			n_tried > 0 ? 1 : sizeof skipped);
	s->failed[at] = c->n_problems > 0;
	report_rule (s->report, c, rule,
		     rule->flags & RULE_EACH ? input : NULL);
}

/* Load the plugin in a process of its own, and then here.  -1 or a status. */
static int
try_to_load (struct suite *s, int (*load) (struct check *c),
	     void (*fn) (struct check *c))
{
	struct check *c = s->c;
	int status = -1;

	check_try (c, &check_rules[CHECK_RULE_LOADS], NULL, fn);
	if (c->end == END_DONE) {
		c->n_problems = 0;
		status = load (c);
		if (status >= 0)
			return status;
	}
	report_begin (s->report, c);
	s->failed[CHECK_RULE_LOADS] = c->n_problems > 0;
	report_rule (s->report, c, &check_rules[CHECK_RULE_LOADS], NULL);
	return -1;
}

/* Without the plugin its file alone can be looked at. */
static void
skip_rule (struct suite *s, size_t at)
{
	struct check *c = s->c;

	c->n_problems = 0;
	check_skip (c, "%s does not hold", check_rules[CHECK_RULE_LOADS].id);
	report_rule (s->report, c, &check_rules[at], NULL);
}

static int (*loader) (struct check *c);

static void
load_apart (struct check *c)
{
	check_call->callback = "a constructor of the file";
	check_call->n_calls++;
	(void) loader (c);
	check_call->callback = NULL;
}

int
check_all (struct check *c, struct report *r, const struct transcript *inputs,
	   size_t n_inputs, int (*load) (struct check *c))
{
	struct suite s = { c, r, inputs, n_inputs, { 0 } };
	int status;
	size_t i;

	loader = load;
	status = try_to_load (&s, load, load_apart);
	if (status >= 0)
		return status;
	for (i = 1; check_rules[i].id != NULL; i++)
		if (s.failed[CHECK_RULE_LOADS])
			skip_rule (&s, i);
		else
			try_rule (&s, i);
	report_end (r);
	return r->n_failed == 0 ? 0 : 1;
}
