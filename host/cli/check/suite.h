/* SPDX-License-Identifier: MIT */
/*
 * suite.h - the rules behind `linehook check', each tried in a process of its
 * own.
 *
 * It is for authors of plugins: each failure says what was found, where, what
 * is expected and how to fix it.
 */
#ifndef CLI_CHECK_SUITE_H
#define CLI_CHECK_SUITE_H

#include <linehook/run.h>

#include "cli/check/transcript.h"
#include "common/outbuf.h"

#define CHECK_TEXT 400

struct check_rule;

/* ---- how the process of a rule may end ---- */

enum check_end {
	END_DONE = 0,
	END_CRASH,    /* a signal */
	END_EXIT,     /* the plugin called exit */
	END_HANG,     /* a callback did not return */
	END_OUTSIDE,  /* it touched memory around the line */
	END_WRITE,    /* it wrote to the line */
	END_OLD_LINE, /* it read the line before */
	END_SYSCALL,  /* it made a system call that the rule forbids */
	END_THREAD,   /* it started a thread */
	END_FORK,     /* it started a process */
	CHECK_ENDS
};

/* The call of the plugin that is being made.  It is in memory that the process
 * of the rule shares with ours, so it outlives a crash.  Memory between LOW and
 * HIGH may be touched; between OLD_LOW and OLD_HIGH was the line before. */
struct check_call {
	const char *callback; /* "line_hook"; NULL: none is running */
	uint64_t n_calls;     /* so far */
	uint64_t line_no;     /* 0: none */
	const char *data;     /* of the line, or NULL */
	size_t len;
	const char *low, *high; /* or NULL */
	const char *old_low, *old_high;
	/* What ended the process, as a signal handler saw it. */
	int32_t signo, is_access, syscall_no;
	const char *address;
};
extern struct check_call *check_call;

/* ---- the rule that is tried ---- */

/* What the driver reports: each rule sees its own faults. */
enum {
	SEES_RETURNS = 1 << 0, /* unknown return values */
	SEES_EVENTS = 1 << 1,  /* wrong events */
	SEES_EMIT = 1 << 2     /* emit where it is not allowed */
};

struct check {
	struct lhk_host *host;
	const struct lhk_plugin_ref *ref;
	const struct lhk_plugin *plugin;
	const char *path; /* of the file, or NULL */
	uint64_t seed;
	/* The rule that is tried: */
	const struct check_rule *rule;
	const struct transcript *input;
	/* Called after each callback; or NULL. */
	void (*after_call) (struct check *c, const char *callback,
			    uint64_t line_no);
	unsigned int n_problems;
	char problem[CHECK_TEXT]; /* the first one */
	char skipped[CHECK_TEXT]; /* why it was not tried, or "" */
	enum check_end end;
};

/* Report a problem of the rule that is tried; the first is shown, all are
 * counted. */
void check_problem (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* The same if the rule SEES such faults. */
#define check_problem_if(c, sees_, ...)                                        \
	do {                                                                   \
		if (check_sees ((c), (sees_)))                                 \
			check_problem ((c), __VA_ARGS__);                      \
	} while (0)
int check_sees (const struct check *c, unsigned int sees);

/* The rule could not be tried. */
void check_skip (struct check *c, const char *fmt, ...) LHK_PRINTF (2, 3);

/* ---- rules ---- */

enum {
	RULE_EACH = 1 << 0,   /* for each transcript */
	RULE_COUNTS = 1 << 1, /* counts memory: not where a tool does */
	RULE_TRAPS = 1 << 2   /* system calls of the rule end its process */
};

struct check_rule {
	const char *id;
	const char *group;
	const char *holds; /* the rule, a sentence */
	const char *fix;   /* how to keep it */
	void (*fn) (struct check *c);
	unsigned int flags;
	unsigned int sees;
	enum check_end owns; /* the end that is a fault of this rule */
	const char *needs;   /* ids of rules without which it means nothing */
};

/* The table ends with a rule without an id. */
extern const struct check_rule check_rules[];
size_t check_n_rules (void);

/* Is ID one of the words of LIST, which may be NULL? */
int check_list_has (const char *list, const char *id);

/* Functions that the rule forbids to a file that imports none of *RET_UNLESS,
 * "exit _exit"; or NULL. */
const char *check_rule_imports (const struct check_rule *rule,
				const char **ret_unless);

/* The only rule that is tried before the plugin is loaded; its FN is given by
 * the caller. */
#define CHECK_RULE_LOADS 0

/* Try RULE on INPUT in a process of its own, and note in C how it went. */
void check_try (struct check *c, const struct check_rule *rule,
		const struct transcript *input, void (*fn) (struct check *c));

/* ---- the report ---- */

enum { REPORT_PEOPLE = 0, REPORT_TAP = 1, REPORT_JSON = 2 };

struct report {
	int form;	   /* REPORT_* */
	const char *group; /* that was shown last */
	size_t n, n_held, n_failed, n_skipped;
	struct outbuf out; /* for JSON */
};

void report_begin (struct report *r, const struct check *c);
/* How RULE went, which C has; on INPUT, or NULL. */
void report_rule (struct report *r, const struct check *c,
		  const struct check_rule *rule,
		  const struct transcript *input);
void report_end (struct report *r);

/* Try all rules on all transcripts.  LOAD loads the plugin: it is tried first,
 * and then called in this process if that is safe, for C->ref.  0 if all rules
 * hold, 1, or what LOAD returns if that is not -1. */
int check_all (struct check *c, struct report *r,
	       const struct transcript *inputs, size_t n_inputs,
	       int (*load) (struct check *c));

/* ---- the functions of the rules ---- */

void check_exports (struct check *c);
void check_imports (struct check *c);
void check_descriptor (struct check *c);
/* Does the file import a function that the rule forbids? */
void check_forbidden (struct check *c);

void check_probe_answer (struct check *c);
void check_probe_strict (struct check *c);

void check_reading (struct check *c); /* all lines, once */
void check_empty (struct check *c);
void check_options (struct check *c);
void check_repeated (struct check *c);
void check_refused_lines (struct check *c);
void check_two_handles (struct check *c);
void check_threads (struct check *c);
void check_after_error (struct check *c);

void check_page (struct check *c);
void check_padding (struct check *c);
void check_bytes (struct check *c);

void check_splits (struct check *c);
void check_truncated (struct check *c);
void check_damaged (struct check *c);
void check_limit (struct check *c);
void check_isolated (struct check *c);

void check_writes (struct check *c);
void check_starts (struct check *c);
void check_descriptors (struct check *c);
void check_signals (struct check *c);
void check_locale (struct check *c);
void check_environment (struct check *c);
void check_directory (struct check *c);
void check_umask (struct check *c);

void check_leaks (struct check *c);
void check_growth (struct check *c);
void check_call_time (struct check *c);
void check_time_growth (struct check *c);

/* ---- events ---- */

/* May a plugin emit EVENT?  NULL, or in BUF what is wrong and how to fix it, a
 * sentence. */
const char *event_fault (const struct lhk_event *event, char buf[CHECK_TEXT]);

#endif /* CLI_CHECK_SUITE_H */
