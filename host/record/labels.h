/* SPDX-License-Identifier: MIT */
/* labels.h - the labels of a record. */
#ifndef RECORD_LABELS_H
#define RECORD_LABELS_H

#include "json/writer.h"
#include "record/store.h"

/* Write LABELS, KEY=VALUE each up to a NULL, as the member `labels'; of a key
 * that is there twice the last.  Nothing if LABELS is NULL or empty. */
void record_labels_write (struct jw *w, const char *const *labels);

/* Has the run the label LABEL, KEY=VALUE, or KEY for any value?  1 or 0; -1 with
 * errno. */
int record_labels_match (struct lhk_store *s, const char *id,
			 const char *label);

#endif /* RECORD_LABELS_H */
