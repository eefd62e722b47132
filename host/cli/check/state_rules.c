/* SPDX-License-Identifier: MIT */
/*
 * state_rules.c - rules about what is one for the whole process, and a text:
 * the locale, the environment, the directory, the umask.
 */
#include "config.h"

#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/check/plugin_driver.h"
#include "common/mem.h"
#include "common/strbuf.h"

#define STATE_HEAD ((size_t) 64 << 10)

extern char **environ;

/* One of these states as a text, which changes if it does. */
struct state {
	const char *what;
	void (*look) (struct strbuf *to);
};

static const struct state *state;
static struct strbuf before, now;

/* What is reported once is not reported after each call that follows. */
static void
compare_state (struct check *c, const char *callback, uint64_t line_no)
{
	if (c->n_problems > 0)
		return;
	strbuf_clear (&now);
	state->look (&now);
	if (strcmp (strbuf_str (&now), strbuf_str (&before)) != 0)
		check_problem (c, "%s changes the %s, line %llu", callback,
			       state->what, (unsigned long long) line_no);
}

static void
keep_state (struct check *c, const struct state *s)
{
	struct transcript head = transcript_head (c->input, STATE_HEAD);

	state = s;
	strbuf_init (&before, &mem_system);
	strbuf_init (&now, &mem_system);
	s->look (&before);
	c->after_call = compare_state;
	plugin_driver_transcript (c, &head, NULL);
	c->after_call = NULL;
}

static void
look_locale (struct strbuf *to)
{
	const char *name = setlocale (LC_ALL, NULL);

	strbuf_addf (to, "%s %p", name == NULL ? "" : name,
		     (void *) uselocale ((locale_t) 0));
}

void
check_locale (struct check *c)
{
	static const struct state locale = { "locale", look_locale };

	keep_state (c, &locale);
}

static void
look_environment (struct strbuf *to)
{
	char **p;

	for (p = environ; p != NULL && *p != NULL; p++)
		strbuf_addf (to, "%s\n", *p);
}

void
check_environment (struct check *c)
{
	static const struct state environment = { "environment",
						  look_environment };

	keep_state (c, &environment);
}

static void
look_directory (struct strbuf *to)
{
	struct stat st;

	if (stat (".", &st) == 0)
		strbuf_addf (to, "%llu %llu", (unsigned long long) st.st_dev,
			     (unsigned long long) st.st_ino);
}

void
check_directory (struct check *c)
{
	static const struct state directory = { "working directory",
						look_directory };

	keep_state (c, &directory);
}

static void
look_umask (struct strbuf *to)
{
	mode_t mask = umask (0);

	umask (mask);
	strbuf_addf (to, "%03o", (unsigned int) mask);
}

void
check_umask (struct check *c)
{
	static const struct state mask = { "umask", look_umask };

	keep_state (c, &mask);
}
