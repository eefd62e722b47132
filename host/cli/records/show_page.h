/* SPDX-License-Identifier: MIT */
/*
 * show_page.h - the record of one run for people.
 *
 *	nightly: failed: unexpected status 401 (exit status 1, 0.1 s)
 *
 *	Agent      codex, gpt-5
 *	Command    codex exec --json 'fix the test'
 *	..
 *
 *	  The beginning of the answer.
 *
 * Our lines begin with a letter.  What the agent wrote stands behind a margin or
 * behind the name of a row, and is harmless to a terminal.
 */
#ifndef CLI_RECORDS_SHOW_PAGE_H
#define CLI_RECORDS_SHOW_PAGE_H

#include "cli/output/table.h"
#include "cli/records/record_info.h"

struct show_page {
	const char *dir; /* of the store; borrowed */
	const char *id;	 /* of the run; borrowed */
	const struct record_info *info;
	int with_state;	    /* 1: show all that the events come to */
	unsigned int width; /* columns of the terminal */
	int64_t now_ms;	    /* since 1970 */
};

/* Print the page to stdout. */
void show_page_print (const struct show_page *page);

/* Add a row for each thing that the record knows, in the order in which people
 * ask for it. */
void show_rows_add (const struct show_page *page, struct table *table);

#endif /* CLI_RECORDS_SHOW_PAGE_H */
