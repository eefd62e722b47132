/* SPDX-License-Identifier: MIT */
/* list_table.h - a list of runs for people, as wide as their terminal. */
#ifndef CLI_RECORDS_LIST_TABLE_H
#define CLI_RECORDS_LIST_TABLE_H

#include "cli/output/table.h"
#include "cli/records/row.h"

extern const struct table_layout list_table_layout;

/* Add a row for a terminal of so many COLUMNS.  NOW_MS is since 1970. */
void list_table_add (struct table *t, const struct runs_row *row,
		     unsigned int columns, int64_t now_ms);

/* The word for LHK_RECORD_*. */
const char *list_table_status (int status);

#endif /* CLI_RECORDS_LIST_TABLE_H */
