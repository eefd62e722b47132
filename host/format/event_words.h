/* SPDX-License-Identifier: MIT */
/*
 * event_words.h - the words that stand for numbers in the JSON of events.
 *
 * One table a member, for the writer and for the reader.
 */
#ifndef FORMAT_EVENT_WORDS_H
#define FORMAT_EVENT_WORDS_H

#include <linehook/base.h>

/* The index of a word is its number; NULL: there is none for this number. */
struct event_words {
	const char *const *words;
	size_t n;
};

extern const struct event_words event_words_kinds;	 /* LHK_EV_* */
extern const struct event_words event_words_roles;	 /* LHK_ROLE_* */
extern const struct event_words event_words_tool_types;	 /* LHK_TYPE_* */
extern const struct event_words event_words_tool_states; /* LHK_TOOL_* */
extern const struct event_words event_words_plan_states; /* LHK_PLAN_* */
extern const struct event_words event_words_scopes;	 /* LHK_SCOPE_* */
extern const struct event_words event_words_levels;	 /* LHK_LOG_* */
extern const struct event_words event_words_end_reasons; /* LHK_END_* */

/* LHK_FLAG_*: bit 0 has the word of index 1, and so on. */
extern const struct event_words event_words_flags;

/* The word for VALUE, a constant, or NULL. */
const char *event_words_get (const struct event_words *words, int32_t value);

/* The number of the word that TEXT is; 0: TEXT is absent or none of them. */
int32_t event_words_find (const struct event_words *words,
			  const struct lhk_text *text);

#endif /* FORMAT_EVENT_WORDS_H */
