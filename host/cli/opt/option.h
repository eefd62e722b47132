/* SPDX-License-Identifier: MIT */
/* option.h - the tables of options, and what their rows are made of. */
#ifndef CLI_OPT_OPTION_H
#define CLI_OPT_OPTION_H

#include <linehook/base.h>

enum {
	OPT_FLAG = 1,	/* int32_t: 1 when given */
	OPT_SIZE = 2,	/* uint64_t, bytes: units_parse_size */
	OPT_TIME = 3,	/* uint32_t, milliseconds: units_parse_duration */
	OPT_COUNT = 4,	/* uint64_t: units_parse_count */
	OPT_MONEY = 5,	/* int64_t, 10^-9 of the unit */
	OPT_TEXT = 6,	/* const char *; borrowed from argv */
	OPT_CHOICE = 7, /* int32_t: index in CHOICES */
	OPT_LIST = 8,	/* struct opt_list: each VALUE given, in order */
	OPT_AGE = 9	/* int64_t, milliseconds since 1970, at least 1; counted
			   from the time of parsing: units_parse_age */
};

/* What an OPT_AGE wants, in words. */
#define OPT_AGE_WANT "an age such as 30d or 12h, or a date such as 2026-11-29"

/* The longest time of an OPT_TIME: 1176 hours, in milliseconds. */
#define OPT_TIME_MAX (UINT64_C (1176) * 3600 * 1000)

struct opt {
	const char *name; /* without its dashes */
	char letter;	  /* or 0 */
	uint8_t kind;	  /* OPT_* */
	uint8_t often;	  /* 1: at the top of the help */
	size_t offset;	  /* of the value in the target: offsetof */
	const char *word; /* that stands for the value in help */
	const char *help;
	uint64_t min, max; /* SIZE, TIME, COUNT, MONEY */
	const char *want;  /* the same in words: "4k to 1G, e.g. 10M"; it
			      follows "give" */
	const char *const *choices; /* CHOICE; NULL-terminated */
	/* CHOICE: pairs of an older word and the choice that it means, which
	 * no help shows; NULL-terminated, or NULL. */
	const char *const *synonyms;
	/* TEXT, LIST: is this a value?  NULL, or what it is instead, and what
	 * to give: "not a path; give ..". */
	const char *(*check) (const char *value);
	const char *without;  /* the value of --name alone; NULL: it must have
				 one */
	const char *initial;  /* the default, in words; NULL: none */
	const char *offers;   /* what completion offers; NULL: see below */
	const char *needs;    /* the option without which this is of no use */
	const char *excludes; /* the option that cannot be given besides */
};

/*
 * What completion offers for a value: words with blanks between them, and these
 * for more of them.  Without any, CHOICES; where WORD is FILE or DIR, those.
 */
#define OPT_COMMAND "@command"
#define OPT_AGENTS "@agents"
#define OPT_DIRS "@dirs"
#define OPT_PLUGINS "@plugins"
#define OPT_COMMANDS "@subcommands"
#define OPT_FILES "@files"
#define OPT_RUNS "@runs"
#define OPT_VARIABLES "@variables"

struct opt_group {
	const char *title;	/* heading in help; NULL: the one before */
	const struct opt *opts; /* ends with a NULL name */
};

struct opt_list {
	const char **items; /* borrowed from argv; NULL, or ended by one */
	size_t n;
	size_t cap;
};

void opt_list_free (struct opt_list *list);

/* Values for `check': any that is not empty, a path, and NAME=VALUE. */
const char *opt_check_given (const char *value);
const char *opt_check_path (const char *value);
const char *opt_check_assignment (const char *value);

/* The word among NAMES (ended by NULL) that WORD was probably meant to be, or
 * NULL. */
const char *opt_nearest (const char *word, const char *const *names);

#endif /* CLI_OPT_OPTION_H */
