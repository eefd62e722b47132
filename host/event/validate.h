/* SPDX-License-Identifier: MIT */
/*
 * validate.h - events of a plugin become events that the host can rely on.
 */
#ifndef EVENT_VALIDATE_H
#define EVENT_VALIDATE_H

#include "event/event_union.h"

/*
 * Copy EVENT, which may be shorter or longer than the struct of this host, into
 * *RET; members that its writer did not know are zero.  What EVENT points to
 * is not copied.
 *
 * LHK_OK.  LHK_EUNSUPPORTED for an unknown kind or one that a plugin must not
 * emit: RUN, or a final RESULT.  LHK_EINVAL for a size that cannot be, a NULL
 * array with a count, or a text or bytes that are NULL with a length.
 *
 * Other faults are mended: a number out of its range becomes the "other" or
 * unset value of its enum, an unknown level becomes info, a text of unknown
 * form becomes PLAIN, negative token counts and costs become 0.  Texts inside
 * of arrays are checked but not changed: their readers take an unknown form
 * for PLAIN.  A role, status, scope or verdict that is unset (0) is left out
 * of the JSON.
 */
int event_validate (const struct lhk_event *event, union event_union *ret);

#endif /* EVENT_VALIDATE_H */
