/* SPDX-License-Identifier: MIT */
/* run_id.h - what a run may be called: its record is a directory of that name. */
#ifndef COMMON_RUN_ID_H
#define COMMON_RUN_ID_H

#include <linehook/base.h>

#define RUN_ID_MAX 64

/* The word that names the newest run, and therefore none by its id. */
#define RUN_ID_LATEST "latest"

/* The rule, to be put behind `give'.  `index' is a file of the store. */
#define RUN_ID_WANT                                                            \
	"1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' "    \
	"or '-', and not 'index' or '" RUN_ID_LATEST "'"

/* ID may be NULL, which is none. */
int run_id_is_valid (const char *id);

/* LHK_OK, or LHK_EINVAL with the sentence. */
int run_id_check (const char *id, struct lhk_error *err);

#endif /* COMMON_RUN_ID_H */
