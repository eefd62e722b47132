/* SPDX-License-Identifier: MIT */
/* report.c - how each rule went: for people, as TAP, as JSON. */
#include "config.h"

#include <string.h>

#include "cli/check/suite.h"
#include "cli/output/stdout.h"
#include "json/writer.h"

static const char *
status_word (const struct check *c)
{
	return c->n_problems > 0       ? "failed"
	       : c->skipped[0] != '\0' ? "skipped"
				       : "ok";
}

void
report_begin (struct report *r, const struct check *c)
{
	if (r->form == REPORT_TAP)
		stdout_printf ("TAP version 13\n1..%zu\n", check_n_rules ());
	else if (r->form == REPORT_PEOPLE && c->path != NULL)
		stdout_printf ("%s\n", c->path);
}

static void
put_people (struct report *r, const struct check *c,
	    const struct check_rule *rule, const struct transcript *input)
{
	static const char *const words[] = { "holds", "FAILS", "skipped" };
	const char *word = words[c->n_problems > 0	 ? 1
				 : c->skipped[0] != '\0' ? 2
							 : 0];

	if (r->group == NULL || strcmp (r->group, rule->group) != 0)
		stdout_printf ("\n%s\n", rule->group);
	r->group = rule->group;
	stdout_printf ("  %-8s %-15s %s\n", word, rule->id,
		       c->n_problems == 0 && c->skipped[0] != '\0'
			       ? c->skipped
			       : rule->holds);
	if (c->n_problems == 0)
		return;
	stdout_printf ("           found: %s", c->problem);
	if (input != NULL)
		stdout_printf (" [%s]", input->name);
	if (c->n_problems > 1)
		stdout_printf (" (and %u more)", c->n_problems - 1);
	stdout_printf ("\n           fix: %s\n", rule->fix);
}

static void
put_tap (const struct report *r, const struct check *c,
	 const struct check_rule *rule, const struct transcript *input)
{
	stdout_printf ("%sok %zu - %s: %s", c->n_problems > 0 ? "not " : "",
		       r->n, rule->id, rule->holds);
	if (c->n_problems == 0 && c->skipped[0] != '\0')
		stdout_printf (" # SKIP %s", c->skipped);
	stdout_put ("\n", 1);
	if (c->n_problems == 0)
		return;
	stdout_printf ("# found: %s", c->problem);
	if (input != NULL)
		stdout_printf (" [%s]", input->name);
	stdout_printf ("\n# fix: %s\n", rule->fix);
}

static void
begin_object (struct report *r, struct jw *w)
{
	outbuf_init (&r->out, stdout_write, NULL);
	jw_init (w, &r->out);
	jw_object_begin (w, NULL);
}

static void
end_object (struct report *r, struct jw *w)
{
	jw_object_end (w);
	outbuf_byte (&r->out, '\n');
	outbuf_flush (&r->out);
}

static void
put_json (struct report *r, const struct check *c,
	  const struct check_rule *rule, const struct transcript *input)
{
	struct jw w;

	begin_object (r, &w);
	jw_str (&w, "type", "rule");
	jw_str (&w, "id", rule->id);
	jw_str (&w, "group", rule->group);
	jw_str (&w, "rule", rule->holds);
	jw_str (&w, "status", status_word (c));
	if (c->n_problems > 0) {
		jw_str (&w, "found", c->problem);
		jw_str (&w, "fix", rule->fix);
		jw_u64 (&w, "problems", c->n_problems);
		jw_str (&w, "transcript", input == NULL ? NULL : input->name);
	} else if (c->skipped[0] != '\0') {
		jw_str (&w, "reason", c->skipped);
	}
	end_object (r, &w);
}

void
report_rule (struct report *r, const struct check *c,
	     const struct check_rule *rule, const struct transcript *input)
{
	r->n++;
	r->n_failed += c->n_problems > 0;
	r->n_skipped += c->n_problems == 0 && c->skipped[0] != '\0';
	r->n_held += c->n_problems == 0 && c->skipped[0] == '\0';
	if (r->form == REPORT_JSON)
		put_json (r, c, rule, input);
	else if (r->form == REPORT_TAP)
		put_tap (r, c, rule, input);
	else
		put_people (r, c, rule, input);
	stdout_flush ();
}

void
report_end (struct report *r)
{
	struct jw w;

	if (r->form == REPORT_PEOPLE)
		stdout_printf ("\n%zu rules hold, %zu %s not, %zu %s "
			       "skipped\n",
			       r->n_held, r->n_failed,
			       r->n_failed == 1 ? "does" : "do", r->n_skipped,
			       r->n_skipped == 1 ? "was" : "were");
	if (r->form != REPORT_JSON)
		return;
	begin_object (r, &w);
	jw_str (&w, "type", "end");
	jw_u64 (&w, "ok", r->n_held);
	jw_u64 (&w, "failed", r->n_failed);
	jw_u64 (&w, "skipped", r->n_skipped);
	end_object (r, &w);
}
