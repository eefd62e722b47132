/* SPDX-License-Identifier: MIT */
/*
 * validate.h - events of a plugin become events this host can rely on.
 *
 * A function of its input: no state, no memory.
 */
#ifndef EVENT_VALIDATE_H
#define EVENT_VALIDATE_H

#include "event/any.h"

/*
 * Copy EVENT, which may be shorter or longer than ours, into *RET, zeroed
 * behind what its writer knew.  Numbers out of their range become the "other"
 * or unset value of their enum, a text of unknown form becomes PLAIN, negative
 * token counts and costs become 0.  LHK_OK; LHK_EUNSUPPORTED for an unknown
 * kind or one a plugin must not emit (RUN, a final RESULT); LHK_EINVAL for a
 * size that cannot be, a NULL array with a count, or a text or bytes that are
 * NULL with a length.  Texts inside of arrays are looked at but not changed:
 * readers take an unknown form for PLAIN.  What is unset here (a role, status,
 * scope or verdict of 0) is left out of the JSON.  A level that does not exist
 * is info.
 */
int event_validate (const struct lhk_event *event, union any_event *ret);

#endif /* EVENT_VALIDATE_H */
