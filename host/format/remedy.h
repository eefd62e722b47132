/* SPDX-License-Identifier: MIT */
/* remedy.h - what a user can do about a run that did not end well. */
#ifndef FORMAT_REMEDY_H
#define FORMAT_REMEDY_H

#include <linehook/run.h>

/*
 * A few words, "sign in again: codex login", chosen by the verdict and the words
 * of the error; NULL: none is known.  PLUGIN names whose agent it was, or is
 * NULL.  The words are constant.
 */
const char *format_remedy (const struct lhk_result *r, const char *plugin);

#endif /* FORMAT_REMEDY_H */
